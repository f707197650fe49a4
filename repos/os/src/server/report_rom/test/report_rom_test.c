/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report_rom: policies, newest reports, reporters that go, and who pays. The server's main file
 * is part of this one, so that its sessions can be called.
 */
struct rom_session;
#define BY_ROM_SELF struct rom_session
struct report_service_session;
#define BY_REPORT_SELF struct report_service_session

#include <by/session/report_server.h>
#include <by/session/rom_server.h>

#include "../main.c"

#include "fake/fake.h"
#include "unit.h"
#include <by/cap.h>
#include <string.h>

#include "env.h"

UNIT_MAIN("report_rom")

typedef struct by_service_session *session_t;

static char const config_text[] =
	"config\n"
	"+ policy | label: viewer   | report: a -> state\n"
	"+ policy | label_prefix: x | report: b\n"
	"+ policy | label_prefix: y\n"
	"+ polizei\n"
	"-\n";
static unsigned base_objects;
static uint64_t base_ram;


static void begin(char const *text)
{
	fake_init();
	fake.rom[0].name = "config";
	fake.rom[0].data = text;
	fake.rom[0].size = strlen(text);
	memset(&server, 0, sizeof(server));
	component_main(&by_the_env);
	base_objects = fake_live_all();
	base_ram     = fake.pd[0].ram_used;
}


static bool balanced(void)
{
	return fake_live_all() == base_objects && fake.pd[0].ram_used == base_ram;
}


/* The heap keeps the configuration's copy and no page else. */
static void end(void)
{
	by_list_remove(&server.reports.service.announced.node);
	by_list_remove(&server.roms.service.announced.node);
	rom_watch_fini(&server.config.watch);
}


static session_t open_at(struct by_service *service, char const *label, size_t ram)
{
	struct by_service_request const request = { .label = label, .ram = ram, .caps = 4 };
	session_t session = NULL;

	return by_service_open(service, &request, &session) == BY_OK ? session : NULL;
}


/*
 * Calls of a client
 */

static struct by_report_ops const *report_ops(void)
{
	return server.reports.service.ops;
}


static struct report_service_session *report_of(session_t session)
{
	return BY_CONTAINER_OF(session, struct report_service_session, session);
}


static by_status_t room(session_t session, uint64_t size)
{
	return report_ops()->room(report_of(session), size);
}


static by_status_t write(session_t session, uint64_t at, void const *data, size_t size)
{
	return report_ops()->write(report_of(session), at, data, size);
}


static by_status_t submit(session_t session, uint64_t size)
{
	return report_ops()->submit(report_of(session), size);
}


static session_t reporter(char const *label)
{
	session_t const session = open_at(&server.reports.service, label, BY_REPORT_RAM);

	if (!session || room(session, 4096) == BY_OK)
		return session;

	by_service_close(session);

	return NULL;
}


static session_t viewer(char const *label)
{
	return open_at(&server.roms.service, label, BY_ROM_RAM);
}


static by_status_t tell(session_t session, char const *text)
{
	by_status_t const status = write(session, 0, text, strlen(text));

	return status == BY_OK ? submit(session, strlen(text)) : status;
}


static char const *seen(session_t session)
{
	static char              text[64];
	struct by_rom_ops const *rom = server.roms.service.ops;
	by_cap_t                 ds;
	uint64_t                 size;
	size_t                   bytes;

	if (rom->dataspace((struct rom_session *)(void *)session, &ds, &size) != BY_OK)
		return "-";

	memset(text, 0, sizeof(text));
	memcpy(text, fake_memory(fake_object(0, ds), &bytes), (size_t)size);

	return text;
}


TEST(the_newest_report_is_seen)
{
	begin(config_text);
	session_t const rom = viewer("viewer");

	CHECK(rom);
	CHECK_STR(seen(rom), "-");
	session_t const a = reporter("a -> state"), b = reporter("b");

	CHECK_STR(seen(rom), "-");
	CHECK_EQ(tell(a, "one"), BY_OK);
	CHECK_EQ(tell(b, "other"), BY_OK);
	CHECK_STR(seen(rom), "one");
	CHECK_EQ(tell(a, "two"), BY_OK);
	CHECK_STR(seen(rom), "two");
	session_t const again = reporter("a -> state");

	CHECK_EQ(tell(again, "three"), BY_OK);
	CHECK_STR(seen(rom), "three");
	by_service_close(a);
	CHECK_STR(seen(rom), "three");
	by_service_close(again);
	by_service_close(b);
	by_service_close(rom);
	end();
}


TEST(labels_decide)
{
	begin(config_text);
	CHECK(!viewer("nobody"));
	CHECK(!viewer("y"));
	CHECK(strstr(fake.log, "config: node 3, \"policy\": no attribute \"report\""));
	CHECK(strstr(fake.log, "config: node 4, \"polizei\": unknown"));
	session_t const b = reporter("b"), rom = viewer("x -> y");

	CHECK_EQ(tell(b, "other"), BY_OK);
	CHECK_STR(seen(rom), "other");
	by_service_close(b);
	by_service_close(rom);
	end();
}


TEST(new_policies)
{
	static char const other[] =
		"config\n+ default-policy | report: b\n-\n";
	static char const nothing[] = "config\n-\n";

	begin(config_text);
	session_t const a = reporter("a -> state"), b = reporter("b"), rom = viewer("viewer");

	CHECK_EQ(tell(a, "one"), BY_OK);
	CHECK_EQ(tell(b, "two"), BY_OK);
	CHECK_STR(seen(rom), "one");
	fake_rom(0, other, sizeof(other) - 1);
	fake_serve();
	CHECK_STR(seen(rom), "two");
	session_t const late = viewer("whoever");

	CHECK_STR(seen(late), "two");
	fake_rom(0, nothing, sizeof(nothing) - 1);
	fake_serve();
	CHECK_STR(seen(rom), "-");
	CHECK(!viewer("viewer"));
	by_service_close(a);
	by_service_close(b);
	by_service_close(rom);
	by_service_close(late);
	end();
}


TEST(the_last_report_of_the_dead)
{
	begin(config_text);
	session_t const rom = viewer("viewer");
	session_t       a   = reporter("a -> state");

	CHECK_EQ(tell(a, "one"), BY_OK);
	by_service_close(a);
	CHECK_STR(seen(rom), "one");
	by_service_close(rom);
	session_t const late = viewer("viewer");

	CHECK_STR(seen(late), "one");
	a = reporter("a -> state");
	CHECK_STR(seen(late), "one");
	CHECK_EQ(tell(a, "two"), BY_OK);
	CHECK_STR(seen(late), "two");
	by_service_close(a);
	CHECK_STR(seen(late), "two");
	/* without a policy for it, it goes */
	static char const nothing[] = "config\n-\n";

	by_service_close(late);
	fake_rom(0, nothing, sizeof(nothing) - 1);
	fake_serve();
	fake_rom(0, config_text, sizeof(config_text) - 1);
	fake_serve();
	session_t const last = viewer("viewer");

	CHECK_STR(seen(last), "-");
	by_service_close(last);
	end();
}


TEST(reports_nobody_asked_for_do_not_stay)
{
	for (unsigned round = 0; round < 3; round++) {
		if (!round)
			begin(config_text);
		for (unsigned i = 0; i < 50; i++) {
			char label[8];
			snprintf(label, sizeof(label), "c%u", i);
			session_t const a = reporter(label);
			CHECK_EQ(tell(a, "one"), BY_OK);
			by_service_close(a);
		}
		CHECK(balanced());
	}
	end();
}


TEST(they_can_vanish)
{
	begin("config | keep: no\n+ default-policy | report: a\n-\n");
	session_t const rom = viewer("viewer"), a = reporter("a");

	CHECK_EQ(tell(a, "one"), BY_OK);
	CHECK_STR(seen(rom), "one");
	by_service_close(a);
	CHECK_STR(seen(rom), "-");
	by_service_close(rom);
	end();
}


TEST(too_much_to_keep)
{
	begin(config_text);
	modules_init(&by_the_env, 8192); /* instead of half of all: one report */
	session_t const a = reporter("a -> state"), b = reporter("b");
	session_t const viewer_a = viewer("viewer"), viewer_b = viewer("x");

	CHECK_EQ(tell(a, "one"), BY_OK);
	CHECK_EQ(tell(b, "two"), BY_OK);
	by_service_close(a);
	by_service_close(b);
	CHECK_STR(seen(viewer_a), "one");
	CHECK_STR(seen(viewer_b), "-");
	CHECK(strstr(fake.log, "Warning: report \"b\" of 3 bytes vanishes"));
	/* who reports again pays himself, and there is room for another one */
	session_t const again = reporter("a -> state"), other = reporter("b");

	CHECK_EQ(tell(again, "one"), BY_OK);
	CHECK_EQ(tell(other, "four"), BY_OK);
	by_service_close(other);
	CHECK_STR(seen(viewer_b), "four");
	by_service_close(again);
	CHECK_STR(seen(viewer_a), "-");
	by_service_close(viewer_a);
	by_service_close(viewer_b);
	end();
}


TEST(room_is_paid_for)
{
	begin(config_text);
	session_t const session = open_at(&server.reports.service, "a -> state", BY_REPORT_RAM);

	CHECK_EQ(submit(session, 0), BY_INVALID); /* there is none yet */
	CHECK_EQ(write(session, 0, "x", 1), BY_INVALID);
	CHECK_EQ(room(session, 0), BY_INVALID);
	CHECK_EQ(room(session, 4097), BY_OUT_OF_RAM);
	CHECK_EQ(room(session, UINT64_MAX), BY_OUT_OF_RAM);
	CHECK_EQ(room(session, UINT64_MAX / 3), BY_OUT_OF_RAM);
	CHECK_EQ(room(session, 4096), BY_OK);
	CHECK_EQ(submit(session, 4097), BY_INVALID);
	CHECK_EQ(submit(session, UINT64_MAX), BY_INVALID);
	CHECK_EQ(submit(session, 4096), BY_OK);
	by_service_upgrade(session, 3 * 4096, 0);
	CHECK_EQ(room(session, 8192), BY_OK);
	CHECK_EQ(submit(session, 8192), BY_OK);
	CHECK_EQ(submit(session, 0), BY_OK);
	by_service_upgrade(session, 1 << 20, 0);
	CHECK_EQ(room(session, 256 << 10), BY_OK);
	CHECK_EQ(submit(session, 256 << 10), BY_OK);
	by_service_close(session);
	end();
}


TEST(parts)
{
	begin(config_text);
	session_t const session = reporter("a -> state"), rom = viewer("viewer");

	CHECK_EQ(write(session, 4, "other", 5), BY_OK);
	CHECK_EQ(write(session, 0, "some", 4), BY_OK);
	CHECK_EQ(write(session, 4095, "xy", 2), BY_INVALID);
	CHECK_EQ(write(session, 4096, "x", 1), BY_INVALID);
	CHECK_EQ(write(session, 4096, "", 0), BY_OK);
	CHECK_EQ(write(session, UINT64_MAX, "xy", 2), BY_INVALID);
	CHECK_STR(seen(rom), "-");
	CHECK_EQ(submit(session, 9), BY_OK);
	CHECK_EQ(write(session, 0, "none", 4), BY_OK);
	CHECK_STR(seen(rom), "someother"); /* as long as it is not submitted */
	by_service_close(session);
	by_service_close(rom);
	end();
}


/* Each call refused in turn: the old report stays, and nothing is left over. */
TEST(refusals)
{
	begin(config_text);
	session_t const rom = viewer("viewer"), z = reporter("z");

	CHECK_EQ(tell(z, "so that the heap has what it needs"), BY_OK);
	by_service_close(z);
	for (unsigned i = 1; i < 60; i++) {
		unsigned const objects = fake_live_all();

		fake.fail_at = i;
		session_t const a      = reporter("a -> state");
		by_status_t     status = a ? tell(a, "one") : BY_OUT_OF_RAM;
		fake.fail_at = 0;
		CHECK_STR(seen(rom), status == BY_OK ? "one" : "-");
		if (a)
			by_service_close(a);
		if (status == BY_OK) {
			CHECK(i > 3);
			by_service_close(rom);
			end();
			return;
		}
		CHECK_EQ(fake_live_all(), objects);
	}
	CHECK(false);
}
