/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counting semaphore between the threads of a component. Who has waited longest goes
 * on first.
 */
#ifndef BY_SEMAPHORE_H
#define BY_SEMAPHORE_H

#include <by/wait_queue.h>

struct by_semaphore {
	struct by_mutex      mutex;
	struct by_wait_queue queue;
	unsigned             count;
};

/** Begin with 'count' units. */
void by_semaphore_init(struct by_semaphore *semaphore, unsigned count);

/** Take a unit; waits until there is one. */
void by_semaphore_down(struct by_semaphore *semaphore);

/** Take a unit; waits until 'deadline' (by/clock.h) at most. Errors: BY_TIMEOUT. */
BY_MUST_USE by_status_t by_semaphore_down_until(struct by_semaphore *semaphore,
                                                by_ticks_t deadline);

/** Add a unit. */
void by_semaphore_up(struct by_semaphore *semaphore);

#endif
