/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checked mode of the stub: which CPU holds which locks, and whether it took them in
 * the order that lock.h documents.
 */
#include "memory.h"
#include "checked.h"
#include "panic.h"
#include <stdio.h>
#include <string.h>

enum { DEPTH = 8 };

/** A lock that a CPU holds, or waits for. */
struct held { struct lock *lock; unsigned place; const char *name; };

static struct held held[CPU_MAX][DEPTH];
static unsigned    count[CPU_MAX];
static char        error[256];

/* how the kernel names its locks, outer to inner; core_lock is above all of them */
static const char *const order[] = { "ep->lock", "object->lock", "timer_lock", "asid_lock" };


void stub_lock_reset(void)
{
	memset(count, 0, sizeof(count));
	error[0] = 0;
}


static void complain(const char *text, const char *a, const char *b)
{
	if (!error[0])
		snprintf(error, sizeof(error), "CPU %u: %s: %s, %s", stub_cpu->id, text, a, b);
}


static unsigned place_of(const char *name)
{
	unsigned i = 0;

	while (i < ARRAY_SIZE(order) && !strstr(name, order[i]))
		i++;

	return i;
}


void stub_lock_take(struct lock *lock, const char *name)
{
	unsigned id = stub_cpu->id, place = place_of(name);

	if (place == ARRAY_SIZE(order))
		complain("lock without a place in the order", name, "");
	for (unsigned i = 0; i < count[id]; i++) {
		if (held[id][i].lock == lock) /* nobody would ever hear the complaint */
			panic("stub: %s is taken twice", name);
		if (held[id][i].place >= place)
			complain("lock order", held[id][i].name, name);
	}
	if (count[id] == DEPTH)
		complain("too many locks", name, "");
	else
		held[id][count[id]++] = (struct held) { lock, place, name };
}


void stub_lock_release(struct lock *lock)
{
	unsigned id = stub_cpu->id;

	/* its taker, lock_take_serving(), is a function that is not seen here */
	if (lock == &core_lock) {
		if (count[id])
			complain("released last", "core_lock", held[id][0].name);
		return;
	}
	if (!count[id] || held[id][count[id] - 1].lock != lock)
		complain("released", "a lock that is not held, or not the last one", "");
	else
		count[id]--;
}


unsigned stub_locks_held(unsigned id)
{
	return count[id];
}


const char *stub_lock_error(void)
{
	return error[0] ? error : NULL;
}
