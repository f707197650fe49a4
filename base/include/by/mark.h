/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Marks around a measured stretch of code. They are nops to the machine, and
 * tool/plugin, in QEMU, counts what is executed between them. Ids are constants
 * below BY_MARK_IDS; intervals of different ids may overlap.
 */
#ifndef BY_MARK_H
#define BY_MARK_H

#include <by/arch/mark.h>

enum { BY_MARK_IDS = 32 };

/** Begin an interval of 'id', a constant expression. */
#define by_mark_begin(id) \
	do { \
		_Static_assert((int)(id) < BY_MARK_IDS, "mark ids are below BY_MARK_IDS"); \
		BY_MARK_BEGIN(id); \
	} while (0)

/** End the interval of 'id' and count it. */
#define by_mark_end(id) \
	do { \
		_Static_assert((int)(id) < BY_MARK_IDS, "mark ids are below BY_MARK_IDS"); \
		BY_MARK_END(id); \
	} while (0)

#endif
