/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timeouts: a leftist heap per CPU.
 *
 * Every node's rank is the length of the shortest way down to an empty place,
 * and the left child's rank is at least the right one's: so all right spines,
 * along which melding works, have at most log2(n + 1) nodes (C. A. Crane, 1972).
 */
#include "timer.h"
#include "cpu.h"
#include "endpoint.h"
#include "thread.h"
#include <arch/clock.h>


static unsigned rank(struct timeout const *t)
{
	return t ? t->rank : 0;
}


/** Order the children by rank; false if the rank of 't' did not change. */
static bool settle(struct timeout *t)
{
	unsigned before = t->rank;

	if (rank(t->left) < rank(t->right)) {
		struct timeout *left = t->left;
		t->left  = t->right;
		t->right = left;
	}
	t->rank = (uint16_t)(rank(t->right) + 1);

	return t->rank != before;
}


static struct timeout *meld(struct timeout *a, struct timeout *b)
{
	struct timeout *top = NULL, *at = NULL;

	/* down the right spines, the earlier one first */
	while (a && b) {
		if (b->deadline < a->deadline) {
			struct timeout *swap = a;
			a = b;
			b = swap;
		}
		a->parent = at;
		if (at)
			at->right = a;
		else
			top = a;
		at = a;
		a  = a->right;
	}
	struct timeout *rest = a ? a : b;
	if (!at) {
		if (rest)
			rest->parent = NULL;
		return rest;
	}
	at->right = rest;
	if (rest)
		rest->parent = at;

	for (; at; at = at->parent)
		settle(at);

	return top;
}


/** Take an armed timeout out of the heap of 'cpu', whose timer lock is held. */
static void heap_remove(struct cpu *cpu, struct timeout *t)
{
	struct timeout *parent = t->parent;
	struct timeout *rest   = meld(t->left, t->right);

	if (rest)
		rest->parent = parent;
	if (!parent)
		cpu->timeouts = rest;
	else if (parent->left == t)
		parent->left = rest;
	else
		parent->right = rest;

	/* ranks change along the way up only as far as they were the shorter way */
	while (parent && settle(parent))
		parent = parent->parent;

	t->left = t->right = t->parent = NULL;
	t->rank = 0;
	atomic_store(&t->cpu, 0u); /* pairs with timeout_clear() */
}


void timeout_clear(struct timeout *t)
{
	uint32_t armed;

	/* the timeout can expire, or be armed elsewhere, until its heap is locked */
	while ((armed = atomic_load(&t->cpu))) { /* pairs with heap_remove() */
		struct cpu *cpu = &cpus[armed - 1];
		lock_take(&cpu->timer_lock);
		if (t->cpu == armed)
			heap_remove(cpu, t);
		lock_release(&cpu->timer_lock);
	}
}


void timeout_set(struct timeout *t, ticks_t deadline)
{
	struct cpu *cpu = smp_self();

	timeout_clear(t);
	if (deadline == BY_NEVER)
		return;

	uint32_t unarmed = 0;

	lock_take(&cpu->timer_lock);
	/* two CPUs can arm the same timeout: one of them wins; pairs with timeout_clear() */
	if (atomic_cas(&t->cpu, &unarmed, cpu->id + 1)) {
		t->deadline = deadline;
		t->rank     = 1;
		cpu->timeouts = meld(cpu->timeouts, t);
	}
	lock_release(&cpu->timer_lock);
}


static struct timeout *take_due(struct cpu *cpu, ticks_t now)
{
	lock_take(&cpu->timer_lock);
	struct timeout *t = cpu->timeouts;
	if (t && t->deadline > now)
		t = NULL;
	if (t)
		heap_remove(cpu, t);
	lock_release(&cpu->timer_lock);

	return t;
}


bool timer_expire(struct cpu *cpu, ticks_t now, unsigned budget)
{
	while (budget--) {
		struct timeout *t = take_due(cpu, now);

		if (!t)
			return true;
		if (t->kind == TIMEOUT_SIGNAL)
			signal_submit(container_of(t, struct signal, timeout), 1);
		else
			thread_park_timeout(container_of(t, struct thread, timeout));
	}

	return false;
}


ticks_t timer_next(struct cpu *cpu)
{
	lock_take(&cpu->timer_lock);
	ticks_t next = cpu->timeouts ? cpu->timeouts->deadline : BY_NEVER;
	lock_release(&cpu->timer_lock);

	return next;
}
