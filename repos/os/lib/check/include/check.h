/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks for test components: each failure is printed, and the component ends with
 * value 0 only if there was none.
 */
#ifndef CHECK_H
#define CHECK_H

#include <by/env.h>
#include <by/log.h>
#include <by/status_name.h>

/** Check a condition and go on in any case. */
#define CHECK(cond) check_that((cond), __FILE__, __LINE__, #cond)

/** Note a failure. */
#define FAIL(text) check_that(false, __FILE__, __LINE__, text)

/** Check that a call answers 'expected'. */
#define CHECK_STATUS(call, expected) \
	check_status((call), (expected), __FILE__, __LINE__, #call)

/** Check that two numbers are equal. */
#define CHECK_EQ(a, b) \
	check_equal((unsigned long long)(a), (unsigned long long)(b), __FILE__, __LINE__, #a)

/** Note the result of a check; may be called by any thread. Returns 'good'. */
bool check_that(bool good, char const *file, int line, char const *text);

/** The same for a status. Returns whether it is the expected one. */
bool check_status(by_status_t status, by_status_t expected, char const *file, int line,
                  char const *text);

/** The same for two numbers. Returns whether they are equal. */
bool check_equal(unsigned long long a, unsigned long long b, char const *file, int line,
                 char const *text);

/** Print the name of a part of the test. */
void check_part(char const *name);

/** Print "<name> test finished, N checks" and end with 0, or the failures and end with 1. */
void check_finish(struct by_env *env, char const *name) __attribute__((noreturn));

/** End the test at once if a step without which nothing works has failed. */
void check_need(struct by_env *env, by_status_t status, char const *what);

/** The balance of an account, which must answer. */
struct by_pd_balance check_balance(struct by_pd *pd);

/** That an account has its quota and use of before, to the byte and the capability. */
void check_unchanged(struct by_pd *pd, struct by_pd_balance const *before);

/**
 * Run the test in a thread of its own, because the main thread shall do nothing but serve.
 * It has begun to, and has named its slots, when the test begins.
 */
void check_in_thread(struct by_env *env, void (*test)(void));

#endif
