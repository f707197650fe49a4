/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a parent knows of its children and what they ask of it: one ward for each role, told
 * by its Care session, and a plan that goes on with each round of heartbeats. A round begins
 * when all who live have answered the one before, so nothing depends on how long it takes.
 */
struct care;
#define BY_CARE_SELF struct care

#include <by/attached.h>
#include <by/child.h>
#include <by/container.h>
#include <by/service.h>
#include <by/session/care_server.h>
#include <by/timeout.h>
#include <check.h>

enum {
	WARDS   = 8, ROUNDS = 6, POLL_US = 2000,
	SMALL   = 512 << 10,
	LARGE   = 1200 << 10, /* for who is to give something back: */
	TAKEN   = 500 << 10,
};

struct care {
	struct by_service_session session;
	struct ward              *ward;
};

struct ward {
	struct by_child   child;
	struct by_service service;  /* one each tells who asks */
	struct by_route   routes[4];
	unsigned          wishes;
	bool              ready;
};

static struct {
	struct by_env       *env;
	struct by_attached   binary;
	struct by_provider   never;  /* without a child */
	struct ward          ward[WARDS];
	struct by_timeout    poll;
	unsigned             rounds;
	uint64_t             rich;   /* quota of who is to give back, before that */
	bool                 warm;
	struct by_pd_balance before;
} test;


static char const *const names[WARDS] = {
	[BY_CARE_ROLE_IDLE] = "idle", [BY_CARE_ROLE_WAITING] = "waiting",
	[BY_CARE_ROLE_ASKING] = "asking", [BY_CARE_ROLE_GROWING] = "growing",
	[BY_CARE_ROLE_YIELDING] = "yielding", [BY_CARE_ROLE_HUNG_MAIN] = "hung_main", [BY_CARE_ROLE_HUNG_HANDLER] = "hung_handler",
	[BY_CARE_ROLE_UNWATCHED] = "unwatched",
};


static bool lives(unsigned who)
{
	return who <= BY_CARE_ROLE_YIELDING;
}


/*
 * What the wards say
 */

static by_status_t open(struct by_service_session *session,
                        struct by_service_request const *request)
{
	(void)request;
	BY_CONTAINER_OF(session, struct care, session)->ward =
		BY_CONTAINER_OF(session->service, struct ward, service);

	return BY_OK;
}


static by_status_t role(struct care *care, enum by_care_role *out)
{
	*out = (enum by_care_role)(care->ward - test.ward);

	return BY_OK;
}


static void ready(struct care *care)
{
	care->ward->ready = true;
}


/*
 * The wards
 */

static void exited(struct by_child *child, int code)
{
	by_error("child \"%s\" exited with value %d", child->name, code);
	FAIL("a ward has exited");
}


/* Who asks gets half of it first, so it has to ask again. */
static void wants(struct by_child *child, uint64_t ram, uint64_t caps)
{
	struct ward *const ward = BY_CONTAINER_OF(child, struct ward, child);

	CHECK(ward == &test.ward[BY_CARE_ROLE_ASKING] || ward == &test.ward[BY_CARE_ROLE_GROWING]);
	CHECK(ram > 0);
	if (ward->wishes++ == 0 && ward == &test.ward[BY_CARE_ROLE_ASKING])
		CHECK_STATUS(by_child_give(child, ram / 2, caps / 2), BY_OK);
	else
		CHECK_STATUS(by_child_give(child, ram, caps), BY_OK);
}


static void start(unsigned who)
{
	static struct by_child_ops const ops = { .exited = exited, .wants = wants };
	struct ward *const ward = &test.ward[who];

	ward->ready     = false;
	ward->wishes    = 0;
	ward->routes[0] = (struct by_route){ .service = "Care", .local = &ward->service };
	ward->routes[1] = (struct by_route){ .service = "Progress", .provider = &test.never };
	ward->routes[2] = (struct by_route){ .service = "CPU" };
	ward->routes[3] = (struct by_route){ .service = NULL };

	struct by_child_args const args = {
		.name = names[who], .binary = &test.binary, .caps = 60,
		.ram = who == BY_CARE_ROLE_YIELDING ? LARGE : SMALL,
		.priority = lives(who) ? 9 : 8, .routes = ward->routes, .ops = &ops,
		.heartbeat = who != BY_CARE_ROLE_UNWATCHED,
	};

	check_need(test.env, by_child_create(test.env, &ward->child, &args), names[who]);
	check_need(test.env, by_child_start(&ward->child), names[who]);
}


static void start_all(void)
{
	test.rounds = 0;
	for (unsigned i = 0; i < WARDS; i++)
		start(i);
}


static void end_all(void)
{
	for (unsigned i = 0; i < WARDS; i++)
		by_child_destroy(&test.ward[i].child);
}


/*
 * The plan
 */

/* Whether all are what they shall be, and who lives has answered. */
static bool settled(void)
{
	for (unsigned i = 0; i < WARDS; i++)
		if (!test.ward[i].ready || (lives(i) && test.ward[i].child.beats))
			return false;

	return !test.ward[BY_CARE_ROLE_YIELDING].child.yield_ram;
}


/* Want something back of a child that has no use for it, and of one that has. */
static void take(void)
{
	struct by_child *const child = &test.ward[BY_CARE_ROLE_YIELDING].child;

	test.rich = check_balance(&child->pd).ram_quota;
	CHECK_STATUS(by_child_take(child, 4096, 1), BY_OK);
	CHECK_STATUS(by_child_take(child, TAKEN, 1), BY_PENDING);
}


static void check_quotas(void)
{
	struct ward *const yielding = &test.ward[BY_CARE_ROLE_YIELDING];

	CHECK_EQ(check_balance(&yielding->child.pd).ram_quota, test.rich - 4096 - TAKEN);
	CHECK_EQ(test.ward[BY_CARE_ROLE_ASKING].wishes, 2);
	CHECK_EQ(test.ward[BY_CARE_ROLE_GROWING].wishes, 1);
}


static void beat(void)
{
	for (unsigned i = 0; i < WARDS; i++) {
		bool const hung = !lives(i) && i != BY_CARE_ROLE_UNWATCHED;

		CHECK_EQ(by_child_heartbeat(&test.ward[i].child), hung ? test.rounds : 0);
	}
	test.rounds++;
}


static void finish(void)
{
	check_unchanged(&test.env->pd, &test.before);
	by_provider_fini(&test.never);
	by_timeout_stop(&test.poll);
	by_attached_fini(test.env, &test.binary);
	check_finish(test.env, "care");
}


static void go_on(struct by_timeout *timeout)
{
	(void)timeout;
	if (!settled())
		return;
	if (test.rounds == ROUNDS / 2)
		take();
	if (test.rounds < ROUNDS) {
		beat();
		return;
	}
	check_quotas();
	end_all();
	if (test.warm)
		finish();

	/* what is allocated once and stays is there after the first time */
	test.warm   = true;
	test.before = check_balance(&test.env->pd);
	start_all();
}


void component_main(struct by_env *env)
{
	static struct by_care_ops const ops = { .role = role, .ready = ready };

	test.env = env;
	by_provider_init(&test.never, NULL);
	for (unsigned i = 0; i < WARDS; i++) {
		test.ward[i].service.size = sizeof(struct care);
		test.ward[i].service.open = open;
		by_care_local(env, &test.ward[i].service, &ops);
	}
	check_need(env, by_attached_rom_init(env, &test.binary, "care_ward"), "care_ward");
	start_all();
	by_timeout_init(&test.poll, env->endpoint, go_on);
	check_need(env, by_timeout_repeat(&test.poll, POLL_US), "timeout");
}
