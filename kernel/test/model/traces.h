/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For accept.pml: reads what trace/trace.c wrote, from the file named by the variable
 * TRACES, compares the model's state with the one recorded, and counts the traces that
 * the model could follow to their end, and the events in them.
 */
#ifndef TRACES_H
#define TRACES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRACES_MAX = 20000, NOBODY = 255 };

static unsigned char *trace_text[TRACES_MAX];
static unsigned long  trace_size[TRACES_MAX];
static char           trace_result[TRACES_MAX];
static int            traces;

/* The event at hand. */
static unsigned char const *at, *end_of_trace;
static int                  trace_at = -1;
static unsigned char        trace_excused, trace_endpoint;
static unsigned char const *recorded;  /* state, or NULL */

static unsigned long seen[DO_KINDS], seen_ends[256];
static int           refused;
static char const   *why = "refused by the model";


static void traces_report(void)
{
	int accepted = 0;

	for (int i = 0; i < traces; i++)
		accepted += trace_result[i];
	printf("events:");
	for (int i = 1; i < DO_KINDS; i++)
		printf(" %lu", seen[i]);
	printf("\nends:");
	for (int i = 0; i < 256; i++)
		if (seen_ends[i])
			printf(" %d:%lu", i, seen_ends[i]);
	printf("\ntraces accepted: %d of %d\n", accepted, traces);
}


static void traces_load(void)
{
	FILE *file = fopen(getenv("TRACES"), "rb");
	unsigned char head[4];

	if (traces > 0 || !file)
		return;
	while (traces < TRACES_MAX && fread(head, 1, 4, file) == 4) {
		unsigned long size = head[0] | head[1] << 8 | head[2] << 16
		                     | (unsigned long)head[3] << 24;
		trace_text[traces] = malloc(size + 1);
		trace_size[traces] = fread(trace_text[traces], 1, size, file);
		traces++;
	}
	fclose(file);
	atexit(traces_report);
}


static unsigned next16(void)
{
	unsigned value = at[0] | at[1] << 8;

	at += 2;

	return value;
}


/** Skip a list whose members have 'size' bytes. */
static void skip(unsigned size)
{
	at += 1 + at[0] * size;
}


static int trace_next(int trace, unsigned char *kind, unsigned char *a, unsigned char *b,
                      unsigned char *c, short *n)
{
	if (trace_at != trace) {
		at           = trace_text[trace];
		end_of_trace = at + trace_size[trace];
		trace_at     = trace;
	}
	if (at >= end_of_trace)
		return 0;
	*kind = at[0];
	*a    = at[1];
	*b    = at[2];
	*c    = at[3];
	at   += 4;
	*n    = (short)next16();
	unsigned flags = *at++;
	trace_excused  = (flags & EXCUSED) != 0;
	recorded       = NULL;
	trace_endpoint = 0;
	seen[*kind % DO_KINDS]++;
	if (flags & HAS_STATE) {
		recorded       = at;
		trace_endpoint = at[0];
		at += 7;
		skip(3);
		skip(3);
		skip(5);
	}

	return 1;
}


static void trace_judged(int trace, int event, int accepted, int kind)
{
	trace_result[trace] = (char)accepted;
	if (!accepted && !refused++)
		printf("first trace refused: number %d, event %d, kind %d: %s\n", trace, event, kind,
		       why);
}


#endif
