/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bomb: creates itself twice out of all it has, and so on, until quotas are too small; what is
 * left then is spent, and the first of them is told. As soon as it knows of some it ends them
 * all, several times, and must have everything back each time.
 */
struct told_session;
#define BY_PROBE_SELF struct told_session

#include <by/attached.h>
#include <by/component_heap.h>
#include <by/session/probe.h>
#include <by/session/probe_server.h>
#include <by/string.h>
#include <check.h>
#include <sandbox.h>

enum {
	ROUNDS     = 4,
	ENOUGH     = 4,          /* that have spent all, for the end of a round */
	OWN_RAM    = 768 << 10,  /* that a bomb keeps for itself, with what its children cost it */
	OWN_CAPS   = 120,
	LEAST_RAM  = 768 << 10,  /* that a child is worth creating with */
	LEAST_CAPS = 120,
};

static struct sandbox    sandbox;
static struct by_timeout timeout;
static unsigned          round_number, told;
static bool              up;
static struct { uint64_t ram, caps; } before;


static uint64_t half_above(uint64_t amount, uint64_t own)
{
	return amount > own ? (amount - own) / 2 : 0;
}


static void write_rule(struct by_hid_writer *writer, char const *type, char const *sub)
{
	by_hid_write_begin(writer, type);
	by_hid_write_begin(writer, sub);
	by_hid_write_end(writer);
	by_hid_write_end(writer);
}


static void write_names(struct by_hid_writer *writer, char const *const *names)
{
	for (; *names; names++) {
		by_hid_write_begin(writer, "service");
		by_hid_write_attr(writer, "name", *names);
		by_hid_write_end(writer);
	}
}


static void write_child(struct by_hid_writer *writer, char const *name, uint64_t ram,
                        uint64_t caps)
{
	by_hid_write_begin(writer, "start");
	by_hid_write_attr(writer, "name", name);
	by_hid_write_attr(writer, "binary", "bomb");
	by_hid_write_u64(writer, "ram", ram);
	by_hid_write_u64(writer, "caps", caps);
	write_rule(writer, "config", "inner");
	by_hid_write_end(writer);
}


/* Have two children with half of what is free each, or none. */
static bool explode(void)
{
	static char const *const services[] = { "ROM", "PD", "CPU", "LOG", "Probe", NULL };

	struct by_pd_balance const own  = check_balance(&sandbox.env->pd);
	uint64_t const             ram  = half_above(own.ram_quota - own.ram_used, OWN_RAM);
	uint64_t const             caps = half_above(own.caps_quota - own.caps_used, OWN_CAPS);
	struct by_hid_writer       writer;
	char                       text[1024];
	size_t                     used = 0;

	if (ram < LEAST_RAM || caps < LEAST_CAPS)
		return false;

	by_hid_write_init(&writer, text, sizeof(text));
	by_hid_write_begin(&writer, "config");
	by_hid_write_begin(&writer, "parent-provides");
	write_names(&writer, services);
	by_hid_write_end(&writer);
	by_hid_write_begin(&writer, "default-route");
	by_hid_write_begin(&writer, "any-service");
	write_rule(&writer, "local", "parent");
	by_hid_write_end(&writer);
	by_hid_write_end(&writer);
	write_child(&writer, "a", ram, caps);
	write_child(&writer, "b", ram, caps);
	by_hid_write_end(&writer);
	CHECK_STATUS(by_hid_write_finish(&writer, &used), BY_OK);
	CHECK_STATUS(sandbox_apply(&sandbox, (struct by_hid_span){ text, used }), BY_OK);

	return true;
}


/* Spend what is left, until nothing can be had any more, but for what telling costs. */
static void spend(void)
{
	struct by_pd *const pd = &sandbox.env->pd;
	by_cap_t            reserve, ds;
	by_status_t         status = by_pd_ram_alloc(pd, 64 << 10, BY_PD_CACHE_CACHED, 12, 0,
	                                             &reserve);

	CHECK_STATUS(status, BY_OK);
	while (status == BY_OK)
		status = by_pd_ram_alloc(pd, 64 << 10, BY_PD_CACHE_CACHED, 12, 0, &ds);
	while ((status = by_pd_ram_alloc(pd, 4096, BY_PD_CACHE_CACHED, 12, 0, &ds))
	       == BY_OK)
		continue;
	by_log("spent all: %s", by_status_name(status));
	CHECK_STATUS(by_pd_ram_free(pd, reserve), BY_OK);
}


static void tell(void)
{
	struct by_probe session;

	CHECK_STATUS(by_probe_open(sandbox.env, "spent", &session), BY_DENIED);
}


static void implode(void)
{
	static char const nothing[] = "config\n-\n";

	CHECK_STATUS(sandbox_apply(&sandbox, (struct by_hid_span){ nothing, sizeof(nothing) - 1 }),
	             BY_OK);
}


static void look(void)
{
	by_heap_trim_own();

	struct by_pd_balance const own  = check_balance(&sandbox.env->pd);
	uint64_t const             ram  = own.ram_quota - own.ram_used;
	uint64_t const             caps = own.caps_quota - own.caps_used;

	if (round_number > 1) {
		CHECK_EQ(ram, before.ram);
		CHECK_EQ(caps, before.caps);
	}
	before.ram  = ram;
	before.caps = caps;
}


/* The first one's: up and down. */
static void next(struct by_timeout *self)
{
	up = !up;
	if (up) {
		CHECK(explode());
		return;
	}
	implode();
	told = 0;
	round_number++;
	look();
	if (round_number == ROUNDS)
		check_finish(sandbox.env, "bomb");
	CHECK_STATUS(by_timeout_start(self, 1), BY_OK);
}


/* One more has spent all. It may not end inside this call. */
static by_status_t open(struct by_service_session *session,
                        struct by_service_request const *request)
{
	(void)session, (void)request;
	if (++told == ENOUGH)
		CHECK_STATUS(by_timeout_start(&timeout, 1), BY_OK);

	return BY_DENIED;
}


static bool inner(struct by_env *env)
{
	struct by_attached rom;
	struct by_hid_node top, node;

	check_need(env, by_attached_rom_init(env, &rom, "config"), "config");
	struct by_hid_span const text = { rom.base, rom.size };
	bool const result = by_hid_open(text, &top) == BY_OK
	                    && by_hid_first_of(&top, "inner", &node);
	by_attached_fini(env, &rom);

	return result;
}


void component_main(struct by_env *env)
{
	static struct by_probe_ops const ops = { .label = NULL };
	static struct by_service service = { .size = sizeof(struct by_service_session), .open = open };
	static struct by_route const local[] = {
		{ .service = "Probe", .local = &service },
		{ .service = NULL },
	};
	bool const first = !inner(env);

	by_probe_local(env, &service, &ops);
	check_need(env, sandbox_init(&sandbox, env,
	                             &(struct sandbox_args){ .local = first ? local : NULL }),
	           "sandbox");
	if (first) {
		by_timeout_init(&timeout, env->endpoint, next);
		next(&timeout);
	} else if (!explode()) {
		spend();
		tell();
	}
}
