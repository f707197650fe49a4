/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parent protocol between three components: two clients, which report to us whenever
 * they have opened, used and closed their sessions, and a server. One of the three after the
 * other is killed and started anew as soon as both clients have got on. At last a client
 * comes whose request kills the server. All that they had must be back in the end.
 */
struct progress_session;
#define BY_PROGRESS_SELF struct progress_session

#include <by/attached.h>
#include <by/child.h>
#include <by/container.h>
#include <by/kernel.h>
#include <by/service.h>
#include <by/session/progress_server.h>
#include <check.h>

enum { CLIENTS = 2, ROUNDS = 60, SERVER = CLIENTS, POISON, CHILDREN };

struct progress_session { struct by_service_session session; };

static struct {
	struct by_env           *env;
	struct by_attached       binary[CHILDREN];
	struct by_child          child[CHILDREN];
	struct by_provider       provider;
	struct by_service        service[CLIENTS];  /* one per client tells who reports */
	struct by_route          client_routes[CLIENTS][3];
	struct by_signal_handler next;
	unsigned                 reports[CLIENTS];  /* since the last death */
	unsigned                 deaths;
	bool                     warm, poisoned;
	struct by_pd_balance     before;
} test;

static void start(unsigned who);


static void submit_next(void)
{
	by_signal_submit(test.next.target.cap, 1);
}


/*
 * What the children do
 */

static void report(struct progress_session *session, char const *who, uint64_t count)
{
	unsigned const number = (unsigned)(session->session.service - test.service);

	(void)who;
	CHECK(count > 0);
	test.reports[number]++;
	if (test.reports[0] && test.reports[1])
		submit_next();
}


static void exited(struct by_child *child, int code)
{
	CHECK_EQ(child - test.child, POISON);
	CHECK_EQ(code, 0);
	by_child_destroy(child);
	test.poisoned = true;
	submit_next();
}


static void restart(unsigned who)
{
	by_child_destroy(&test.child[who]);
	for (unsigned i = 0; i < CLIENTS; i++)
		test.reports[i] = 0;
	start(who);
}


static void faulted(struct by_child *child, char const *thread, struct by_cpu_fault const *fault)
{
	CHECK_EQ(child - test.child, SERVER);
	by_child_report(child, thread, fault);
	restart(SERVER);
}


/*
 * The children
 */

static void start(unsigned who)
{
	static char const *const names[CHILDREN] = { "anna", "ben", "server", "poison" };
	static struct by_child_ops const ops       = { .exited = exited, .faulted = faulted };
	static struct by_route const     nowhere[] = { { .service = NULL } };
	static struct by_route const     to_server[] = {
		{ .service = "Counter", .provider = &test.provider }, { .service = NULL },
	};
	struct by_child_args const args = {
		.name = names[who], .binary = &test.binary[who], .ram = 512 << 10, .caps = 60,
		.priority = 8, .ops = &ops,
		.provider = who == SERVER ? &test.provider : NULL,
		.routes   = who < CLIENTS ? test.client_routes[who]
		          : who == POISON ? to_server : nowhere,
	};

	check_need(test.env, by_child_create(test.env, &test.child[who], &args), names[who]);
	check_need(test.env, by_child_start(&test.child[who]), names[who]);
}


static void end_all(void)
{
	for (unsigned i = 0; i < CHILDREN; i++)
		by_child_destroy(&test.child[i]);
}


static void start_all(void)
{
	for (unsigned i = 0; i < CLIENTS; i++)
		test.reports[i] = 0;
	for (unsigned i = 0; i <= SERVER; i++)
		start(i); /* the server last: the clients' requests wait for it */
}


static void finish(void)
{
	end_all();

	check_unchanged(&test.env->pd, &test.before);
	by_log("%u deaths", test.deaths);
	for (unsigned i = 0; i < CHILDREN; i++)
		by_attached_fini(test.env, &test.binary[i]);
	check_finish(test.env, "parent");
}


/* Both clients have got on since the last time, or the poison has done its work. */
static void go_on(struct by_signal_handler *handler, unsigned count)
{
	(void)handler, (void)count;
	if (!test.reports[0] || !test.reports[1])
		return;

	/* what is allocated once and stays is there after the first round */
	if (!test.warm) {
		test.warm = true;
		end_all();
		test.before = check_balance(&test.env->pd);
		start_all();
	} else if (test.deaths < ROUNDS) {
		restart(test.deaths++ % (CLIENTS + 1));
	} else if (test.deaths == ROUNDS) {
		test.deaths++;
		start(POISON);
	} else if (test.poisoned) {
		finish();
	}
}


void component_main(struct by_env *env)
{
	static struct by_progress_ops const ops = { .report = report };
	static char const *const modules[CHILDREN] = {
		"parent_client", "parent_client", "parent_server", "parent_poison",
	};

	test.env = env;
	by_provider_init(&test.provider, NULL);
	for (unsigned i = 0; i < CLIENTS; i++) {
		test.service[i].size = sizeof(struct progress_session);
		by_progress_local(env, &test.service[i], &ops);
		test.client_routes[i][0] = (struct by_route){ .service = "Progress", .local = &test.service[i] };
		test.client_routes[i][1] = (struct by_route){ .service = "Counter", .provider = &test.provider };
		test.client_routes[i][2] = (struct by_route){ .service = NULL };
	}
	for (unsigned i = 0; i < CHILDREN; i++)
		check_need(env, by_attached_rom_init(env, &test.binary[i], modules[i]), modules[i]);
	check_need(env, by_signal_handler_init(&test.next, env->endpoint, BY_SIGNAL_APPLICATION,
	                                       go_on), "signal");
	start_all();
}
