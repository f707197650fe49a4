/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers that tag TLB entries with their address space (ASID, PCID).
 *
 * The numbers 1..max are handed out until they are used up; then a new generation
 * begins, in which every space gets a number anew and every CPU drops its whole
 * TLB before it loads the first one. A CPU that runs on with a number of the old
 * generation keeps it until its next load, so a port flushes by the number that is
 * loaded, if the space is, and otherwise by the one in the space's tag: entries
 * under a number of an old generation cannot be hit any more.
 */
#ifndef KERNEL_ASID_H
#define KERNEL_ASID_H

#include "types.h"

/**
 * Number to load for a space with tag '*tag' (0: never had one) on this CPU.
 * Calls 'flush_all' to drop this CPU's TLB when the generation requires it.
 */
uint32_t asid_get(uint64_t *tag, uint32_t max, void (*flush_all)(void));

/** Number within a tag. */
static inline uint32_t asid_number(uint64_t tag)
{
	return (uint32_t)(tag & 0xffff);
}

/** Whether loading this tag on CPU 'id' would not flush that CPU's TLB first. */
bool asid_current(uint64_t tag, unsigned id);

#endif
