/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Services: sessions for own children, and what the parent asks of a server.
 */
struct text_session;
#define BY_RM_SELF struct text_session

#include "fake/fake.h"
#include "support.h"
#include "unit.h"
#include <by/cap.h>
#include <by/container.h>
#include <by/env.h>
#include <by/object/parent.h>
#include <by/service.h>
#include <by/session/rm_server.h>
#include <by/slots.h>
#include <string.h>

#include "../lib/env.h"

UNIT_MAIN("service")

struct text_session {
	struct by_service_session session;
	char                      label[32];
	bool                      opened;
};

static struct by_env *const env = &by_the_env;
static unsigned    opened, closed;
static by_status_t verdict;
static struct by_service_session *last;
static uint64_t    base_ram, base_caps;
static unsigned    base_objects;

static by_status_t open(struct by_service_session *session,
                        struct by_service_request const *request)
{
	struct text_session *text = BY_CONTAINER_OF(session, struct text_session, session);

	if (text->opened || text->label[0])
		return BY_EXISTS; /* the memory is not clear */

	strncpy(text->label, request->label, sizeof(text->label) - 1);
	text->opened = true;
	last = session;
	opened += verdict == BY_OK;

	return verdict;
}


static void close(struct by_service_session *session)
{
	CHECK(BY_CONTAINER_OF(session, struct text_session, session)->opened);
	closed++;
}


static by_status_t create(struct text_session *self, uint64_t size, by_cap_t *map)
{
	(void)size;
	*map = self->session.gate;

	return BY_OK;
}


static struct by_rm_ops const ops = { .create = create };
static struct by_service service;


static void begin(void)
{
	fake_init();
	opened = closed = 0;
	verdict   = BY_OK;
	service   = (struct by_service){
		.size = sizeof(struct text_session), .open = open, .close = close,
	};
	base_ram     = fake.pd[0].ram_quota;
	base_caps    = fake.pd[0].caps_used;
	base_objects = fake_live_all();
}


static by_status_t ask(uint64_t ram, uint64_t caps, struct by_service_session **session)
{
	struct by_service_request const request = { .label = "a -> b", .ram = ram, .caps = caps };

	return by_service_open(&service, &request, session);
}


TEST(sessions_for_children)
{
	struct by_service_session *session;
	struct text_session       *text;
	void                      *memory;

	begin();
	by_rm_local(env, &service, &ops);
	CHECK_EQ(ask(by_rm_interface.ram - 1, 100, &session), BY_OUT_OF_RAM);
	CHECK_EQ(ask(1 << 20, by_rm_interface.caps - 1, &session), BY_OUT_OF_CAPS);
	CHECK_EQ(opened, 0);
	CHECK_EQ(ask(20000, 10, &session), BY_OK);
	text = BY_CONTAINER_OF(session, struct text_session, session);
	CHECK_STR(text->label, "a -> b");
	CHECK(by_cap_valid(session->gate));
	CHECK_EQ(session->ram, 20000);

	/* its heap is what the client has paid, without the struct */
	CHECK_EQ(by_alloc(&session->heap.alloc, 18000, &memory), BY_OUT_OF_RAM);
	CHECK_EQ(by_alloc(&session->heap.alloc, 12000, &memory), BY_OK);
	CHECK_EQ(by_alloc(&session->heap.alloc, 6000, &memory), BY_OUT_OF_RAM);
	by_service_upgrade(session, 8192, 2);
	CHECK_EQ(session->ram, 28192);
	CHECK_EQ(session->caps, 12);
	CHECK_EQ(by_alloc(&session->heap.alloc, 6000, &memory), BY_OK);
	by_service_close(session);
	CHECK_EQ(closed, 1);
	CHECK_EQ(fake_live_all(), base_objects);
}


TEST(a_refused_session_leaves_nothing)
{
	struct by_service_session *session;

	begin();
	by_rm_local(env, &service, &ops);
	verdict = BY_LIMIT;
	CHECK_EQ(ask(20000, 10, &session), BY_LIMIT);
	CHECK_EQ(closed, 0);
	verdict = BY_OK;
	for (unsigned i = 1; ; i++) {
		fake.fail_at = i;
		by_status_t const status = ask(20000, 10, &session);
		fake.fail_at = 0;
		if (status == BY_OK)
			break;
		CHECK(i < 50);
		CHECK_EQ(opened, closed);
	}
	by_service_close(session);
	CHECK_EQ(opened, closed);
	CHECK_EQ(fake_live_all(), base_objects);
}


/* Nothing at all need be done for a session. */
TEST(functions_can_be_missing)
{
	struct by_service_session *session;

	begin();
	service.open  = NULL;
	service.close = NULL;
	by_rm_local(env, &service, &ops);
	CHECK_EQ(ask(20000, 10, &session), BY_OK);
	by_service_close(session);
	CHECK_EQ(fake_live_all(), base_objects);
}


static by_status_t open_other(struct by_service_session *session,
                              struct by_service_request const *request)
{
	(void)request;
	session->gate = (by_cap_t){ BY_SLOT_SPACE };

	return BY_OK;
}


TEST(something_else_can_be_handed_out)
{
	struct by_service_session *session;

	begin();
	service.open  = open_other;
	service.close = NULL;
	by_rm_local(env, &service, &ops);
	CHECK_EQ(ask(20000, 10, &session), BY_OK);
	CHECK_EQ(session->gate.slot, BY_SLOT_SPACE);
	CHECK_EQ(fake_live(FAKE_GATE), 0);
	by_service_close(session);
	CHECK_EQ(fake_live_all(), base_objects);
}


/*
 * The parent's requests
 */

static void add(unsigned what, uint32_t id, char const *name, uint64_t ram)
{
	fake.request[fake.requests].what    = what;
	fake.request[fake.requests].id      = id;
	fake.request[fake.requests].ram     = ram;
	fake.request[fake.requests].caps    = 10;
	fake.request[fake.requests].service = name;
	fake.request[fake.requests].label   = "client -> x";
	fake.request[fake.requests].args    = "";
	fake.requests++;
}


/* Let the server do what there is to do. */
static void serve(void)
{
	fake_requests();
	fake_serve();
}


static void provide(void)
{
	begin();
	CHECK_EQ(by_rm_provide(env, &service, &ops), BY_OK);
	base_objects = fake_live_all();
}


static void close_all(void)
{
	for (uint32_t id = 1; opened > closed && id < 20; id++) {
		fake.requests = fake.fetched = 0;
		add(BY_PARENT_WORK_CLOSE, id, NULL, 0);
		serve();
	}
	by_list_remove(&service.announced.node);
}


TEST(requests_are_served)
{
	provide();
	CHECK_STR(fake.provided, "RM ");
	add(BY_PARENT_WORK_OPEN, 5, "RM", 20000);
	serve();
	CHECK_EQ(fake.delivered, 5);
	CHECK_EQ(opened, 1);
	add(BY_PARENT_WORK_UPGRADE, 5, NULL, 4096);
	add(BY_PARENT_WORK_UPGRADE, 6, NULL, 4096); /* nothing of ours */
	serve();
	CHECK_EQ(fake.answers, 1);
	add(BY_PARENT_WORK_CLOSE, 5, NULL, 0);
	serve();
	CHECK_EQ(fake.done, 5);
	CHECK_EQ(closed, 1);
	CHECK_EQ(fake_live_all(), base_objects);
	add(BY_PARENT_WORK_CLOSE, 5, NULL, 0); /* again: there is none, which is done, too */
	fake.done = 0;
	serve();
	CHECK_EQ(fake.done, 5);
	CHECK_EQ(closed, 1);
	close_all();
}


TEST(refusals_are_told)
{
	provide();
	add(BY_PARENT_WORK_OPEN, 1, "Other", 20000);
	serve();
	CHECK_EQ(fake.refused, 1);
	CHECK_EQ(fake.reason, 4); /* BY_DENIED */
	add(BY_PARENT_WORK_OPEN, 2, "RM", 1);
	serve();
	CHECK_EQ(fake.refused, 2);
	CHECK_EQ(fake.reason, 5); /* BY_OUT_OF_RAM */
	verdict = BY_INVALID;
	add(BY_PARENT_WORK_OPEN, 3, "RM", 20000);
	serve();
	CHECK_EQ(fake.refused, 3);
	CHECK_EQ(fake.reason, 2); /* BY_INVALID */
	verdict = BY_OK;
	fake.deliver = BY_NOT_FOUND; /* the parent does not want it any more */
	add(BY_PARENT_WORK_OPEN, 4, "RM", 20000);
	serve();
	CHECK_EQ(opened, 1);
	CHECK_EQ(closed, 1);
	CHECK_EQ(fake_live_all(), base_objects);
	close_all();
}


/*
 * Opening in two steps
 */

/* Have session 'id' at the server, which has not made up its mind. */
static struct by_service_session *begin_opening(uint32_t id)
{
	verdict = BY_PENDING;
	add(BY_PARENT_WORK_OPEN, id, "RM", 20000);
	serve();

	return last;
}


TEST(opening_can_take_its_time)
{
	provide();
	struct by_service_session *const first = begin_opening(1);
	struct by_service_session *const second = begin_opening(2);

	CHECK_EQ(fake.answers, 0);
	CHECK_EQ(fake_live(FAKE_GATE), 0);
	verdict = BY_OK; /* others are not kept waiting */
	add(BY_PARENT_WORK_OPEN, 3, "RM", 20000);
	serve();
	CHECK_EQ(fake.delivered, 3);
	by_service_opened(second, BY_OK);
	CHECK_EQ(fake.delivered, 2);
	CHECK(by_cap_valid(second->gate));
	by_service_opened(first, BY_LIMIT);
	CHECK_EQ(fake.refused, 1);
	CHECK_EQ(fake.reason, 12);
	CHECK_EQ(fake.answers, 3);
	CHECK_EQ(closed, 0);
	opened++;
	close_all();
	CHECK_EQ(closed, 2);
	CHECK_EQ(fake_live(FAKE_GATE), 0);
}


TEST(what_is_pending_can_be_closed)
{
	provide();
	begin_opening(1);
	add(BY_PARENT_WORK_CLOSE, 1, NULL, 0);
	serve();
	CHECK_EQ(closed, 1); /* what 'open' has begun */
	CHECK_EQ(fake.done, 1);
	CHECK_EQ(fake.answers, 1);
	CHECK_EQ(fake_live(FAKE_GATE), 0);
	close_all();
}


TEST(what_is_late_may_not_be_wanted)
{
	provide();
	struct by_service_session *session = begin_opening(1);

	fake.deliver = BY_NOT_FOUND;
	by_service_opened(session, BY_OK);
	CHECK_EQ(closed, 1);
	CHECK_EQ(fake_live(FAKE_GATE), 0);
	fake.deliver = BY_OK;
	session      = begin_opening(2);
	fake.fail_at = 1; /* its gate cannot be had */
	by_service_opened(session, BY_OK);
	fake.fail_at = 0;
	CHECK_EQ(closed, 2);
	CHECK_EQ(fake_live(FAKE_GATE), 0);
	close_all();
}


static void complete_twice(void *arg)
{
	by_service_opened(arg, BY_OK);
	by_service_opened(arg, BY_OK);
}


TEST(an_answer_is_given_once)
{
	provide();
	CHECK(support_asserts(complete_twice, begin_opening(1)));
	opened++;
	close_all();
}


TEST(a_number_that_is_in_use_is_refused)
{
	provide();
	add(BY_PARENT_WORK_OPEN, 7, "RM", 20000);
	add(BY_PARENT_WORK_OPEN, 7, "RM", 20000);
	serve();
	CHECK_EQ(fake.refused, 7);
	CHECK_EQ(opened, 2);
	CHECK_EQ(closed, 1);
	close_all();
	CHECK_EQ(closed, 2);
	CHECK_EQ(fake_live_all(), base_objects);
}


TEST(many_requests_are_served_in_turns)
{
	for (unsigned round = 0; round < 2; round++) {
		provide();
		for (uint32_t i = 1; i <= 16; i++)
			add(BY_PARENT_WORK_OPEN, i, "RM", 20000);
		serve();
		CHECK_EQ(opened, 16);
		CHECK_EQ(fake.answers, 16);
		close_all();
		/* the heap may keep what it has grown by in the first round */
		CHECK(round == 0 || fake_live_all() == base_objects);
	}
}


TEST(what_the_parent_does_not_want_is_not_provided)
{
	begin();
	fake.provide = BY_DENIED;
	CHECK_EQ(by_rm_provide(env, &service, &ops), BY_DENIED);
	CHECK(!by_list_linked(&service.announced.node));
}
