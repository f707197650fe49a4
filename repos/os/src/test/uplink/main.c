/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Services that nested inits offer upwards, with deaths everywhere:
 *
 *     uplink ── anna                      a client
 *            ├─ outer ── inner ── server  that all clients use
 *            │        └─ client
 *            └─ branch ── client
 *
 * One after the other is started anew, or the policy by which an init passes sessions on
 * changes, at another instant each time, as soon as all three clients have got on. After each
 * round, in which all of that has happened, the account is what it was, to the byte and
 * the capability.
 */
struct progress_session;
#define BY_PROGRESS_SELF struct progress_session

#include <by/component_heap.h>
#include <by/container.h>
#include <by/format.h>
#include <by/session/progress_server.h>
#include <by/string.h>
#include <by/timeout.h>
#include <check.h>
#include <sandbox.h>

enum {
	CLIENTS = 3, ROUNDS = 4, WARM = 2,  /* rounds before the first comparison */
	STEP_US = 37, STEPS = 17,           /* the instants, after the last report */
};

/* What changes, in the order in which the configuration names it. */
enum { OUTER, OUTER_POLICY, CLIENT_OF_OUTER, INNER, INNER_POLICY, SERVER, ANNA, BRANCH,
       CLIENT_OF_BRANCH, CHANGES };

static char const pattern[] =
	"config\n"
	"+ parent-provides\n  + service ROM\n  + service PD\n  + service CPU\n  + service LOG\n"
	"+ default-route\n"
	"  + service Counter  | + child outer\n"
	"  + service Progress | + local\n"
	"  + any-service      | + parent\n"
	"+ start outer | binary: init | version: %u | ram: 4M | caps: 500\n"
	"  + provides | + service Counter\n"
	"  + config\n"
	"    + parent-provides\n      + service ROM\n      + service PD\n      + service CPU\n"
	"      + service LOG\n      + service Progress\n"
	"    + default-route\n"
	"      + service Counter | + child inner\n"
	"      + any-service     | + parent\n"
	"    + service Counter\n"
	"      + policy | label_prefix: anna | + child inner | identity: anna %u\n"
	"      + default-policy              | + child inner\n"
	"    + start client | binary: parent_client | version: %u | ram: 512K | caps: 60\n"
	"    + start inner  | binary: init | version: %u | ram: 2M | caps: 250\n"
	"      + provides | + service Counter\n"
	"      + config\n"
	"        + parent-provides | + service ROM\n"
	"        + default-route   | + any-service | + parent\n"
	"        + service Counter | + default-policy | + child server | identity: %u\n"
	"        + start server | binary: parent_server | version: %u | ram: 512K | caps: 60\n"
	"          + provides | + service Counter\n"
	"+ start anna   | binary: parent_client | version: %u | ram: 512K | caps: 60\n"
	"+ start branch | binary: init | version: %u | ram: 2M | caps: 250\n"
	"  + config\n"
	"    + parent-provides\n      + service ROM\n      + service Counter\n"
	"      + service Progress\n"
	"    + default-route | + any-service | + parent\n"
	"    + start client | binary: parent_client | version: %u | ram: 512K | caps: 60\n"
	"-\n";

struct progress_session {
	struct by_service_session session;
	unsigned                  client;
};

static struct {
	struct by_env       *env;
	struct sandbox       sandbox;
	struct by_service    progress;
	struct by_timeout    next;
	char                 text[sizeof(pattern) + 100];
	unsigned             version[CHANGES];
	unsigned             reports[CLIENTS]; /* since the last change */
	unsigned             changes, round;
	struct by_pd_balance before;
} test;


/*
 * Clients
 */

static by_status_t progress_open(struct by_service_session *session,
                                 struct by_service_request const *request)
{
	static char const *const labels[CLIENTS] = { "anna", "outer -> client", "branch -> client" };
	struct progress_session *progress = BY_CONTAINER_OF(session, struct progress_session,
	                                                    session);

	while (progress->client < CLIENTS && by_strcmp(labels[progress->client], request->label))
		progress->client++;

	return progress->client < CLIENTS ? BY_OK : BY_DENIED;
}


static void report(struct progress_session *progress, char const *who, uint64_t count)
{
	(void)who;
	CHECK(count > 0);
	test.reports[progress->client]++;
	if (test.reports[0] && test.reports[1] && test.reports[2]
	    && !by_timeout_started(&test.next))
		check_need(test.env, by_timeout_start(&test.next, 1 + test.changes % STEPS * STEP_US),
		           "timeout");
}


/*
 * Changes
 */

static void apply(void)
{
	unsigned const *const v = test.version;
	size_t const size = by_format(test.text, sizeof(test.text), pattern, v[0], v[1], v[2], v[3],
	                              v[4], v[5], v[6], v[7], v[8]);

	_Static_assert(CHANGES == 9, "all of them stand there");
	CHECK_STATUS(sandbox_apply(&test.sandbox, (struct by_hid_span){ test.text, size }), BY_OK);
	for (unsigned i = 0; i < CLIENTS; i++)
		test.reports[i] = 0;
}


static void begin_round(void)
{
	static struct by_route const local[] = {
		{ .service = "Progress", .local = &test.progress }, { .service = NULL },
	};

	check_need(test.env, sandbox_init(&test.sandbox, test.env, &(struct sandbox_args){
		.local = local }), "sandbox");
	apply();
}


/* The first rounds get what is got once, such as the memory of a heap. */
static void end_round(void)
{
	sandbox_fini(&test.sandbox);
	by_heap_trim_own();
	struct by_pd_balance const now = check_balance(&test.env->pd);

	test.round++;
	if (test.round > WARM) {
		CHECK_EQ(now.ram_quota, test.before.ram_quota);
		CHECK_EQ(now.ram_used, test.before.ram_used);
		CHECK_EQ(now.caps_quota, test.before.caps_quota);
		CHECK_EQ(now.caps_used, test.before.caps_used);
	}
	test.before = now;
}


static void go_on(struct by_timeout *timeout)
{
	(void)timeout;
	if (test.changes < (test.round + 1) * CHANGES) {
		test.version[test.changes++ % CHANGES]++;
		apply();
		return;
	}
	end_round();
	if (test.round < ROUNDS) {
		begin_round();
		return;
	}
	by_log("%u changes", test.changes);
	check_finish(test.env, "uplink");
}


void component_main(struct by_env *env)
{
	static struct by_progress_ops const ops = { .report = report };

	test.env      = env;
	test.progress = (struct by_service){
		.size = sizeof(struct progress_session), .open = progress_open,
	};
	by_progress_local(env, &test.progress, &ops);
	by_timeout_init(&test.next, env->endpoint, go_on);
	begin_round();
}
