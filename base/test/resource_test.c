/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asking the parent for more, and giving back: handlers, waiting, refusals.
 */
#include "fake/fake.h"
#include "support.h"
#include "unit.h"
#include <by/abi.h>
#include <by/container.h>
#include <by/endpoint.h>
#include <by/env.h>
#include <by/resource.h>
#include <sched.h>

#include "../lib/env.h"
#include "../lib/session.h"

UNIT_MAIN("resource")

/* Somebody who watches. */
struct part {
	struct by_resource_watch watch;
	unsigned                 grown, yields;
	uint64_t                 ram, caps;
	bool                     leaves;
	void                    *memory; /* that it could do without */
};

static struct part parts[3];
static struct by_env *const env = &by_the_env;

enum { SPARE = 200000 };


static void grown(struct by_resource_watch *watch)
{
	struct part *const part = BY_CONTAINER_OF(watch, struct part, watch);

	part->grown++;
	if (part->leaves)
		by_resource_unwatch(watch);
}


static void yield(struct by_resource_watch *watch, uint64_t ram, uint64_t caps)
{
	struct part *const part = BY_CONTAINER_OF(watch, struct part, watch);

	part->yields++;
	part->ram  = ram;
	part->caps = caps;
	if (part->memory)
		by_free(env->heap, part->memory, SPARE);
	part->memory = NULL;
}


static void begin(void)
{
	fake_init();
	for (unsigned i = 0; i < 3; i++)
		parts[i] = (struct part){ .watch = { .grown = grown, .yield = yield } };
}


static void end(void)
{
	for (unsigned i = 0; i < 3; i++)
		by_resource_unwatch(&parts[i].watch);
}


static by_status_t watch(unsigned i)
{
	return by_resource_watch(env, &parts[i].watch);
}


TEST(nobody_pays_for_what_he_does_not_watch)
{
	begin();
	unsigned const before = fake_live(FAKE_SIGNAL);

	for (unsigned i = 1; i <= 3; i++) {
		fake.fail_at = i;
		CHECK(watch(1) != BY_OK); /* of two signals with two requests each */
	}
	fake.fail_at   = 1;
	fake.fail_with = BY_NOT_SUPPORTED;
	CHECK_EQ(by_resource_request(env, 1, 1), BY_NOT_SUPPORTED);
	fake.fail_at = 0;
	CHECK_EQ(fake_live(FAKE_SIGNAL), before + 1); /* what was there to be had stays */
	parts[0].watch.yield = NULL;
	CHECK_EQ(watch(0), BY_OK);
	CHECK_EQ(fake_live(FAKE_SIGNAL), before + 1);
	CHECK(!fake_tell(FAKE_YIELD));
	CHECK_EQ(watch(1), BY_OK);
	CHECK_EQ(fake_live(FAKE_SIGNAL), before + 2);
	CHECK_EQ(watch(2), BY_OK);
	CHECK_EQ(fake_live(FAKE_SIGNAL), before + 2);
	end();
	end(); /* no effect */
}


TEST(all_are_told_that_there_is_more)
{
	begin();
	for (unsigned i = 0; i < 3; i++)
		CHECK_EQ(watch(i), BY_OK);
	CHECK_EQ(by_resource_request(env, 5000, 2), BY_OK);
	CHECK_EQ(fake.wanted_ram, 5000);
	CHECK_EQ(fake.wanted_caps, 2);
	fake_serve();
	CHECK_EQ(parts[0].grown, 0);
	parts[0].leaves = parts[2].leaves = true;
	for (unsigned i = 0; i < 2; i++) {
		fake_give(5000, 2);
		fake_serve();
	}
	CHECK_EQ(parts[0].grown, 1);
	CHECK_EQ(parts[1].grown, 2);
	CHECK_EQ(parts[2].grown, 1);
	CHECK_EQ(parts[1].yields, 0);
	end();
}


TEST(what_can_be_done_without_is_given_back)
{
	void *kept;

	begin();
	parts[2].watch.yield = NULL;
	for (unsigned i = 0; i < 3; i++)
		CHECK_EQ(watch(i), BY_OK);
	CHECK_EQ(by_alloc(env->heap, 100, &kept), BY_OK);
	uint64_t const before = fake.pd[0].ram_used;

	CHECK_EQ(by_alloc(env->heap, SPARE, &parts[1].memory), BY_OK);
	fake_tell(FAKE_YIELD); /* it has changed its mind */
	fake_serve();
	CHECK_EQ(parts[0].yields, 0);
	CHECK_EQ(fake.yields, 0);
	fake.yield_ram  = 7000;
	fake.yield_caps = 1;
	fake_tell(FAKE_YIELD);
	fake_serve();
	CHECK_EQ(parts[0].yields, 1);
	CHECK_EQ(parts[1].yields, 1);
	CHECK_EQ(parts[1].ram, 7000);
	CHECK_EQ(parts[1].caps, 1);
	CHECK_EQ(fake.yields, 1);
	CHECK_EQ(fake.pd[0].ram_used, before);
	by_free(env->heap, kept, 100);
	end();
}


/* The heap keeps a chunk of up to 64 KiB in reserve, which is no use to anybody now. */
TEST(the_heap_gives_its_reserve_back)
{
	void *kept, *big;

	begin();
	CHECK_EQ(watch(0), BY_OK);
	CHECK_EQ(by_alloc(env->heap, 100, &kept), BY_OK);
	uint64_t const before = fake.pd[0].ram_used;

	CHECK_EQ(by_alloc(env->heap, 50000, &big), BY_OK);
	by_free(env->heap, big, 50000);
	CHECK(fake.pd[0].ram_used > before);
	fake.yield_ram = 1;
	fake_tell(FAKE_YIELD);
	fake_serve();
	CHECK_EQ(fake.pd[0].ram_used, before);
	by_free(env->heap, kept, 100);
	end();
}


/* Waiting: another thread plays the parent. */

static unsigned waits, steps;

static void give_in_steps(void *arg)
{
	for (unsigned i = 0; i < steps; i++) {
		while (fake_count(BY_CALL_IPC_WAIT) == waits + i)
			sched_yield();
		fake_give(*(uint64_t *)arg, 3);
	}
}


static by_status_t wait_for_more(uint64_t ram, uint64_t caps, uint64_t step)
{
	waits = fake_count(BY_CALL_IPC_WAIT);
	pthread_t const thread = fake_spawn(0, give_in_steps, &step);
	by_status_t const status = by_resource_wait(env, ram, caps);

	fake_join(thread);

	return status;
}


TEST(one_can_wait_for_more)
{
	begin();
	uint64_t const ram  = fake.pd[0].ram_quota - fake.pd[0].ram_used;
	uint64_t const caps = fake.pd[0].caps_quota - fake.pd[0].caps_used;

	steps = 0;
	CHECK_EQ(wait_for_more(ram, 1, 0), BY_OK); /* it is there */
	CHECK_EQ(fake.wishes, 0);
	steps = 3;
	CHECK_EQ(wait_for_more(ram + 10000, 1, 4000), BY_OK);
	CHECK_EQ(fake.wishes, 3); /* for what is missing still */
	CHECK_EQ(fake.wanted_ram, 2000);
	CHECK_EQ(fake.wanted_caps, 0);
	steps = 1;
	CHECK_EQ(wait_for_more(1, caps + 3 * 3 + 2, 0), BY_OK);
	CHECK_EQ(fake.wanted_ram, 0);
	CHECK(fake.wanted_caps > 0 && fake.wanted_caps <= 3);
	CHECK_EQ(fake.wishes, 4);
}


static void wait_too_late(void *arg)
{
	by_status_t const status = by_resource_wait(env, 1, 1);

	(void)arg, (void)status;
}


TEST(nobody_waits_after_component_main)
{
	begin();
	CHECK(!support_asserts(wait_too_late, NULL));
	by_session_end_of_main();
	CHECK(support_asserts(wait_too_late, NULL));
	by_session_start();
}
