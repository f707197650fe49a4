/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests to core through its dispatchers: hostile ones of every kind, and long random
 * sequences with a census after each.
 */
#include "census.h"
#include "inside.h"
#include "requests.h"
#include <stdlib.h>

UNIT_MAIN("core-requests")


/** Sequences of random bytes; each method must have been served in some. */
CORE_TEST(random_sequences_leave_core_intact)
{
	struct requests_report report;
	static uint8_t         data[4096];
	unsigned               requests = 0, served = 0, count = getenv("FULL") ? 2000 : 60;
	uint64_t               methods = 0;

	for (unsigned seed = 0; seed < count; seed++) {
		host_seed(seed);
		for (unsigned i = 0; i < sizeof(data); i++)
			data[i] = (uint8_t)host_random(256);
		CHECK_TEXT(requests_run(data, 1000, &report));
		requests += report.requests;
		served   += report.served;
		methods  |= report.methods;
	}
	fprintf(stderr, "%u requests, %u served\n", requests, served);
	for (unsigned i = 0; i < requests_methods(); i++)
		if (!(methods >> i & 1))
			fprintf(stderr, "never served: %s\n", requests_method_name(i));
}
