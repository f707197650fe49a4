/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Condition: wait until another thread has changed what a mutex protects.
 *
 *     by_mutex_lock(&m);                     by_mutex_lock(&m);
 *     while (!ready)                         ready = true;
 *             by_condition_wait(&c, &m);     by_condition_signal(&c);
 *     by_mutex_unlock(&m);                   by_mutex_unlock(&m);
 *
 * All functions are called with the mutex held.
 */
#ifndef BY_CONDITION_H
#define BY_CONDITION_H

#include <by/wait_queue.h>

struct by_condition {
	struct by_wait_queue queue;
};

/** Make 'condition' one that nobody waits for. */
void by_condition_init(struct by_condition *condition);

/** Wait, without the mutex, for the next signal that reaches the caller. */
void by_condition_wait(struct by_condition *condition, struct by_mutex *mutex);

/** As by_condition_wait(), until 'deadline' (by/clock.h) at most. Errors: BY_TIMEOUT. */
BY_MUST_USE by_status_t by_condition_wait_until(struct by_condition *condition,
                                                struct by_mutex *mutex, by_ticks_t deadline);

/** Wake the thread that has waited longest, if any. */
void by_condition_signal(struct by_condition *condition);

/** Wake all threads that wait. */
void by_condition_broadcast(struct by_condition *condition);

#endif
