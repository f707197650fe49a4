/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Protection domains: life, accounts, RAM, parts, and core as the parent.
 */
#include "census.h"
#include "inside.h"
#include <stdlib.h>

UNIT_MAIN("core-pd")

static struct census     before, after;
static struct host_child one, two, three;

#define BEGIN() do { CHECK_CENSUS(&before); CHECK(host_as(&host_init)); } while (0)
#define END()   do { host_core(); CHECK_CENSUS(&after); CHECK_SAME(&before, &after); } while (0)


static bool turn(struct host_client *client)
{
	host_core();

	return host_as(client);
}


/*
 * Life
 */

/** Whatever donation is too small, everything comes back, and enough is enough. */
CORE_TEST(a_pd_of_too_little_leaves_nothing)
{
	unsigned made = 0;
	by_cap_t cap;

	CHECK_CENSUS(&before);
	for (uint64_t pages = 0; pages < 24; pages++) {
		for (uint64_t caps = 0; caps < 6; caps++) {
			CHECK(host_as(&host_init));
			by_status_t status = host_open(1, "PD", "", pages * PAGE_SIZE + pages % 3, caps, NULL, 0,
			                               &cap);
			CHECK(status == BY_OK || status == BY_OUT_OF_RAM || status == BY_OUT_OF_CAPS);
			CHECK(status != BY_OUT_OF_CAPS || caps < 3);
			if (status == BY_OK) {
				made++;
				CHECK(caps >= 3);
				host_core();
				CHECK_CENSUS(NULL);
				CHECK(host_as(&host_init));
				CHECK_STATUS(host_close(1), BY_OK);
			}
			END();
		}
	}
	CHECK(made > 10 && made < 24 * 3);
}


CORE_TEST(a_pd_that_fails_at_any_point_leaves_nothing)
{
	unsigned refused = 0;
	by_cap_t cap;

	for (int n = 0; ; n++) {
		BEGIN();
		inside_fail_at(n);
		by_status_t status = host_open(1, "PD", "", 256 * KIB, 10, NULL, 0, &cap);
		inside_fail_at(-1);
		if (status == BY_OK)
			CHECK_STATUS(host_close(1), BY_OK);
		END();
		/* tables come in smaller parts where the whole fails */
		CHECK(inside_failed() || status == BY_OK);
		CHECK(!inside_undeclared);
		if (!inside_failed())
			break;
		refused += status != BY_OK;
		CHECK(n < 100);
	}
	CHECK(refused > 5);
}


CORE_TEST(a_donation_that_the_donor_does_not_have)
{
	struct by_pd_balance balance;
	by_cap_t cap;

	BEGIN();
	CHECK_STATUS(by_pd_account(&host_pd, &balance), BY_OK);
	uint64_t ram = balance.ram_quota - balance.ram_used, caps = balance.caps_quota - balance.caps_used;
	CHECK_STATUS(host_open(1, "PD", "", ram + 1, 10, NULL, 0, &cap), BY_OUT_OF_RAM);
	CHECK_STATUS(host_open(1, "PD", "", UINT64_MAX, 10, NULL, 0, &cap), BY_OUT_OF_RAM);
	CHECK_STATUS(host_open(1, "PD", "", 256 * KIB, caps + 1, NULL, 0, &cap), BY_OUT_OF_CAPS);
	CHECK_STATUS(host_open(1, "PD", "", 256 * KIB, UINT64_MAX, NULL, 0, &cap), BY_OUT_OF_CAPS);
	/* everything but the page that init's record of the session may need */
	CHECK_STATUS(host_open(1, "PD", "", (ram - PAGE_SIZE) & ~(uint64_t)(PAGE_SIZE - 1), caps, NULL, 0,
	                       &cap), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


/** Attach a dataspace in the space of a PD. */
static by_status_t attach_in(struct by_pd *pd, by_cap_t ds, uint64_t *at)
{
	struct by_region_map map;
	by_status_t const    status = by_pd_space(pd, &map.cap);

	return status == BY_OK ? by_region_map_attach(&map, ds, 0, 0, 0, 0, at) : status;
}


/** A child with something of everything. */
static by_status_t populate(struct host_child *child)
{
	struct by_pd *pd = &child->init_pd;
	by_cap_t      ds, ep, part, thread;
	uint64_t      at;
	uint32_t      slots;
	by_status_t   status = BY_OK;

	for (unsigned i = 0; i < 5 && status == BY_OK; i++) {
		status = by_pd_ram_alloc(pd, (1 + i) * 3000, (enum by_pd_cache)(i % 3), 12, 0, &ds);
		if (status == BY_OK)
			status = attach_in(pd, ds, &at);
	}
	for (unsigned i = 0; i < 3 && status == BY_OK; i++) {
		status = by_cpu_thread_create(&host_cpu, pd->session.cap, "more", 0x50000000 + i * 0x10000,
		                              i == 2, &thread);
		if (status == BY_OK)
			status = by_pd_endpoint_create(pd, thread, &ep);
		for (unsigned n = 0; n < 4 && status == BY_OK; n++)
			status = n % 2 ? by_pd_gate_create(pd, ep, n, &part)
			               : by_pd_signal_create(pd, ep, n, n > 1, &part);
	}
	if (status == BY_OK)
		status = by_pd_slots_add(pd, &slots);

	return status == BY_OK ? by_pd_tables_add(pd, 5) : status;
}


CORE_TEST(a_pd_goes_with_everything_in_it)
{
	BEGIN();
	CHECK_STATUS(host_child(&one, 1, MIB, 60), BY_OK);
	CHECK_STATUS(populate(&one), BY_OK);
	CHECK_STATUS(host_child(&two, 2, MIB, 60), BY_OK);
	CHECK_STATUS(populate(&two), BY_OK);
	CHECK(turn(&one.client));
	CHECK(host_fault(BY_FAULT_FPU, 0, 0));
	CHECK(!host_fault(BY_FAULT_DIVIDE, 0, 0));
	host_core();
	CHECK_CENSUS(NULL);
	CHECK(host_as(&host_init));
	CHECK_STATUS(host_close(1), BY_OK);
	host_core();
	CHECK_CENSUS(NULL);
	CHECK(host_as(&host_init));
	CHECK_STATUS(host_close(2), BY_OK);
	END();
}


/** Failures at each point of an operation, and everything is as before it. */
CORE_TEST(operations_that_fail_at_any_point_leave_nothing)
{
	struct census inner;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 4 * MIB, 200), BY_OK);
	by_cap_t ep, ds, got;
	CHECK_STATUS(by_pd_endpoint_create(&one.init_pd, one.init_thread, &ep), BY_OK);
	CHECK_STATUS(by_pd_ram_alloc(&one.init_pd, 4096, BY_PD_CACHE_CACHED, 12, 0, &ds), BY_OK);
	for (unsigned which = 0; which < 6; which++) {
		for (int n = 0; ; n++) {
			by_status_t status;
			uint64_t    at;
			uint32_t    slots;
			host_core();
			CHECK_CENSUS(&inner);
			CHECK(host_as(&host_init));
			inside_fail_at(n);
			switch (which) {
			case 0: status = by_pd_gate_create(&one.init_pd, ep, 1, &got); break;
			case 1: status = by_pd_signal_create(&one.init_pd, ep, 1, false, &got); break;
			case 2:
				status = by_pd_ram_alloc(&one.init_pd, 300 * KIB, BY_PD_CACHE_CACHED, 12, 0, &got);
				break;
			case 3: status = by_pd_slots_add(&one.init_pd, &slots); break;
			case 4: status = by_region_map_attach(&host_space, ds, 0, 0, 0, 0, &at); break;
			default: status = by_pd_tables_add(&one.init_pd, 1); break;
			}
			inside_fail_at(-1);
			host_core();
			CHECK_CENSUS(&after);
			CHECK(host_as(&host_init));
			CHECK(inside_failed() == (status != BY_OK));
			CHECK(!inside_undeclared);
			if (status == BY_OK)
				break;
			CHECK_SAME(&inner, &after);
			CHECK(n < 100);
		}
	}
	host_core();
	CHECK_CENSUS(NULL);
}


/** A PD's account pays for sessions of core, too; they go with it. */
CORE_TEST(a_pd_that_pays_for_sessions_takes_them_with_it)
{
	struct by_io_mem_args  mem  = { .base = 0xf0000000, .size = 1 };
	struct by_io_port_args port = { .base = 0x3f8, .size = 1 };
	struct by_irq_args     irq  = { .number = 1 };
	struct by_cpu_args     cpu  = { .priority = 1, .weight = 16 };
	static const struct { const char *name, *label; size_t size; } service[] = {
		{ "RM", "", 0 }, { "LOG", "x", 0 }, { "ROM", "core_log", 0 }, { "ROM", "data", 0 },
		{ "IO_MEM", "", sizeof(mem) }, { "IO_PORT", "", sizeof(port) }, { "IRQ", "", sizeof(irq) },
		{ "CPU", "", sizeof(cpu) }, { "PD", "", 0 }, { "Machine", "", 0 },
	};
	const void *args[] = { NULL, NULL, NULL, NULL, &mem, &port, &irq, &cpu, NULL, NULL };
	struct item *parent;

	CHECK_CENSUS(&before);
	struct pd *pd;
	CHECK_STATUS(pd_create(&(struct request){ .label = "x", .ram = 2 * MIB, .caps = 100,
	                                          .account = &host_init_pd->account }, &pd), BY_OK);
	CHECK_STATUS(parent_create(pd, &parent), BY_OK);
	CHECK_STATUS(pd_install(host_init_pd, 100, item_slot(parent)), BY_OK);
	host_init.used[100] = true;
	struct by_parent inner = { { 100 } };
	CHECK(host_as(&host_init));
	by_cap_t cap[10], got, thread;
	uint64_t size;
	for (uint32_t i = 0; i < 10; i++)
		CHECK_STATUS(by_parent_session(&inner, i, service[i].name, service[i].label, 256 * KIB, 10,
		                               args[i], service[i].size, &cap[i]), BY_OK);
	for (unsigned i = 2; i < 4; i++)
		CHECK_STATUS(by_rom_dataspace(&(struct by_rom){ { .cap = cap[i] } }, &got, &size), BY_OK);
	CHECK_STATUS(by_io_mem_dataspace(&(struct by_io_mem){ { .cap = cap[4] } }, &got), BY_OK);
	CHECK_STATUS(by_rm_create(&(struct by_rm){ { .cap = cap[0] } }, 8192, &got), BY_OK);
	by_cap_t managed;
	CHECK_STATUS(by_region_map_dataspace(&(struct by_region_map){ got }, &managed), BY_OK);
	uint64_t at;
	CHECK_STATUS(by_region_map_attach(&host_space, managed, 0, 0, 0, 0, &at), BY_OK);
	CHECK_STATUS(by_cpu_thread_create(&(struct by_cpu){ { .cap = cap[7] } }, host_pd.session.cap,
	                                  "t", 0x50000000, false, &thread), BY_OK);
	host_core();
	/* the granules of its parent's sessions are in its own records */
	item_close(&pd->session);
	CHECK_CENSUS(&after);
	CHECK_SAME(&before, &after);
}


/** The end of init itself: everything comes back to core. */
CORE_TEST(the_end_of_the_first_component)
{
	struct account const core = account_core;
	uint64_t const quota = account_core.ram_quota + host_init_pd->account.ram_quota;
	uint64_t const caps  = account_core.caps_quota + host_init_pd->account.caps_quota;

	CHECK(host_as(&host_init));
	CHECK_STATUS(host_child(&one, 1, MIB, 60), BY_OK);
	CHECK_STATUS(populate(&one), BY_OK);
	struct by_cpu_args args = { .priority = 1, .weight = 16 };
	by_cap_t cap;
	CHECK_STATUS(host_open(2, "CPU", "", 0, 0, &args, sizeof(args), &cap), BY_OK);
	host_core();
	item_close(&host_init_pd->session);
	CHECK_EQ(account_core.ram_quota, quota);
	CHECK_EQ(account_core.caps_quota, caps);
	CHECK_EQ(account_core.ram_used, core.ram_used);
	CHECK_EQ(account_core.caps_used, core.caps_used);
	CHECK_EQ(phys_avail() * PAGE_SIZE, quota - core.ram_used);
	CHECK(by_list_empty(&account_core.referrers));
}


/*
 * Accounts
 */

CORE_TEST(quota_moves_between_relatives_only)
{
	struct by_pd_balance balance;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 512 * KIB, 60), BY_OK);
	CHECK_STATUS(host_child(&two, 2, 512 * KIB, 60), BY_OK);
	CHECK_STATUS(by_pd_transfer(&host_pd, one.init_pd.session.cap, 10000, 7), BY_OK);
	CHECK_STATUS(by_pd_account(&one.init_pd, &balance), BY_OK);
	CHECK_EQ(balance.ram_quota, 512 * KIB + 10000);
	CHECK_EQ(balance.caps_quota, 67);
	CHECK_STATUS(by_pd_transfer(&one.init_pd, two.init_pd.session.cap, 1, 0), BY_DENIED);
	CHECK_STATUS(by_pd_transfer(&one.init_pd, one.init_pd.session.cap, 1, 0), BY_DENIED);
	CHECK_STATUS(by_pd_transfer(&one.init_pd, host_cpu.session.cap, 1, 0), BY_BAD_CAP);
	CHECK_STATUS(by_pd_transfer(&one.init_pd, BY_NO_CAP, 1, 0), BY_BAD_CAP);
	CHECK_STATUS(by_pd_transfer(&one.init_pd, host_pd.session.cap, balance.ram_quota, 0),
	             BY_OUT_OF_RAM);
	CHECK_STATUS(by_pd_transfer(&one.init_pd, host_pd.session.cap, UINT64_MAX, 0), BY_OUT_OF_RAM);
	CHECK_STATUS(by_pd_transfer(&one.init_pd, host_pd.session.cap, 0, UINT64_MAX), BY_OUT_OF_CAPS);
	CHECK_STATUS(by_pd_transfer(&one.init_pd, host_pd.session.cap,
	                            balance.ram_quota - balance.ram_used, 67 - balance.caps_used), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(host_close(2), BY_OK);
	END();
}


CORE_TEST(what_is_set_aside_is_kept)
{
	struct by_pd_balance at_first, balance;
	by_cap_t ds;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 512 * KIB, 60), BY_OK);
	CHECK_STATUS(by_pd_account(&one.init_pd, &at_first), BY_OK);
	uint64_t const ram = at_first.ram_quota - at_first.ram_used;
	uint64_t const caps = at_first.caps_quota - at_first.caps_used;

	CHECK_STATUS(by_pd_set_aside(&one.init_pd, ram + 1, 0), BY_OUT_OF_RAM);
	CHECK_STATUS(by_pd_set_aside(&one.init_pd, 0, caps + 1), BY_OUT_OF_CAPS);
	CHECK_STATUS(by_pd_set_aside(&one.init_pd, ram - 4000, caps - 1), BY_OK);
	CHECK_STATUS(by_pd_account(&one.init_pd, &balance), BY_OK);
	CHECK_EQ(balance.ram_quota - balance.ram_used, 4000);
	CHECK_EQ(balance.caps_quota - balance.caps_used, 1);
	CHECK_EQ(balance.ram_quota, at_first.ram_quota);

	/* neither used, nor given away */
	CHECK_STATUS(by_pd_ram_alloc(&one.init_pd, 4096, BY_PD_CACHE_CACHED, 12, 0, &ds),
	             BY_OUT_OF_RAM);
	CHECK_STATUS(by_pd_transfer(&one.init_pd, host_pd.session.cap, 4001, 0), BY_OUT_OF_RAM);
	CHECK_STATUS(by_pd_transfer(&one.init_pd, host_pd.session.cap, 0, 2), BY_OUT_OF_CAPS);
	CHECK_STATUS(by_pd_transfer(&one.init_pd, host_pd.session.cap, 4000, 1), BY_OK);
	CHECK_STATUS(by_pd_space(&one.init_pd, &ds), BY_OK); /* exists already */

	/* less, more, and as much as there is */
	CHECK_STATUS(by_pd_set_aside(&one.init_pd, 1, 0), BY_OK);
	CHECK_STATUS(by_pd_set_aside(&one.init_pd, ram - 4000, caps - 1), BY_OK);
	CHECK_STATUS(by_pd_set_aside(&one.init_pd, ram - 3999, 0), BY_OUT_OF_RAM);
	CHECK_STATUS(host_close(1), BY_OK); /* what was set aside comes back with the rest */
	END();
}


CORE_TEST(references_form_a_tree_and_survive_the_middle)
{
	struct by_pd_balance balance;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 512 * KIB, 60), BY_OK);
	CHECK_STATUS(host_child(&two, 2, 512 * KIB, 60), BY_OK);
	CHECK_STATUS(host_child(&three, 3, 512 * KIB, 60), BY_OK);
	CHECK_STATUS(by_pd_reference(&two.init_pd, one.init_pd.session.cap), BY_OK);
	CHECK_STATUS(by_pd_reference(&three.init_pd, two.init_pd.session.cap), BY_OK);
	CHECK_STATUS(by_pd_reference(&one.init_pd, three.init_pd.session.cap), BY_DENIED);
	CHECK_STATUS(by_pd_reference(&one.init_pd, one.init_pd.session.cap), BY_DENIED);
	CHECK_STATUS(by_pd_reference(&host_pd, one.init_pd.session.cap), BY_DENIED);
	CHECK_STATUS(by_pd_reference(&one.init_pd, host_cpu.session.cap), BY_BAD_CAP);
	CHECK_STATUS(by_pd_transfer(&host_pd, two.init_pd.session.cap, 1, 0), BY_DENIED);
	CHECK_STATUS(by_pd_transfer(&one.init_pd, two.init_pd.session.cap, 4096, 0), BY_OK);
	/* the opener of a session may donate to it, whoever the account trades with */
	CHECK_STATUS(by_parent_upgrade(&host_parent, 2, 4096, 1), BY_OK);
	CHECK_STATUS(by_parent_upgrade(&host_parent, 2, UINT64_MAX, 1), BY_OUT_OF_RAM);
	CHECK_STATUS(by_parent_upgrade(&host_parent, 2, 0, UINT64_MAX), BY_OUT_OF_CAPS);
	CHECK_STATUS(by_parent_upgrade(&host_parent, 9, 0, 0), BY_NOT_FOUND);
	CHECK(!inside_undeclared);
	/* what two had goes to one, and three belongs to one */
	CHECK_STATUS(host_close(2), BY_OK);
	CHECK_STATUS(by_pd_account(&one.init_pd, &balance), BY_OK);
	CHECK_EQ(balance.ram_quota, 1024 * KIB + 4096);
	CHECK_EQ(balance.caps_quota, 121);
	host_core();
	CHECK_CENSUS(NULL);
	CHECK(host_as(&host_init));
	CHECK_STATUS(by_pd_transfer(&three.init_pd, one.init_pd.session.cap, 4096, 1), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(by_pd_transfer(&three.init_pd, host_pd.session.cap, 4096, 1), BY_OK);
	CHECK_STATUS(host_close(3), BY_OK);
	END();
}


CORE_TEST(sessions_have_ids)
{
	by_cap_t cap, again;

	BEGIN();
	CHECK_STATUS(host_open(5, "RM", "", 0, 0, NULL, 0, &cap), BY_OK);
	CHECK_STATUS(host_open(5, "RM", "", 0, 0, NULL, 0, &again), BY_EXISTS);
	CHECK_STATUS(by_parent_session_cap(&host_parent, 5, &again), BY_OK);
	CHECK_EQ(host_id(&host_init, cap), host_id(&host_init, again));
	CHECK_STATUS(by_parent_session_cap(&host_parent, 6, &again), BY_NOT_FOUND);
	CHECK_STATUS(by_parent_upgrade(&host_parent, 5, 64 * KIB, 3), BY_OK);
	CHECK_STATUS(by_parent_upgrade(&host_parent, 5, UINT64_MAX, 0), BY_OUT_OF_RAM);
	CHECK_STATUS(by_parent_upgrade(&host_parent, 5, 0, UINT64_MAX), BY_OUT_OF_CAPS);
	CHECK_STATUS(host_close(5), BY_OK);
	CHECK_STATUS(host_close(5), BY_NOT_FOUND);
	CHECK_STATUS(by_parent_session_sigh(&host_parent, cap), BY_BAD_CAP);
	CHECK_STATUS(by_parent_session_sigh(&host_parent, BY_NO_CAP), BY_OK);
	CHECK_STATUS(by_parent_exit(&host_parent, -3), BY_OK);
	CHECK(strstr(host_log_text(), "init exited with value -3"));
	END();
}


/*
 * RAM
 */

/** One request for RAM, as it is; its status. */
static by_status_t alloc_once(struct by_pd *pd, uint64_t size, uint32_t align, uint64_t limit,
                              by_cap_t *ds)
{
	struct by_message *msg   = by_message();
	unsigned char     *block = by_rpc_at(msg, 0);

	if (by_rpc_name_slots(msg, 1) != BY_OK)
		host_die("no slots");
	memcpy(block, &size, 8);
	by_rpc_set_u32(block + 8, BY_PD_CACHE_CACHED);
	memcpy(block + 12, &align, 4);
	memcpy(block + 16, &limit, 8);
	by_tag_t tag = host_request(pd->session.cap, by_tag(BY_PD_OPCODE_RAM_ALLOC, by_rpc_words(24), 0));
	by_status_t status = by_rpc_status(msg, tag, by_rpc_words(4), 1);

	return status == BY_OK ? by_rpc_take_results(msg, tag, ds, 1) : status;
}


static struct ds *ds_of(struct host_client *client, by_cap_t cap)
{
	struct item *item = host_item(client, cap);

	return item && item->type == ITEM_DS ? BY_CONTAINER_OF(item, struct ds, item) : NULL;
}


static bool all_zero(struct ds *ds)
{
	unsigned char const *at = sim_memory(ds->pa);

	for (uint64_t i = 0; i < ds->size; i++)
		if (at[i])
			return false;

	return true;
}


CORE_TEST(a_large_allocation_is_cleared_in_steps)
{
	struct by_pd_balance start, balance;
	by_cap_t ds;

	BEGIN();
	CHECK_STATUS(by_pd_account(&host_pd, &start), BY_OK);
	for (unsigned i = 0; i < 3; i++)
		CHECK_STATUS(alloc_once(&host_pd, MIB - 5, 12, 0, &ds), BY_AGAIN);
	CHECK_STATUS(by_pd_account(&host_pd, &balance), BY_OK);
	CHECK_EQ(balance.caps_used, start.caps_used + 1);
	CHECK(balance.ram_used >= start.ram_used + MIB && balance.ram_used <= start.ram_used + MIB + 3 * PAGE_SIZE);
	host_core();
	CHECK_CENSUS(NULL);
	CHECK(host_as(&host_init));
	CHECK_STATUS(alloc_once(&host_pd, MIB - 5, 12, 0, &ds), BY_OK);
	CHECK_EQ(ds_of(&host_init, ds)->size, MIB);
	CHECK(all_zero(ds_of(&host_init, ds)));
	CHECK_STATUS(by_pd_ram_free(&host_pd, ds), BY_OK);
	/* as many steps as 256 KiB fit in */
	CHECK_STATUS(alloc_once(&host_pd, 256 * KIB, 12, 0, &ds), BY_OK);
	CHECK_STATUS(by_pd_ram_free(&host_pd, ds), BY_OK);
	CHECK_STATUS(alloc_once(&host_pd, 256 * KIB + 1, 12, 0, &ds), BY_AGAIN);
	CHECK_STATUS(alloc_once(&host_pd, 256 * KIB + 1, 12, 0, &ds), BY_OK);
	CHECK_STATUS(by_pd_ram_free(&host_pd, ds), BY_OK);
	END();
}


/** An allocation under way that is not repeated is given up by the next one. */
CORE_TEST(an_allocation_that_is_not_repeated_is_given_up)
{
	by_cap_t ds;

	BEGIN();
	CHECK_STATUS(alloc_once(&host_pd, MIB, 12, 0, &ds), BY_AGAIN);
	CHECK_STATUS(alloc_once(&host_pd, MIB, 13, 0, &ds), BY_AGAIN);
	CHECK_STATUS(alloc_once(&host_pd, MIB, 13, UINT64_MAX, &ds), BY_AGAIN);
	CHECK_STATUS(alloc_once(&host_pd, MIB + 1, 13, UINT64_MAX, &ds), BY_AGAIN);
	host_core();
	CHECK_CENSUS(NULL);
	CHECK(host_as(&host_init));
	CHECK_STATUS(alloc_once(&host_pd, 0, 12, 0, &ds), BY_INVALID);
	host_core();
	CHECK_CENSUS(&after);
	CHECK_SAME(&before, &after);
	CHECK(host_as(&host_init));
	CHECK_STATUS(alloc_once(&host_pd, MIB, 12, 0, &ds), BY_AGAIN);
	CHECK_STATUS(alloc_once(&host_pd, 1, 12, 0, &ds), BY_OK);
	CHECK(all_zero(ds_of(&host_init, ds)));
	CHECK_STATUS(by_pd_ram_free(&host_pd, ds), BY_OK);
	END();
}


CORE_TEST(an_allocation_under_way_goes_with_its_pd)
{
	by_cap_t ds;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 2 * MIB, 60), BY_OK);
	CHECK_STATUS(alloc_once(&one.init_pd, MIB, 12, 0, &ds), BY_AGAIN);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


/** What is cleared stays clear: nobody else can have the memory meanwhile. */
CORE_TEST(two_pds_allocate_in_turns)
{
	by_cap_t    a, b;
	by_status_t first = BY_AGAIN, second = BY_AGAIN;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 2 * MIB, 60), BY_OK);
	CHECK_STATUS(host_child(&two, 2, 2 * MIB, 60), BY_OK);
	for (unsigned i = 0; i < 20 && (first != BY_OK || second != BY_OK); i++) {
		if (first != BY_OK)
			first = alloc_once(&one.init_pd, MIB, 12, 0, &a);
		if (second != BY_OK)
			second = alloc_once(&two.init_pd, MIB + 4096, 12, 0, &b);
	}
	CHECK_STATUS(first, BY_OK);
	CHECK_STATUS(second, BY_OK);
	CHECK(all_zero(ds_of(&host_init, a)) && all_zero(ds_of(&host_init, b)));
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(host_close(2), BY_OK);
	END();
}


CORE_TEST(ram_has_the_place_that_was_asked_for)
{
	by_cap_t ds;

	BEGIN();
	for (uint32_t align = 12; align < 20; align++) {
		uint64_t limit = SIM_RAM + 6 * MIB - 1;
		CHECK_STATUS(by_pd_ram_alloc(&host_pd, 5000, BY_PD_CACHE_UNCACHED, align, limit, &ds), BY_OK);
		struct ds *record = ds_of(&host_init, ds);
		CHECK_EQ(record->pa & (((uint64_t)1 << align) - 1), 0);
		CHECK(record->pa + record->size <= limit + 1);
		CHECK_EQ(record->cache, BY_MAP_UNCACHED);
		CHECK_STATUS(by_pd_ram_free(&host_pd, ds), BY_OK);
	}
	END();
}


/** Below the limit there is less memory than was asked for, or none. */
CORE_TEST(limits_can_leave_too_little)
{
	by_cap_t ds;

	BEGIN();
	CHECK_STATUS(by_pd_ram_alloc(&host_pd, 64 * KIB, 0, 16, SIM_RAM + 8 * KIB - 1, &ds),
	             BY_NO_SPACE);
	CHECK_STATUS(by_pd_ram_alloc(&host_pd, 4096, 0, 12, SIM_RAM - 1, &ds), BY_NO_SPACE);
	CHECK_STATUS(by_pd_ram_alloc(&host_pd, 4096, 0, 12, 1, &ds), BY_NO_SPACE);
	END();
}


CORE_TEST(odd_requests_for_ram_are_refused)
{
	by_cap_t ds;

	BEGIN();
	CHECK_STATUS(alloc_once(&host_pd, 0, 12, 0, &ds), BY_INVALID);
	CHECK_STATUS(alloc_once(&host_pd, UINT64_MAX, 12, 0, &ds), BY_INVALID);
	CHECK_STATUS(alloc_once(&host_pd, UINT64_MAX - 4094, 12, 0, &ds), BY_INVALID);
	CHECK_STATUS(alloc_once(&host_pd, UINT64_MAX - 4095, 12, 0, &ds), BY_OUT_OF_RAM);
	CHECK_STATUS(alloc_once(&host_pd, (uint64_t)1 << 44, 12, 0, &ds), BY_OUT_OF_RAM);
	CHECK_STATUS(alloc_once(&host_pd, ((uint64_t)1 << 44) + 4096, 12, 0, &ds), BY_OUT_OF_RAM);
	CHECK_STATUS(alloc_once(&host_pd, 1, 11, 0, &ds), BY_INVALID);
	CHECK_STATUS(alloc_once(&host_pd, 1, 31, 0, &ds), BY_INVALID);
	CHECK_STATUS(alloc_once(&host_pd, 1, UINT32_MAX, 0, &ds), BY_INVALID);
	CHECK_STATUS(alloc_once(&host_pd, 1, 30, 0, &ds), BY_NO_SPACE);
	CHECK_STATUS(alloc_once(&host_pd, 1, 12, 1, &ds), BY_NO_SPACE);
	END();
}


CORE_TEST(only_the_owner_frees_and_seals_ram)
{
	by_cap_t own, managed, rm, map;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 512 * KIB, 60), BY_OK);
	CHECK_STATUS(by_pd_ram_alloc(&host_pd, 1, BY_PD_CACHE_CACHED, 12, 0, &own), BY_OK);
	CHECK_STATUS(host_open(2, "RM", "", 0, 0, NULL, 0, &rm), BY_OK);
	CHECK_STATUS(by_rm_create(&(struct by_rm){ { .cap = rm } }, 8192, &map), BY_OK);
	CHECK_STATUS(by_region_map_dataspace(&(struct by_region_map){ map }, &managed), BY_OK);
	CHECK_STATUS(by_pd_ram_free(&one.init_pd, own), BY_DENIED);
	CHECK_STATUS(by_pd_ram_seal(&one.init_pd, own), BY_DENIED);
	CHECK_STATUS(by_pd_ram_free(&host_pd, managed), BY_DENIED);
	CHECK_STATUS(by_pd_ram_seal(&host_pd, managed), BY_DENIED);
	CHECK_STATUS(by_pd_ram_free(&host_pd, map), BY_BAD_CAP);
	CHECK_STATUS(by_pd_ram_free(&host_pd, host_pd.session.cap), BY_BAD_CAP);
	CHECK_STATUS(by_pd_ram_seal(&host_pd, own), BY_OK);
	uint64_t size;
	uint32_t flags;
	CHECK_STATUS(by_dataspace_info(&(struct by_dataspace){ own }, &size, &flags), BY_OK);
	CHECK_EQ(size, PAGE_SIZE);
	CHECK_EQ(flags, BY_DS_SEALED);
	CHECK_STATUS(by_pd_ram_free(&host_pd, own), BY_OK);
	CHECK_STATUS(by_pd_ram_free(&host_pd, own), BY_BAD_CAP);
	CHECK_STATUS(by_rm_destroy(&(struct by_rm){ { .cap = rm } }, managed), BY_BAD_CAP);
	CHECK_STATUS(by_rm_destroy(&(struct by_rm){ { .cap = rm } }, host_space.cap), BY_DENIED);
	CHECK_STATUS(by_region_map_dataspace(&host_space, &managed), BY_DENIED);
	CHECK_STATUS(host_close(2), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


/** RAM of a child, attached in other places: 'count' of them, in init's space. */
static by_status_t share(struct host_child *child, size_t size, unsigned count, uint64_t *at)
{
	by_cap_t    ds;
	by_status_t status = by_pd_ram_alloc(&child->init_pd, size, BY_PD_CACHE_CACHED, 12, 0, &ds);
	uint64_t    own;

	/* where the owner has it itself does not count */
	if (status == BY_OK)
		status = attach_in(&child->init_pd, ds, &own);
	for (unsigned i = 0; i < count && status == BY_OK; i++)
		status = by_region_map_attach(&host_space, ds, 0, 0, 0, i % 2 ? 0 : BY_ATTACH_WRITE,
		                              &at[i]);

	return status;
}


static uint64_t init_used(void)
{
	struct by_pd_balance balance = { .ram_quota = 0 };

	return by_pd_account(&host_pd, &balance) == BY_OK ? balance.ram_used : 0;
}


static bool readable(uint64_t at)
{
	by_paddr_t pa;

	return host_access((by_word_t)at, BY_ACCESS_READ, &pa);
}


/** Who shares memory with a component does not fault because that one has ended. */
CORE_TEST(memory_that_others_have_attached_outlives_its_owner)
{
	uint64_t at[3];

	BEGIN();
	uint64_t const used = init_used();

	CHECK_STATUS(host_child(&one, 1, 512 * KIB, 60), BY_OK);
	CHECK_STATUS(share(&one, 5 * PAGE_SIZE, 3, at), BY_OK);
	CHECK(readable(at[0]) && readable(at[1]) && readable(at[2]));
	CHECK_STATUS(host_close(1), BY_OK);
	host_core();
	CHECK_CENSUS(NULL);
	CHECK(host_as(&host_init));
	CHECK(init_used() >= used + 5 * PAGE_SIZE);
	for (unsigned i = 0; i < 3; i++) {
		CHECK(readable(at[i]) && readable(at[i] + 4 * PAGE_SIZE));
		CHECK_STATUS(by_region_map_detach(&host_space, at[i]), BY_OK);
		host_core();
		CHECK_CENSUS(NULL);
		CHECK(host_as(&host_init));
		CHECK_STATUS(by_region_map_detach(&host_space, at[i]), BY_NOT_FOUND);
	}
	CHECK_EQ(init_used(), used);
	END();
}


/** It goes from heir to heir, and ends with a user that is itself the last heir. */
CORE_TEST(inherited_memory_is_inherited_again)
{
	uint64_t at = 0, own;
	by_cap_t ds;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, MIB, 60), BY_OK);
	CHECK_STATUS(host_child(&two, 2, 512 * KIB, 60), BY_OK);
	CHECK_STATUS(host_child(&three, 3, 512 * KIB, 60), BY_OK);
	CHECK_STATUS(by_pd_reference(&two.init_pd, one.init_pd.session.cap), BY_OK);
	CHECK_STATUS(share(&two, 3 * PAGE_SIZE, 1, &at), BY_OK);
	CHECK_STATUS(by_pd_ram_alloc(&two.init_pd, 1, BY_PD_CACHE_CACHED, 12, 0, &ds), BY_OK);
	CHECK_STATUS(attach_in(&one.init_pd, ds, &own), BY_OK);
	CHECK_STATUS(attach_in(&three.init_pd, ds, &own), BY_OK);
	CHECK_STATUS(host_close(2), BY_OK);
	host_core();
	CHECK_CENSUS(NULL);
	CHECK(host_as(&host_init));
	CHECK(readable(at));
	CHECK_STATUS(host_close(1), BY_OK);
	host_core();
	CHECK_CENSUS(NULL);
	CHECK(host_as(&host_init));
	CHECK(readable(at));
	CHECK_STATUS(by_region_map_detach(&host_space, at), BY_OK);
	CHECK_STATUS(host_close(3), BY_OK);
	END();
}


/** What is in too many places, or cannot be paid for, is detached: nothing is left over. */
CORE_TEST(memory_that_nobody_can_inherit_is_detached)
{
	uint64_t at[9], kept = 0;
	unsigned refused = 0;

	for (int n = 0; ; n++) {
		BEGIN();
		CHECK_STATUS(host_child(&one, 1, 512 * KIB, 60), BY_OK);
		CHECK_STATUS(share(&one, PAGE_SIZE, 9, at), BY_OK);
		CHECK_STATUS(share(&one, PAGE_SIZE, 1, &kept), BY_OK);
		inside_fail_at(n);
		CHECK_STATUS(host_close(1), BY_OK);
		inside_fail_at(-1);
		for (unsigned i = 0; i < 9; i++)
			CHECK_STATUS(by_region_map_detach(&host_space, at[i]), BY_NOT_FOUND);
		by_status_t const status = by_region_map_detach(&host_space, kept);
		CHECK(status == BY_OK || (status == BY_NOT_FOUND && inside_failed()));
		refused += status != BY_OK;
		END();
		if (!inside_failed())
			break;
		CHECK(n < 20);
	}
	CHECK(refused > 0);
}


/** Nor what belongs to somebody whose quota does not pay for another record. */
CORE_TEST(memory_of_who_has_used_everything_is_detached)
{
	struct by_pd pd;
	by_cap_t     ds, shared = BY_NO_CAP;
	uint64_t     at;

	BEGIN();
	CHECK_STATUS(host_open(1, "PD", "", 256 * KIB, 60, NULL, 0, &pd.session.cap), BY_OK);
	while (by_pd_ram_alloc(&pd, PAGE_SIZE, BY_PD_CACHE_CACHED, 12, 0, &ds) == BY_OK)
		shared = ds;
	CHECK_STATUS(by_region_map_attach(&host_space, shared, 0, 0, 0, 0, &at), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(by_region_map_detach(&host_space, at), BY_NOT_FOUND);
	END();
}


/** Init has it from core; what it creates only from init, and for its own RAM only. */
CORE_TEST(where_ram_is_learns_who_was_granted_it)
{
	by_cap_t own, managed, rm, map, other;
	uint64_t at = 0;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 512 * KIB, 60), BY_OK);
	CHECK_STATUS(host_child(&two, 2, 512 * KIB, 60), BY_OK);
	CHECK_STATUS(by_pd_ram_alloc(&host_pd, 3 * PAGE_SIZE, BY_PD_CACHE_CACHED, 14, 0, &own), BY_OK);
	CHECK_STATUS(by_pd_dma_address(&host_pd, own, &at), BY_OK);
	CHECK_EQ(at, ds_of(&host_init, own)->pa);
	CHECK_EQ(at % (4 * PAGE_SIZE), 0);

	/* what is not RAM of one's own */
	CHECK_STATUS(host_open(3, "RM", "", 0, 0, NULL, 0, &rm), BY_OK);
	CHECK_STATUS(by_rm_create(&(struct by_rm){ { .cap = rm } }, 8192, &map), BY_OK);
	CHECK_STATUS(by_region_map_dataspace(&(struct by_region_map){ map }, &managed), BY_OK);
	CHECK_STATUS(by_pd_ram_alloc(&one.init_pd, 1, BY_PD_CACHE_CACHED, 12, 0, &other), BY_OK);
	CHECK_STATUS(by_pd_dma_address(&host_pd, managed, &at), BY_DENIED);
	CHECK_STATUS(by_pd_dma_address(&host_pd, other, &at), BY_DENIED);
	CHECK_STATUS(by_pd_dma_address(&host_pd, map, &at), BY_BAD_CAP);
	CHECK_STATUS(by_pd_dma_address(&host_pd, BY_NO_CAP, &at), BY_BAD_CAP);

	/* a child that has not got it, cannot pass it on either, nor take it itself */
	CHECK_STATUS(by_pd_dma_address(&one.init_pd, other, &at), BY_DENIED);
	CHECK_STATUS(by_pd_reference(&two.init_pd, one.init_pd.session.cap), BY_OK);
	CHECK_STATUS(by_pd_dma_grant(&one.init_pd, two.init_pd.session.cap), BY_DENIED);
	CHECK_STATUS(by_pd_dma_grant(&one.init_pd, one.init_pd.session.cap), BY_DENIED);
	CHECK_STATUS(by_pd_dma_grant(&host_pd, two.init_pd.session.cap), BY_DENIED);
	CHECK_STATUS(by_pd_dma_grant(&host_pd, host_pd.session.cap), BY_DENIED);
	CHECK_STATUS(by_pd_dma_grant(&host_pd, own), BY_BAD_CAP);
	CHECK_STATUS(by_pd_dma_grant(&host_pd, BY_NO_CAP), BY_BAD_CAP);
	CHECK_STATUS(by_pd_dma_address(&one.init_pd, other, &at), BY_DENIED);

	CHECK_STATUS(by_pd_dma_grant(&host_pd, one.init_pd.session.cap), BY_OK);
	CHECK_STATUS(by_pd_dma_address(&one.init_pd, other, &at), BY_OK);
	CHECK_EQ(at, ds_of(&host_init, other)->pa);
	CHECK_STATUS(by_pd_dma_address(&one.init_pd, own, &at), BY_DENIED);
	CHECK_STATUS(by_pd_ram_free(&host_pd, own), BY_OK);
	CHECK_STATUS(by_pd_ram_alloc(&two.init_pd, 1, BY_PD_CACHE_CACHED, 12, 0, &own), BY_OK);
	CHECK_STATUS(by_pd_dma_address(&two.init_pd, own, &at), BY_DENIED);
	CHECK_STATUS(by_pd_dma_grant(&one.init_pd, two.init_pd.session.cap), BY_OK);
	CHECK_STATUS(by_pd_dma_address(&two.init_pd, own, &at), BY_OK);
	CHECK_STATUS(by_pd_ram_free(&two.init_pd, own), BY_OK);
	CHECK_STATUS(by_pd_dma_address(&two.init_pd, own, &at), BY_BAD_CAP);
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(host_close(2), BY_OK);
	CHECK_STATUS(host_close(3), BY_OK);
	END();
}


/** No byte of a dead component is seen by another one, nor what was in RAM before core. */
CORE_TEST(no_memory_keeps_a_secret)
{
	by_paddr_t pa;
	by_cap_t   ds;
	unsigned   pages = 0;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 2 * MIB, 200), BY_OK);
	CHECK_STATUS(populate(&one), BY_OK);
	CHECK(turn(&one.client));
	CHECK(host_fault(BY_FAULT_FPU, 0, 0));
	CHECK(host_access(BY_STACK_AREA, BY_ACCESS_WRITE, &pa));
	memset((char *)sim_memory(pa) + sizeof(struct by_message), HOST_SECRET,
	       PAGE_SIZE - sizeof(struct by_message));
	memset(sim_memory(item_find_type(one.client.thread, ITEM_THREAD)
	                  ? BY_CONTAINER_OF(item_find(one.client.thread), struct thread, item)->fpu : 0),
	       HOST_SECRET, BY_FPU_SIZE);
	while (by_pd_ram_alloc(&one.pd, 3 * PAGE_SIZE, BY_PD_CACHE_CACHED, 12, 0, &ds) == BY_OK)
		memset(sim_memory(ds_of(&one.client, ds)->pa), HOST_SECRET, 3 * PAGE_SIZE);
	CHECK(turn(&host_init));
	CHECK_STATUS(host_close(1), BY_OK);

	CHECK_STATUS(host_child(&two, 2, 256 * KIB, 60), BY_OK);
	struct thread *thread = BY_CONTAINER_OF(item_find(two.client.thread), struct thread, item);
	for (unsigned i = 0; i < PAGE_SIZE; i++)
		CHECK_EQ(((unsigned char *)sim_memory(thread->message.pa))[i], 0);
	CHECK(turn(&two.client));
	CHECK(host_fault(BY_FAULT_FPU, 0, 0));
	for (unsigned i = 0; i < BY_FPU_SIZE; i++)
		CHECK_EQ(((unsigned char *)sim_memory(thread->fpu))[i], 0);
	CHECK(turn(&host_init));
	/* all the rest */
	for (unsigned size = 5; size <= 5; size -= 4)
		while (by_pd_ram_alloc(&host_pd, size * PAGE_SIZE, BY_PD_CACHE_CACHED, 12, 0, &ds) == BY_OK) {
			CHECK(all_zero(ds_of(&host_init, ds)));
			pages += size;
			host_drop(&host_init, ds);
		}
	CHECK(pages > 1500);
}


/*
 * Parts, slots, tables
 */

CORE_TEST(parts_belong_to_their_pd)
{
	by_cap_t ep, gate, signal, got;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 512 * KIB, 60), BY_OK);
	CHECK_STATUS(host_child(&two, 2, 512 * KIB, 60), BY_OK);
	CHECK_STATUS(by_pd_endpoint_create(&two.init_pd, one.init_thread, &ep), BY_BAD_CAP);
	CHECK_STATUS(by_pd_endpoint_create(&one.init_pd, host_pd.session.cap, &ep), BY_BAD_CAP);
	CHECK_STATUS(by_pd_endpoint_create(&one.init_pd, one.init_thread, &ep), BY_OK);
	CHECK_STATUS(by_pd_endpoint_create(&one.init_pd, one.init_thread, &got), BY_EXISTS);
	CHECK_STATUS(by_pd_gate_create(&two.init_pd, ep, 1, &gate), BY_BAD_CAP);
	CHECK_STATUS(by_pd_signal_create(&two.init_pd, ep, 1, true, &signal), BY_BAD_CAP);
	CHECK_STATUS(by_pd_gate_create(&one.init_pd, ep, (by_word_t)-1, &gate), BY_OK);
	CHECK_STATUS(by_pd_signal_create(&one.init_pd, ep, 2, true, &signal), BY_OK);
	CHECK_STATUS(by_pd_gate_create(&one.init_pd, gate, 1, &got), BY_BAD_CAP);
	by_cap_t const part[] = { gate, signal, ep };
	for (unsigned i = 0; i < 3; i++) {
		CHECK_STATUS(by_pd_object_free(&two.init_pd, part[i]), BY_DENIED);
		CHECK_STATUS(by_pd_ram_free(&one.init_pd, part[i]), BY_BAD_CAP);
	}
	CHECK_STATUS(by_pd_object_free(&one.init_pd, one.init_thread), BY_BAD_CAP);
	CHECK_STATUS(by_pd_object_free(&one.init_pd, one.init_pd.session.cap), BY_BAD_CAP);
	/* the endpoint first: its gates and signals remain, dead */
	CHECK_STATUS(by_pd_object_free(&one.init_pd, ep), BY_OK);
	CHECK_STATUS(by_pd_gate_create(&one.init_pd, ep, 1, &got), BY_BAD_CAP);
	host_core();
	CHECK_CENSUS(NULL);
	CHECK(host_as(&host_init));
	CHECK(by_tag_status(host_request(gate, by_tag(1, 0, 0))) == BY_GONE);
	CHECK_STATUS(by_pd_object_free(&one.init_pd, signal), BY_OK);
	CHECK_STATUS(by_pd_object_free(&one.init_pd, gate), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(host_close(2), BY_OK);
	END();
}


CORE_TEST(badges_are_words)
{
	uint64_t const    wide   = (uint64_t)1 << 32 | 3;
	by_status_t const answer = sizeof(by_word_t) == sizeof(wide) ? BY_OK : BY_INVALID;
	by_cap_t          ep, gate, signal;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 512 * KIB, 60), BY_OK);
	CHECK_STATUS(by_pd_endpoint_create(&one.init_pd, one.init_thread, &ep), BY_OK);
	CHECK_STATUS(by_pd_gate_create(&one.init_pd, ep, wide, &gate), answer);
	CHECK_STATUS(by_pd_signal_create(&one.init_pd, ep, wide, false, &signal), answer);
	CHECK_STATUS(by_pd_gate_create(&one.init_pd, ep, (uint32_t)wide, &gate), BY_OK);
	CHECK_STATUS(by_pd_signal_create(&one.init_pd, ep, (uint32_t)wide, false, &signal), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


CORE_TEST(slots_are_added_up_to_the_limit)
{
	uint32_t slots;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, MIB, 60), BY_OK);
	for (uint32_t i = 2; i <= BY_LEAVES; i++) {
		CHECK_STATUS(by_pd_slots_add(&one.init_pd, &slots), BY_OK);
		CHECK_EQ(slots, i * BY_LEAF_SLOTS);
	}
	host_core();
	CHECK_CENSUS(&after);
	CHECK(host_as(&host_init));
	CHECK_STATUS(by_pd_slots_add(&one.init_pd, &slots), BY_LIMIT);
	host_core();
	struct census again;
	CHECK_CENSUS(&again);
	CHECK_SAME(&after, &again);
	CHECK(host_as(&host_init));
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


/** Tables that the kernel has no room for are not paid. */
CORE_TEST_ON(tables_are_added_up_to_the_limit, .ram = 48 * MIB)
{
	struct by_pd_balance full, later;
	by_status_t          status;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 36 * MIB, 60), BY_OK);
	CHECK_STATUS(by_pd_tables_add(&one.init_pd, 0), BY_INVALID);
	CHECK_STATUS(by_pd_tables_add(&one.init_pd, 17), BY_INVALID);
	CHECK_STATUS(by_pd_tables_add(&one.init_pd, UINT32_MAX), BY_INVALID);
	while ((status = by_pd_tables_add(&one.init_pd, 16)) == BY_OK) { }
	CHECK_STATUS(status, BY_LIMIT);
	CHECK_STATUS(by_pd_account(&one.init_pd, &full), BY_OK);
	CHECK(full.ram_quota - full.ram_used > MIB);
	for (unsigned i = 0; i < 10; i++)
		CHECK_STATUS(by_pd_tables_add(&one.init_pd, 16), BY_LIMIT);
	CHECK_STATUS(by_pd_account(&one.init_pd, &later), BY_OK);
	CHECK_EQ(later.ram_used, full.ram_used);
	host_core();
	CHECK_CENSUS(NULL);
	CHECK(host_as(&host_init));
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


CORE_TEST(capabilities_are_assigned_to_empty_slots)
{
	by_cap_t ep, gate;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 512 * KIB, 60), BY_OK);
	CHECK_STATUS(by_pd_endpoint_create(&host_pd, (by_cap_t){ BY_SLOT_THREAD }, &ep), BY_OK);
	CHECK_STATUS(by_pd_gate_create(&host_pd, ep, 1, &gate), BY_OK);
	CHECK_STATUS(by_pd_assign(&one.init_pd, 0, gate), BY_INVALID);
	CHECK_STATUS(by_pd_assign(&one.init_pd, BY_LEAF_SLOTS, gate), BY_INVALID);
	CHECK_STATUS(by_pd_assign(&one.init_pd, UINT32_MAX, gate), BY_INVALID);
	CHECK_STATUS(by_pd_assign(&one.init_pd, 50, BY_NO_CAP), BY_BAD_CAP);
	CHECK_STATUS(by_pd_assign(&one.init_pd, 50, gate), BY_OK);
	CHECK_STATUS(by_pd_assign(&one.init_pd, 50, gate), BY_EXISTS);
	CHECK_STATUS(by_pd_assign(&one.init_pd, 51, ep), BY_OK);
	CHECK_STATUS(by_pd_assign(&one.init_pd, 52, host_space.cap), BY_OK);
	CHECK_EQ(host_id(&one.client, (by_cap_t){ 52 }), host_id(&host_init, host_space.cap));
	CHECK_STATUS(by_pd_object_free(&host_pd, gate), BY_OK);
	CHECK_STATUS(by_pd_assign(&one.init_pd, 53, gate), BY_BAD_CAP);
	CHECK_STATUS(by_pd_assign(&one.init_pd, 50, ep), BY_OK); /* emptied by the gate's end */
	CHECK_STATUS(by_pd_object_free(&host_pd, ep), BY_OK);
	CHECK(!inside_undeclared);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}
