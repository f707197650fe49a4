/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads that wait for something, in order of arrival: what semaphores and
 * conditions are made of. A mutex of the user owns the queue.
 */
#ifndef BY_WAIT_QUEUE_H
#define BY_WAIT_QUEUE_H

#include <by/list.h>
#include <by/mutex.h>

struct by_wait_queue {
	struct by_list waiters;
};

/** Make 'queue' empty. */
void by_wait_queue_init(struct by_wait_queue *queue);

/**
 * Wait in the queue, without the mutex, until woken or until 'deadline' (by/clock.h;
 * BY_NEVER: no limit). The caller has the mutex, before and afterwards.
 * Errors: BY_TIMEOUT.
 */
by_status_t by_wait_queue_wait(struct by_wait_queue *queue, struct by_mutex *mutex,
                               by_ticks_t deadline);

/** Wake the thread that has waited longest; the caller has the mutex. False: nobody waits. */
bool by_wait_queue_wake(struct by_wait_queue *queue);

#endif
