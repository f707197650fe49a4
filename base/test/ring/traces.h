/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For the model with -DTRACE (base/test/ring.pml): reads what trace.c wrote to
 * standard output, from the file named by the variable TRACES, and counts the
 * traces that the model can follow to their end.
 *
 * A trace is one line of 4 characters per access: '0' or '1' for the side,
 * a digit for the kind, two hexadecimal digits for the value.
 */
#ifndef TRACES_H
#define TRACES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRACES_MAX = 20000 };

static char *trace_text[TRACES_MAX];
static char  trace_accepted[TRACES_MAX];
static int   traces;


static void traces_report(void)
{
	int accepted = 0;

	for (int i = 0; i < traces; i++) {
		accepted += trace_accepted[i];
		if (!trace_accepted[i] && accepted == i)
			printf("first trace refused: line %d\n", i + 1);
	}
	printf("traces accepted: %d of %d\n", accepted, traces);
}


static void traces_load(void)
{
	static char line[1 << 16];
	FILE *file = fopen(getenv("TRACES"), "r");

	if (traces > 0 || !file)
		return;

	while (traces < TRACES_MAX && fgets(line, sizeof(line), file))
		trace_text[traces++] = strdup(line);
	fclose(file);
	atexit(traces_report);
}


static int trace_more(int trace, int at)
{
	return at * 4 + 4 < (int)strlen(trace_text[trace]);
}


/* Return the side (0), the kind (1) or the value (2) of an access. */
static unsigned char trace_byte(int trace, int at, int what)
{
	char const *text = trace_text[trace] + at * 4 + what;
	char const  digits[3] = { text[0], text[1], 0 };

	return (unsigned char)(what == 2 ? strtoul(digits, NULL, 16) : (unsigned long)(*text - '0'));
}


static void trace_accept(int trace)
{
	trace_accepted[trace] = 1;
}

#endif
