/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines of several sessions, how many there may be, and what they cannot fake.
 */
struct log_session;
#define BY_LOG_SELF struct log_session

#include "fake/fake.h"
#include "unit.h"
#include <by/clock.h>
#include <by/session/log_server.h>
#include <log_service.h>
#include <string.h>

#include "env.h"

UNIT_MAIN("log_service")

typedef struct by_service_session *session_t;

static struct log_service service;
static char               said[8192];
static unsigned           lines, base_objects;
static size_t             bytes;


static void line(struct log_service *self, char const *label, char const *text, size_t size)
{
	size_t const used = strlen(said);

	(void)self;
	lines++;
	bytes += strlen(label) + size + 4;
	if (used + strlen(label) + size + 5 < sizeof(said))
		snprintf(said + used, sizeof(said) - used, "[%s] %.*s\n", label, (int)size, text);
}


static bool heard(char const *text)
{
	return !strcmp(said, text);
}


static void begin(uint32_t burst, uint32_t rate)
{
	fake_init();
	said[0] = 0;
	lines   = 0;
	bytes   = 0;
	service = (struct log_service){ .line = line, .burst = burst, .rate = rate };
	log_service_local(&by_the_env, &service);
	base_objects = fake_live_all();
}


static session_t open(char const *label)
{
	struct by_service_request const request = { .label = label, .ram = 8192, .caps = 2 };
	session_t session = NULL;

	return by_service_open(&service.service, &request, &session) == BY_OK ? session : NULL;
}


static void say(session_t session, char const *text)
{
	struct by_log_ops const *const ops = service.service.ops;

	(void)!ops->write((struct log_session *)(void *)session, text, strlen(text));
}


TEST(lines_are_put_together)
{
	begin(8192, 4096);
	session_t const a = open("init -> a"), b = open("init -> b");

	say(a, "one ");
	say(b, "other\nnext");
	say(a, "line\n\nand");
	CHECK(heard("[init -> b] other\n[init -> a] one line\n[init -> a] \n"));
	say(b, "\n");
	by_service_close(a);
	by_service_close(b);
	CHECK(heard("[init -> b] other\n[init -> a] one line\n[init -> a] \n"
	            "[init -> b] next\n[init -> a] and\n"));
	CHECK_EQ(fake_live_all(), base_objects);
}


TEST(nobody_can_fake_lines_of_others)
{
	begin(8192, 4096);
	session_t const a = open("a");

	say(a, "x\r[b] y\33[2J\tz\n");
	CHECK(heard("[a] x?[b] y?[2J\tz\n"));
	by_service_close(a);
}


TEST(long_lines_become_several)
{
	char text[2 * LOG_SERVICE_LINE + 2];

	begin(8192, 4096);
	session_t const a = open("a");

	memset(text, 'x', sizeof(text) - 2);
	text[sizeof(text) - 2] = '\n';
	text[sizeof(text) - 1] = 0;
	say(a, text);
	CHECK_EQ(lines, 2);
	CHECK_EQ(bytes, 2 * LOG_SERVICE_LINE + 10);
	by_service_close(a);
	CHECK_EQ(lines, 2);
}


/* "[a] 0123456\n" is 12 bytes. */
TEST(who_writes_too_much_loses_his_own_lines)
{
	begin(120, 12);
	session_t const a = open("a"), b = open("b");

	for (unsigned i = 0; i < 100; i++)
		say(a, "0123456\n");
	CHECK_EQ(lines, 10);
	say(b, "0123456\n");
	CHECK_EQ(lines, 11);
	fake_advance(by_ticks_of_us(999000));
	say(a, "0123456\n");
	CHECK_EQ(lines, 11);
	fake_advance(by_ticks_of_us(1000));
	said[0] = 0;
	say(a, "0123456\n");
	CHECK(heard("[a] (91 lines lost: too many at once)\n[a] 0123456\n"));
	say(a, "0123456\n");
	CHECK_EQ(lines, 13);
	/* after a long time there is one burst, not more */
	fake_advance(by_ticks_of_us(1000000000));
	for (unsigned i = 0; i < 100; i++)
		say(b, "0123456\n");
	CHECK_EQ(lines, 23);
	said[0] = 0;
	by_service_close(a);
	CHECK(heard("[a] (1 lines lost: too many at once)\n"));
	by_service_close(b);
}


/* Asking often does not keep the credit from growing. */
TEST(credit_grows_by_small_steps)
{
	begin(24, 12);
	session_t const a = open("a");

	say(a, "0123456\n0123456\n");
	CHECK_EQ(lines, 2);
	for (unsigned i = 0; i < 1000; i++) {
		fake_advance(by_ticks_of_us(1001));
		if (i < 990)
			say(a, "0123456\n");
	}
	CHECK_EQ(lines, 2);
	say(a, "0123456\n");
	CHECK_EQ(lines, 4);
	by_service_close(a);
}


/* Short lines that are mostly lost, each time with a longer one that says so. */
TEST(what_tells_of_lost_lines_is_paid_for)
{
	enum { BURST = 100, RATE = 50, STEPS = 4000, STEP_US = 10000 };

	begin(BURST, RATE);
	session_t const a = open("a");

	for (unsigned i = 0; i < STEPS; i++) {
		fake_advance(by_ticks_of_us(STEP_US));
		say(a, "\n");
	}
	uint64_t const allowed = BURST + (uint64_t)RATE * STEPS * STEP_US / 1000000;

	CHECK(bytes <= allowed + 64);
	CHECK(bytes >= allowed - 128); /* and nobody is silenced */
	by_service_close(a);
}
