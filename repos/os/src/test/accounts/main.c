/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What core says of all accounts (ROM core_accounts): the sum is the machine's RAM to the
 * byte, after each step and while children run and end; rows are what their PDs say themselves.
 */
#include <by/attached.h>
#include <by/child.h>
#include <by/container.h>
#include <by/hid.h>
#include <by/session/pd.h>
#include <by/string.h>
#include <check.h>

enum { CHILDREN = 3, LIVES = 12, KEPT = 4096, MOST = 64 };

static char const *const names[CHILDREN] = { "one", "two", "three" };

static struct {
	struct by_env     *env;
	struct by_attached platform, accounts, binary;
	struct by_hid_node top;
	struct by_child    child[CHILDREN];
	unsigned           ends, looks, exact;
} test;


static uint64_t attribute(struct by_hid_node const *node, char const *tag)
{
	uint64_t const value = by_hid_u64(node, tag, UINT64_MAX);

	CHECK(value != UINT64_MAX);

	return value;
}


static void open_text(struct by_attached const *rom)
{
	struct by_hid_span const text = { rom->base, rom->size };

	check_need(test.env, by_hid_open(text, &test.top), "text");
}


static uint64_t machine_ram(void)
{
	open_text(&test.platform);

	return attribute(&test.top, "ram");
}


/* The sum of an attribute over all accounts. */
static uint64_t sum(char const *tag)
{
	struct by_hid_node node;
	uint64_t           all  = 0;
	bool               more = by_hid_first_of(&test.top, "account", &node);

	for (; more; more = by_hid_next_of(&node, "account"))
		all += attribute(&node, tag);

	return all;
}


static bool row(char const *name, struct by_hid_node *node)
{
	bool more = by_hid_first_of(&test.top, "account", node);

	while (more && !by_hid_span_is(by_hid_name(node), name))
		more = by_hid_next_of(node, "account");

	return more;
}


/* Each account but those that core is the parent of has one that is there, up to the root. */
static void check_parents(void)
{
	struct by_hid_node node, other;
	bool               more = by_hid_first_of(&test.top, "account", &node);

	for (; more; more = by_hid_next_of(&node, "account")) {
		uint64_t parent = attribute(&node, "parent");
		for (unsigned i = 0; parent && i < MOST; i++) {
			bool there = by_hid_first_of(&test.top, "account", &other);
			while (there && attribute(&other, "id") != parent)
				there = by_hid_next_of(&other, "account");
			CHECK(there);
			parent = there ? attribute(&other, "parent") : 0;
		}
		CHECK_EQ(parent, 0);
	}
}


/* Look once more; false if something has moved all the time. */
static bool look(void)
{
	struct by_hid_node ram, kernel, caps;
	uint64_t const     total = machine_ram();

	check_need(test.env, by_attached_rom_update(test.env, &test.accounts), "update");
	open_text(&test.accounts);
	test.looks++;
	if (!by_hid_bool(&test.top, "exact", false))
		return false;

	test.exact++;
	CHECK(by_hid_first_of(&test.top, "ram", &ram) && by_hid_first_of(&test.top, "caps", &caps)
	      && by_hid_first_of(&test.top, "kernel", &kernel));
	CHECK_EQ(attribute(&ram, "total"), total);
	CHECK_EQ(attribute(&ram, "kernel") + attribute(&ram, "core") + sum("ram_quota"), total);
	CHECK_EQ(attribute(&caps, "core") + sum("caps_quota"), attribute(&caps, "total"));
	CHECK_EQ(attribute(&kernel, "kernel") + attribute(&kernel, "core")
	         + attribute(&kernel, "modules") + attribute(&kernel, "log")
	         + attribute(&kernel, "other"), attribute(&ram, "kernel"));
	CHECK(attribute(&kernel, "other") < total);
	CHECK(sum("ram_used") <= sum("ram_quota"));
	check_parents();

	return true;
}


/* A row says what the PD says. */
static void check_row(char const *name, struct by_pd *pd)
{
	struct by_pd_balance const own = check_balance(pd);
	struct by_hid_node         node;

	if (!CHECK(row(name, &node)))
		return;

	CHECK_EQ(attribute(&node, "ram_quota"), own.ram_quota);
	CHECK_EQ(attribute(&node, "ram_used"), own.ram_used);
	CHECK_EQ(attribute(&node, "caps_quota"), own.caps_quota);
	CHECK_EQ(attribute(&node, "caps_used"), own.caps_used);
}


/* Nothing but this component runs: no look is disturbed. */
static void check_accounts(void)
{
	CHECK(look());
	check_row("accounts", &test.env->pd);
}


static void test_transfers(void)
{
	struct by_attached more;
	struct by_pd       pd;
	by_cap_t           ds;

	check_part("transfers");
	check_need(test.env, by_pd_open(test.env, "other", &pd), "PD");
	check_accounts();
	check_row("other", &pd);
	CHECK_STATUS(by_pd_reference(&pd, test.env->pd.session.cap), BY_OK);
	CHECK_STATUS(by_pd_transfer(&test.env->pd, pd.session.cap, 50001, 3), BY_OK);
	check_accounts();
	check_row("other", &pd);
	CHECK_STATUS(by_pd_set_aside(&pd, KEPT, 1), BY_OK);
	CHECK_STATUS(by_pd_ram_alloc(&pd, 3 * KEPT, BY_PD_CACHE_CACHED, 12, 0, &ds), BY_OK);
	check_accounts();
	check_row("other", &pd);
	CHECK_STATUS(by_session_donate(test.env, &pd.session, 1000, 2), BY_OK);
	CHECK_STATUS(by_pd_transfer(&pd, test.env->pd.session.cap, 777, 1), BY_OK);
	check_need(test.env, by_attached_rom_init(test.env, &more, "accounts"), "ROM");
	check_accounts();
	check_row("other", &pd);
	by_attached_fini(test.env, &more);
	by_pd_close(test.env, &pd);
	check_accounts();
	CHECK(!row("other", &(struct by_hid_node){ .text = NULL }));
}


static void exited(struct by_child *child, int code);


static void create(unsigned i)
{
	static struct by_child_ops const ops      = { .exited = exited };
	static struct by_route const     routes[] = { { .service = "ROM" }, { .service = NULL } };

	check_need(test.env, by_child_create(test.env, &test.child[i], &(struct by_child_args){
		.name = names[i], .program = "exit", .binary = &test.binary, .ram = 300 << 10,
		.caps = 40, .priority = 8, .routes = routes, .ops = &ops }), names[i]);
}


static void finish(void)
{
	/* ours is the only thread, but children may have taken turns with it */
	by_log("%u of %u looks were exact", test.exact, test.looks);
	check_accounts();
	by_attached_fini(test.env, &test.binary);
	by_attached_fini(test.env, &test.accounts);
	by_attached_fini(test.env, &test.platform);
	check_finish(test.env, "accounts");
}


/* Each end of a child is another one's beginning, until they have had their lives. */
static void exited(struct by_child *child, int code)
{
	unsigned const i = (unsigned)(child - test.child);

	CHECK_EQ(code, 0);
	(void)look();
	by_child_destroy(child);
	(void)look();
	if (++test.ends + CHILDREN <= LIVES) {
		create(i);
		(void)look();
		check_need(test.env, by_child_start(&test.child[i]), "start");
	} else if (test.ends == LIVES) {
		finish();
	}
}


static void test_children(void)
{
	check_part("children");
	for (unsigned i = 0; i < CHILDREN; i++) {
		create(i);
		check_accounts();
		check_row(names[i], &test.child[i].pd);
	}
	CHECK_STATUS(by_child_give(&test.child[1], 12345, 5), BY_OK);
	check_accounts();
	check_row("two", &test.child[1].pd);
	CHECK_STATUS(by_child_take(&test.child[1], 2345, 1), BY_OK);
	check_accounts();
	check_row("two", &test.child[1].pd);
	for (unsigned i = 0; i < CHILDREN; i++)
		check_need(test.env, by_child_start(&test.child[i]), "start");
}


void component_main(struct by_env *env)
{
	test.env = env;
	check_need(env, by_child_prepare(env), "what a parent needs");
	check_need(env, by_attached_rom_init(env, &test.platform, "platform_info"), "platform_info");
	check_need(env, by_attached_rom_init(env, &test.accounts, "core_accounts"), "core_accounts");
	check_need(env, by_attached_rom_init(env, &test.binary, "exit"), "program");
	check_accounts();
	test_transfers();
	test_children();
}
