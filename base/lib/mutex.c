/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mutex.
 *
 *     state:  owner's slot, 0: free | index + 1 of the latest waiter, 0: none
 *                                     └─> waiter ─> earlier waiter ─> ... ─> 0
 *
 * All is decided by one word: a waiter enters itself in front of the chain that it
 * saw, together with the owner that it saw, and the owner takes the whole chain
 * when it frees the mutex. So nobody waits unseen, and who parks names whom it
 * really waits for. A thread waits for at most one mutex; it is named by its place
 * in the stack area, and its record stays readable whatever becomes of it.
 */
#include <by/arch/tls.h>
#include <by/assert.h>
#include <by/kernel.h>
#include <by/mutex.h>
#include <by/thread.h>

enum { OWNER_SHIFT = 16, LATEST = 0xffff };

_Static_assert(BY_LEAVES * BY_LEAF_SLOTS <= 0x10000, "a slot fits into the state");

struct waiter {
	uint16_t      earlier; /* index + 1 of the next in the chain */
	uint16_t      cap;     /* slot of the thread */
	by_atomic_u32 woken;
};

static struct waiter waiters[BY_THREADS];


static uint32_t self(void)
{
	return (uint32_t)by_control()->cap;
}


bool by_mutex_try(struct by_mutex *mutex)
{
	return by_atomic_cas(&mutex->state, 0, self() << OWNER_SHIFT);
}


/* If the kernel cannot let the owner run on our time, wait without that. */
static void park_for(uint32_t owner)
{
	by_status_t const status = by_park((by_cap_t){ owner }, BY_NEVER);

	if (status == BY_BAD_CAP || status == BY_DEADLOCK)
		by_park(BY_NO_CAP, BY_NEVER);
}


/* Wait once for whom 'state' names as the owner. */
static void wait_for(struct by_mutex *mutex, uint32_t state)
{
	unsigned const index = by_control()->thread->index;
	struct waiter *waiter = &waiters[index];

	waiter->earlier = (uint16_t)(state & LATEST);
	waiter->cap     = (uint16_t)self();
	by_atomic_store_relaxed(&waiter->woken, false); /* nobody sees it before the next line */
	if (!by_atomic_cas(&mutex->state, state, (state & ~(uint32_t)LATEST) | (index + 1)))
		return;

	while (!by_atomic_load_acquire(&waiter->woken)) /* pairs with wake() */
		park_for(state >> OWNER_SHIFT);
}


__attribute__((noinline)) static void lock_contended(struct by_mutex *mutex)
{
	while (!by_mutex_try(mutex)) {
		uint32_t const state = by_atomic_load_relaxed(&mutex->state); /* wait_for() */

		BY_ASSERT(state >> OWNER_SHIFT != self());
		if (state)
			wait_for(mutex, state);
	}
}


void by_mutex_lock(struct by_mutex *mutex)
{
	if (__builtin_expect(!by_mutex_try(mutex), 0))
		lock_contended(mutex);
}


/* Wake a waiter; gives the next in the chain. Its record is its own again afterwards. */
static unsigned wake(struct waiter *waiter)
{
	unsigned const earlier = waiter->earlier;
	by_cap_t const cap     = { waiter->cap };

	by_atomic_store_release(&waiter->woken, true); /* pairs with wait_for() */
	by_unpark(cap);

	return earlier;
}


__attribute__((noinline)) static void wake_chain(unsigned next)
{
	while (next)
		next = wake(&waiters[next - 1]);
}


void by_mutex_unlock(struct by_mutex *mutex)
{
	uint32_t const state = by_atomic_exchange(&mutex->state, 0); /* pairs with wait_for() */

	BY_ASSERT(state >> OWNER_SHIFT == self());
	if (__builtin_expect(state & LATEST, 0))
		wake_chain(state & LATEST);
}
