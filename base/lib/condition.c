/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Conditions.
 */
#include <by/condition.h>


void by_condition_init(struct by_condition *condition)
{
	by_wait_queue_init(&condition->queue);
}


void by_condition_wait(struct by_condition *condition, struct by_mutex *mutex)
{
	by_wait_queue_wait(&condition->queue, mutex, BY_NEVER);
}


by_status_t by_condition_wait_until(struct by_condition *condition, struct by_mutex *mutex,
                                    by_ticks_t deadline)
{
	return by_wait_queue_wait(&condition->queue, mutex, deadline);
}


void by_condition_signal(struct by_condition *condition)
{
	by_wait_queue_wake(&condition->queue);
}


void by_condition_broadcast(struct by_condition *condition)
{
	while (by_wait_queue_wake(&condition->queue)) { }
}
