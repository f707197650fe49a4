/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of a child: from nothing to its own exit, and all freed again. Each one's
 * exit starts the next.
 */
#include "bench_main.h"
#include <by/attached.h>

enum { SETTLE = 3, CHILDREN = 20, CODE = 42 };

static struct by_attached binary;
static struct by_child    child;
static by_ticks_t         start;
static unsigned           lives;
static bool               good = true;
static void             (*done)(struct by_env *env);


static void exited(struct by_child *who, int code);


static void live(struct by_env *env)
{
	static struct by_route const     routes[] = { { .service = NULL } };
	static struct by_child_ops const ops = { .exited = exited };
	struct by_child_args const       args = {
		.name = "child", .binary = &binary, .ram = 512 << 10, .caps = 40,
		.priority = own_priority(env), .routes = routes, .ops = &ops,
	};

	if (lives == SETTLE) {
		by_mark_begin(BENCH_MARK_CHILD);
		start = by_ticks();
	}
	if (by_child_create(env, &child, &args) != BY_OK || by_child_start(&child) != BY_OK)
		row_fail("child_life");
}


static void finish(struct by_env *env)
{
	by_ticks_t const ticks = by_ticks() - start;

	by_mark_end(BENCH_MARK_CHILD);
	row_add("child_life", ticks, CHILDREN, BENCH_MARK_CHILD);
	if (!good)
		row_fail("child_life");
	by_attached_fini(env, &binary);
	done(env);
}


static void exited(struct by_child *who, int code)
{
	struct by_env *const env = who->env;

	good &= code == CODE;
	by_child_destroy(who);
	if (++lives == SETTLE + CHILDREN)
		finish(env);
	else
		live(env);
}


void row_child(struct by_env *env, void (*done_function)(struct by_env *env))
{
	done = done_function;
	if (by_attached_rom_init(env, &binary, "bench_child") == BY_OK)
		live(env);
	else
		row_fail("child_life");
}
