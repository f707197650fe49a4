/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rom_filter: the output for given inputs, and how it follows them. The server's main file is
 * part of this one.
 */
#include "../main.c"

#include "fake/fake.h"
#include "unit.h"
#include <string.h>

#include "env.h"

UNIT_MAIN("rom_filter")

enum { CONFIG, A, B, C };


static void set(unsigned rom, char const *text)
{
	fake_rom(rom, text, text ? strlen(text) : 0);
	fake_serve();
}


static void begin(char const *config, char const *a, char const *b)
{
	static char const *const names[] = { "config", "a", "b", "c" };
	char const *const        texts[] = { config, a, b, NULL };

	fake_init();
	for (unsigned i = 0; i < 4; i++) {
		fake.rom[i].name = names[i];
		fake.rom[i].data = texts[i];
		fake.rom[i].size = texts[i] ? strlen(texts[i]) : 0;
	}
	memset(&server, 0, sizeof(server));
	component_main(&by_the_env);
}


static void end(void)
{
	by_list_remove(&server.service.service.announced.node);
	while (!by_list_empty(&server.roms))
		forget(rom_of(by_list_first(&server.roms)));
	rom_watch_fini(&server.config.watch);
}


static char const *output(void)
{
	static char              text[500];
	struct by_hid_span const span = rom_source_content(&server.output);

	if (!span.base)
		return "-";

	memset(text, 0, sizeof(text));
	memcpy(text, span.base, span.size < sizeof(text) ? span.size : sizeof(text) - 1);

	return text;
}


TEST(values)
{
	begin("config\n"
	      "+ input top | rom: a | node: state | default: none\n"
	      "  + attribute x\n"
	      "+ input deep | rom: a\n"
	      "  + node list\n"
	      "    + node entry\n"
	      "      + attribute key | value: k2\n"
	      "      + attribute y\n"
	      "+ input missing | rom: a | + attribute nothing\n"
	      "+ input other | rom: c | default: d | + attribute x\n"
	      "+ output | node: out\n"
	      "  + attribute a | input: top\n"
	      "  + attribute b | input: deep\n"
	      "  + attribute c | input: missing\n"
	      "  + attribute d | input: other\n"
	      "  + attribute e | value: fixed\n"
	      "-\n", NULL, NULL);
	CHECK_STR(output(), "out | a: none | d: d | e: fixed\n-\n");
	set(A, "state | x: 1\n"
	       "+ list | + entry | key: k1 | y: 5\n"
	       "+ list | + entry | key: k2 | z: 5\n"
	       "       | + entry | key: k2 | y: 6\n-\n");
	CHECK_STR(output(), "out | a: 1 | b: 6 | d: d | e: fixed\n-\n");
	set(A, "stage | x: 1\n-\n"); /* of another type */
	CHECK_STR(output(), "out | a: none | d: d | e: fixed\n-\n");
	set(A, "state | x: 2\n"); /* not complete */
	CHECK_STR(output(), "out | a: none | d: d | e: fixed\n-\n");
	set(C, "any | x: 3\n-\n");
	CHECK_STR(output(), "out | a: none | d: 3 | e: fixed\n-\n");
	end();
}


static char const conditional[] =
	"config\n"
	"+ input a | default: no | + attribute on\n"
	"+ input b | + attribute mode\n"
	"+ output | node: config\n"
	"  + node always\n"
	"  + if\n"
	"    + has_value | input: a | value: yes\n"
	"    + then\n"
	"      + attribute a | value: 1\n"
	"      + if\n"
	"        + has_value | input: b | value: m\n"
	"        + has_value | input: a | value: yes\n"
	"        + then | + node both | + attribute mode | input: b\n"
	"        + else | + inline | : only a\n"
	"    + else\n"
	"      + node neither | + inline | + some | x: 1 | + thing\n"
	"-\n";


TEST(conditions)
{
	begin(conditional, NULL, NULL);
	CHECK_STR(output(), "config\n+ always\n+ neither\n  + some | x: 1\n    + thing\n-\n");
	set(A, "a | on: yes\n-\n");
	CHECK_STR(output(), "config | a: 1\n: only a\n+ always\n-\n");
	set(B, "b | mode: m\n-\n");
	CHECK_STR(output(), "config | a: 1\n+ always\n+ both | mode: m\n-\n");
	set(A, NULL);
	CHECK_STR(output(), "config\n+ always\n+ neither\n  + some | x: 1\n    + thing\n-\n");
	end();
}


TEST(whole_inputs)
{
	begin("config\n+ input a\n+ input b\n"
	      "+ output | node: all\n"
	      "  + input a\n  + input b | skip_toplevel: yes\n-\n",
	      "state | x: 1\n+ sub | : text\n-\n", "list\n+ one\n+ two\n-\n");
	CHECK_STR(output(), "all\n+ state | x: 1\n  + sub\n    : text\n+ one\n+ two\n-\n");
	end();
}


static unsigned told;

static void count(struct by_signal_handler *self, unsigned times)
{
	(void)self;
	told += times;
}


/* A new configuration keeps the inputs that it has in common with the old one. */
TEST(another_configuration)
{
	begin(conditional, "a | on: yes\n-\n", "b\n-\n");
	struct rom *const a    = find("a");
	unsigned const    roms = fake_live(FAKE_ROM);

	CHECK_STR(output(), "config | a: 1\n: only a\n+ always\n-\n");
	set(CONFIG, "config\n+ input x | rom: a | + attribute on\n+ output | node: new\n"
	            "  + attribute on | input: x\n-\n");
	CHECK_STR(output(), "new | on: yes\n-\n");
	CHECK(find("a") == a);
	CHECK(!find("b"));
	CHECK_EQ(fake_live(FAKE_ROM), roms - 1);
	set(CONFIG, "config\n-\n");
	CHECK_STR(output(), "-");
	CHECK(strstr(fake.log, "config: node 0: no output in \"config\""));
	CHECK_EQ(fake_live(FAKE_ROM), roms - 2);
	end();
}


TEST(told_of_changes_only)
{
	struct by_signal_handler        handler;
	struct by_service_request const request = { .label = "x", .ram = 8192, .caps = 3 };
	struct by_service_session      *session;

	begin(conditional, NULL, NULL);
	told = 0;
	CHECK_EQ(by_service_open(&server.service.service, &request, &session), BY_OK);
	CHECK_EQ(by_signal_handler_init(&handler, by_the_env.endpoint, BY_SIGNAL_APPLICATION,
	                                count), BY_OK);
	struct by_hid_span const before = rom_source_content(&server.output);

	set(A, "a | on: no\n-\n");
	set(B, "b | mode: m\n-\n");
	CHECK(rom_source_content(&server.output).base == before.base); /* the same version */
	set(A, "a | on: yes\n-\n");
	CHECK(rom_source_content(&server.output).base != before.base);
	by_service_close(session);
	by_signal_handler_fini(&handler);
	end();
}


/* What is wrong is named, by node. */
TEST(mistakes)
{
	begin("config\n"
	      "+ input | rom: a\n"
	      "+ import x\n"
	      "+ output | node: out\n"
	      "  + attribute a\n"
	      "  + attribute b | input: nobody\n"
	      "  + attribute | value: 1\n"
	      "  + what\n"
	      "  + input nobody\n"
	      "  + node\n"
	      "  + if | + then\n"
	      "  + if\n"
	      "    + has_value | value: 1\n"
	      "    + otherwise\n"
	      "  + if | + has_value | input: nobody\n"
	      "+ output\n"
	      "-\n", NULL, NULL);
	static char const *const complaints[] = {
		"node 1: no name in \"input\"", "node 2: unknown node \"import\"",
		"node 3: neither \"value\" nor \"input\" for attribute \"a\"",
		"node 3: no such input \"nobody\"", "node 3: no name in \"attribute\"",
		"node 3: unknown node \"what\"", "node 3: no name in \"node\"",
		"node 3: no condition in \"if\"", "node 3: no attribute \"input\" in \"has_value\"",
		"node 3: no attribute \"value\" in \"has_value\"",
		"node 3: unknown node \"otherwise\"", "node 4: no attribute \"node\" in \"output\"",
		"node 4: another \"output\"",
	};
	for (unsigned i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++) {
		if (!strstr(fake.log, complaints[i]))
			printf("not said: %s\n", complaints[i]);
		CHECK(strstr(fake.log, complaints[i]));
	}
	CHECK_STR(output(), "out\n-\n");
	end();
}


/* An attribute twice is no document: the output stays. */
TEST(what_cannot_be_written)
{
	begin(conditional, NULL, NULL);
	set(CONFIG, "config\n+ output | node: o\n  + attribute a | value: 1\n"
	            "  + attribute a | value: 2\n-\n");
	CHECK(strstr(fake.log, "output not written: invalid"));
	CHECK_STR(output(), "config\n+ always\n+ neither\n  + some | x: 1\n    + thing\n-\n");
	end();
}
