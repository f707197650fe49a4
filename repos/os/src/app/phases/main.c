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
		struct by_pd_balance before;
		size_t               heap; /* that was taken then */
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


/* Capabilities that what our heap has taken since then can have cost, and one for its pieces. */
static uint64_t heap_caps(size_t before)
{
	size_t const now = by_consumed(test.env->heap);

	return 1 + (now > before ? (now - before) / 4096 : 0);
}


/*
 * All is as it was in the first phase that counts under this name. What is ours lies in some
 * pages more or less, after what was around it; a leak per child is more.
 */
static void count_all(struct by_hid_span name)
{
	by_heap_trim_own();

	struct by_pd_balance const now   = check_balance(&test.env->pd);
	struct count              *count = test.count;

	while (count->name.size && !by_hid_span_equal(count->name, name))
		count++;
	if (!count->name.size) {
		CHECK(count < test.count + COUNTS - 1);
		*count = (struct count){ name, now, by_consumed(test.env->heap) };
		return;
	}
	CHECK(now.ram_used <= count->before.ram_used + SLACK);
	CHECK_EQ(now.ram_quota, count->before.ram_quota);
	CHECK(now.caps_used <= count->before.caps_used + heap_caps(count->heap));
	CHECK_EQ(now.caps_quota, count->before.caps_quota);
	by_log("census: %llu bytes, %llu capabilities", (unsigned long long)now.ram_used,
	       (unsigned long long)now.caps_used);
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
