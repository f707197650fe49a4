/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dynamic_rom: steps in their order and at their time. The server is part of this file.
 */
#include "../main.c"

#include "fake/fake.h"
#include "unit.h"
#include <by/clock.h>
#include <string.h>

#include "env.h"

UNIT_MAIN("dynamic_rom")


static void set_config(char const *text)
{
	fake_rom(0, text, strlen(text));
	fake_serve();
}


static void begin(char const *text)
{
	fake_init();
	fake.rom[0].name = "config";
	fake.rom[0].data = text;
	fake.rom[0].size = strlen(text);
	memset(&server, 0, sizeof(server));
	component_main(&by_the_env);
}


static void end(void)
{
	by_list_remove(&server.service.service.announced.node);
	BY_LIST_EACH(&server.scripts, node)
		by_timeout_stop(&script_of(node)->timeout);
	rom_watch_fini(&server.config.watch);
}


static char const *content(char const *name)
{
	static char          text[200];
	struct script *const script = find_script(name);

	if (!script)
		return "?";

	struct by_hid_span const span = rom_source_content(&script->source);

	if (!span.base)
		return "-";

	memset(text, 0, sizeof(text));
	memcpy(text, span.base, span.size < sizeof(text) ? span.size : sizeof(text) - 1);

	return text;
}


static void pass(unsigned ms)
{
	fake_advance(by_ticks_of_us(ms * 1000ull));
	fake_serve();
}


TEST(steps)
{
	begin("config | verbose: yes\n"
	      "+ rom a\n"
	      "  + inline | description: first | + config | value: 1\n"
	      "  + sleep | milliseconds: 10\n"
	      "  + inline\n"
	      "    : some\n"
	      "    : text\n"
	      "  + sleep | milliseconds: 20\n"
	      "  + empty\n"
	      "  + sleep | milliseconds: 30\n"
	      "+ rom b | repeat: no\n"
	      "  + inline | : 1\n"
	      "  + sleep | milliseconds: 15\n"
	      "  + inline | : 2\n"
	      "-\n");
	for (unsigned round = 0; round < 3; round++) {
		CHECK_STR(content("a"), "config | value: 1\n-\n");
		pass(9);
		CHECK_STR(content("a"), "config | value: 1\n-\n");
		pass(1);
		CHECK_STR(content("a"), "some\ntext");
		CHECK_STR(content("b"), round ? "2" : "1");
		pass(20);
		CHECK_STR(content("a"), "-");
		CHECK_STR(content("b"), "2");
		pass(30);
	}
	CHECK(strstr(fake.log, "rom \"a\": first\n"));
	CHECK_STR(content("c"), "?");
	end();
}


TEST(another_script)
{
	begin("config\n+ rom a | + inline | : 1\n+ rom b | + inline | : 1\n-\n");
	CHECK_STR(content("a"), "1");
	CHECK_STR(content("b"), "1");
	set_config("config\n+ rom b | + inline | : 2\n+ rom c | + inline | : 3\n-\n");
	CHECK_STR(content("a"), "?");
	CHECK_STR(content("b"), "2");
	CHECK_STR(content("c"), "3");
	end();
}


/* What is wrong is named; nothing spins, and the others go on. */
TEST(mistakes)
{
	begin("config\n"
	      "+ rom\n"
	      "+ rom a | + inline | : 1\n"
	      "        | + jump\n"
	      "        | + sleep\n"
	      "        | + inline | : 2\n"
	      "+ rom a | + inline | : 3\n"
	      "+ rom b | + sleep | milliseconds: 0\n"
	      "-\n");
	CHECK(strstr(fake.log, "config: rom 1: not_found"));
	CHECK(strstr(fake.log, "config: rom 3: exists"));
	CHECK(strstr(fake.log, "rom \"a\": unknown step \"jump\""));
	CHECK(strstr(fake.log, "rom \"a\": sleep without milliseconds"));
	CHECK(strstr(fake.log, "rom \"b\": sleep without milliseconds"));
	CHECK_STR(content("a"), "2");
	end();
}


/* Who lacks what a first timeout takes comes to the end of the script, and stays there. */
TEST(who_cannot_sleep_does_not_run_in_circles)
{
	unsigned sleepless = 0;

	for (unsigned i = 1; i < 20; i++) {
		begin("config\n+ rom a | + inline | : 1\n-\n");
		by_signal_handler_fini(&by_the_env.endpoint->timeouts_handler);
		fake.fail_at = i;
		set_config("config\n+ rom a | + inline | : 2\n        | + sleep | milliseconds: 10\n"
		           "        | + inline | : 3\n-\n");
		fake.fail_at = 0;
		char const *const said = strstr(fake.log, "rom \"a\": no sleep: ");

		if (said) {
			sleepless++;
			CHECK(!strstr(said + strlen("rom \"a\": no sleep"), "no sleep"));
		}
		end();
	}
	CHECK(sleepless > 0);
}
