/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenario log_sink: two sessions, one of which writes far too much.
 */
#include <by/clock.h>
#include <by/session/log.h>
#include <by/string.h>
#include <check.h>

enum { LINES = 1000 };

static struct by_env *env_of_test;


static void say(struct by_log *log, char const *text)
{
	check_need(env_of_test, by_log_write(log, text, by_strlen(text)), "writing");
}


void component_main(struct by_env *env)
{
	static struct by_log calm, wild;

	env_of_test = env;
	check_need(env, by_log_open(env, "calm", &calm), "LOG");
	check_need(env, by_log_open(env, "deep -> wild", &wild), "LOG");
	say(&calm, "the beginning ");
	for (unsigned i = 0; i < LINES; i++)
		say(&wild, "too much of it\n");
	say(&calm, "and the end\n");
	say(&calm, "\33[2Jno\rtricks\n");
	say(&calm, "last words");
	by_log_close(env, &calm);
	by_log_close(env, &wild);
	by_sleep_us(300000); /* the server hears of the ends some time */
	check_finish(env, "log_sink");
}
