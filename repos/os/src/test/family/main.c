/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parent protocol over several levels, with deaths at any of them:
 *
 *     family ── anna             a client
 *            ├─ trunk ── server  that all clients use: offered upwards by trunk
 *            │        └─ client
 *            └─ branch ── client
 *
 * One of the six after the other is killed and started anew, by its own parent, at another
 * instant each time, as soon as all three clients have got on. All that they had must be back in
 * the end.
 */
struct family_session;
struct progress_session;
#define BY_FAMILY_SELF   struct family_session
#define BY_PROGRESS_SELF struct progress_session

#include <by/attached.h>
#include <by/cap.h>
#include <by/child.h>
#include <by/container.h>
#include <by/kernel.h>
#include <by/service.h>
#include <by/session/family_server.h>
#include <by/session/progress_server.h>
#include <by/string.h>
#include <by/timeout.h>
#include <check.h>

enum {
	ANNA, TRUNK, BRANCH, CHILDREN, CLIENTS = 3,
	DEATHS = 60, STEP_US = 37, STEPS = 17, /* the instants, after the last report */
};

/* Whom to kill. */
enum victim {
	KILL_ANNA, KILL_TRUNK, KILL_BRANCH, KILL_SERVER, KILL_CLIENT_OF_TRUNK, KILL_CLIENT_OF_BRANCH,
	VICTIMS,
};

/* A session of a middle. */
struct family_session {
	struct by_service_session session;
	unsigned                  middle;
	by_cap_t                  sigh;
};

struct progress_session {
	struct by_service_session session;
	unsigned                  client;
};

static struct {
	struct by_env         *env;
	struct by_attached     client_binary, middle_binary;
	struct by_child        child[CHILDREN];
	struct by_provider     provider;
	struct by_service      family, progress;
	struct family_session *middle[CHILDREN];
	struct by_timeout      next;
	unsigned               reports[CLIENTS]; /* since the last death */
	unsigned               deaths;
	bool                   ordered[CHILDREN], warm;
	enum by_family_order   order;
	struct by_pd_balance   before;
} test;


/*
 * Clients
 */

static by_status_t progress_open(struct by_service_session *session,
                                 struct by_service_request const *request)
{
	static char const *const labels[CLIENTS] = { "anna", "trunk -> client", "branch -> client" };
	struct progress_session *progress = BY_CONTAINER_OF(session, struct progress_session,
	                                                    session);

	while (progress->client < CLIENTS && by_strcmp(labels[progress->client], request->label))
		progress->client++;

	return progress->client < CLIENTS ? BY_OK : BY_DENIED;
}


static void forget_reports(void)
{
	by_timeout_stop(&test.next);
	for (unsigned i = 0; i < CLIENTS; i++)
		test.reports[i] = 0;
}


static void report(struct progress_session *progress, char const *who, uint64_t count)
{
	(void)who;
	CHECK(count > 0);
	test.reports[progress->client]++;
	if (test.reports[0] && test.reports[1] && test.reports[2]
	    && !by_timeout_started(&test.next))
		check_need(test.env, by_timeout_start(&test.next, 1 + test.deaths % STEPS * STEP_US),
		           "timeout");
}


/*
 * Parents in the middle
 */

static by_status_t family_open(struct by_service_session *session,
                               struct by_service_request const *request)
{
	struct family_session *family = BY_CONTAINER_OF(session, struct family_session, session);

	family->middle = by_strcmp(request->label, "trunk") ? BRANCH : TRUNK;
	test.middle[family->middle] = family;

	return BY_OK;
}


static void family_close(struct by_service_session *session)
{
	struct family_session *family = BY_CONTAINER_OF(session, struct family_session, session);

	by_cap_drop(family->sigh);
	test.middle[family->middle]  = NULL;
	test.ordered[family->middle] = false;
}


static by_status_t with_server(struct family_session *family, bool *yes)
{
	*yes = family->middle == TRUNK;

	return BY_OK;
}


static by_status_t watch(struct family_session *family, struct by_cap_arg *sigh)
{
	family->sigh = by_cap_arg_take(sigh);

	return by_cap_valid(family->sigh) ? BY_OK : BY_BAD_CAP;
}


static by_status_t order(struct family_session *family, enum by_family_order *out)
{
	if (!test.ordered[family->middle])
		return BY_EMPTY;

	test.ordered[family->middle] = false;
	forget_reports();
	*out = test.order;

	return BY_OK;
}


/* What has reported before is not what is meant afterwards. */
static void give_order(unsigned middle, enum by_family_order what)
{
	test.order           = what;
	test.ordered[middle] = true;
	forget_reports();
	by_signal_submit(test.middle[middle]->sigh, 1);
}


/*
 * Children
 */

static void exited(struct by_child *child, int code)
{
	by_error("child \"%s\" exited with value %d", child->name, code);
	FAIL("a child has exited");
}


static void start(unsigned who)
{
	static char const *const names[CHILDREN] = { "anna", "trunk", "branch" };
	static struct by_child_ops const ops     = { .exited = exited };
	static struct by_route const     routes[] = {
		{ .service = "Counter", .provider = &test.provider },
		{ .service = "Progress", .local = &test.progress },
		{ .service = "Family", .local = &test.family },
		{ .service = "PD" }, { .service = "CPU" }, { .service = "LOG" }, { .service = "ROM" },
		{ .service = NULL },
	};
	bool const middle = who != ANNA;

	check_need(test.env, by_child_create(test.env, &test.child[who], &(struct by_child_args){
		.name = names[who], .binary = middle ? &test.middle_binary : &test.client_binary,
		.ram = middle ? 3 << 20 : 512 << 10, .caps = middle ? 300 : 60, .priority = 8,
		.routes = routes, .provider = who == TRUNK ? &test.provider : NULL, .ops = &ops }),
		names[who]);
	check_need(test.env, by_child_start(&test.child[who]), names[who]);
}


static void restart(unsigned who)
{
	by_child_destroy(&test.child[who]);
	forget_reports();
	start(who);
}


static void kill_one(enum victim victim)
{
	switch (victim) {
	case KILL_ANNA:   restart(ANNA); break;
	case KILL_TRUNK:  restart(TRUNK); break;
	case KILL_BRANCH: restart(BRANCH); break;
	case KILL_SERVER: give_order(TRUNK, BY_FAMILY_ORDER_RESTART_SERVER); break;
	case KILL_CLIENT_OF_TRUNK: give_order(TRUNK, BY_FAMILY_ORDER_RESTART_CLIENT); break;
	case KILL_CLIENT_OF_BRANCH: give_order(BRANCH, BY_FAMILY_ORDER_RESTART_CLIENT); break;
	case VICTIMS: break;
	}
}


static void start_all(void)
{
	forget_reports();
	for (unsigned i = 0; i < CHILDREN; i++)
		start(i);
}


static void end_all(void)
{
	for (unsigned i = 0; i < CHILDREN; i++)
		by_child_destroy(&test.child[i]);
}


static void finish(void)
{
	end_all();

	check_unchanged(&test.env->pd, &test.before);
	by_log("%u deaths", test.deaths);
	by_attached_fini(test.env, &test.client_binary);
	by_attached_fini(test.env, &test.middle_binary);
	check_finish(test.env, "family");
}


static void go_on(struct by_timeout *timeout)
{
	(void)timeout;
	if (!test.warm) {
		/* what is allocated once and stays is there after the first round */
		test.warm = true;
		end_all();
		test.before = check_balance(&test.env->pd);
		start_all();
	} else if (test.deaths < DEATHS) {
		kill_one(test.deaths++ % VICTIMS);
	} else {
		finish();
	}
}


void component_main(struct by_env *env)
{
	static struct by_family_ops const   family_ops   = { with_server, watch, order };
	static struct by_progress_ops const progress_ops = { .report = report };

	test.env      = env;
	test.family   = (struct by_service){
		.size = sizeof(struct family_session), .open = family_open, .close = family_close,
	};
	test.progress = (struct by_service){
		.size = sizeof(struct progress_session), .open = progress_open,
	};
	by_family_local(env, &test.family, &family_ops);
	by_progress_local(env, &test.progress, &progress_ops);
	by_provider_init(&test.provider, NULL);
	by_timeout_init(&test.next, env->endpoint, go_on);
	check_need(env, by_attached_rom_init(env, &test.client_binary, "parent_client"), "client");
	check_need(env, by_attached_rom_init(env, &test.middle_binary, "family_middle"), "middle");
	start_all();
}
