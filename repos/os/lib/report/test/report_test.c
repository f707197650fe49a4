/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reports: when they are sent, what they cost, and servers that take their time, refuse, or die.
 * The server is an object at an endpoint of its own, and the parent these functions.
 */
struct server;
#define BY_REPORT_SELF struct server

#include "fake/fake.h"
#include "unit.h"
#include <by/cap.h>
#include <by/clock.h>
#include <by/container.h>
#include <by/endpoint.h>
#include <by/session/report_server.h>
#include <report.h>
#include <string.h>

#include "env.h"
#include "session.h"

UNIT_MAIN("report")

enum { MOST = 64 << 10 };

/* What has arrived. */
struct server {
	struct by_object object;
	char             written[MOST], text[MOST];
	size_t           room, size;
	unsigned         reports;
	by_status_t      verdict; /* of calls */
};

static struct server      server;
static struct by_endpoint endpoint;
static struct report      report;
static size_t             donated, rows;
static by_status_t        answer;    /* of the parent */
static unsigned           writes, closed;
static void             (*pending)(struct by_session *session, by_status_t status);


/*
 * The parent
 */

by_status_t by_session_begin(struct by_env *env, struct by_session_args const *args,
                             struct by_session *session,
                             void (*answered)(struct by_session *session, by_status_t status))
{
	(void)env;
	donated  = args->ram;
	pending  = answered;
	*session = (struct by_session){ .cap = server.object.target.cap, .id = 1 };

	return answer;
}


by_status_t by_session_upgrade(struct by_env *env, struct by_session *session, size_t ram,
                               size_t caps, void (*answered)(struct by_session *session,
                                                             by_status_t status))
{
	(void)env, (void)session, (void)caps;
	pending = answered;
	if (answer == BY_OK || answer == BY_PENDING)
		donated += ram;

	return answer;
}


void by_session_close(struct by_env *env, struct by_session *session)
{
	(void)env;
	closed += session->id != 0; /* others than ours are none */
	*session = (struct by_session){ .cap = BY_NO_CAP };
}


void by_session_start(void)
{
}


void by_session_end_of_main(void)
{
}


bool by_rpc_upgrade(by_cap_t gate, by_status_t refusal)
{
	(void)gate, (void)refusal;

	return false;
}


/* What the rest of the runtime wants for ROMs and devices, which there are none of here. */

by_status_t by_session_obtain(struct by_env *env, struct by_session_args const *args,
                              struct by_session *session)
{
	(void)env, (void)args, (void)session;

	return BY_DENIED;
}


by_status_t by_session_donate(struct by_env *env, struct by_session *session, size_t ram,
                              size_t caps)
{
	(void)env, (void)session, (void)ram, (void)caps;

	return BY_DENIED;
}


by_status_t by_session_finish(struct by_env *env, struct by_session *session,
                              void (*answered)(struct by_session *session, by_status_t status))
{
	(void)env, (void)session, (void)answered;

	return BY_DENIED;
}


by_status_t by_session_pass(struct by_env *env, struct by_session_args const *args,
                            struct by_session *session,
                            void (*answered)(struct by_session *session, by_status_t status),
                            void (*lost)(struct by_session *session))
{
	(void)env, (void)args, (void)session, (void)answered, (void)lost;

	return BY_DENIED;
}


by_status_t by_session_listen(struct by_env *env)
{
	(void)env;

	return BY_DENIED;
}


bool by_session_may_wait(struct by_env const *env)
{
	(void)env;

	return false;
}


/*
 * The server
 */

static by_status_t room(struct server *self, uint64_t size)
{
	if (self->verdict != BY_OK)
		return self->verdict;
	if (3 * size + (12 << 10) > donated)
		return BY_OUT_OF_RAM;

	self->room = (size_t)size;

	return BY_OK;
}


static by_status_t op_write(struct server *self, uint64_t at, void const *data, size_t len)
{
	if (at + len > self->room)
		return BY_INVALID;

	memcpy(self->written + at, data, len);

	return BY_OK;
}


static by_status_t submit(struct server *self, uint64_t size)
{
	memcpy(self->text, self->written, (size_t)size);
	self->size = (size_t)size;
	self->reports++;

	return BY_OK;
}


static struct by_report_ops const ops = { .room = room, .write = op_write, .submit = submit };


static void write(struct report *self, struct by_hid_writer *writer)
{
	(void)self;
	writes++;
	by_hid_write_begin(writer, "state");
	by_hid_write_u64(writer, "rows", rows);
	for (size_t i = 0; i < rows; i++) {
		by_hid_write_begin(writer, "row");
		by_hid_write_u64(writer, "number", i);
		by_hid_write_end(writer);
	}
	by_hid_write_end(writer);
}


static bool begin(by_status_t first)
{
	struct by_endpoint_args const args = { .name = "server" };

	fake_init();
	memset(&server, 0, sizeof(server));
	server.verdict = BY_OK;
	writes = closed = 0;
	rows   = 1;
	if (by_endpoint_init(&endpoint, &by_the_env, &args) != BY_OK
	    || by_object_publish(&endpoint, &server.object, &by_report_interface, &ops,
	                         &server) != BY_OK)
		return false;

	answer = first;
	report_begin(&report, &by_the_env, &(struct report_args){
	             .label = "state", .interval_ms = 100, .write = write });

	return true;
}


static void end(void)
{
	report_fini(&report);
	by_object_withdraw(&server.object);
	by_endpoint_fini(&endpoint);
}


/* The parent has an answer to what was asked for last. */
static void tell(by_status_t status)
{
	answer = BY_OK;
	pending(&report.session.session, status);
}


static void pass(unsigned ms)
{
	fake_advance(by_ticks_of_us(ms * 1000ull));
	fake_serve();
}


static bool arrived(size_t count)
{
	static char          text[MOST];
	struct by_hid_writer writer;
	size_t const         present = rows;
	size_t               size    = 0;

	rows = count;
	by_hid_write_init(&writer, text, sizeof(text));
	write(NULL, &writer);
	rows = present;

	return by_hid_write_finish(&writer, &size) == BY_OK && server.size == size
	       && !memcmp(server.text, text, size);
}


TEST(what_changes_is_told_now_and_then)
{
	CHECK(begin(BY_OK));
	report_changed(&report);
	CHECK_EQ(server.reports, 1);
	CHECK(arrived(1));
	rows = 2;
	report_changed(&report);
	rows = 3;
	report_changed(&report);
	CHECK_EQ(server.reports, 1);
	pass(99);
	CHECK_EQ(server.reports, 1);
	pass(1);
	CHECK_EQ(server.reports, 2);
	CHECK(arrived(3)); /* the state of this moment */
	pass(1000);
	CHECK_EQ(server.reports, 2);
	report_changed(&report);
	CHECK_EQ(server.reports, 3);
	end();
	CHECK_EQ(closed, 1);
}


TEST(documents_grow)
{
	CHECK(begin(BY_OK));
	for (rows = 1; rows < 3000; rows *= 3) {
		report_changed(&report);
		CHECK_EQ(report.status, BY_OK);
		CHECK(arrived(rows));
		pass(100);
	}
	CHECK(server.size > 40000);
	CHECK_EQ(donated, (12 << 10) + 3 * server.room);
	rows = 1;
	report_changed(&report);
	CHECK(arrived(1));
	end();
}


/* Session and donation may take their time: nothing waits, and one report comes of it. */
TEST(pending_answers)
{
	CHECK(begin(BY_PENDING));
	report_changed(&report);
	CHECK_EQ(server.reports, 0);
	tell(BY_OK);
	CHECK_EQ(server.reports, 1);
	pass(100);
	rows   = 1000;
	answer = BY_PENDING;
	report_changed(&report);
	report_changed(&report);
	pass(1000);
	CHECK_EQ(report.status, BY_PENDING);
	CHECK_EQ(server.reports, 1);
	size_t const once = donated;

	rows = 1001;
	tell(BY_OK);
	CHECK_EQ(server.reports, 2);
	CHECK(arrived(1001));
	CHECK_EQ(donated, once);
	end();
}


TEST(refusals)
{
	CHECK(begin(BY_DENIED));
	report_changed(&report);
	CHECK_EQ(report.status, BY_DENIED);
	end();
	CHECK(begin(BY_PENDING));
	report_changed(&report);
	tell(BY_DENIED);
	CHECK_EQ(report.status, BY_DENIED);
	CHECK_EQ(writes, 0);
	end();
	CHECK(begin(BY_OK));
	rows   = 1000;
	answer = BY_OUT_OF_RAM; /* no more to donate */
	report_changed(&report);
	CHECK_EQ(report.status, BY_OUT_OF_RAM);
	CHECK_EQ(server.reports, 0);
	pass(100);
	rows = 1; /* which fits */
	report_changed(&report);
	CHECK_EQ(server.reports, 1);
	end();
}


TEST(a_server_that_dies)
{
	CHECK(begin(BY_OK));
	report_changed(&report);
	CHECK_EQ(server.reports, 1);
	pass(100);
	by_object_withdraw(&server.object);
	report_changed(&report);
	CHECK(report.status != BY_OK);
	pass(100);
	report_changed(&report);
	report_fini(&report);
	CHECK_EQ(closed, 1);
	by_endpoint_fini(&endpoint);
}
