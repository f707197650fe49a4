/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A canary of a fuzz target: a state deep in it, which no seed shows and which
 * the fuzzer must find: without it, it has hardly found anything that matters
 * either. tool/check/fuzz.sh reads whether it did.
 */
#ifndef CANARY_H
#define CANARY_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned long canary_runs, canary_found_in;


static void canary_report(void)
{
	if (canary_found_in)
		fprintf(stderr, "canary found by input %lu\n", canary_found_in);
	else
		fprintf(stderr, "canary not found by %lu inputs\n", canary_runs);
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
