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

#include "cpu.h"

enum { ASID_BITS = 16 };

extern uint64_t asid_generation;    /* the latest; owner: asid_lock, read atomically */
extern uint64_t asid_seen[CPU_MAX]; /* that of each CPU's TLB; owner: CPU */

/** Number within a tag. */
static inline uint32_t asid_number(uint64_t tag)
{
	return (uint32_t)(tag & ((1u << ASID_BITS) - 1));
}

/** The part of asid_get() for a tag or a CPU of an old generation. */
uint32_t asid_renew(uint64_t *tag, uint32_t max, void (*flush_all)(void));

/**
 * Number to load for a space with tag '*tag' (0: never had one) on this CPU.
 * Calls 'flush_all' to drop this CPU's TLB when the generation requires it.
 */
static inline uint32_t asid_get(uint64_t *tag, uint32_t max, void (*flush_all)(void))
{
	uint64_t const now = atomic_relaxed(&asid_generation), value = atomic_relaxed(tag);

	/* without fences: a tag of the generation that this CPU has begun is the latest */
	if (likely(value >> ASID_BITS == now && asid_seen[smp_self()->id] == now))
		return asid_number(value);

	return asid_renew(tag, max, flush_all);
}

#endif
