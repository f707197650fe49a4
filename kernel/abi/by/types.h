/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scalar types that kernel and user level share.
 */
#ifndef BY_TYPES_H
#define BY_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <by/status.h>

/** Machine word: as wide as a register and as an address. */
typedef uintptr_t by_word_t;

/** Physical address, 64 bit on every machine. */
typedef uint64_t by_paddr_t;

/** Time in ticks of the monotonic clock; see by_kernel_clock() for the frequency. */
typedef uint64_t by_ticks_t;

/** A deadline that never passes. */
#define BY_NEVER UINT64_MAX

/**
 * A capability as its holder names it: an index into the table of the
 * holder's PD. Slot 0 is never filled and means "no capability".
 *
 * Wrapped into a struct so that it does not mix with other integers.
 */
typedef struct { uint32_t slot; } by_cap_t;

#define BY_NO_CAP ((by_cap_t){ 0 })

/** Whether this names a slot at all; what is in it only the kernel knows. */
static inline bool by_cap_valid(by_cap_t cap)
{
	return cap.slot != 0;
}

#endif
