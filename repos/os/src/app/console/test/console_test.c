/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can be typed, which children there are to be, and how core's figures are added up. The
 * sandbox is a stand-in that keeps its configuration; what children report is none of this.
 * The plan is part of this file, so that each test can begin without one.
 */
#include "../plan.c"
#include "fake/fake.h"
#include "unit.h"
#include <stdlib.h>
#include <string.h>

#include "env.h"

UNIT_MAIN("console")

struct console console;

static char        applied[8192];
static unsigned    applications;
static by_status_t apply_status;


by_status_t sandbox_apply(struct sandbox *sandbox, struct by_hid_span document)
{
	(void)sandbox;
	if (document.size >= sizeof(applied))
		abort();
	memcpy(applied, document.base, document.size);
	applied[document.size] = 0;
	applications++;

	return apply_status;
}


/* What state.c would say. */
void state_children(struct text *text) { text_format(text, "children\n"); }
void state_sessions(struct text *text) { text_format(text, "sessions\n"); }
void state_reports(struct text *text)  { text_format(text, "reports\n"); }


bool state_report(struct text *text, char const *name)
{
	text_format(text, "report of %s\n", name);

	return !strcmp(name, "one");
}


char const *state_report_name(unsigned index)
{
	return index == 0 ? "one" : NULL;
}


static struct by_hid_span span(char const *text)
{
	return (struct by_hid_span){ text, strlen(text) };
}


static void begin(char const *config)
{
	fake_init();
	fake.rom[0].name = "core_accounts";
	fake.rom[0].data = "";
	fake.rom[1].name = "core_log";
	fake.rom[1].data = "";
	memset(&console, 0, sizeof(console));
	memset(&plan, 0, sizeof(plan));
	console.env            = &by_the_env;
	console.machine_status = BY_DENIED;
	apply_status           = BY_OK;
	applications           = 0;
	plan_set(span(config));
}


/** What is answered to a line. */
static char const *answer(char const *line)
{
	static char answered[16384];
	struct text text = { .alloc = by_the_env.heap };

	command_run(line, &text);
	if (text.size >= sizeof(answered) || text.cut)
		abort();
	if (text.size)
		memcpy(answered, text.base, text.size);
	answered[text.size] = 0;
	text_clear(&text);

	return answered;
}


static char const garden[] =
	"config | verbose: yes | verbose: no\n"
	"+ later b\n"
	"+ later g/deep/leaf\n"
	"+ parent-provides | + service ROM\n"
	"+ start a | ram: 1M\n"
	"+ start b\n"
	"x start c\n"
	"+ start g | binary: init\n"
	"  + route | + any-service | + parent\n"
	"  + config\n"
	"    + report | requested: yes\n"
	"    + start flower | caps: 50\n"
	"      + config | how: nicely\n"
	"    + start deep\n"
	"      + config\n"
	"        + start leaf\n"
	"        + start root\n"
	"-\n";


TEST(children_are_found_by_their_paths)
{
	static char const *const paths[] = {
		"a", "b", "g", "g/flower", "g/deep", "g/deep/leaf", "g/deep/root",
	};
	bool on;

	begin(garden);
	for (unsigned i = 0; i < 7; i++) {
		CHECK_STR(plan_path(i, &on), paths[i]);
		CHECK_EQ(on, i != 1 && i != 5);
	}
	CHECK(!plan_path(7, &on));
}


TEST(what_is_not_to_be_is_left_out)
{
	begin(garden);
	CHECK_EQ(applications, 1);
	CHECK(strstr(applied, "config | verbose: yes\n"));
	CHECK(strstr(applied, "+ start a | ram: 1M\n"));
	CHECK(!strstr(applied, "+ start b"));
	CHECK(!strstr(applied, "+ start c"));
	CHECK(strstr(applied, "+ start flower | caps: 50\n      + config | how: nicely\n"));
	CHECK(!strstr(applied, "+ start leaf"));
	CHECK(strstr(applied, "+ start root"));
	CHECK(strstr(applied, "+ any-service"));

	CHECK_STR(answer("start g/deep/leaf"), "g/deep/leaf starts\n");
	CHECK(strstr(applied, "+ start leaf"));
	CHECK_STR(answer("kill g/deep"), "g/deep has ended\n");
	CHECK(!strstr(applied, "+ start deep") && !strstr(applied, "+ start leaf"));
	CHECK_STR(answer("kill g"), "g has ended\n");
	CHECK(!strstr(applied, "flower"));
	CHECK_STR(answer("start g"), "g starts\n");
	CHECK(strstr(applied, "flower") && !strstr(applied, "+ start deep"));
	CHECK_EQ(applications, 5);
}


/** With all of it, the sandbox gets what the configuration says. */
TEST(nothing_else_is_changed)
{
	struct by_hid_node wanted, got;

	begin(garden);
	answer("start b");
	answer("start g/deep/leaf");
	CHECK_EQ(by_hid_open(span(garden), &wanted), BY_OK);
	CHECK_EQ(by_hid_open(span(applied), &got), BY_OK);
	CHECK(by_hid_equal(&wanted, &got));
}


TEST(mistakes_are_told)
{
	begin(garden);
	CHECK_STR(answer("start a"), "a is started already\n");
	CHECK_STR(answer("kill b"), "b is not there already\n");
	CHECK_STR(answer("kill c"), "there is no component \"c\"; \"list\" shows which there are\n");
	CHECK_STR(answer("start g/"), "there is no component \"g/\"; \"list\" shows which there are\n");
	CHECK_STR(answer("start"), "usage: start <component>\n");
	CHECK_STR(answer("list a"), "usage: list\n");
	CHECK_STR(answer("lis"), "there is no command \"lis\"; \"help\" lists them\n");
	CHECK_STR(answer("log 0"), "\"0\" is no number of lines\n");
	CHECK_STR(answer("log -1"), "\"-1\" is no number of lines\n");
	CHECK_STR(answer("reboot"), "that is not possible: denied\n");
	CHECK_STR(answer("report two"), "report of two\nthere is no report \"two\"\n");
	CHECK_STR(answer(""), "");
	CHECK_STR(answer("   "), "");
	CHECK_STR(answer("  list  "), "children\n");
	CHECK_STR(answer("sessions"), "sessions\n");
	CHECK_STR(answer("report"), "reports\n");
	CHECK_EQ(applications, 1);
	apply_status = BY_OUT_OF_RAM;
	CHECK_STR(answer("start b"), "b: out_of_ram\n");
}


TEST(another_configuration_keeps_what_was_switched_off)
{
	bool on;

	begin("config\n+ start a\n+ start b\n-\n");
	answer("kill b");
	plan_set(span("config\n+ later c\n+ start b\n+ start c\n-\n"));
	CHECK_STR(plan_path(0, &on), "b");
	CHECK(!on);
	CHECK_STR(plan_path(1, &on), "c");
	CHECK(on);
	CHECK(strstr(applied, "+ start c") && !strstr(applied, "+ start b"));
}


TEST(there_is_a_limit_to_what_is_switched_off)
{
	char   config[4096] = "config\n", line[32];
	size_t size = strlen(config);

	for (unsigned i = 0; i < 40; i++)
		size += (size_t)snprintf(config + size, sizeof(config) - size, "+ start x%u\n", i);
	snprintf(config + size, sizeof(config) - size, "-\n");
	begin(config);
	for (unsigned i = 0; i < 40; i++) {
		snprintf(line, sizeof(line), "kill x%u", i);
		CHECK(strstr(answer(line), i < 32 ? "has ended" : "limit"));
	}
	CHECK(strstr(applied, "+ start x32") && !strstr(applied, "+ start x31"));
	for (unsigned i = 0; i < 40; i++) {
		snprintf(line, sizeof(line), "start x%u", i);
		CHECK(strstr(answer(line), i < 32 ? "starts" : "already"));
	}
}


/** A name that nobody could type does not hide the others. */
TEST(long_names_are_passed_over)
{
	char config[512], name[CONSOLE_PATH + 2];
	bool on;

	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = 0;
	snprintf(config, sizeof(config), "config\n+ start %s\n+ start b\n-\n", name);
	begin(config);
	CHECK_STR(plan_path(0, &on), "b");
	CHECK(!plan_path(1, &on));
	CHECK(strstr(applied, "nnn"));
}


TEST(words_are_known)
{
	begin(garden);
	CHECK_STR(command_word("he", 0, 0), "help");
	CHECK_STR(command_word(" x", 1, 9), "poweroff");
	CHECK(!command_word("", 0, 10));
	CHECK_STR(command_word("kill x", 5, 1), "g");
	CHECK_STR(command_word("start x", 6, 1), "g/deep/leaf");
	CHECK(!command_word("start x", 6, 2));
	CHECK_STR(command_word("report x", 7, 0), "one");
	CHECK(!command_word("report x", 7, 1));
	CHECK(!command_word("tree x", 5, 0));
	CHECK(!command_word("nothing x", 8, 0));
}


/** The answer to 'tree' for this content of the ROM. */
static char const *tree(char const *accounts)
{
	fake.rom[0].data = accounts;
	fake.rom[0].size = strlen(accounts);
	tree_begin(&by_the_env);

	return answer("tree");
}


TEST(accounts_add_up)
{
	static char const accounts[] =
		"core_accounts | exact: yes\n"
		"+ ram | total: 1000 | kernel: 100 | core: 200\n"
		"+ account init | id: 1 | parent: 0 | ram_quota: 300 | ram_used: 7 | caps_quota: 5 | caps_used: 3\n"
		"+ account b | id: 3 | parent: 2 | ram_quota: 50\n"
		"+ account a | id: 2 | parent: 1 | ram_quota: 350\n"
		"-\n";

	begin("config\n-\n");
	char const *const text = tree(accounts);
	CHECK(strstr(text, "\nkernel  "));
	CHECK(strstr(text, "\ninit   "));
	CHECK(strstr(text, "\n  a   "));
	CHECK(strstr(text, "\n    b   "));
	CHECK(strstr(text, "1000 bytes, the machine's RAM\n"));
}


TEST(what_does_not_add_up_is_told)
{
	begin("config\n-\n");
	CHECK(strstr(tree("core_accounts | exact: yes\n+ ram | total: 10 | kernel: 1 | core: 8\n-\n"),
	             "9 bytes, but the machine has 10\n"));
	CHECK(strstr(tree("core_accounts | exact: no\n+ ram | total: 10 | kernel: 1 | core: 8\n-\n"),
	             "9 bytes, while some of 10 moved\n"));
	CHECK(strstr(tree("core_accounts | exact: no\n"), "core does not tell"));
	/* an account that is its own parent's parent belongs nowhere, and ends nowhere */
	CHECK(strstr(tree("core_accounts | exact: yes\n+ ram | total: 9 | kernel: 1 | core: 8\n"
	                  "+ account x | id: 0 | parent: 0 | ram_quota: 1\n-\n"), "9 bytes"));
}


TEST(the_end_of_the_log)
{
	static char const log[] = "one\ntwo\x1b[2J\nthree";

	begin("config\n-\n");
	fake.rom[1].data = log;
	fake.rom[1].size = sizeof(log);
	log_begin(&by_the_env);
	CHECK_STR(answer("log 1"), "three\n");
	CHECK_STR(answer("log 2"), "two?[2J\nthree\n");
	CHECK_STR(answer("log"), "one\ntwo?[2J\nthree\n");
}
