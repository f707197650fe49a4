/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A server that uses the kernel's calls directly.
 */
#ifndef ENDPOINT_RAW_H
#define ENDPOINT_RAW_H

#include "parts.h"

/** Opcodes that it knows; others are answered by what they bring. */
enum {
	RAW_BADGE = 1, /* the badge of the gate */
	RAW_LATER,     /* when the signal has come */
	RAW_TWICE,     /* 1, and then once more */
	RAW_FORGET,    /* not at all */
	RAW_TOO_LONG,  /* by more words than there can be */
	RAW_KINDS,     /* the kinds of capabilities, 9 for those that were not sent */
	RAW_NO_SLOTS,  /* name no slots for capabilities from now on */
	RAW_SLOTS,     /* name them */
};

struct raw {
	struct by_thread thread;
	by_cap_t         endpoint, gate, other, signal;
	by_atomic_u32    waiting; /* so often for the signal */
	by_status_t      end;     /* what has ended its loop */
};

/** Start a raw server. */
void raw_start(struct raw *raw);

/** End it; its thread may be destroyed already, but none of the others. */
void raw_end(struct raw *raw);

/** Call it without content. */
by_status_t raw_call(by_cap_t gate, unsigned op);

#endif
