/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Init_loop: hundreds of times children are started and killed, wherever they are at that
 * moment: a server, a client that uses it, and an init with a child of its own. After each
 * ten times the account is what it was, to the byte and the capability; in the last of ten
 * they live until the innermost child has done what it does.
 */
struct done_session;
#define BY_PROBE_SELF struct done_session

#include <by/component_heap.h>
#include <by/session/probe_server.h>
#include <check.h>
#include <sandbox.h>
#include <by/string.h>

enum {
	CYCLES  = 150,
	EVERY   = 10,  /* cycles between two looks at the account */
	STEP    = 211, /* microseconds by which children live longer each time */
	LONGEST = 10000,
};

static char const nothing[] = "config\n-\n";
static char const all[] =
	"config\n"
	"+ parent-provides\n  + service ROM\n  + service PD\n  + service CPU\n  + service LOG\n"
	"+ default-route\n"
	"  + service Probe | label_last: done | + local\n"
	"  + any-service | + child server | + parent\n"
	"+ default | ram: 512K | caps: 80\n"
	"+ start server | binary: probe\n"
	"  + provides | + service Probe\n"
	"  + config | + provide\n"
	"+ start client | binary: probe\n"
	"  + config\n    + ask | keep: yes\n    + ask again\n    + watch\n"
	"+ start inner | binary: init | ram: 2M | caps: 300\n"
	"  + config\n"
	"    + parent-provides\n      + service ROM\n      + service Probe\n"
	"    + default-route | + any-service | + parent\n"
	"    + start leaf | binary: probe | ram: 512K | caps: 80\n"
	"      + config\n        + ask | keep: yes\n        + ask done\n"
	"-\n";

static struct sandbox    sandbox;
static struct by_timeout timeout;
static struct { uint64_t ram, caps; } before;
static unsigned          cycle;
static bool              up;


static void apply(char const *text)
{
	CHECK_STATUS(sandbox_apply(&sandbox, (struct by_hid_span){ text, by_strlen(text) }), BY_OK);
}


/* The first cycles get what is got once, such as the memory of a heap. */
static void look(void)
{
	by_heap_trim_own();

	struct by_pd_balance const now  = check_balance(&sandbox.env->pd);
	uint64_t const             ram  = now.ram_quota - now.ram_used;
	uint64_t const             caps = now.caps_quota - now.caps_used;

	if (cycle > EVERY) {
		CHECK_EQ(ram, before.ram);
		CHECK_EQ(caps, before.caps);
	}
	before.ram  = ram;
	before.caps = caps;
}


static void next_in(unsigned us)
{
	CHECK_STATUS(by_timeout_start(&timeout, us), BY_OK);
}


static void next(struct by_timeout *self)
{
	(void)self;
	up = !up;
	apply(up ? all : nothing);
	if (!up && ++cycle % EVERY == 0)
		look();
	if (cycle == CYCLES)
		check_finish(sandbox.env, "init_loop");
	if (!up || cycle % EVERY != EVERY - 1)
		next_in(up ? 1 + cycle * STEP % LONGEST : 1);
}


/* The innermost child is done. It may not end inside this call. */
static by_status_t open(struct by_service_session *session,
                        struct by_service_request const *request)
{
	(void)session, (void)request;
	if (cycle % EVERY == EVERY - 1)
		next_in(1);

	return BY_DENIED;
}


void component_main(struct by_env *env)
{
	static struct by_probe_ops const ops = { .label = NULL };
	static struct by_service done = { .size = sizeof(struct by_service_session), .open = open };
	static struct by_route const local[] = {
		{ .service = "Probe", .local = &done },
		{ .service = NULL },
	};

	by_probe_local(env, &done, &ops);
	check_need(env, sandbox_init(&sandbox, env, &(struct sandbox_args){ .local = local }),
	           "sandbox");
	by_timeout_init(&timeout, env->endpoint, next);
	next(&timeout);
}
