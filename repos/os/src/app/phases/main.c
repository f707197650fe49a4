/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A parent for tests: puts one configuration of a sandbox in force after the other, as
 * what its children do tells. See README.md.
 */
struct progress_session;
#define BY_PROGRESS_SELF struct progress_session

#include <by/component_heap.h>
#include <by/endpoint.h>
#include <by/kernel.h>
#include <by/service.h>
#include <by/session/progress_server.h>
#include <check.h>
#include <rom_config.h>
#include <sandbox.h>

enum { COUNTS = 4 };
enum { SLACK = 4 * 4096 }; /* bytes of a few pages that are in use in part */

struct progress_session { struct by_service_session session; };

static struct {
	struct by_env           *env;
	struct rom_config        config;
	struct by_hid_node       phase;
	struct sandbox           sandbox;
	struct by_service        progress;
	struct by_signal_handler next;
	uint64_t                 exits, reports; /* in this phase */
	bool                     over;           /* it is, and the next one will begin */
	struct count {
		struct by_hid_span   name;
		struct by_pd_balance balance;
		size_t               heap; /* of it, that our heap has taken */
	} count[COUNTS];
} test;

static char document[8192];


/*
 * What the children do
 */

static void check_over(void)
{
	uint64_t const exits   = by_hid_u64(&test.phase, "exits", 0);
	uint64_t const reports = by_hid_u64(&test.phase, "reports", 0);

	if (test.over || test.exits < exits || test.reports < reports)
		return;

	test.over = true;
	by_signal_submit(test.next.target.cap, 1);
}


static void exited(struct sandbox *sandbox, char const *child, int code)
{
	(void)sandbox;
	if (!CHECK_EQ(code, 0))
		by_log("child \"%s\"", child);
	test.exits++;
	check_over();
}


static void report(struct progress_session *session, char const *who, uint64_t count)
{
	(void)session, (void)who, (void)count;
	test.reports++;
	check_over();
}


/*
 * Phases
 */

static void apply(void)
{
	struct by_hid_writer writer;
	size_t               size = 0;

	by_hid_write_init(&writer, document, sizeof(document));
	by_hid_write_node(&writer, &test.phase);
	check_need(test.env, by_hid_write_finish(&writer, &size), "room for a configuration");
	check_need(test.env, sandbox_apply(&test.sandbox, (struct by_hid_span){ document, size }),
	           "sandbox");
}


/* What is used without what our heap has taken: its pages, and a capability for each at most. */
static uint64_t ram_without_heap(struct count const *count)
{
	return count->balance.ram_used - count->heap;
}


static uint64_t caps_at_most(struct count const *before, struct count const *now)
{
	uint64_t const taken = now->heap > before->heap ? now->heap - before->heap : 0;

	return before->balance.caps_used + 1 + taken / 4096;
}


/*
 * All is as it was in the first phase that counts under this name. What is ours lies in some
 * pages more or less, after what was around it; a leak per child is more.
 */
static void count_all(struct by_hid_span name)
{
	by_heap_trim_own();

	struct count const now    = { name, check_balance(&test.env->pd),
	                              by_consumed(test.env->heap) };
	struct count      *before = test.count;

	while (before->name.size && !by_hid_span_equal(before->name, name))
		before++;
	if (!before->name.size) {
		CHECK(before < test.count + COUNTS - 1);
		*before = now;
		return;
	}
	CHECK(ram_without_heap(&now) <= ram_without_heap(before) + SLACK);
	CHECK_EQ(now.balance.ram_quota, before->balance.ram_quota);
	CHECK(now.balance.caps_used <= caps_at_most(before, &now));
	CHECK_EQ(now.balance.caps_quota, before->balance.caps_quota);
	by_log("census: %llu bytes, %llu capabilities", (unsigned long long)now.balance.ram_used,
	       (unsigned long long)now.balance.caps_used);
}


static void begin(void)
{
	struct by_hid_span const name = by_hid_name(&test.phase);
	struct by_hid_span       census;

	by_log("phase %.*s", (int)name.size, name.base);
	test.exits = test.reports = 0;
	test.over  = false;
	apply();
	if (by_hid_attr(&test.phase, "census", &census))
		count_all(census);
	check_over();
}


static void go_on(struct by_signal_handler *handler, unsigned count)
{
	(void)handler, (void)count;
	if (by_hid_next_of(&test.phase, "phase")) {
		begin();
		return;
	}
	sandbox_fini(&test.sandbox);
	check_finish(test.env, "phases");
}


/* It does not while a test runs. */
static void config_changed(struct rom_config *config)
{
	(void)config;
}


void component_main(struct by_env *env)
{
	static struct sandbox_ops const      ops          = { .exited = exited };
	static struct by_progress_ops const  progress_ops = { .report = report };
	static struct by_route const         local[] = {
		{ .service = "Progress", .local = &test.progress }, { .service = NULL },
	};
	static struct sandbox_args const args = { .ops = &ops, .local = local };

	test.env           = env;
	test.progress.size = sizeof(struct progress_session);
	by_progress_local(env, &test.progress, &progress_ops);
	check_need(env, rom_config_open(&test.config, env, config_changed), "configuration");
	check_need(env, sandbox_init(&test.sandbox, env, &args), "sandbox");
	check_need(env, by_signal_handler_init(&test.next, env->endpoint, BY_SIGNAL_APPLICATION,
	                                       go_on), "signal");
	check_need(env, by_hid_first_of(&test.config.top, "phase", &test.phase) ? BY_OK : BY_NOT_FOUND,
	           "phase");
	begin();
}
