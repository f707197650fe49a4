/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Marks around the work that is measured. Their numbers are constants.
 */
#include "tester.h"
#include <by/mark.h>

enum { FIRST = 20 };


static void mark_begin(unsigned mark)
{
	switch (mark) {
	case 0:  by_mark_begin(FIRST + 0); break;
	case 1:  by_mark_begin(FIRST + 1); break;
	case 2:  by_mark_begin(FIRST + 2); break;
	default: by_mark_begin(FIRST + 3); break;
	}
}


static void mark_end(unsigned mark)
{
	switch (mark) {
	case 0:  by_mark_end(FIRST + 0); break;
	case 1:  by_mark_end(FIRST + 1); break;
	case 2:  by_mark_end(FIRST + 2); break;
	default: by_mark_end(FIRST + 3); break;
	}
}


by_status_t measure_run(struct tester *tester, struct pass const *pass, unsigned mark,
                        uint64_t rounds)
{
	uint64_t const before = tester->requests;
	by_status_t    status = pass_run(tester, pass); /* what is done once is done now */

	tester->requests = before;
	mark_begin(mark);
	for (uint64_t i = 0; i < rounds && status == BY_OK; i++)
		status = pass_run(tester, pass);
	mark_end(mark);
	by_log("measured %u %llu", mark, (unsigned long long)(tester->requests - before));

	return status;
}
