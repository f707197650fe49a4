/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random programs on the stub (kernel/test/play.h), recorded: one trace per seed.
 *
 * usage: trace FIRST COUNT CPUS STEPS DAMAGE >traces
 */
#include "record.h"
#include "weave.h"
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

void unit_fail(const char *file, int line, const char *text);


/** The invariants of kernel/test/check.h found something. */
void unit_fail(const char *file, int line, const char *text)
{
	fprintf(stderr, "%s:%d: %s\n", file, line, text);
}


/** A kernel with a mistake crashed: what it did until then is judged. */
static void crashed(int number)
{
	(void)number;
	record_write(stdout, 0);
	fflush(stdout);
	_exit(1);
}


static unsigned long argument(char **argv, int i)
{
	return strtoul(argv[i], NULL, 10);
}


int main(int argc, char **argv)
{
	if (argc != 6)
		return 2;

	signal(SIGSEGV, crashed);
	signal(SIGABRT, crashed);

	unsigned long const first = argument(argv, 1), count = argument(argv, 2);

	for (unsigned long seed = first; seed < first + count; seed++) {
		const char *text = weave_run(seed, (unsigned)argument(argv, 3),
		                             (unsigned)argument(argv, 4));
		if (text)
			fprintf(stderr, "seed %lu: %s\n", seed, text);
		record_write(stdout, (unsigned)argument(argv, 5));
		fflush(stdout);
	}

	return 0;
}
