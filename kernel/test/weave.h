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

/** Switches between CPUs inside the kernel so far. */
extern unsigned long weave_switches;

#endif
