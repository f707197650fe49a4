/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Children: loading, the environment, the parent interface (a host thread plays the
 * child), faults, the end; and that nothing is left over afterwards.
 */
struct server_session;
#define BY_RM_SELF struct server_session

#include "family.h"
#include "support.h"
#include "unit.h"
#include <by/abi.h>
#include <by/attached.h>
#include <by/cap.h>
#include <by/child.h>
#include <by/container.h>
#include <by/kernel.h>
#include <by/session/rm_server.h>
#include <by/slots.h>
#include <by/string.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/env.h"
#include "../lib/thread.h"

UNIT_MAIN("child")

enum { RAM = FAMILY_RAM, CAPS = FAMILY_CAPS, FEE = 1024, FEE_UP = FEE + FAMILY_FEE };

static struct by_child child;


/* A service of the parent: RM sessions with one call. */

struct server_session {
	struct by_service_session session;
	char                      label[161];
};

static unsigned                   sessions_open;
static by_status_t                verdict; /* of opening one */
static struct by_service_session *last_session;


static by_status_t op_create(struct server_session *self, uint64_t size, by_cap_t *map)
{
	(void)self;
	map->slot = BY_SLOT_SPACE;

	return size == 7 ? BY_OK : BY_INVALID;
}


static by_status_t service_open(struct by_service_session *session,
                                struct by_service_request const *request)
{
	struct server_session *server = BY_CONTAINER_OF(session, struct server_session, session);

	(void)!by_strcopy(server->label, sizeof(server->label), request->label);
	last_session = session;
	sessions_open++;

	return verdict;
}


static void service_close(struct by_service_session *session)
{
	(void)session;
	sessions_open--;
}


static struct by_rm_ops const rm_ops = { .create = op_create };
static struct by_service service = {
	.size = sizeof(struct server_session), .open = service_open, .close = service_close,
};


static struct by_route const routes[] = {
	{ .service = "ROM", .last = "text" },
	{ .service = "RM",  .last = "here", .local = &service },
	{ .service = "LOG" },
	{ .service = "PD" },
	{ .service = NULL },
};

static int      exit_code;
static unsigned exits, faults;
static bool     destroy_on_exit;
static struct by_cpu_fault last_fault;


static void exited(struct by_child *who, int code)
{
	exits++;
	exit_code = code;
	if (destroy_on_exit)
		by_child_destroy(who);
}


static void faulted(struct by_child *who, char const *thread, struct by_cpu_fault const *fault)
{
	faults++;
	last_fault = *fault;
	by_child_report(who, thread, fault);
	if (destroy_on_exit)
		by_child_destroy(who);
}


static struct by_child_ops const ops = { .exited = exited, .faulted = faulted };

static struct by_child_args const args = {
	.name = "kid", .binary = &family_binary, .ram = RAM, .caps = CAPS, .routes = routes,
	.ops = &ops,
};


static void begin(void)
{
	exits = faults = 0;
	verdict = BY_OK;
	destroy_on_exit = false;
	family_begin();
	by_rm_local(&by_the_env, &service, &rm_ops);
}


static bool balanced(void)
{
	return family_balanced() && sessions_open == 0;
}


/*
 * Creation
 */

static struct fake_attachment const *attached_at(uint64_t at)
{
	for (unsigned i = 0; i < fake.pd[1].attachments; i++)
		if (fake.pd[1].attached[i].at == at)
			return &fake.pd[1].attached[i];

	return NULL;
}


TEST(program_is_loaded)
{
	struct fake_attachment const *a;
	size_t size;

	begin();
	CHECK_EQ(by_child_create(&by_the_env, &child, &args), BY_OK);
	CHECK_EQ(child.entry, IMAGE_ENTRY);

	a = attached_at(0x400000); /* code: the file itself */
	CHECK(a && a->offset == 0 && a->size == 0x1000);
	CHECK_EQ(a->flags, BY_ATTACH_AT | BY_ATTACH_EXEC);
	a = attached_at(0x401000); /* constants */
	CHECK(a && a->offset == 0x1000 && a->flags == BY_ATTACH_AT);
	a = attached_at(0x403000); /* data, with zeros behind */
	CHECK(a && a->size == 0x6000 && a->flags == (BY_ATTACH_AT | BY_ATTACH_WRITE));
	unsigned char const *data = fake_memory(a->ds, &size);
	CHECK_EQ(size, 0x6000);
	CHECK_EQ(data[7], 0);
	for (unsigned i = 0; i < 0x100; i++)
		CHECK_EQ(data[8 + i], (unsigned char)(i + 1));
	for (unsigned i = 0x108; i < size; i++)
		CHECK_EQ(data[i], 0);
	a = attached_at(BY_STACK_AREA + BY_STACK_SLOT - 2 * 4096 - BY_CHILD_STACK);
	CHECK(a && a->size == BY_CHILD_STACK && a->flags == (BY_ATTACH_AT | BY_ATTACH_WRITE));
	CHECK_EQ(fake.pd[1].attachments, 4);
	by_child_destroy(&child);
	CHECK(balanced());
	family_finish();
}


TEST(environment_is_installed)
{
	begin();
	CHECK_EQ(by_child_create(&by_the_env, &child, &args), BY_OK);
	CHECK_EQ(fake_object(1, (by_cap_t){ BY_SLOT_PARENT }),
	         fake_object(0, child.parent.target.cap));
	CHECK_EQ(fake_object(1, (by_cap_t){ BY_SLOT_PD }), fake_object(0, child.pd.session.cap));
	CHECK_EQ(fake_object(1, (by_cap_t){ BY_SLOT_CPU }), fake_object(0, child.cpu.session.cap));
	CHECK_EQ(fake_object(1, (by_cap_t){ BY_SLOT_LOG }), fake_object(0, child.log.session.cap));
	CHECK_EQ(fake_object(1, (by_cap_t){ BY_SLOT_SPACE }), fake.pd[1].space);
	CHECK_EQ(fake_object(1, (by_cap_t){ BY_SLOT_THREAD }), fake_object(0, child.thread));
	CHECK_EQ(fake.pd[1].ram_quota, RAM);
	CHECK_EQ(fake.pd[1].caps_quota, CAPS);
	CHECK_EQ(fake.pd[1].reference, 0);
	CHECK(family_parent_quota() - fake.pd[0].ram_quota < RAM + (64 << 10));
	CHECK_EQ(by_child_start(&child), BY_OK);
	by_child_destroy(&child);
	CHECK(balanced());
	family_finish();
}


/* Who creates a driver must be allowed what the driver is. */
TEST(dma_is_granted_by_who_has_it)
{
	begin();
	struct by_child_args wanted = args;

	CHECK_EQ(by_child_create(&by_the_env, &child, &wanted), BY_OK);
	CHECK(!fake.pd[1].dma);
	by_child_destroy(&child);
	wanted.dma = true;
	CHECK_EQ(by_child_create(&by_the_env, &child, &wanted), BY_DENIED);
	CHECK(balanced());
	fake.pd[0].dma = true;
	CHECK_EQ(by_child_create(&by_the_env, &child, &wanted), BY_OK);
	CHECK(fake.pd[1].dma);
	by_child_destroy(&child);
	CHECK(balanced());
	family_finish();
}


TEST(every_refusal_leaves_nothing)
{
	begin();
	for (unsigned i = 1; ; i++) {
		fake.fail_at = i;
		by_status_t const status = by_child_create(&by_the_env, &child, &args);
		fake.fail_at = 0;
		if (status == BY_OK)
			break;
		CHECK(i < 200);
		CHECK(balanced());
	}
	by_child_destroy(&child);
	CHECK(balanced());
	family_finish();
}


static by_status_t try_args(struct by_child_args const *other)
{
	return by_child_create(&by_the_env, &child, other);
}


TEST(bad_arguments_are_refused)
{
	struct by_child_args other = args;

	begin();
	other.name = "a name that is longer than thirty-two bytes";
	CHECK_EQ(try_args(&other), BY_INVALID);
	other = args;
	other.ram = 64 << 10; /* not enough to load the program */
	CHECK(try_args(&other) != BY_OK);
	other = args;
	other.ram = 1 << 30;
	CHECK_EQ(try_args(&other), BY_OUT_OF_RAM);
	other = args;
	other.stack_size = BY_STACK_MAX + 1;
	CHECK_EQ(try_args(&other), BY_INVALID);
	CHECK(balanced());
	family_finish();
}


TEST(bad_binaries_are_refused)
{
	begin();
	unsigned char *const bytes = family_binary.base;

	bytes[0] = 'X';
	CHECK_EQ(try_args(&args), BY_MALFORMED);
	memcpy(bytes, family_image.bytes, sizeof(family_image.bytes));
	image_segment(&family_image, 0, 1, 7, 0x400000, 0, 0x800, 0x800, 0x1000);
	memcpy(bytes, family_image.bytes, sizeof(family_image.bytes));
	CHECK_EQ(try_args(&args), BY_DENIED); /* writeable and executable */
	image_segment(&family_image, 0, 1, 5, 0x400000, 0, 0x800, 0x2800, 0x1000);
	image_segment(&family_image, 1, 1, 4, 0x404000, 0x1000, 0x234, 0x234, 0x1000);
	image_segment(&family_image, 2, 1, 6, 0x408008, 0x2008, 0x100, 0x5000, 0x1000);
	image_put(&family_image, 0, E_PHNUM, 3);
	memcpy(bytes, family_image.bytes, sizeof(family_image.bytes));
	CHECK_EQ(try_args(&args), BY_OK); /* code with zeros behind: a copy */
	struct fake_attachment const *a = attached_at(0x400000);
	CHECK(a && a->size == 0x3000 && a->flags == (BY_ATTACH_AT | BY_ATTACH_EXEC));
	by_child_destroy(&child);
	image_make(&family_image, true);
	memcpy(bytes, family_image.bytes, sizeof(family_image.bytes));
	CHECK_EQ(try_args(&args), BY_NOT_SUPPORTED); /* wants an interpreter */
	CHECK(balanced());
	family_finish();
}


/*
 * The parent interface, called by the child
 */

static by_status_t results[16];
static by_cap_t    gates[4];


/* A request of the child for a session. */
static by_status_t ask(uint32_t id, char const *service_name, char const *label, uint64_t ram,
                       by_cap_t *gate)
{
	struct by_parent parent = { { BY_SLOT_PARENT } };

	return by_parent_session(&parent, id, service_name, label, ram, 3, "args", 4, gate);
}


static void ask_for_sessions(void *arg)
{
	struct by_parent parent = { { BY_SLOT_PARENT } };
	by_cap_t gate;

	(void)arg;
	results[0] = ask(1, "ROM", "a -> text", 8192, &gates[0]);
	results[1] = ask(1, "ROM", "text", 8192, &gate);      /* the id is taken */
	results[2] = ask(2, "ROM", "other", 8192, &gate);     /* no route */
	results[3] = ask(3, "CPU", "", 8192, &gate);          /* no route */
	results[4] = ask(4, "LOG", "bad\nlabel", 8192, &gate);
	results[5] = ask(5, "LOG", "", (uint64_t)1 << 40, &gate);
	results[6] = ask(6, "RM", "here", 8192, &gates[1]);
	results[7] = by_parent_close(&parent, 77);
	results[8] = by_parent_session_cap(&parent, 77, &gate);
	results[9] = by_parent_upgrade(&parent, 77, 1, 1);
	results[10] = by_parent_session_cap(&parent, 1, &gate);
	results[11] = by_parent_upgrade(&parent, 1, 4096, 1);
	results[12] = by_parent_upgrade(&parent, 1, (uint64_t)1 << 40, 1);

	struct by_rm rm = { .session.cap = gates[1] };
	results[13] = by_rm_create(&rm, 7, &gates[2]);

	/* less than the interface says a session costs; the donation is back */
	results[14] = ask(7, "RM", "here", 8191, &gate);
	results[15] = by_parent_session(&parent, 8, "RM", "here", 8192, 1, NULL, 0, &gate);
	fake_release();
}


TEST(sessions_are_routed)
{
	begin();
	CHECK_EQ(by_child_create(&by_the_env, &child, &args), BY_OK);
	family_run(1, ask_for_sessions, NULL);
	CHECK_EQ(results[0], BY_OK);
	CHECK_EQ(results[1], BY_EXISTS);
	CHECK_EQ(results[2], BY_DENIED);
	CHECK_EQ(results[3], BY_DENIED);
	CHECK_EQ(results[4], BY_INVALID);
	CHECK_EQ(results[5], BY_OUT_OF_RAM);
	CHECK_EQ(results[6], BY_OK);
	CHECK_EQ(results[7], BY_NOT_FOUND);
	CHECK_EQ(results[8], BY_NOT_FOUND);
	CHECK_EQ(results[9], BY_NOT_FOUND);
	CHECK_EQ(results[10], BY_OK);
	CHECK_EQ(results[11], BY_OK);
	CHECK_EQ(results[12], BY_OUT_OF_RAM);
	CHECK_EQ(results[13], BY_OK);
	CHECK_EQ(results[14], BY_OUT_OF_RAM);
	CHECK_EQ(results[15], BY_OUT_OF_CAPS);
	CHECK_EQ(fake_object(1, gates[2]), fake.pd[0].space);
	CHECK_STR(fake.session.label, "kid -> a -> text");
	CHECK_EQ(fake.session.args_len, 4);
	CHECK_EQ(sessions_open, 1);

	/* what was donated is the child's loss: 8 + 4 K to the ROM, 8 K to us; and our fee */
	CHECK_EQ(fake.pd[1].ram_quota, RAM - (20 << 10) - FEE_UP - FEE);
	by_child_destroy(&child);
	CHECK(balanced());
	family_finish();
}


static void open_and_close(void *arg)
{
	struct by_parent parent = { { BY_SLOT_PARENT } };

	(void)arg;
	for (unsigned i = 0; i < 4; i++) {
		results[i] = ask(i, i % 2 ? "RM" : "ROM", i % 2 ? "here" : "text", 8192, &gates[i]);
		if (results[i] == BY_OK)
			results[i + 4] = by_parent_close(&parent, i);
	}
	fake_release();
}


TEST(closing_gives_the_donation_back)
{
	begin();
	CHECK_EQ(by_child_create(&by_the_env, &child, &args), BY_OK);
	family_run(1, open_and_close, NULL);
	for (unsigned i = 0; i < 8; i++)
		CHECK_EQ(results[i], BY_OK);
	CHECK_EQ(fake.pd[1].ram_quota, RAM);
	CHECK_EQ(fake.pd[1].caps_quota, CAPS);
	CHECK_EQ(sessions_open, 0);
	CHECK(by_tree_empty(&child.sessions) && by_list_empty(&child.records));
	by_child_destroy(&child);
	CHECK(balanced());
	family_finish();
}


/* CPU sessions of a child: none is more important than its parent lets through. */

static void ask_for_cpu(void *arg)
{
	struct by_parent parent  = { { BY_SLOT_PARENT } };
	uint32_t const   args_of[] = { *(uint32_t *)arg, 16, 0 };
	by_cap_t         gate;

	results[0] = by_parent_session(&parent, 1, "CPU", "", 16384, 4, args_of, sizeof(args_of),
	                               &gate);
	results[1] = by_parent_session(&parent, 2, "CPU", "", 16384, 4, args_of, 5, &gate);
	if (results[0] == BY_OK)
		results[2] = by_parent_close(&parent, 1);
	fake_release();
}


static uint32_t priority_got(uint32_t priority)
{
	family_run(1, ask_for_cpu, &priority);
	memcpy(&priority, fake.session.args, sizeof(priority));

	return results[0] == BY_OK && results[1] == BY_INVALID ? priority : UINT32_MAX;
}


TEST(time_is_as_important_as_the_parent_allows)
{
	static struct by_route const to_cpu[] = { { .service = "CPU" }, { .service = NULL } };
	struct by_child_args         other    = args;

	begin();
	other.routes   = to_cpu;
	other.priority = 7;
	CHECK_EQ(by_child_create(&by_the_env, &child, &other), BY_OK);
	CHECK_EQ(priority_got(6), 6);
	CHECK_EQ(priority_got(7), 7);
	CHECK_EQ(priority_got(8), 7);
	CHECK_EQ(priority_got(UINT32_MAX), 7);
	by_child_destroy(&child);
	other.highest = 9;
	CHECK_EQ(by_child_create(&by_the_env, &child, &other), BY_OK);
	CHECK_EQ(priority_got(9), 9);
	CHECK_EQ(priority_got(10), 9);
	CHECK_EQ(fake.pd[1].ram_quota, RAM);
	by_child_destroy(&child);
	CHECK(balanced());
	family_finish();
}


/* Our own parent answers late: the child gets 'pending', a signal, and asks again. */

static void ask_early(void *arg)
{
	(void)arg;
	results[0] = ask(1, "ROM", "text", 8192, &gates[0]);
	results[1] = ask(2, "ROM", "text", 8192, &gates[0]);
	fake_release();
}


static void ask_late(void *arg)
{
	struct by_parent parent = { { BY_SLOT_PARENT } };

	(void)arg;
	results[2] = by_parent_session_cap(&parent, 1, &gates[0]);
	results[3] = by_parent_close(&parent, 1);
	results[4] = by_parent_session_cap(&parent, 1, &gates[0]);
	fake_release();
}


static void ask_late_too(void *arg)
{
	struct by_parent parent = { { BY_SLOT_PARENT } };

	(void)arg;
	results[2] = by_parent_session_cap(&parent, 2, &gates[0]);
	fake_release();
}


TEST(late_answers_reach_the_child)
{
	begin();
	CHECK_EQ(by_child_create(&by_the_env, &child, &args), BY_OK);
	fake.pending = true;
	family_run(1, ask_early, NULL);
	CHECK_EQ(results[0], BY_PENDING);
	family_run(1, ask_late, NULL);
	CHECK_EQ(results[2], BY_PENDING);
	CHECK_EQ(results[3], BY_OK); /* given up */
	CHECK_EQ(results[4], BY_NOT_FOUND);
	family_run(1, ask_early, NULL);
	CHECK_EQ(results[1], BY_EXISTS);
	fake_answer(BY_OK);
	family_run(1, ask_late, NULL);
	CHECK_EQ(results[2], BY_OK);
	CHECK_EQ(results[3], BY_OK);
	by_child_destroy(&child);
	CHECK_EQ(fake.pd[0].ram_quota, family_parent_quota());
	family_finish();
}


TEST(late_refusals_reach_the_child)
{
	begin();
	CHECK_EQ(by_child_create(&by_the_env, &child, &args), BY_OK);
	for (unsigned i = 0; i < 3; i++) {
		fake.pending = true;
		family_run(1, ask_early, NULL);
		CHECK_EQ(results[0], BY_PENDING);
		CHECK_EQ(results[1], BY_PENDING);
		fake_answer(BY_LIMIT);
		fake_serve();
		family_run(1, ask_late, NULL);
		CHECK_EQ(results[2], BY_LIMIT);
		CHECK_EQ(results[3], BY_NOT_FOUND);
		family_run(1, ask_late_too, NULL);
		CHECK_EQ(results[2], BY_LIMIT);
		CHECK_EQ(fake.pd[1].ram_quota, RAM);
	}
	by_child_destroy(&child);
	CHECK_EQ(fake.pd[0].ram_quota, family_parent_quota());
	family_finish();
}


/* As a child: open the session 1 at a service, ask for its answer, end it. */

struct wanted { char const *service, *label; };

static struct wanted local = { "RM", "here" }, upper = { "ROM", "text" };

static void open_first(void *arg)
{
	struct wanted const *const wanted = arg;

	results[0] = ask(1, wanted->service, wanted->label, 8192, &gates[0]);
	fake_release();
}


static void ask_again(void *arg)
{
	struct by_parent parent = { { BY_SLOT_PARENT } };

	(void)arg;
	results[1] = by_parent_session_cap(&parent, 1, &gates[0]);
	fake_release();
}


static void finish_first(void *arg)
{
	struct by_parent parent = { { BY_SLOT_PARENT } };

	(void)arg;
	results[1] = by_parent_finish(&parent, 1);
	fake_release();
}


/* A service of ours answers late. */

/* A child whose request has been put off. */
static void begin_late(void)
{
	begin();
	CHECK_EQ(by_child_create(&by_the_env, &child, &args), BY_OK);
	verdict = BY_PENDING;
	family_run(1, open_first, &local);
	CHECK_EQ(results[0], BY_PENDING);
	family_run(1, ask_again, NULL);
	CHECK_EQ(results[1], BY_PENDING);
}


static bool end_late(void)
{
	bool const back = fake.pd[1].ram_quota == RAM && fake.pd[1].caps_quota == CAPS;

	by_child_destroy(&child);
	bool const good = back && balanced();

	family_finish();

	return good;
}


TEST(a_service_can_answer_late)
{
	begin_late();
	by_service_opened(last_session, BY_OK);
	family_run(1, ask_again, NULL);
	CHECK_EQ(results[1], BY_OK);
	CHECK_EQ(fake_object(1, gates[0]), fake_object(0, last_session->gate));
	family_run(1, finish_first, NULL);
	CHECK_EQ(results[1], BY_OK);
	CHECK(end_late());
}


TEST(a_service_can_refuse_late)
{
	begin_late();
	sessions_open--; /* no 'close' for this one */
	by_service_opened(last_session, BY_LIMIT);
	CHECK_EQ(fake.pd[1].ram_quota, RAM - FEE);
	family_run(1, ask_again, NULL);
	CHECK_EQ(results[1], BY_LIMIT);
	CHECK(end_late());
}


TEST(who_waits_can_give_up)
{
	begin_late();
	family_run(1, finish_first, NULL);
	CHECK_EQ(results[1], BY_OK);
	CHECK_EQ(sessions_open, 0);
	CHECK(end_late());
}


TEST(who_waits_can_die)
{
	begin_late();
	by_child_destroy(&child);
	CHECK(balanced());
	family_finish();
}


/* A donation that our own parent has not got back yet is not given back either. */
TEST(donations_come_back_through_all_parents)
{
	begin();
	CHECK_EQ(by_child_create(&by_the_env, &child, &args), BY_OK);
	family_run(1, open_first, &upper);
	CHECK_EQ(results[0], BY_OK);
	fake.unfinished = true;
	family_run(1, finish_first, NULL);
	CHECK_EQ(results[1], BY_PENDING);
	CHECK_EQ(fake.pd[1].ram_quota, RAM - 8192 - FEE_UP);
	family_run(1, finish_first, NULL);
	CHECK_EQ(results[1], BY_PENDING);
	fake.unfinished = false;
	fake_answer(BY_OK);
	fake_serve();
	CHECK_EQ(fake.pd[1].ram_quota, RAM - FEE_UP);
	family_run(1, finish_first, NULL);
	CHECK_EQ(results[1], BY_OK);
	CHECK_EQ(fake.pd[1].ram_quota, RAM);
	by_child_destroy(&child);
	CHECK(balanced());
	family_finish();
}


/* A gate that has died on the way: the child finds out, and closes the session. */
TEST(dead_gates_are_passed_on)
{
	begin();
	CHECK_EQ(by_child_create(&by_the_env, &child, &args), BY_OK);
	fake.dead = true;
	family_run(1, open_first, &upper);
	CHECK_EQ(results[0], BY_OK);
	CHECK(!by_cap_valid(gates[0]));
	fake.unfinished = true; /* its donation comes back when those above know */
	family_run(1, finish_first, NULL);
	CHECK_EQ(results[1], BY_PENDING);
	CHECK_EQ(fake.pd[1].ram_quota, RAM - 8192 - FEE_UP);
	fake.unfinished = false;
	fake_answer(BY_OK);
	fake_serve();
	family_run(1, finish_first, NULL);
	CHECK_EQ(results[1], BY_OK);
	CHECK_EQ(fake.pd[1].ram_quota, RAM);
	by_child_destroy(&child);
	CHECK(balanced());
	family_finish();
}


static void hear(void *arg)
{
	struct by_parent parent = { { BY_SLOT_PARENT } };
	uint32_t         id     = 0;

	(void)arg;
	results[2] = by_parent_answered(&parent, &id);
	results[3] = id == 1 ? BY_OK : BY_NOT_FOUND;
	fake_release();
}


/* What the parent calls a session by, and with it what the child does. */
static void kill_gate(void)
{
	unsigned const object = fake_object(1, gates[0]);

	for (uint32_t slot = 1; slot < FAKE_SLOTS; slot++)
		if (fake_object(0, (by_cap_t){ slot }) == object)
			CHECK_EQ(by_kernel_drop((by_cap_t){ slot }), BY_OK);
}


TEST(the_end_of_a_provider_above_is_passed_on)
{
	begin();
	CHECK_EQ(by_child_create(&by_the_env, &child, &args), BY_OK);
	family_run(1, open_first, &upper);
	fake_answer(BY_OK); /* of something else */
	fake_serve();
	family_run(1, hear, NULL);
	CHECK_EQ(results[2], BY_EMPTY);
	kill_gate();
	for (unsigned i = 0; i < 2; i++) { /* it is told once */
		fake_answer(BY_OK);
		fake_serve();
		family_run(1, hear, NULL);
		CHECK_EQ(results[2], i == 0 ? BY_OK : BY_EMPTY);
		CHECK_EQ(results[3], i == 0 ? BY_OK : BY_NOT_FOUND);
	}
	family_run(1, finish_first, NULL);
	CHECK_EQ(fake.pd[1].ram_quota, RAM);
	by_child_destroy(&child);
	CHECK_EQ(fake.pd[0].ram_quota, family_parent_quota());
	family_finish();
}


/* The child does not live to see it: what comes back is ours. */
TEST(donations_come_back_after_the_child)
{
	begin();
	CHECK_EQ(by_child_create(&by_the_env, &child, &args), BY_OK);
	family_run(1, open_first, &upper);
	fake.unfinished = true;
	by_child_destroy(&child);
	CHECK(fake.pd[0].ram_quota != family_parent_quota());
	fake.unfinished = false;
	fake_answer(BY_OK);
	fake_serve();
	CHECK(balanced());
	family_finish();
}


/*
 * Ends
 */

static void say_exit(void *arg)
{
	struct by_parent parent = { { BY_SLOT_PARENT } };

	(void)arg;
	results[0] = by_parent_exit(&parent, -7);
	fake_release();
}


TEST(exit_is_reported)
{
	begin();
	CHECK_EQ(by_child_create(&by_the_env, &child, &args), BY_OK);
	family_run(1, say_exit, NULL);
	CHECK_EQ(results[0], BY_OK);
	CHECK_EQ(exits, 1);
	CHECK_EQ(exit_code, -7);
	by_child_destroy(&child);
	CHECK(balanced());
	family_finish();
}


static void exit_with_sessions(void *arg)
{
	results[0] = ask(1, "ROM", "text", 8192, &gates[0]);
	results[1] = ask(2, "RM", "here", 8192, &gates[1]);
	say_exit(arg);
}


TEST(child_can_be_destroyed_by_its_own_exit)
{
	begin();
	destroy_on_exit = true;
	CHECK_EQ(by_child_create(&by_the_env, &child, &args), BY_OK);
	family_run(1, exit_with_sessions, NULL);
	CHECK_EQ(exits, 1);
	CHECK(balanced());
	family_finish();
}


TEST(faults_are_reported)
{
	begin();
	CHECK_EQ(by_child_create(&by_the_env, &child, &args), BY_OK);
	fake_fault(1, BY_FAULT_PAGE, 0x10);
	fake_serve();
	CHECK_EQ(faults, 1);
	CHECK_EQ(last_fault.cause, BY_FAULT_PAGE);
	CHECK_EQ(last_fault.address, 0x10);
	CHECK(strstr(fake.log, "child \"kid\", thread \"main\": page fault, writing 0x10, "
	                       "ip 0x1000123") != NULL);
	fake_fault(1, BY_FAULT_ILLEGAL, 0);
	destroy_on_exit = true;
	fake_serve();
	CHECK_EQ(faults, 2);
	CHECK(strstr(fake.log, "\"main\": illegal instruction, ip") != NULL);
	CHECK(balanced());
	family_finish();
}


/* Report a jump to nowhere with the stack pointer there. */
static bool reports(uint64_t sp, char const *text)
{
	memset(fake.log, 0, sizeof(fake.log));
	fake.fault_access = BY_ACCESS_EXEC;
	fake.fault_sp     = sp;
	fake_fault(1, BY_FAULT_PAGE, 0x10);
	fake_serve();

	return strstr(fake.log, text) != NULL;
}


TEST(jumps_to_nowhere_are_reported_with_the_caller)
{
	struct by_child_args called = args;
	struct by_attached   stack;

	begin();
	called.program = "worker";
	CHECK_EQ(by_child_create(&by_the_env, &child, &called), BY_OK);
	CHECK_EQ(by_attached_ds_init(&by_the_env, &stack, child.stack, BY_ATTACH_WRITE), BY_OK);
	((by_word_t *)stack.base)[0]                                 = 0x1000400;
	((by_word_t *)stack.base)[stack.size / sizeof(by_word_t) - 1] = 0x1000500;
	by_attached_fini(&by_the_env, &stack);

	uint64_t const top = by_stack_top(0), low = top - BY_CHILD_STACK;

	CHECK(reports(low, "child \"kid\" (worker), thread \"main\": page fault, executing 0x10, "
	                   "ip 0x1000123, called from 0x1000400, sp"));
	CHECK(reports(top - sizeof(by_word_t), "called from 0x1000500, sp"));
	CHECK(reports(low - 1, "ip 0x1000123, sp"));
	CHECK(reports(top - sizeof(by_word_t) + 1, "ip 0x1000123, sp"));
	CHECK(reports(0, "ip 0x1000123, sp"));
	CHECK(reports(UINT64_MAX, "ip 0x1000123, sp"));
	by_child_destroy(&child);
	CHECK(balanced());
	family_finish();
}


TEST(fault_names)
{
	CHECK_STR(by_fault_name(BY_FAULT_PAGE), "page fault");
	CHECK_STR(by_fault_name(BY_FAULT_MACHINE), "hardware error"); /* the last one */
	CHECK_STR(by_fault_name(0), "?");
	CHECK_STR(by_fault_name(BY_FAULT_MACHINE + 1), "?");
	CHECK_STR(by_fault_name(1000), "?");
}
