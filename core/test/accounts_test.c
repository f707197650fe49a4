/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ROM core_accounts: it sums up to the machine's RAM after whatever has happened, and
 * while it happens.
 */
#include "accounts.h"
#include "census.h"
#include "inside.h"
#include "../src/accounts.h"
#include "../src/work.h"

UNIT_MAIN("core-accounts")

enum { ROM_ID = 100, MOST_REQUESTS = 400 };

static struct census        before, after;
static struct accounts_text read;
static struct by_rom        rom;
static const char          *text; /* of the ROM */
static by_status_t          status;

#define BEGIN() do { CHECK_CENSUS(&before); CHECK(host_as(&host_init)); } while (0)
#define END()   do { host_core(); CHECK_CENSUS(&after); CHECK_SAME(&before, &after); } while (0)


static by_status_t open_accounts(uint32_t id, struct by_rom *of)
{
	return host_open(id, "ROM", "core_accounts", 8192, 3, NULL, 0, &of->session.cap);
}


static by_status_t content(struct by_rom *of, uint64_t *size)
{
	by_cap_t          cap;
	by_status_t const result = by_rom_dataspace(of, &cap, size);

	if (result == BY_OK) {
		text = sim_memory(BY_CONTAINER_OF(host_item(&host_init, cap), struct ds, item)->pa);
		host_drop(&host_init, cap);
	}

	return result;
}


/** One request to update, which may be answered 'again'. */
static by_status_t update_once(struct by_rom *of)
{
	by_tag_t const tag = host_request(of->session.cap, by_tag(BY_ROM_OPCODE_UPDATE, 0, 0));

	return by_tag_status(tag) != BY_OK ? by_tag_status(tag)
	       : BY_STATUS((uintptr_t)(uint32_t)by_message()->word[0]);
}


/** The same for the dataspace, which must be answered 'again'. */
static bool dataspace_begins(struct by_rom *of)
{
	if (by_rpc_name_slots(by_message(), 1) != BY_OK)
		return false;

	by_tag_t const tag = host_request(of->session.cap, by_tag(BY_ROM_OPCODE_DATASPACE, 0, 0));

	return by_tag_status(tag) == BY_OK
	       && BY_STATUS((uintptr_t)(uint32_t)by_message()->word[0]) == BY_AGAIN;
}


static struct accounts_row const *row_of(const char *name)
{
	for (unsigned i = 0; i < read.count; i++)
		if (!strcmp(read.row[i].name, name))
			return &read.row[i];

	return NULL;
}


/** Whether a PD's own answer is the same. */
static bool agrees(const char *name, struct by_pd *pd)
{
	struct accounts_row const *row = row_of(name);
	struct by_pd_balance       own;

	return row && by_pd_account(pd, &own) == BY_OK && row->ram_quota == own.ram_quota
	       && row->ram_used == own.ram_used && row->caps_quota == own.caps_quota
	       && row->caps_used == own.caps_used;
}


static by_status_t open_pd(uint32_t id, const char *label, struct by_pd *pd)
{
	return host_open(id, "PD", label, 200 * KIB, 20, NULL, 0, &pd->session.cap);
}


/** The ROM anew: complete, exact, and with so many accounts. */
#define CHECK_ACCOUNTS(number) \
	do { \
		uint64_t unit_size; \
		CHECK_STATUS(by_rom_update(&rom, &unit_size), BY_OK); \
		CHECK_EQ(unit_size, strlen(text)); \
		CHECK_TEXT(accounts_read(text, &read)); \
		CHECK(read.exact); \
		CHECK_EQ(read.count, number); \
		CHECK(agrees("init", &host_pd)); \
	} while (0)

#define OPEN() \
	do { \
		uint64_t unit_size; \
		CHECK_STATUS(open_accounts(ROM_ID, &rom), BY_OK); \
		CHECK_STATUS(content(&rom, &unit_size), BY_OK); \
		CHECK_EQ(unit_size, strlen(text)); \
	} while (0)


CORE_TEST(all_quota_is_the_machines_ram)
{
	struct host_child one, two;
	struct by_pd      other;
	by_cap_t          ds, ep;

	BEGIN();
	OPEN();
	CHECK_ACCOUNTS(1);
	CHECK_EQ(read.total, 8 * MIB);
	CHECK_EQ(read.row[0].parent, 0);
	CHECK_EQ(read.spare, phys_avail() * PAGE_SIZE);
	CHECK_STATUS(host_child(&one, 1, MIB, 60), BY_OK);
	CHECK_ACCOUNTS(2);
	CHECK(agrees("child", &one.init_pd));
	CHECK_EQ(row_of("child")->parent, row_of("init")->id);
	CHECK_STATUS(host_child(&two, 2, MIB, 60), BY_OK);
	CHECK_STATUS(open_pd(3, "one -> other", &other), BY_OK);
	CHECK_ACCOUNTS(4);
	unsigned long const id = row_of("other")->id;

	CHECK_STATUS(by_pd_transfer(&host_pd, other.session.cap, 5000, 3), BY_OK);
	CHECK_ACCOUNTS(4);
	CHECK(agrees("other", &other));
	CHECK_EQ(row_of("other")->ram_quota, 200 * KIB + 5000);
	CHECK_STATUS(by_parent_upgrade(&host_parent, 3, 1, 1), BY_OK);
	CHECK_ACCOUNTS(4);
	CHECK_STATUS(by_pd_transfer(&other, host_pd.session.cap, 777, 1), BY_OK);
	CHECK_STATUS(by_pd_set_aside(&other, 3000, 2), BY_OK);
	CHECK_ACCOUNTS(4);
	CHECK(agrees("other", &other));
	CHECK_STATUS(by_pd_reference(&other, one.init_pd.session.cap), BY_OK);
	CHECK_ACCOUNTS(4);
	CHECK(agrees("other", &other));
	CHECK_EQ(row_of("other")->id, id);
	CHECK_EQ(row_of("other")->parent, read.row[1].id);

	CHECK_STATUS(by_pd_ram_alloc(&one.init_pd, 64 * KIB, 0, 12, 0, &ds), BY_OK);
	CHECK_STATUS(by_pd_endpoint_create(&two.init_pd, two.init_thread, &ep), BY_OK);
	CHECK_ACCOUNTS(4);
	CHECK(agrees("child", &one.init_pd));

	/* its memory is attached here, and so inherited; 'other' trades with init now */
	uint64_t at;
	CHECK_STATUS(by_region_map_attach(&host_space, ds, 0, 0, 0, 0, &at), BY_OK);
	host_drop(&host_init, ds);
	host_drop(&host_init, ep);
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_ACCOUNTS(3);
	CHECK_EQ(row_of("other")->parent, row_of("init")->id);
	CHECK_STATUS(by_region_map_detach(&host_space, at), BY_OK);
	CHECK_ACCOUNTS(3);
	CHECK_STATUS(host_close(2), BY_OK);
	CHECK_STATUS(host_close(3), BY_OK);
	CHECK_ACCOUNTS(1);
	CHECK_STATUS(host_close(ROM_ID), BY_OK);
	END();
}


CORE_TEST(accounts_have_the_names_of_their_sessions)
{
	static struct { const char *label, *name; } const names[] = {
		{ "a", "a" }, { "a -> b", "b" }, { "", "" }, { "a -> b c -> d e", "d e" },
		{ "01234567890123456789012345678901", "01234567890123456789012345678901" },
		{ "x -> 012345678901234567890123456789012", "01234567890123456789012345678901" },
		{ "0123456789012345678901234567890\xc3\xa4", "0123456789012345678901234567890" },
		{ "0123456789012345678901234567\xf0\x9f\x98\x80", "0123456789012345678901234567\xf0\x9f\x98\x80" },
		{ "01234567890123456789012345678\xf0\x9f\x98\x80", "01234567890123456789012345678" },
	};
	enum { NAMES = sizeof(names) / sizeof(names[0]) };
	struct by_pd pd;

	BEGIN();
	OPEN();
	for (unsigned i = 0; i < NAMES; i++)
		CHECK_STATUS(open_pd(i, names[i].label, &pd), BY_OK);
	/* the text has room for some more than there were */
	CHECK_STATUS(by_rom_update(&rom, &(uint64_t){ 0 }), BY_OK);
	CHECK_TEXT(accounts_read(text, &read));
	CHECK_EQ(read.count, NAMES + 1);
	for (unsigned i = 0; i < NAMES; i++)
		CHECK(!strcmp(read.row[i + 1].name, names[i].name));
	for (unsigned i = 0; i < NAMES; i++)
		CHECK_STATUS(host_close(i), BY_OK);
	CHECK_STATUS(host_close(ROM_ID), BY_OK);
	END();
}


CORE_TEST(what_moves_in_between_makes_it_begin_anew)
{
	struct by_pd one, two;
	unsigned     again = 0, least = 0;

	BEGIN();
	OPEN();
	CHECK_STATUS(open_pd(1, "one", &one), BY_OK);
	CHECK_STATUS(open_pd(2, "two", &two), BY_OK);
	while ((status = update_once(&rom)) == BY_AGAIN)
		least++;
	CHECK_STATUS(status, BY_OK);
	CHECK(least >= 2);

	/* up to three times: what has been shown and what has not, both ways */
	for (unsigned times = 1; times <= 3; times++) {
		for (again = 0; (status = update_once(&rom)) == BY_AGAIN; again++)
			if (again / least < times && again % least == least - 1) {
				CHECK_STATUS(by_pd_transfer(&host_pd, two.session.cap, 4096, 1), BY_OK);
				CHECK_STATUS(by_pd_transfer(&one, host_pd.session.cap, 4096, 1), BY_OK);
			}
		CHECK_STATUS(status, BY_OK);
		CHECK(again > least);
		CHECK_TEXT(accounts_read(text, &read));
		CHECK(read.exact);
		CHECK(agrees("one", &one) && agrees("two", &two));
	}
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(host_close(2), BY_OK);
	CHECK_STATUS(host_close(ROM_ID), BY_OK);
	END();
}


CORE_TEST(what_moves_all_the_time_is_not_exact_but_ends)
{
	struct by_pd one;
	unsigned     rounds = 0;

	BEGIN();
	OPEN();
	CHECK_STATUS(open_pd(1, "one", &one), BY_OK);
	for (; (status = update_once(&rom)) == BY_AGAIN && rounds < MOST_REQUESTS; rounds++)
		CHECK_STATUS(by_pd_transfer(&host_pd, one.session.cap, 1, 0), BY_OK);
	CHECK_STATUS(status, BY_OK);
	CHECK_TEXT(accounts_read(text, &read));
	CHECK(!read.exact);
	CHECK_EQ(read.count, 2);
	CHECK_ACCOUNTS(2);
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(host_close(ROM_ID), BY_OK);
	END();
}


/** Children begin and end at each point, with two readers under way. */
CORE_TEST(accounts_come_and_go_meanwhile)
{
	enum { CHILDREN = 6, LINES = 6 /* that a text of one account is made in, but the last */ };
	struct by_rom second;
	struct by_pd  pd[CHILDREN];
	uint64_t      size;
	bool          there[CHILDREN] = { false };

	BEGIN();
	OPEN();
	const char *const mine = text;
	CHECK_STATUS(open_accounts(ROM_ID + 1, &second), BY_OK);
	CHECK_STATUS(content(&second, &size), BY_OK);
	const char *const other = text;
	inside_work(INSIDE_WORK_LEAST);
	for (unsigned i = 0; i < 3000; i++) {
		by_status_t const one = update_once(&rom), two = update_once(&second);
		CHECK(one == BY_OK || one == BY_AGAIN);
		CHECK(two == BY_OK || two == BY_AGAIN);
		if (one == BY_OK)
			CHECK_TEXT(accounts_read(mine, &read));
		if (two == BY_OK)
			CHECK_TEXT(accounts_read(other, &read));
		unsigned const which = host_random(CHILDREN * 4);
		if (which >= CHILDREN)
			continue;
		if (there[which]) {
			CHECK_STATUS(host_close(which), BY_OK);
			host_drop(&host_init, pd[which].session.cap);
		} else {
			CHECK_STATUS(open_pd(which, "x", &pd[which]), BY_OK);
		}
		there[which] = !there[which];
		host_core();
		CHECK_TEXT(accounts_check_all());
		CHECK(host_as(&host_init));
	}
	inside_work(WORK_REQUEST);
	for (unsigned i = 0; i < CHILDREN; i++)
		if (there[i])
			CHECK_STATUS(host_close(i), BY_OK);

	/* one stands behind the only account, and the other goes on across it */
	inside_work(INSIDE_WORK_LEAST);
	CHECK_STATUS(by_rom_update(&rom, &size), BY_OK);
	CHECK_STATUS(by_rom_update(&second, &size), BY_OK);
	for (unsigned i = 0; i < LINES; i++)
		CHECK_STATUS(update_once(&rom), BY_AGAIN);
	CHECK_STATUS(by_rom_update(&second, &size), BY_OK);
	CHECK_STATUS(update_once(&rom), BY_OK);
	inside_work(WORK_REQUEST);

	/* one is closed in its midst, and the other goes on */
	CHECK_STATUS(update_once(&rom), BY_AGAIN);
	CHECK_STATUS(update_once(&second), BY_AGAIN);
	CHECK_STATUS(host_close(ROM_ID), BY_OK);
	CHECK_STATUS(by_rom_update(&second, &size), BY_OK);
	CHECK_TEXT(accounts_read(other, &read));
	CHECK(read.exact);
	CHECK_STATUS(host_close(ROM_ID + 1), BY_OK);
	END();
}


CORE_TEST_ON(more_accounts_than_expected_get_a_larger_text, .ram = 48 * MIB)
{
	enum { CHILDREN = 60 };
	struct by_rom second;
	struct by_pd  pd;
	uint64_t      size;

	BEGIN();
	CHECK_STATUS(open_accounts(ROM_ID + 1, &second), BY_OK);
	CHECK(dataspace_begins(&second));
	OPEN();
	for (unsigned i = 0; i < CHILDREN; i++)
		CHECK_STATUS(open_pd(i, "01234567890123456789012345678901", &pd), BY_OK);
	CHECK_STATUS(by_rom_update(&rom, &size), BY_NO_SPACE);
	CHECK_STATUS(by_rom_update(&rom, &size), BY_NO_SPACE);
	/* the smaller one ends in parts */
	inside_work_halting(true);
	CHECK_STATUS(content(&rom, &size), BY_OK);
	inside_work_halting(false);
	CHECK_EQ(size, strlen(text));
	CHECK_ACCOUNTS(CHILDREN + 1);
	const char *const first = text;
	CHECK_STATUS(content(&second, &size), BY_OK);
	CHECK_TEXT(accounts_read(text, &read));
	CHECK(read.exact && read.count == CHILDREN + 1);
	CHECK_STATUS(host_close(ROM_ID + 1), BY_OK);
	text = first;
	size = strlen(text);
	CHECK(strlen(text) > PAGE_SIZE);
	/* nothing of what was in that memory before is shown */
	for (uint64_t i = size; i < accounts_room(); i++)
		CHECK_EQ(text[i], 0);
	for (unsigned i = 0; i < CHILDREN; i++)
		CHECK_STATUS(host_close(i), BY_OK);
	CHECK_ACCOUNTS(1);
	for (uint64_t i = size; i < accounts_room(); i++)
		CHECK_EQ(text[i], 0);
	CHECK_STATUS(host_close(ROM_ID), BY_OK);
	END();
}


CORE_TEST(who_cannot_pay_gets_no_text)
{
	struct by_pd_balance balance;
	uint64_t             size;

	BEGIN();
	CHECK_STATUS(open_accounts(ROM_ID, &rom), BY_OK);
	CHECK_STATUS(by_pd_account(&host_pd, &balance), BY_OK);
	CHECK_STATUS(by_pd_set_aside(&host_pd, balance.ram_quota - balance.ram_used, 0), BY_OK);
	CHECK_STATUS(content(&rom, &size), BY_OUT_OF_RAM);
	CHECK_STATUS(by_rom_update(&rom, &size), BY_NOT_FOUND);
	CHECK_STATUS(by_pd_set_aside(&host_pd, 0, balance.caps_quota - balance.caps_used), BY_OK);
	CHECK_STATUS(content(&rom, &size), BY_OUT_OF_CAPS);
	CHECK_STATUS(by_pd_set_aside(&host_pd, 0, 0), BY_OK);
	CHECK_STATUS(content(&rom, &size), BY_OK);
	CHECK_ACCOUNTS(1);
	CHECK_STATUS(host_close(ROM_ID), BY_OK);
	END();
}
