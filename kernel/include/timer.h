/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timeouts: a leftist heap per CPU, O(log n) to set and to clear.
 *
 * A timeout is armed on the CPU that sets it; any CPU may clear it.
 */
#ifndef KERNEL_TIMER_H
#define KERNEL_TIMER_H

#include "types.h"

struct cpu;

enum timeout_kind { TIMEOUT_SIGNAL, TIMEOUT_PARK };

struct timeout {
	/* aligned like a word, so that no gaps on 32-bit machines make threads too large */
	ticks_t         deadline __attribute__((packed, aligned(sizeof(word_t))));
	struct timeout *left, *right, *parent; /* owner: timer lock of 'cpu' */
	uint32_t        cpu;                   /* where it is armed: number + 1, 0: not armed */
	uint16_t        rank;                  /* distance to the nearest empty place */
	uint16_t        kind;                  /* enum timeout_kind, constant */
};

/** Arm a timeout on this CPU; a previous deadline is replaced. BY_NEVER clears it. */
void timeout_set(struct timeout *timeout, ticks_t deadline);

/** Clear a timeout, wherever it is armed. */
void timeout_clear(struct timeout *timeout);

/** Hand out what is due on this CPU, at most 'budget' timeouts; false if more may be due. */
bool timer_expire(struct cpu *cpu, ticks_t now, unsigned budget);

/** Earliest deadline armed on a CPU. */
ticks_t timer_next(struct cpu *cpu);

#endif
