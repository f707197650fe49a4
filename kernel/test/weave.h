/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interleaves simulated CPUs: each runs its kernel entries as a coroutine, and a
 * seeded scheduler switches between them wherever the kernel touches what other CPUs
 * touch as well (smp_point), or waits for them (smp_relax).
 *
 * Built with -fsanitize-coverage=trace-pc it can switch at every branch, which finds
 * fields that are read twice without protection.
 */
#ifndef WEAVE_H
#define WEAVE_H

#include <stdbool.h>
#include <stdint.h>

/** A random number below 'n', from the seed. */
unsigned weave_choose(unsigned n);

/**
 * Run the random programs of play.h on 'cpus' CPUs, for 'steps' kernel entries, then
 * let core destroy everything. NULL, or what was wrong.
 */
const char *weave_run(uint64_t seed, unsigned cpus, unsigned steps);

/** What two CPUs do at the same time. */
struct weave_duel {
	void (*setup)(void);         /* boots a world of two CPUs and prepares it */
	void (*act[2])(void);        /* kernel entries of CPU 0 and of CPU 1 */
	const char *(*judge)(void);  /* NULL, or what is wrong with the outcome */
};

/**
 * Run a duel with each possible single switch, from either CPU to the other and back at
 * the end, and then with 'random' random schedules from 'seed' on. World and TLB are
 * checked after each.
 */
const char *weave_duel(struct weave_duel const *duel, unsigned long seed, unsigned random);

/**
 * Run the acts of a duel once, in the world as it is: CPU 'first' is interrupted after
 * 'points' points, and goes on when the other has ended or waits.
 */
const char *weave_both(struct weave_duel const *duel, unsigned first, unsigned points);

/** Called at each point of a duel, or NULL. */
extern void (*weave_on_point)(void);

/** If not 0, duels leave out single switches: the next is a 'weave_sparse'th farther away. */
extern unsigned weave_sparse;

/** Switches between CPUs inside the kernel so far. */
extern unsigned long weave_switches;

/** Built so that it can switch at every branch, which takes several times as long. */
extern bool weave_fine;

#endif
