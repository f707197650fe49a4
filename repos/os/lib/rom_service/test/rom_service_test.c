/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ROMs that change: who sees what, who is told, who pays, and what is left.
 */
struct rom_session;
#define BY_ROM_SELF struct rom_session

#include "fake/fake.h"
#include "unit.h"
#include <by/cap.h>
#include <by/container.h>
#include <by/env.h>
#include <by/session/rom_server.h>
#include <rom_service.h>
#include <string.h>

#include "env.h"

UNIT_MAIN("rom_service")

enum { RAM = 8 << 10, CAPS = 3 };

static struct by_env *const env = &by_the_env;
static struct rom_source    source, other;
static struct rom_service   service;
static struct fake_amounts base;
static unsigned             told;
static struct by_signal_handler handler;

typedef struct by_service_session *session_t;


static void count(struct by_signal_handler *self, unsigned times)
{
	(void)self;
	told += times;
}


/* Labels that begin with "o" stand for another source; "none" for nothing. */
static bool swapped;

static by_status_t find(struct rom_service *self, char const *label, struct rom_source **out)
{
	(void)self;
	if (!strcmp(label, "none"))
		return BY_DENIED;

	*out = (label[0] == 'o') != swapped ? &other : &source;

	return BY_OK;
}


static void begin(void)
{
	fake_init();
	told    = 0;
	swapped = false;
	service = (struct rom_service){ .find = find };
	rom_source_init(&source, env);
	rom_source_init(&other, env);
	rom_service_local(env, &service);
	CHECK_EQ(by_signal_handler_init(&handler, env->endpoint, BY_SIGNAL_APPLICATION, count),
	         BY_OK);
	base = fake_amounts();
}


static bool balanced(void)
{
	return fake_has(&base) && by_list_empty(&service.sessions);
}


static session_t open(char const *label, size_t ram)
{
	struct by_service_request const request = { .label = label, .ram = ram, .caps = CAPS };
	session_t session = NULL;

	return by_service_open(&service.service, &request, &session) == BY_OK ? session : NULL;
}


/* What clients call. */

static struct by_rom_ops const *ops(void)
{
	return service.service.ops;
}


static struct rom_session *self(session_t session)
{
	return (struct rom_session *)(void *)session; /* as the dispatcher does */
}


static by_status_t look(session_t session, by_cap_t *ds, uint64_t *size)
{
	return ops()->dataspace(self(session), ds, size);
}


static by_status_t update(session_t session)
{
	uint64_t size;

	return ops()->update(self(session), &size);
}


/* Another capability of the signal, as a message brings it. */
static struct by_cap_arg signal_arg(void)
{
	struct by_cap_arg arg = { .kind = BY_CAP_FOREIGN };

	if (by_slot_alloc(&arg.cap) == BY_OK)
		fake.pd[0].slot[arg.cap.slot] = (uint16_t)fake_object(0, handler.target.cap);

	return arg;
}


static by_status_t watch(session_t session)
{
	struct by_cap_arg arg = signal_arg();

	return ops()->sigh(self(session), &arg);
}


static unsigned times_told(void)
{
	told = 0;
	fake_serve();

	return told;
}


static bool holds(by_cap_t ds, uint64_t size, char const *text)
{
	size_t      bytes;
	void const *memory = fake_memory(fake_object(0, ds), &bytes);

	return size == strlen(text) && bytes >= size && !memcmp(memory, text, size)
	       && fake_sealed(fake_object(0, ds));
}


static bool sees(session_t session, char const *text)
{
	by_cap_t ds;
	uint64_t size;

	return look(session, &ds, &size) == BY_OK && holds(ds, size, text);
}


static by_status_t set(struct rom_source *of, char const *text)
{
	return rom_source_set(of, text, strlen(text));
}


TEST(the_present_content_is_seen)
{
	begin();
	session_t const session = open("a", RAM);

	CHECK(session);
	CHECK_EQ(set(&source, "one"), BY_OK);
	CHECK(sees(session, "one"));
	CHECK_EQ(update(session), BY_OK);
	CHECK_EQ(rom_source_content(&source).size, 3);
	by_service_close(session);
	rom_source_fini(&source);
	CHECK(balanced());
}


TEST(without_content_nothing_is_found)
{
	by_cap_t ds;
	uint64_t size;

	begin();
	session_t const session = open("a", RAM);

	CHECK_EQ(update(session), BY_NOT_FOUND);
	CHECK_EQ(look(session, &ds, &size), BY_NOT_FOUND);
	CHECK_EQ(rom_source_content(&source).size, 0);
	CHECK_EQ(set(&source, "one"), BY_OK);
	CHECK(sees(session, "one"));
	rom_source_clear(&source);
	CHECK_EQ(update(session), BY_NOT_FOUND);
	CHECK_EQ(look(session, &ds, &size), BY_NOT_FOUND);
	by_service_close(session);
	CHECK(balanced());
}


TEST(empty_content_is_some)
{
	begin();
	session_t const session = open("a", RAM);

	CHECK_EQ(set(&source, ""), BY_OK);
	CHECK(sees(session, ""));
	CHECK_EQ(watch(session), BY_OK);
	CHECK_EQ(set(&source, ""), BY_OK);
	CHECK_EQ(times_told(), 0);
	by_service_close(session);
	rom_source_fini(&source);
	CHECK(balanced());
}


TEST(what_was_seen_stays_until_the_client_asks)
{
	by_cap_t old;
	uint64_t size;

	begin();
	session_t const a = open("a", RAM), b = open("b", RAM);

	CHECK_EQ(set(&source, "one"), BY_OK);
	CHECK_EQ(look(a, &old, &size), BY_OK);
	CHECK(sees(b, "one"));
	CHECK_EQ(set(&source, "two"), BY_OK);
	CHECK_EQ(set(&source, "three"), BY_OK);
	CHECK(holds(old, size, "one"));
	CHECK_EQ(update(a), BY_NO_SPACE);
	CHECK(holds(old, size, "one"));
	CHECK(sees(b, "three"));
	CHECK(holds(old, size, "one"));
	CHECK(sees(a, "three"));
	CHECK_EQ(update(a), BY_OK);
	rom_source_fini(&source);
	CHECK(!sees(a, "three"));
	by_service_close(a);
	by_service_close(b);
	CHECK(balanced());
}


/* The same memory is not given out for another content, nor two times. */
TEST(versions_nobody_sees_are_freed)
{
	begin();
	session_t const session = open("a", RAM);

	CHECK_EQ(set(&source, "zero"), BY_OK);
	CHECK(sees(session, "zero"));
	unsigned const one = fake_live(FAKE_DS);

	CHECK_EQ(set(&source, "one"), BY_OK);
	CHECK_EQ(fake_live(FAKE_DS), one + 1); /* the one seen, the present one */
	for (unsigned i = 0; i < 100; i++) {
		char text[] = { (char)('0' + i % 10), 'x', 0 };
		CHECK_EQ(set(&source, text), BY_OK);
		CHECK_EQ(fake_live(FAKE_DS), one + 1);
	}
	by_service_close(session);
	CHECK_EQ(fake_live(FAKE_DS), one);
	rom_source_fini(&source);
	CHECK(balanced());
}


TEST(clients_are_told_of_changes_only)
{
	begin();
	session_t const session = open("a", RAM);

	CHECK_EQ(set(&source, "one"), BY_OK);
	CHECK(sees(session, "one"));
	CHECK_EQ(watch(session), BY_OK);
	CHECK_EQ(times_told(), 0);
	CHECK_EQ(set(&source, "one"), BY_OK);
	CHECK_EQ(times_told(), 0);
	CHECK_EQ(set(&source, "on"), BY_OK);
	CHECK_EQ(times_told(), 1);
	CHECK_EQ(set(&source, "no"), BY_OK);
	CHECK_EQ(times_told(), 1);
	CHECK_EQ(set(&other, "else"), BY_OK);
	CHECK_EQ(times_told(), 0);
	rom_source_clear(&source);
	CHECK_EQ(times_told(), 1);
	rom_source_clear(&source);
	CHECK_EQ(times_told(), 0);
	CHECK_EQ(set(&source, "no"), BY_OK);
	CHECK_EQ(times_told(), 1);
	rom_source_fini(&source);
	CHECK_EQ(times_told(), 1);
	by_service_close(session);
	rom_source_fini(&other);
	CHECK(balanced());
}


/* Between 'dataspace' and 'sigh' nothing is missed. */
TEST(who_watches_late_is_told_at_once)
{
	begin();
	session_t const session = open("a", RAM);

	CHECK_EQ(watch(session), BY_OK);
	CHECK_EQ(times_told(), 0);
	CHECK_EQ(set(&source, "one"), BY_OK);
	CHECK(sees(session, "one"));
	CHECK_EQ(times_told(), 1);
	CHECK_EQ(watch(session), BY_OK);
	CHECK_EQ(times_told(), 0);
	CHECK_EQ(set(&source, "two"), BY_OK);
	CHECK_EQ(times_told(), 1);
	CHECK_EQ(watch(session), BY_OK);
	CHECK_EQ(times_told(), 1);
	by_service_close(session);
	rom_source_fini(&source);
	CHECK(balanced());
}


TEST(only_signals_of_others_are_kept)
{
	struct by_cap_arg none = { .kind = BY_CAP_NONE }, own = { .kind = BY_CAP_OWN },
	                  dead = { .kind = BY_CAP_DEAD };

	begin();
	session_t const session = open("a", RAM);

	CHECK_EQ(watch(session), BY_OK);
	CHECK_EQ(ops()->sigh(self(session), &own), BY_BAD_CAP);
	CHECK_EQ(ops()->sigh(self(session), &dead), BY_BAD_CAP);
	CHECK_EQ(set(&source, "one"), BY_OK);
	CHECK_EQ(times_told(), 1);
	CHECK_EQ(ops()->sigh(self(session), &none), BY_OK);
	CHECK_EQ(set(&source, "two"), BY_OK);
	CHECK_EQ(times_told(), 0);
	by_service_close(session);
	rom_source_fini(&source);
	CHECK(balanced());
}


TEST(sessions_pay_for_what_they_could_hold_back)
{
	static char text[8193];
	by_cap_t    ds, old;
	uint64_t    size;

	begin();
	memset(text, 'x', sizeof(text) - 1);
	session_t const session = open("a", RAM);

	text[4096] = 0;
	CHECK_EQ(set(&source, text), BY_OK);
	CHECK_EQ(look(session, &old, &size), BY_OK);
	text[4096] = 'x', text[4097] = 0;
	CHECK_EQ(set(&source, text), BY_OK);
	CHECK_EQ(look(session, &ds, &size), BY_OUT_OF_RAM);
	text[4096] = 0;
	CHECK(holds(old, 4096, text)); /* nothing has changed */
	text[4096] = 'x';
	by_service_upgrade(session, 4095, 0);
	CHECK_EQ(look(session, &ds, &size), BY_OUT_OF_RAM);
	by_service_upgrade(session, 1, 0);
	CHECK(sees(session, text));
	by_service_close(session);

	session_t const guest = (service.free_of_charge = true, open("a", RAM));

	CHECK(sees(guest, text));
	by_service_close(guest);
	rom_source_fini(&source);
	CHECK(balanced());
}


TEST(labels_decide)
{
	begin();
	CHECK(!open("none", RAM));
	session_t const a = open("a", RAM), b = open("o", RAM);

	CHECK_EQ(set(&source, "one"), BY_OK);
	CHECK_EQ(set(&other, "two"), BY_OK);
	CHECK(sees(a, "one"));
	CHECK(sees(b, "two"));
	CHECK_EQ(watch(a), BY_OK);
	rom_service_find_again(&service);
	CHECK_EQ(times_told(), 0);
	swapped = true;
	rom_service_find_again(&service);
	CHECK_EQ(times_told(), 1);
	CHECK(sees(a, "two"));
	CHECK(sees(b, "one"));
	by_service_close(a);
	by_service_close(b);
	rom_source_fini(&source);
	rom_source_fini(&other);
	CHECK(balanced());
}


TEST(one_content_for_all_labels)
{
	begin();
	service.find = NULL;
	service.only = &other;
	session_t const session = open("none", RAM);

	CHECK_EQ(set(&other, "two"), BY_OK);
	CHECK(sees(session, "two"));
	by_service_close(session);
	rom_source_fini(&other);
	CHECK(balanced());
}


/* Documents are written into place. */

static void write_document(struct by_hid_writer *writer, void *arg)
{
	by_hid_write_begin(writer, "state");
	by_hid_write_attr(writer, "value", arg);
	by_hid_write_end(writer);
}


TEST(documents)
{
	begin();
	session_t const session = open("a", RAM);
	char            value[] = "7", bad[] = "|";

	CHECK_EQ(rom_source_write(&source, write_document, value), BY_OK);
	CHECK(sees(session, "state | value: 7\n-\n"));
	CHECK_EQ(watch(session), BY_OK);
	CHECK_EQ(rom_source_write(&source, write_document, value), BY_OK);
	CHECK_EQ(times_told(), 0);
	CHECK_EQ(rom_source_write(&source, write_document, bad), BY_INVALID);
	CHECK_EQ(times_told(), 0);
	value[0] = '8';
	CHECK_EQ(rom_source_write(&source, write_document, value), BY_OK);
	CHECK_EQ(times_told(), 1);
	CHECK(sees(session, "state | value: 8\n-\n"));
	by_service_close(session);
	rom_source_fini(&source);
	CHECK(balanced());
}


/* Each call to core refused in turn: the content is the old one, and nothing is lost. */
static bool refusals_leave_the_old(by_status_t (*change)(void), char const *old)
{
	session_t const session = open("a", RAM);

	for (unsigned i = 1; i < 20; i++) {
		unsigned const objects = fake_live_all();

		fake.fail_at = i;
		by_status_t const status = change();
		fake.fail_at = 0;
		if (status == BY_OK) {
			by_service_close(session);
			return i > 1;
		}
		if (!sees(session, old) || fake_live_all() != objects || times_told())
			break;
	}
	by_service_close(session);

	return false;
}


static by_status_t change_text(void)
{
	return set(&source, "two");
}


static by_status_t change_document(void)
{
	static char value[] = "three";

	return rom_source_write(&source, write_document, value);
}


TEST(refusals)
{
	begin();
	CHECK_EQ(set(&source, "one"), BY_OK);
	CHECK(refusals_leave_the_old(change_text, "one"));
	CHECK(refusals_leave_the_old(change_document, "two"));
	rom_source_fini(&source);
	CHECK(balanced());
}
