/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions as a client: answers now and later, refusals, upgrades, closing.
 */
#include "fake/fake.h"
#include "support.h"
#include "unit.h"
#include <by/abi.h>
#include <by/cap.h>
#include <by/endpoint.h>
#include <by/env.h>
#include <by/kernel.h>
#include <by/session.h>
#include <by/session/cpu.h>
#include <by/session/rm.h>
#include <by/session/rom.h>
#include <sched.h>
#include <string.h>

#include "../lib/env.h"
#include "../lib/session.h"

UNIT_MAIN("session")

static unsigned base_objects, base_filled;
static uint64_t base_ram;


static void begin(void)
{
	static char const text[] = "content";

	fake_init();
	fake.rom[0].name = "text";
	fake.rom[0].data = text;
	fake.rom[0].size = sizeof(text) - 1;
	base_objects = fake_live_all();
	base_filled  = fake_filled();
	base_ram     = fake.pd[0].ram_quota;
}


static bool balanced(void)
{
	return fake_live_all() == base_objects && fake_filled() == base_filled
	       && fake.pd[0].ram_quota == base_ram;
}


TEST(open_donates_and_close_returns)
{
	struct by_rom rom;

	begin();
	CHECK_EQ(by_rom_open(&by_the_env, "a -> text", &rom), BY_OK);
	CHECK_STR(fake.session.service, "ROM");
	CHECK_STR(fake.session.label, "a -> text");
	CHECK(fake.session.ram > 0 && fake.pd[0].ram_quota == base_ram - fake.session.ram);
	CHECK(by_cap_valid(rom.session.cap));
	by_rom_close(&by_the_env, &rom);
	CHECK(!by_cap_valid(rom.session.cap));
	by_rom_close(&by_the_env, &rom); /* no effect */
	CHECK(balanced());
}


static by_status_t ask(char const *service, size_t ram, size_t caps, struct by_session *session)
{
	struct by_session_args const args = {
		.service = service, .label = "", .ram = ram, .caps = caps,
	};

	return by_session_obtain(&by_the_env, &args, session);
}


TEST(refusals_are_results)
{
	struct by_rom     rom;
	struct by_session none;

	begin();
	CHECK_EQ(by_rom_open(&by_the_env, "other", &rom), BY_DENIED);
	CHECK_EQ(ask("Nothing", 0, 0, &none), BY_DENIED);
	CHECK_EQ(ask("RM", 1 << 30, 0, &none), BY_OUT_OF_RAM);
	CHECK_EQ(ask("RM", 0, 1 << 30, &none), BY_OUT_OF_CAPS);
	by_session_close(&by_the_env, &none);
	by_rom_close(&by_the_env, &rom);
	CHECK(balanced());
}


TEST(arguments_travel)
{
	struct by_cpu_args const cpu_args = { .priority = 3, .weight = 16, .cpu = 1 };
	uint32_t const           sent[]   = { 3, 16, 1 };
	struct by_cpu            cpu;

	begin();
	CHECK_EQ(by_cpu_open(&by_the_env, "", &cpu_args, &cpu), BY_OK);
	CHECK_EQ(fake.session.args_len, sizeof(sent));
	CHECK(!memcmp(fake.session.args, sent, sizeof(sent)));
	by_cpu_close(&by_the_env, &cpu);
	CHECK(balanced());
}


/* Another thread answers while the main thread waits. */

static unsigned waits; /* of the main thread before */


static void answer(void *arg)
{
	while (fake_count(BY_CALL_IPC_WAIT) == waits)
		sched_yield();
	fake_answer(BY_STATUS(*(unsigned *)arg));
}


TEST(open_waits_for_the_answer)
{
	struct by_rm rm;
	unsigned     verdict[] = { 0, 4 }; /* BY_OK, BY_DENIED */

	begin();
	/* the signal for answers is created once and stays */
	fake.pending = true;
	waits = fake_count(BY_CALL_IPC_WAIT);
	pthread_t thread = fake_spawn(0, answer, &verdict[0]);
	CHECK_EQ(by_rm_open(&by_the_env, "", &rm), BY_OK);
	fake_join(thread);
	by_rm_close(&by_the_env, &rm);
	base_objects = fake_live_all();
	base_filled  = fake_filled();
	for (unsigned i = 0; i < 2; i++) {
		fake.pending = true;
		waits = fake_count(BY_CALL_IPC_WAIT);
		thread = fake_spawn(0, answer, &verdict[i]);
		CHECK_EQ(by_rm_open(&by_the_env, "", &rm), BY_STATUS(verdict[i]));
		fake_join(thread);
		by_rm_close(&by_the_env, &rm);
	}
	CHECK(balanced());
}


TEST(donating_waits_until_the_server_knows)
{
	struct by_rm rm;
	unsigned     verdict = 0;

	begin();
	CHECK_EQ(by_rm_open(&by_the_env, "", &rm), BY_OK);
	CHECK_EQ(by_session_donate(&by_the_env, &rm.session, 4096, 1), BY_OK);
	fake.pending = true;
	waits = fake_count(BY_CALL_IPC_WAIT);
	pthread_t const thread = fake_spawn(0, answer, &verdict);

	CHECK_EQ(by_session_donate(&by_the_env, &rm.session, 4096, 1), BY_OK);
	CHECK(fake_count(BY_CALL_IPC_WAIT) > waits);
	fake_join(thread);
	CHECK_EQ(by_session_donate(&by_the_env, &rm.session, 1 << 30, 1), BY_OUT_OF_RAM);
	fake.pending = true;
	by_session_end_of_main();
	CHECK_EQ(by_session_donate(&by_the_env, &rm.session, 4096, 1), BY_PENDING);
	fake.pending = false;
	by_rm_close(&by_the_env, &rm);
	CHECK_EQ(fake.pd[0].ram_quota, base_ram);
}


/* Begun sessions */

struct opening {
	struct by_session session;
	by_status_t       status;
	unsigned          answers;
};

static struct opening opening[3];


static void answered(struct by_session *session, by_status_t status)
{
	for (unsigned i = 0; i < 3; i++) {
		if (&opening[i].session == session) {
			opening[i].status = status;
			opening[i].answers++;
		}
	}
}


TEST(begun_sessions_are_reported)
{
	struct by_session_args const args = { .service = "RM", .label = "", .ram = 8192, .caps = 2 };

	begin();
	memset(opening, 0, sizeof(opening));
	fake.pending = true;
	for (unsigned i = 0; i < 3; i++)
		CHECK_EQ(by_session_begin(&by_the_env, &args, &opening[i].session, answered),
		         BY_PENDING);
	fake_serve();
	CHECK_EQ(opening[0].answers, 0);

	by_session_close(&by_the_env, &opening[1].session); /* given up meanwhile */
	fake_answer(BY_OK);
	fake_serve();
	for (unsigned i = 0; i < 3; i++) {
		CHECK_EQ(opening[i].answers, i != 1);
		CHECK_EQ(opening[i].status, BY_OK);
		by_session_close(&by_the_env, &opening[i].session);
	}
	fake.pending = false;
	CHECK_EQ(by_session_begin(&by_the_env, &args, &opening[0].session, answered), BY_OK);
	by_session_close(&by_the_env, &opening[0].session);
	CHECK_EQ(opening[0].answers, 1);
	CHECK_EQ(fake.pd[0].ram_quota, base_ram);
}


TEST(upgrades_are_reported_when_the_server_knows)
{
	struct by_session_args const args = { .service = "RM", .label = "", .ram = 8192, .caps = 2 };
	struct by_session *const     session = &opening[0].session;

	begin();
	memset(opening, 0, sizeof(opening));
	CHECK_EQ(by_session_begin(&by_the_env, &args, session, answered), BY_OK);
	CHECK_EQ(by_session_upgrade(&by_the_env, session, 4096, 1, answered), BY_OK);
	fake.pending = true;
	CHECK_EQ(by_session_upgrade(&by_the_env, session, 4096, 1, answered), BY_PENDING);
	by_cap_t const gate = session->cap;

	fake_serve();
	CHECK_EQ(opening[0].answers, 0);
	fake_answer(BY_OK);
	fake_serve();
	CHECK_EQ(opening[0].answers, 1);
	CHECK_EQ(session->cap.slot, gate.slot); /* it is the same session, */
	CHECK_EQ(fake_live(FAKE_RM), 1);
	fake_answer(BY_OK);
	fake_serve();
	CHECK_EQ(opening[0].answers, 1);
	CHECK(by_rpc_upgrade(gate, BY_OUT_OF_RAM)); /* and is found by its gate */
	by_session_close(&by_the_env, session);
	CHECK_EQ(fake.pd[0].ram_quota, base_ram);
}


TEST(finish_reports_that_the_donation_is_back)
{
	struct by_session_args const args = { .service = "RM", .label = "", .ram = 8192, .caps = 2 };
	struct by_session *const     session = &opening[0].session;

	begin();
	memset(opening, 0, sizeof(opening));
	CHECK_EQ(by_session_finish(&by_the_env, session, answered), BY_OK); /* none */
	CHECK_EQ(by_session_begin(&by_the_env, &args, session, answered), BY_OK);
	CHECK_EQ(by_session_finish(&by_the_env, session, answered), BY_OK);
	CHECK_EQ(fake.pd[0].ram_quota, base_ram);
	CHECK_EQ(session->id, 0);

	CHECK_EQ(by_session_begin(&by_the_env, &args, session, answered), BY_OK);
	fake.unfinished = true;
	CHECK_EQ(by_session_finish(&by_the_env, session, answered), BY_PENDING);
	fake_answer(BY_OK); /* of something else */
	fake_serve();
	CHECK_EQ(opening[0].answers, 0);
	CHECK(fake.pd[0].ram_quota != base_ram);
	fake.unfinished = false;
	fake_answer(BY_OK);
	fake_serve();
	CHECK_EQ(opening[0].answers, 1);
	CHECK_EQ(opening[0].status, BY_OK);
	CHECK_EQ(fake.pd[0].ram_quota, base_ram);
	CHECK_EQ(session->id, 0);
}


static unsigned             lost_times;
static struct by_session   *lost_session;


static void lost(struct by_session *session)
{
	lost_times++;
	lost_session = session;
	by_session_close(&by_the_env, session);
}


/* What a session is called by is empty when its provider is dead: so we make it. */
TEST(the_end_of_a_provider_is_told_who_watches)
{
	struct by_session session[4];

	begin();
	lost_times = 0;
	for (unsigned i = 0; i < 4; i++)
		CHECK_EQ(ask("RM", 8192, 2, &session[i]), BY_OK);
	for (unsigned i = 0; i < 3; i++)
		CHECK_EQ(by_session_watch(&by_the_env, &session[i], lost), BY_OK);
	fake_answer(BY_OK);
	fake_serve();
	CHECK_EQ(lost_times, 0);

	CHECK(by_kernel_drop(session[1].cap) == BY_OK);
	CHECK(by_kernel_drop(session[3].cap) == BY_OK); /* which nobody watches */
	fake_answer(BY_OK);
	fake_serve();
	CHECK_EQ(lost_times, 1);
	CHECK(lost_session == &session[1]);
	CHECK_EQ(session[1].id, 0);
	CHECK(by_kernel_drop(session[0].cap) == BY_OK);
	CHECK(by_kernel_drop(session[2].cap) == BY_OK);
	fake_answer(BY_OK);
	fake_serve();
	CHECK_EQ(lost_times, 3);
	fake_answer(BY_OK);
	fake_serve();
	CHECK_EQ(lost_times, 3);
	CHECK_EQ(by_session_watch(&by_the_env, &session[3], lost), BY_GONE);
	by_session_close(&by_the_env, &session[3]);
	CHECK_EQ(fake.pd[0].ram_quota, base_ram);
}


TEST(begun_sessions_can_be_refused)
{
	struct by_session_args const args = { .service = "RM", .label = "", .ram = 8192, .caps = 2 };

	begin();
	memset(opening, 0, sizeof(opening));
	fake.pending = true;
	CHECK_EQ(by_session_begin(&by_the_env, &args, &opening[0].session, answered), BY_PENDING);
	fake_answer(BY_OUT_OF_RAM);
	fake_serve();
	CHECK_EQ(opening[0].answers, 1);
	CHECK_EQ(opening[0].status, BY_OUT_OF_RAM);
	CHECK_EQ(opening[0].session.id, 0);
	CHECK_EQ(fake.pd[0].ram_quota, base_ram);
}


/*
 * Many at a time
 */

enum { MANY = 200 };

static struct by_session many[MANY];
static unsigned          many_answers;


static void count_answer(struct by_session *session, by_status_t answer)
{
	many_answers += session->id && answer == BY_OK;
}


static void begin_many(unsigned count)
{
	struct by_session_args const args = { .service = "RM", .label = "", .ram = 4096, .caps = 1 };

	begin();
	fake.pending = true;
	many_answers = 0;
	for (unsigned i = 0; i < count; i++)
		CHECK_EQ(by_session_begin(&by_the_env, &args, &many[i], count_answer), BY_PENDING);
}


static void close_many(unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		by_session_close(&by_the_env, &many[i]);
	CHECK_EQ(fake.pd[0].ram_quota, base_ram);
}


/* Calls to the parent when one of 'count' that wait is answered. */
static unsigned cost_of_one(unsigned count)
{
	begin_many(count);
	fake_serve();
	unsigned const before = fake.calls;

	fake_answer_one(many[count / 2].id);
	fake_serve();
	unsigned const cost = fake.calls - before;

	close_many(count);

	return many_answers == 1 ? cost : 1000;
}


TEST(an_answer_costs_the_same_however_many_wait)
{
	CHECK_EQ(cost_of_one(1), 3); /* which, what, and that there is no other */
	CHECK_EQ(cost_of_one(10), 3);
	CHECK_EQ(cost_of_one(MANY), 3);
}


TEST(many_answers_at_a_time)
{
	begin_many(MANY);
	by_session_close(&by_the_env, &many[7]); /* of which there is nothing to hear */
	unsigned const before = fake.calls;

	fake_answer(BY_OK);
	fake_serve();
	CHECK_EQ(many_answers, MANY - 1);
	CHECK(fake.calls - before <= 2 * MANY);
	close_many(MANY);
}


/* The server has died, and the parent has not heard of it yet. */
TEST(a_gate_can_die_on_the_way)
{
	struct by_session_args const args = { .service = "RM", .label = "", .ram = 8192, .caps = 2 };
	struct by_session *const     session = &opening[0].session;
	struct by_rm                 rm;

	begin();
	memset(opening, 0, sizeof(opening));
	fake.dead = true;
	CHECK_EQ(by_rm_open(&by_the_env, "", &rm), BY_GONE);
	CHECK_EQ(by_session_begin(&by_the_env, &args, session, answered), BY_GONE);
	CHECK_EQ(session->id, 0);
	fake.pending = true;
	CHECK_EQ(by_session_begin(&by_the_env, &args, session, answered), BY_PENDING);
	fake_answer(BY_OK);
	fake_serve();
	CHECK_EQ(opening[0].answers, 1);
	CHECK_EQ(opening[0].status, BY_GONE);
	CHECK_EQ(session->id, 0);
	CHECK_EQ(fake.pd[0].ram_quota, base_ram); /* all of them are closed */
}


/* Upgrades */

TEST(core_sessions_are_upgraded_twice_at_most)
{
	struct by_rom rom;
	by_cap_t      ds;
	uint64_t      size;

	begin();
	CHECK_EQ(by_rom_open(&by_the_env, "text", &rom), BY_OK);
	fake.fail_at = 1;
	CHECK_EQ(by_rom_dataspace(&rom, &ds, &size), BY_OUT_OF_RAM);
	fake.fail_at = 0;
	CHECK_EQ(by_rom_dataspace(&rom, &ds, &size), BY_OK);
	CHECK_EQ(size, 7);
	by_cap_drop(ds);
	by_rom_close(&by_the_env, &rom);
	CHECK(balanced());
}


TEST(upgrade_finds_the_session)
{
	struct by_rom rom;

	begin();
	CHECK_EQ(by_rom_open(&by_the_env, "text", &rom), BY_OK);
	uint64_t const before = fake.pd[0].ram_quota;
	CHECK(by_rpc_upgrade(rom.session.cap, BY_OUT_OF_RAM));
	CHECK_EQ(fake.upgrades, 1);
	CHECK(fake.pd[0].ram_quota < before);
	rom.session.fixed = true;
	CHECK(!by_rpc_upgrade(rom.session.cap, BY_OUT_OF_RAM));
	CHECK(!by_rpc_upgrade(by_the_env.pd.session.cap, BY_OUT_OF_RAM)); /* own: final */
	CHECK_EQ(fake.upgrades, 1);
	by_rom_close(&by_the_env, &rom);
	CHECK(!by_rpc_upgrade((by_cap_t){ 50 }, BY_OUT_OF_RAM));
	CHECK(balanced());
}


TEST(again_is_repeated)
{
	struct by_pd_balance balance;

	begin();
	fake.again = 5;
	unsigned const before = fake.calls;
	CHECK_EQ(by_pd_account(&by_the_env.pd, &balance), BY_OK);
	CHECK_EQ(fake.calls, before + 6);
	CHECK_EQ(balance.ram_quota, base_ram);
}
