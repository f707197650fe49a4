/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Watching a ROM whose content comes, changes, goes, and costs.
 */
#include "fake/fake.h"
#include "unit.h"
#include <by/env.h>
#include <by/kernel.h>
#include <rom_config.h>
#include <string.h>

#include "env.h"
#include "session.h"

UNIT_MAIN("rom_watch")

static struct by_env *const env = &by_the_env;
static struct rom_watch     watch;
static unsigned             changes;
static char                 content[64];
static struct fake_amounts base;

static char const one[] = "one", two[] = "second";


static void changed(struct rom_watch *self)
{
	struct by_hid_span const text = rom_watch_content(self);

	changes++;
	memset(content, 0, sizeof(content));
	if (text.size && text.size < sizeof(content))
		memcpy(content, text.base, text.size);
}


static void begin(char const *data)
{
	fake_init();
	fake.rom[0].name = "text";
	fake.rom[0].data = data;
	fake.rom[0].size = data ? strlen(data) : 0;
	if (by_session_listen(env) != BY_OK) /* it is made once and stays */
		fprintf(stderr, "no signal\n");
	changes      = 0;
	content[0]   = 0;
	watch        = (struct rom_watch){ .env = NULL };
	base = fake_amounts();
}


static bool balanced(void)
{
	return fake_has(&base);
}


static void set(char const *data)
{
	fake_rom(0, data, data ? strlen(data) : 0);
	fake_serve();
}


TEST(content_comes_changes_and_goes)
{
	begin(NULL);
	CHECK_EQ(rom_watch_open(&watch, env, "text", changed), BY_OK);
	CHECK_EQ(changes, 0);
	CHECK_EQ(watch.status, BY_NOT_FOUND);
	set(one);
	CHECK_EQ(changes, 1);
	CHECK_STR(content, "one");
	set(two);
	CHECK_EQ(changes, 2);
	CHECK_STR(content, "second");
	set(NULL);
	CHECK_EQ(changes, 3);
	CHECK_STR(content, "");
	set(NULL);
	CHECK_EQ(changes, 3);
	rom_watch_fini(&watch);
	rom_watch_fini(&watch);
	CHECK(balanced());
}


TEST(the_first_content_is_told_at_once)
{
	begin(one);
	CHECK_EQ(rom_watch_open(&watch, env, "text", changed), BY_OK);
	CHECK_EQ(changes, 1);
	CHECK_STR(content, "one");
	rom_watch_fini(&watch);
	begin(one);
	rom_watch_begin(&watch, env, "text", changed);
	CHECK_EQ(changes, 1);
	CHECK_EQ(watch.status, BY_OK);
	CHECK_STR(content, "one");
	rom_watch_fini(&watch);
	CHECK(balanced());
}


TEST(what_cannot_be_had)
{
	begin(one);
	CHECK_EQ(rom_watch_open(&watch, env, "other", changed), BY_DENIED);
	CHECK_EQ(changes, 0);
	rom_watch_fini(&watch);
	rom_watch_begin(&watch, env, "other", changed);
	CHECK_EQ(changes, 1);
	CHECK_EQ(watch.status, BY_DENIED);
	CHECK_STR(content, "");
	rom_watch_fini(&watch);
	CHECK(balanced());
}


/* What was made meanwhile for donations stays. */
static void rebase(void)
{
	base.objects  = fake_live_all();
	base.filled   = fake_filled();
	base.ram_used = fake.pd[0].ram_used;
}


TEST(opening_that_takes_time)
{
	begin(one);
	for (unsigned round = 0; round < 2; round++) {
		changes      = 0;
		fake.pending = true;
		rom_watch_begin(&watch, env, "text", changed);
		fake_serve();
		CHECK_EQ(changes, 0);
		CHECK_EQ(watch.status, BY_PENDING);
		fake_answer(BY_OK);
		fake_serve();
		CHECK_EQ(changes, 1);
		CHECK_STR(content, "one");
		rom_watch_fini(&watch);
		if (!round)
			rebase();
	}
	fake.pending = true;
	rom_watch_begin(&watch, env, "text", changed);
	rom_watch_fini(&watch); /* before there is an answer */
	fake_answer(BY_OK);
	fake_serve();
	CHECK_EQ(changes, 1);
	CHECK(balanced());
}


/* The server knows later what was donated: nothing waits for it. */
TEST(content_that_costs_more)
{
	begin(one);
	by_session_end_of_main();
	CHECK_EQ(rom_watch_open(&watch, env, "text", changed), BY_OK);
	rebase();
	fake.rom[0].price = 100000;
	fake.pending      = true;
	set(two);
	CHECK_EQ(changes, 1);
	for (unsigned i = 0; i < 10 && changes == 1; i++) {
		fake_answer(BY_OK);
		fake.pending = true;
		fake_serve();
	}
	fake.pending = false;
	fake_answer(BY_OK);
	fake_serve();
	CHECK_EQ(changes, 2);
	CHECK_STR(content, "second");
	fake.rom[0].price = fake.pd[0].ram_quota * 2;
	set(one);
	CHECK_EQ(changes, 3);
	CHECK_EQ(watch.status, BY_OUT_OF_RAM);
	CHECK_STR(content, "second"); /* as long as there is no other */
	rom_watch_fini(&watch);
	CHECK_EQ(fake.pd[0].ram_quota, base.ram_quota);
}


/* What a session is called by is empty when its server is dead: so we make it. */
static void kill_server(void)
{
	if (by_kernel_drop(watch.rom.rom.session.cap) != BY_OK)
		fprintf(stderr, "no session\n");
	fake_answer(BY_OK);
	fake_serve();
}


TEST(another_server_after_the_first)
{
	begin(one);
	CHECK_EQ(rom_watch_open(&watch, env, "text", changed), BY_OK);
	CHECK_EQ(changes, 1);
	kill_server();
	CHECK_EQ(changes, 3); /* gone, and there again */
	CHECK_EQ(watch.status, BY_OK);
	CHECK_STR(content, "one");
	set(two);
	CHECK_EQ(changes, 4);
	CHECK_STR(content, "second");
	fake.rom[0].name = "another";
	kill_server();
	CHECK_EQ(changes, 6);
	CHECK_EQ(watch.status, BY_DENIED);
	CHECK_STR(content, "");
	rom_watch_fini(&watch);
	CHECK(balanced());
}


static void end_watch(struct rom_watch *self)
{
	changes++;
	if (self->status == BY_GONE)
		rom_watch_fini(self);
}


TEST(ended_when_the_server_is_gone)
{
	begin(one);
	CHECK_EQ(rom_watch_open(&watch, env, "text", end_watch), BY_OK);
	kill_server();
	CHECK_EQ(changes, 2);
	CHECK(balanced());
}


TEST(refusals)
{
	for (unsigned i = 1; i < 50; i++) {
		begin(one);
		fake.fail_at = i;
		by_status_t const status = rom_watch_open(&watch, env, "text", changed);
		fake.fail_at = 0;
		bool const good = status == BY_OK && watch.status == BY_OK;
		CHECK(!good || !strcmp(content, "one"));
		rom_watch_fini(&watch);
		CHECK(balanced());
		if (good) {
			CHECK(i > 3);
			return;
		}
	}
	CHECK(false);
}


/* Configurations: broken ones are no successors. */

static struct rom_config config;
static char              name[32];

static void configured(struct rom_config *self)
{
	changes++;
	(void)!by_hid_copy(&self->top, "name", name, sizeof(name));
}


static void begin_config(char const *text)
{
	begin(text);
	fake.rom[0].name = "config";
	strcpy(name, "none");
}


TEST(the_last_good_configuration_counts)
{
	begin_config("config first\n-\n");
	CHECK_EQ(rom_config_open(&config, env, configured), BY_OK);
	CHECK_EQ(changes, 1);
	CHECK_STR(name, "first");
	set("config second\n");
	CHECK_EQ(changes, 1);
	CHECK(strstr(fake.log, "Error: config: malformed; the last one stays"));
	set(NULL);
	CHECK_EQ(changes, 1);
	CHECK(by_hid_span_is(by_hid_name(&config.top), "first"));
	set("config third\n-\n");
	CHECK_EQ(changes, 2);
	CHECK_STR(name, "third");
	rom_watch_fini(&config.watch);
	by_free(env->heap, config.text, config.size);
}


TEST(without_a_configuration)
{
	begin_config("config\n");
	CHECK_EQ(rom_config_open(&config, env, configured), BY_MALFORMED);
	CHECK(strstr(fake.log, "Error: config: no complete HID document"));
	begin_config(NULL);
	CHECK_EQ(rom_config_open(&config, env, configured), BY_NOT_FOUND);
	begin_config("config\n-\n");
	fake.rom[0].name = "other";
	CHECK_EQ(rom_config_open(&config, env, configured), BY_DENIED);
	CHECK(strstr(fake.log, "Error: config: denied"));
	CHECK_EQ(changes, 0);
	CHECK(balanced());
}
