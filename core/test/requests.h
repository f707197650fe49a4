/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sequences of requests to core, good and hostile ones, made from bytes that a fuzzer
 * or a random generator gives. Three components take part: init and two children,
 * each with a thread; all of them know capabilities of all kinds, of core and of each
 * other, and stale ones. After each request there is a census.
 */
#ifndef CORE_TEST_REQUESTS_H
#define CORE_TEST_REQUESTS_H

#include <by/types.h>

enum { REQUESTS_METHODS_MAX = 64 };

struct requests_report {
	unsigned requests;   /* made, */
	unsigned served;     /* answered with BY_OK, */
	unsigned unfinished; /* with BY_AGAIN, */
	unsigned refused;    /* with another declared status, */
	unsigned malformed;  /* with a transport status or 'malformed' */
	unsigned faults;
	unsigned most_calls; /* core calls during one request, */
	unsigned most_method; /* of this method, */
	unsigned most_work;  /* and units of work, see work.h */
	uint32_t statuses[REQUESTS_METHODS_MAX]; /* sets of what was answered, by method */
	bool     canary;     /* a state deep in core was reached; see requests.c */
};

/**
 * Make requests until the bytes are used up, and close everything then. NULL, or what
 * is wrong; core is as it was before, but for that.
 */
const char *requests_run(const uint8_t *data, size_t size, struct requests_report *report);

/** Number of methods that there are. */
unsigned requests_methods(void);

/** Name of a method, as "interface.method". */
const char *requests_method_name(unsigned method);

#endif
