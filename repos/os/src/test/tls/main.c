/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Thread-local variables: each thread has its own, with the program's initial values; and
 * what the stack protector compares with is there.
 */
#include <by/arch/tls.h>
#include <by/string.h>
#include <by/thread.h>
#include <check.h>

static _Thread_local int           initialised = 11;
static _Thread_local int           zero;
static _Thread_local unsigned char array[12];
static _Thread_local struct { _Alignas(64) int value; } aligned = { 64 };
static _Thread_local char const   *text = "initial";

static int *addresses[3];

extern uintptr_t __stack_chk_guard;
extern char      by_tls_size[]; /* see base/mk/component.ld */


static void check_initial(void)
{
	CHECK_EQ(initialised, 11);
	CHECK_EQ(zero, 0);
	for (unsigned i = 0; i < sizeof(array); i++)
		CHECK_EQ(array[i], 0);
	CHECK_EQ(aligned.value, 64);
	uintptr_t volatile at = (uintptr_t)&aligned; /* the compiler would believe its own word */
	CHECK_EQ(at % 64, 0);
	CHECK(!by_strcmp(text, "initial"));
	CHECK(by_control()->guard && by_control()->guard == __stack_chk_guard);
}


static void change(int by)
{
	initialised += by;
	zero        -= by;
	memset(array, by, sizeof(array));
	aligned.value = by;
	text = "changed";
}


static void check_changed(int by)
{
	CHECK_EQ(initialised, 11 + by);
	CHECK_EQ(zero, -by);
	CHECK_EQ(array[sizeof(array) - 1], by);
	CHECK_EQ(aligned.value, by);
	CHECK(!by_strcmp(text, "changed"));
}


static void run(struct by_thread *thread)
{
	int const number = *(int *)thread->arg;

	addresses[number] = &initialised;
	check_initial();
	change(number + 1);
	by_log("thread %d: %d %d", number, initialised, zero);
	check_changed(number + 1);
}


void component_main(struct by_env *env)
{
	static int              numbers[] = { 1, 2 };
	static struct by_thread threads[2];

	/* whoever rounds it to less than the alignment gets another size */
	CHECK((size_t)by_tls_size % 64 > 0 && (size_t)by_tls_size % 64 <= 48);
	addresses[0] = &initialised;
	check_initial();
	change(1);
	for (unsigned i = 0; i < 2; i++) {
		struct by_thread_args const args = {
			.name = "tls", .entry = run, .arg = &numbers[i],
		};
		check_need(env, by_thread_create(env, &threads[i], &args), "thread");
		CHECK_STATUS(by_thread_run(&threads[i]), BY_OK);
	}
	for (unsigned i = 0; i < 2; i++) {
		by_thread_join(&threads[i]);
		by_thread_destroy(&threads[i]);
	}
	check_changed(1);
	CHECK(addresses[0] != addresses[1] && addresses[1] != addresses[2]
	      && addresses[0] != addresses[2]);
	check_finish(env, "tls");
}
