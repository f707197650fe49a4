/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target of core's dispatchers, and of all that is behind them: the input decides on
 * a sequence of requests and faults of three components, see requests.h.
 */
#include "../../base/test/canary.h"
#include "census.h"
#include "requests.h"

enum { BYTES_MAX = 600 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


/** Failures of the unit tests' checks are reported this way. */
void unit_fail(const char *file, int line, const char *text)
{
	fprintf(stderr, "ERROR: %s:%d: %s\n", file, line, text);
	abort();
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t input[BYTES_MAX];
	static bool    booted;
	struct requests_report report;

	if (!booted)
		host_boot(&(struct host_machine) { .cpus = 1 });
	booted = true;

	/* about forty requests; letters of seeds, of which there are few, shall decide anything */
	size = size < BYTES_MAX ? size : BYTES_MAX;
	for (size_t i = 0; i < size; i++)
		input[i] = (uint8_t)(data[i] * 167u + i * 59u);
	const char *error = requests_run(input, size, &report);
	if (error)
		unit_fail(__FILE__, __LINE__, error);
	canary(report.canary);

	return 0;
}
