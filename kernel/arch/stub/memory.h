/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between the parts of the stub.
 */
#ifndef STUB_MEMORY_H
#define STUB_MEMORY_H

#include "stub.h"

/** All RAM is free, and zero. */
void stub_ram_reset(void);

/** No CPU holds a lock. */
void stub_lock_reset(void);

#endif
