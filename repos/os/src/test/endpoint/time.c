/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose time calls take. A hog keeps the CPU busy between us and a server of low
 * priority: what we ask of that one is done on our time, or never.
 */
#include "parts.h"
#include <by/clock.h>
#include <by/string.h>

static struct by_cpu      low, middle, high;
static by_atomic_u32      hog_stop, hog_runs;
static struct by_endpoint weak[3];
static struct relay       relay[3];


static void hog(struct by_thread *thread)
{
	(void)thread;
	while (!by_atomic_load_acquire(&hog_stop)) /* test_donation() */
		by_atomic_fetch_add(&hog_runs, 1);
}


static void obtain(struct by_cpu *cpu, char const *label, uint32_t priority)
{
	struct by_cpu_args const args = { .priority = priority, .weight = BY_WEIGHT_DEFAULT };

	check_need(the_env, by_cpu_open(the_env, label, &args, cpu), "CPU session");
}


/* Two servers with time of their own, of low priority, and a passive one behind them. */
static void start_weak(void)
{
	for (unsigned i = 0; i < 3; i++) {
		struct by_endpoint_args const args = {
			.name = "weak", .cpu = &low, .passive = i == 2,
		};

		check_need(the_env, by_endpoint_init(&weak[i], the_env, &args), "endpoint");
		relay_make(&relay[i], &weak[i], i + 1);
		if (i)
			relay[i - 1].next = relay_handle(&relay[i]);
	}
}


static void end_weak(void)
{
	for (unsigned i = 0; i < 3; i++) {
		relay_end(&relay[i]);
		by_endpoint_fini(&weak[i]);
	}
}


static void start_hog(struct by_thread *thread)
{
	struct by_thread_args const args = { .name = "hog", .entry = hog, .cpu = &middle };

	by_atomic_store_release(&hog_stop, 0); /* hog() */
	check_need(the_env, by_thread_create(the_env, thread, &args), "hog");
	check_need(the_env, by_thread_run(thread), "hog");
	while (!by_atomic_load_acquire(&hog_runs)) /* hog() */
		by_sleep_us(100);
}


static void stop_hog(struct by_thread *thread)
{
	by_atomic_store_release(&hog_stop, 1); /* hog() */
	by_thread_join(thread);
	by_thread_destroy(thread);
}


static void test_donation(void)
{
	static struct by_thread thread;
	uint64_t path = 0;

	check_part("servers run on their callers' time");
	start_hog(&thread);
	for (unsigned i = 0; i < 3; i++) {
		struct by_relay one = relay_handle(&relay[i]);

		for (unsigned depth = 1; depth <= 3 - i; depth++)
			CHECK_STATUS(by_relay_nest(&one, depth, &path), BY_OK);
	}
	by_log("served while a more important thread than the servers was busy");
	stop_hog(&thread);
}


/* A server that is busy takes the most important caller next, not the first one. */
static void test_order(void)
{
	static struct caller caller[3], holder;
	struct by_cpu *const cpu[3] = { &low, &middle, &high };

	check_part("callers are served by priority");
	holder.relay = &relay[0];
	holder.call  = call_hold;
	caller_start(&holder, NULL);
	settle();
	for (unsigned i = 0; i < 3; i++) {
		caller[i].relay  = &relay[0];
		caller[i].call   = call_note;
		caller[i].number = i + 1;
		caller_start(&caller[i], cpu[i]);
		settle();
		CHECK(by_atomic_load_acquire(&caller[i].begun)); /* run_caller() */
	}
	CHECK_EQ(by_atomic_load_acquire(&relay[0].notes), 0); /* note() */
	by_semaphore_up(&relay[0].go_on);
	caller_end(&holder);
	for (unsigned i = 0; i < 3; i++)
		caller_end(&caller[i]);
	settle(); /* they have their answers before the notes are taken */
	CHECK_EQ(by_atomic_load_acquire(&relay[0].notes), 3); /* note() */
	for (unsigned i = 0; i < 3; i++)
		CHECK_EQ(relay[0].note[i], 3 - i);
}


/* Who waits for a server that waits for another one makes that one important, too. */
static void test_inheritance(void)
{
	static struct by_thread thread;
	static struct caller    holder;
	struct by_relay         one  = relay_handle(&relay[0]);
	uint64_t                path = 0;

	check_part("importance is inherited along chains");
	relay[1].next = (struct by_relay){ .session.cap = BY_NO_CAP };
	holder.relay  = &relay[1];
	holder.call   = call_hold;
	caller_start(&holder, &low); /* served by weak[1], on low time */
	settle();
	by_semaphore_up(&relay[1].go_on); /* it could answer, but the hog comes first */
	start_hog(&thread);
	CHECK_STATUS(by_relay_nest(&one, 2, &path), BY_OK); /* over weak[0] to weak[1] */
	CHECK_EQ(path, 0x21);
	stop_hog(&thread);
	caller_end(&holder);
	CHECK_STATUS(holder.status, BY_OK);
}


static by_status_t call_nest(struct caller *caller)
{
	struct by_relay relay_0 = relay_handle(caller->relay);
	uint64_t        path;

	return by_relay_nest(&relay_0, caller->number, &path);
}


/* Also for those that are queued already. */
static void test_boost(void)
{
	static struct caller holder, slow, rival, boss;
	struct relay *first = &relay[0], *second = &relay[1];

	check_part("who waits for a queued caller makes it more important");
	relay_end(second);
	relay_make(second, &weak[1], 2);
	first->next = relay_handle(second);
	holder = (struct caller){ .relay = second, .call = call_hold };
	slow   = (struct caller){ .relay = first, .call = call_nest, .number = 2 };
	rival  = (struct caller){ .relay = second, .call = call_note, .number = 1 };
	boss   = (struct caller){ .relay = first, .call = call_nest, .number = 1 };
	caller_start(&holder, NULL);
	settle();
	caller_start(&slow, &low);     /* now the first one waits for the second one, */
	settle();
	caller_start(&rival, &middle); /* behind somebody more important, */
	settle();
	caller_start(&boss, &high);    /* until this one waits for the first one */
	settle();
	by_semaphore_up(&second->go_on);
	caller_end(&holder);
	caller_end(&slow);
	caller_end(&rival);
	caller_end(&boss);
	settle();
	CHECK(!by_strcmp(second->calls, "hnt"));
}


void test_time(void)
{
	obtain(&low, "low", 2);
	obtain(&middle, "middle", 4);
	obtain(&high, "high", 6);
	start_weak();
	test_donation();
	test_order();
	test_inheritance();
	test_boost();
	end_weak();
	by_cpu_close(the_env, &low);
	by_cpu_close(the_env, &middle);
	by_cpu_close(the_env, &high);
}
