/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The benchmark: prints a line "bench <row> <value> <unit> mark <id> <operations>" for
 * each figure. It is a child of init, as any other component.
 */
#include "bench_main.h"
#include <by/kernel.h>
#include <by/log.h>

enum { ROWS = 24, CALM_US = 50000 };

bool rows_failed;

static struct peer peer;
static by_ticks_t  booted;

static struct row {
	char const *name;
	by_ticks_t  ticks;
	unsigned    count, mark;
} rows[ROWS];
static unsigned row_count;


void row_add(char const *name, by_ticks_t ticks, unsigned count, unsigned mark)
{
	if (row_count < ROWS)
		rows[row_count++] = (struct row){ name, ticks, count, mark };
	else
		row_fail(name);
}


void row_fail(char const *name)
{
	by_error("bench: %s has not done its work", name);
	rows_failed = true;
}


/* The clock of a machine that counts instructions has one per nanosecond. */
static uint64_t nanoseconds(by_ticks_t ticks)
{
	return by_us_of_ticks(ticks * 1000);
}


void rows_print(void)
{
	by_log("bench boot_first_log %llu instructions since %u",
	       (unsigned long long)nanoseconds(booted), BENCH_MARK_BOOT);
	for (struct row const *row = rows; row < rows + row_count; row++) {
		uint64_t const hundredths = nanoseconds(row->ticks) * 100 / row->count;

		by_log("bench %s %llu.%02u instructions mark %u %u", row->name,
		       (unsigned long long)(hundredths / 100), (unsigned)(hundredths % 100),
		       row->mark, row->count);
	}
}


static void done(struct by_env *env)
{
	(void)env;
	rows_print();
	by_log(rows_failed ? "bench FAILED" : "bench finished");
}


static void ready(struct by_env *env)
{
	/* until the console has printed what there was */
	by_park(BY_NO_CAP, by_ticks() + by_ticks_of_us(CALM_US));
	rows_alone(env);
	rows_memory(env);
	row_fault_rm(env);
	rows_with_peer(env, &peer);
	row_child(env, done);
}


void component_main(struct by_env *env)
{
	by_log("bench begins");
	booted = by_ticks();
	by_mark_end(BENCH_MARK_BOOT);
	peer_start(env, &peer, ready);
}
