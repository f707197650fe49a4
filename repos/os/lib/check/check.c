/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checks for test components.
 */
#include <by/atomic.h>
#include <by/endpoint.h>
#include <by/thread.h>
#include <check.h>

static by_atomic_u32 checks, failures;
static void        (*test_in_thread)(void);


bool check_that(bool good, char const *file, int line, char const *text)
{
	by_atomic_fetch_add(&checks, 1);
	if (!good) {
		by_atomic_fetch_add(&failures, 1);
		by_log("FAILED: %s:%d: %s", file, line, text);
	}

	return good;
}


bool check_status(by_status_t status, by_status_t expected, char const *file, int line,
                  char const *text)
{
	if (!check_that(status == expected, file, line, text))
		by_log("  answered %s instead of %s", by_status_name(status),
		       by_status_name(expected));

	return status == expected;
}


bool check_equal(unsigned long long a, unsigned long long b, char const *file, int line,
                 char const *text)
{
	if (!check_that(a == b, file, line, text))
		by_log("  is %llu (0x%llx) instead of %llu (0x%llx)", a, a, b, b);

	return a == b;
}


void check_part(char const *name)
{
	by_log("- %s", name);
}


void check_finish(struct by_env *env, char const *name)
{
	unsigned const count = by_atomic_load_relaxed(&failures); /* all others have ended */

	if (count)
		by_log("%s test FAILED: %u of %u checks", name, count,
		       by_atomic_load_relaxed(&checks));
	else
		by_log("%s test finished, %u checks", name, by_atomic_load_relaxed(&checks));
	by_exit(env, count != 0);
}


void check_need(struct by_env *env, by_status_t status, char const *what)
{
	if (status == BY_OK)
		return;

	by_log("FAILED: %s: %s", what, by_status_name(status));
	by_exit(env, 1);
}


struct by_pd_balance check_balance(struct by_pd *pd)
{
	struct by_pd_balance result = { .ram_quota = 0 };

	CHECK_STATUS(by_pd_account(pd, &result), BY_OK);

	return result;
}


void check_unchanged(struct by_pd *pd, struct by_pd_balance const *before)
{
	struct by_pd_balance const now = check_balance(pd);

	CHECK_EQ(now.ram_quota, before->ram_quota);
	CHECK_EQ(now.ram_used, before->ram_used);
	CHECK_EQ(now.caps_quota, before->caps_quota);
	CHECK_EQ(now.caps_used, before->caps_used);
}


static void nothing(void *arg)
{
	(void)arg;
}


static void enter(struct by_thread *thread)
{
	struct by_env *const env = thread->arg;

	check_need(env, by_endpoint_run(env->endpoint, nothing, NULL), "main thread");
	test_in_thread();
}


void check_in_thread(struct by_env *env, void (*test)(void))
{
	static struct by_thread     thread;
	struct by_thread_args const args = { .name = "test", .entry = enter, .arg = env };

	test_in_thread = test;
	check_need(env, by_thread_create(env, &thread, &args), "thread");
	check_need(env, by_thread_run(&thread), "thread");
}
