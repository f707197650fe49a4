/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Host unit tests: TEST(name) { ... CHECK(condition); ... }
 *
 * A test program is one suite: its sources use TEST, exactly one of them says
 * UNIT_MAIN("suite"). The program prints "ok <suite>.<test>" or
 * "FAIL <suite>.<test>: file:line: text" per test and exits with 1 if any
 * failed, so that 'make test' can count. An argument selects tests whose name
 * contains it.
 */
#ifndef UNIT_H
#define UNIT_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct unit_test {
	const char       *name;
	void            (*run)(void);
	struct unit_test *next;
};

extern struct unit_test *unit_tests;
extern struct unit_test **unit_tail;

/** Mark the running test as failed and print why (the first failure of a test only). */
void unit_fail(const char *file, int line, const char *text);

#define TEST(ident) \
	static void test_##ident(void); \
	static struct unit_test unit_##ident = { #ident, test_##ident, NULL }; \
	__attribute__((constructor)) static void unit_register_##ident(void) \
	{ \
		*unit_tail = &unit_##ident; \
		unit_tail = &unit_##ident.next; \
	} \
	static void test_##ident(void)

/** Fail the test and leave the calling function unless 'cond' holds. */
#define CHECK(cond) \
	do { \
		if (!(cond)) { \
			unit_fail(__FILE__, __LINE__, #cond); \
			return; \
		} \
	} while (0)

/** As CHECK, and print both values, which are taken as unsigned integers. */
#define CHECK_EQ(a, b) \
	do { \
		unsigned long long unit_a = (unsigned long long)(a); \
		unsigned long long unit_b = (unsigned long long)(b); \
		if (unit_a != unit_b) { \
			char unit_text[256]; \
			snprintf(unit_text, sizeof(unit_text), "%s == %s (%llu, %llu)", \
			         #a, #b, unit_a, unit_b); \
			unit_fail(__FILE__, __LINE__, unit_text); \
			return; \
		} \
	} while (0)

/** As CHECK for NUL-terminated strings. */
#define CHECK_STR(a, b) \
	do { \
		const char *unit_a = (a), *unit_b = (b); \
		if (strcmp(unit_a, unit_b)) { \
			char unit_text[512]; \
			snprintf(unit_text, sizeof(unit_text), "%s == %s (\"%s\", \"%s\")", \
			         #a, #b, unit_a, unit_b); \
			unit_fail(__FILE__, __LINE__, unit_text); \
			return; \
		} \
	} while (0)

int unit_main(const char *suite, int argc, char **argv);

#define UNIT_MAIN(suite) \
	int main(int argc, char **argv) { return unit_main(suite, argc, argv); }

#endif
