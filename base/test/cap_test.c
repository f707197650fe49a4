/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slots of the capability table, badges, capabilities of requests and replies.
 */
#include "fake/fake.h"
#include "unit.h"
#include <by/cap.h>
#include <by/endpoint.h>
#include <by/env.h>
#include <by/kernel.h>
#include <by/rpc.h>
#include <by/slots.h>
#include <stdlib.h>

#include "../lib/badge.h"
#include "../lib/env.h"

UNIT_MAIN("cap")

enum { ALL = FAKE_SLOTS };


TEST(slots_are_distinct_and_come_back)
{
	by_cap_t slot[64];

	fake_init();
	unsigned const before = by_slots_free();

	for (unsigned i = 0; i < 64; i++) {
		CHECK_EQ(by_slot_alloc(&slot[i]), BY_OK);
		CHECK(slot[i].slot >= BY_SLOT_FREE);
		for (unsigned k = 0; k < i; k++)
			CHECK(slot[k].slot != slot[i].slot);
	}
	CHECK_EQ(by_slots_free(), before - 64);
	for (unsigned i = 0; i < 64; i++)
		by_slot_free(slot[i]);
	CHECK_EQ(by_slots_free(), before);
}


TEST(table_grows_until_it_cannot)
{
	static by_cap_t slot[ALL];
	unsigned count = 0;

	fake_init();
	fake.leaves_max = fake.pd[0].slots / BY_LEAF_SLOTS + 2;
	while (count < ALL && by_slot_alloc(&slot[count]) == BY_OK)
		count++;
	CHECK(count > 2 * BY_LEAF_SLOTS && count < 3 * BY_LEAF_SLOTS);
	CHECK_EQ(fake.pd[0].slots, fake.leaves_max * BY_LEAF_SLOTS);
	CHECK_EQ(by_slots_free(), 0);
	by_cap_t other;
	CHECK_EQ(by_slot_alloc(&other), BY_OUT_OF_CAPS);

	/* a reply with a capability cannot be taken then, but nothing is lost */
	struct by_message *msg = by_message();
	by_word_t const named = msg->recv_slot[BY_MSG_CAPS - 1];
	msg->recv_slot[BY_MSG_CAPS - 1] = 0;
	CHECK_EQ(by_rpc_name_slots(msg, BY_MSG_CAPS), BY_OUT_OF_CAPS);
	msg->recv_slot[BY_MSG_CAPS - 1] = named;
	for (unsigned i = 0; i < count; i++)
		by_slot_free(slot[i]);
	CHECK_EQ(by_rpc_name_slots(msg, BY_MSG_CAPS), BY_OK);
}


TEST(no_cap_is_ignored)
{
	fake_init();
	unsigned const before = by_slots_free();

	by_slot_free(BY_NO_CAP);
	by_cap_drop(BY_NO_CAP);
	CHECK_EQ(by_slots_free(), before);
	CHECK_EQ(fake.count[BY_CALL_CAP_DROP], 0);
}


TEST(dropping_frees_the_slot)
{
	by_cap_t map;

	fake_init();
	unsigned const filled = fake_filled();

	CHECK_EQ(by_pd_space(&by_the_env.pd, &map), BY_OK);
	CHECK_EQ(fake_filled(), filled + 1);
	unsigned const before = by_slots_free();
	by_cap_drop(map);
	CHECK_EQ(fake_filled(), filled);
	CHECK_EQ(by_slots_free(), before + 1);
}


TEST(cap_info_tells_kinds)
{
	struct by_signal_handler handler;
	by_word_t badge;

	fake_init();
	CHECK_EQ(by_signal_handler_init(&handler, by_the_env.endpoint, BY_SIGNAL_IO, NULL), BY_OK);
	CHECK_EQ(by_cap_info(handler.target.cap, &badge), BY_CAP_OWN);
	CHECK_EQ(badge, handler.target.badge);
	CHECK_EQ(by_cap_info((by_cap_t){ BY_SLOT_PD }, &badge), BY_CAP_FOREIGN);
	CHECK_EQ(badge, 0);
	CHECK_EQ(by_cap_info(BY_NO_CAP, &badge), BY_CAP_NONE);
	by_signal_handler_fini(&handler);
}


/* Many threads take and give back at once; a slot is never given twice. */

enum { THREADS = 4, ROUNDS = 2000, HOLD = 100 };

static by_atomic_u32 taken[ALL];
static bool          twice;


static void take_and_free(void *arg)
{
	by_cap_t slot[HOLD];

	(void)arg;
	for (unsigned round = 0; round < ROUNDS / HOLD; round++) {
		for (unsigned i = 0; i < HOLD; i++) {
			if (by_slot_alloc(&slot[i]) != BY_OK)
				slot[i] = BY_NO_CAP;
			else if (by_atomic_exchange(&taken[slot[i].slot], 1))
				twice = true;
		}
		for (unsigned i = 0; i < HOLD; i++) {
			by_atomic_exchange(&taken[slot[i].slot], 0);
			by_slot_free(slot[i]);
		}
	}
}


TEST(threads_never_get_the_same_slot)
{
	pthread_t thread[THREADS];

	fake_init();
	for (unsigned i = 0; i < THREADS; i++)
		thread[i] = fake_spawn(0, take_and_free, NULL);
	for (unsigned i = 0; i < THREADS; i++)
		fake_join(thread[i]);
	CHECK(!twice);
}


/* Badges */

TEST(badges_are_never_stale)
{
	enum { COUNT = 100 };
	static struct by_target target[COUNT];

	fake_init();
	for (unsigned i = 0; i < COUNT; i++) {
		CHECK_EQ(by_badge_alloc(&target[i], &target[i].badge), BY_OK);
		CHECK(target[i].badge != 0);
		CHECK(by_badge_find(target[i].badge) == &target[i]);
	}
	by_word_t const old = target[50].badge;
	by_badge_free(&target[50].badge);
	CHECK_EQ(target[50].badge, 0);
	CHECK(by_badge_find(old) == NULL);
	CHECK_EQ(by_badge_alloc(&target[50], &target[50].badge), BY_OK);
	CHECK(target[50].badge != old);
	CHECK(by_badge_find(0) == NULL && by_badge_find(~(by_word_t)0) == NULL);
	for (unsigned i = 0; i < COUNT; i++)
		by_badge_free(&target[i].badge);
}


TEST(badges_run_out_with_the_heap)
{
	static struct by_target target[4096];
	unsigned count = 0;

	fake_init();
	fake.fail_at = 1;
	while (count < 4096 && by_badge_alloc(&target[count], &target[count].badge) == BY_OK)
		count++;
	CHECK(count < 4096);
	fake.fail_at = 0;
	CHECK_EQ(by_badge_alloc(&target[count], &target[count].badge), BY_OK);
	for (unsigned i = 0; i <= count; i++)
		by_badge_free(&target[i].badge);
}


/* Capabilities of messages, prepared by hand. */

static by_tag_t received(unsigned count, enum by_cap_kind const *kind)
{
	struct by_message *msg = by_message();

	for (unsigned i = 0; i < count; i++) {
		by_cap_t slot = { 0 };
		if (kind[i] == BY_CAP_FOREIGN) {
			by_status_t const status = by_rpc_name_slots(msg, i + 1);
			slot.slot = status == BY_OK ? (uint32_t)msg->recv_slot[i] : 0;
			fake.pd[0].slot[slot.slot] = (uint16_t)fake.pd[0].space;
		}
		msg->cap_kind[i]  = kind[i];
		msg->cap_value[i] = kind[i] == BY_CAP_OWN ? 77 : slot.slot;
	}

	return by_tag(1, 0, count);
}


TEST(request_caps_are_taken_or_dropped)
{
	enum by_cap_kind const kind[] = { BY_CAP_FOREIGN, BY_CAP_OWN, BY_CAP_FOREIGN };
	struct by_cap_arg arg[2];

	fake_init();
	struct by_message *msg = by_message();
	unsigned const filled = fake_filled();
	by_tag_t const tag = received(3, kind);
	CHECK_EQ(fake_filled(), filled + 2);

	by_control()->missing = false;
	by_rpc_take_caps(msg, tag, arg, 2);
	CHECK_EQ(fake_filled(), filled + 1); /* the third was dropped */
	CHECK(by_control()->missing);
	CHECK(msg->recv_slot[0] == 0 && msg->recv_slot[2] == 0);
	CHECK_EQ(arg[0].kind, BY_CAP_FOREIGN);
	CHECK_EQ(arg[1].kind, BY_CAP_OWN);
	CHECK_EQ(arg[1].badge, 77);
	CHECK(!by_cap_valid(by_cap_arg_take(&arg[1])));

	by_rpc_drop_caps(arg, 2);
	CHECK_EQ(fake_filled(), filled);
	by_rpc_drop_caps(arg, 2); /* nothing left to drop */
	CHECK_EQ(fake_filled(), filled);
}


TEST(kept_caps_are_not_dropped)
{
	enum by_cap_kind const kind[] = { BY_CAP_FOREIGN };
	struct by_cap_arg arg[1];

	fake_init();
	unsigned const filled = fake_filled();
	by_tag_t const tag = received(1, kind);

	by_rpc_take_caps(by_message(), tag, arg, 1);
	by_cap_t const kept = by_cap_arg_take(&arg[0]);
	CHECK(by_cap_valid(kept));
	by_rpc_drop_caps(arg, 1);
	CHECK_EQ(fake_filled(), filled + 1);
	by_cap_drop(kept);
	CHECK_EQ(fake_filled(), filled);
}


TEST(results_come_all_or_none)
{
	enum by_cap_kind const good[] = { BY_CAP_FOREIGN, BY_CAP_NONE, BY_CAP_FOREIGN };
	enum by_cap_kind const lost[] = { BY_CAP_FOREIGN, BY_CAP_LOST };
	by_cap_t cap[2];

	fake_init();
	unsigned const filled = fake_filled();

	CHECK_EQ(by_rpc_take_results(by_message(), received(3, good), cap, 2), BY_OK);
	CHECK(by_cap_valid(cap[0]) && !by_cap_valid(cap[1]));
	CHECK_EQ(fake_filled(), filled + 1); /* the third was dropped */
	by_cap_drop(cap[0]);

	CHECK_EQ(by_rpc_take_results(by_message(), received(2, lost), cap, 2), BY_OUT_OF_CAPS);
	CHECK_EQ(fake_filled(), filled);
	CHECK_EQ(by_rpc_take_results(by_message(), received(1, good), cap, 2), BY_MALFORMED);
	CHECK_EQ(fake_filled(), filled);
}
