/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A canary of a fuzz target: a state deep in it, which no seed shows and which
 * the fuzzer must find. A run that is long enough and has not found it fails,
 * because then it has hardly found anything that matters either.
 */
#ifndef CANARY_H
#define CANARY_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CANARY_RUNS = 20000 }; /* a run of so many inputs must find it */

static unsigned long canary_runs, canary_found_in;


static void canary_report(void)
{
	if (canary_found_in) {
		fprintf(stderr, "canary found by input %lu\n", canary_found_in);
	} else if (canary_runs >= CANARY_RUNS) {
		fprintf(stderr, "ERROR: canary not found by %lu inputs\n", canary_runs);
		fflush(stderr);
		_exit(1);
	}
}


/** Called once per input: did it show the canary? */
static void canary(bool shown)
{
	if (canary_runs++ == 0)
		atexit(canary_report);
	if (shown && !canary_found_in)
		canary_found_in = canary_runs;
}

#endif
