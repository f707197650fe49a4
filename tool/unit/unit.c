/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runner of the host unit tests; see unit.h.
 */
#include "unit.h"

struct unit_test  *unit_tests;
struct unit_test **unit_tail = &unit_tests;

static const char *suite_name;
static const char *test_name;
static bool        test_failed;


void unit_fail(const char *file, int line, const char *text)
{
	if (!test_failed)
		printf("FAIL %s.%s: %s:%d: %s\n", suite_name, test_name, file, line, text);
	test_failed = true;
}


static bool run_one(struct unit_test const *test)
{
	test_name   = test->name;
	test_failed = false;
	test->run();
	if (!test_failed)
		printf("ok %s.%s\n", suite_name, test_name);
	fflush(stdout);

	return !test_failed;
}


int unit_main(const char *suite, int argc, char **argv)
{
	unsigned failed = 0, run = 0;

	suite_name = suite;
	for (struct unit_test const *test = unit_tests; test; test = test->next) {
		if (argc > 1 && !strstr(test->name, argv[1]))
			continue;
		run++;
		failed += !run_one(test);
	}
	if (run == 0)
		printf("FAIL %s.none: no test of this name\n", suite);

	return failed || run == 0;
}
