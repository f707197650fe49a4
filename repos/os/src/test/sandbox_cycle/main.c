/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Configurations of a sandbox in turn, and what is left in the end.
 */
#include <by/attached.h>
#include <by/component_heap.h>
#include <by/timeout.h>
#include <check.h>
#include <sandbox.h>

enum {
	TEXT       = 16384,
	OBJECTS    = 200,       /* more than children and sessions ever are */
	SPARE_RAM  = 16 * 1024, /* what the parent's heap may take once in all rounds, */
	SPARE_CAPS = 2,         /* depending on how things meet */
};

static struct {
	struct by_env       *env;
	struct by_attached   config;
	struct by_hid_node   top, state;
	struct by_timeout    next;
	struct sandbox       sandbox;
	struct by_pd_balance first;  /* after the first round, which finds what stays */
	uint64_t             round, rounds;
	char                 text[TEXT];
} cycle;


static void apply(void)
{
	struct by_hid_writer writer;
	struct by_hid_node   config;
	size_t               size = 0;

	CHECK(by_hid_first_of(&cycle.state, "config", &config));
	by_hid_write_init(&writer, cycle.text, TEXT);
	by_hid_write_node(&writer, &config);
	check_need(cycle.env, by_hid_write_finish(&writer, &size), "configuration");
	CHECK_STATUS(sandbox_apply(&cycle.sandbox, (struct by_hid_span){ cycle.text, size }), BY_OK);
}


static void begin_round(void)
{
	static struct sandbox_ops const  ops  = { .changed = NULL };
	static struct sandbox_args const args = { .ops = &ops };

	check_need(cycle.env, sandbox_init(&cycle.sandbox, cycle.env, &args), "sandbox");
	CHECK(by_hid_first_of(&cycle.top, "state", &cycle.state));
	apply();
}


static void end_round(void)
{
	sandbox_fini(&cycle.sandbox);
	by_heap_trim_own(); /* which may keep an empty chunk, or none */
	struct by_pd_balance const now = check_balance(&cycle.env->pd);

	if (cycle.round++ == 0)
		cycle.first = now;
	CHECK_EQ(now.ram_quota, cycle.first.ram_quota);
	CHECK_EQ(now.caps_quota, cycle.first.caps_quota);
	CHECK(now.ram_used <= cycle.first.ram_used + SPARE_RAM);
	CHECK(now.caps_used <= cycle.first.caps_used + SPARE_CAPS);
}


static void tick(struct by_timeout *timeout)
{
	(void)timeout;
	if (by_hid_next_of(&cycle.state, "state")) {
		apply();
		return;
	}
	end_round();
	if (cycle.round == cycle.rounds)
		check_finish(cycle.env, "sandbox_cycle");
	begin_round();
}


/* Tables of the runtime grow with the number of objects, and stay. */
static void grow_tables(void)
{
	static struct by_signal_handler handlers[OBJECTS];

	for (unsigned i = 0; i < OBJECTS; i++)
		check_need(cycle.env, by_signal_handler_init(&handlers[i], cycle.env->endpoint,
		                                             BY_SIGNAL_APPLICATION, NULL), "signals");
	for (unsigned i = 0; i < OBJECTS; i++)
		by_signal_handler_fini(&handlers[i]);
}


void component_main(struct by_env *env)
{
	cycle.env = env;
	grow_tables();
	check_need(env, by_attached_rom_init(env, &cycle.config, "config"), "config");
	check_need(env, by_hid_open((struct by_hid_span){ cycle.config.base, cycle.config.size },
	                            &cycle.top), "config");
	cycle.rounds = by_hid_u64(&cycle.top, "rounds", 2);
	begin_round();
	by_timeout_init(&cycle.next, env->endpoint, tick);
	check_need(env, by_timeout_repeat(&cycle.next, by_hid_u64(&cycle.top, "wait_ms", 50) * 1000),
	           "timeout");
}
