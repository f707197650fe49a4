/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Semaphore. A unit that somebody waits for goes to him directly, so that nobody
 * who comes later takes it.
 */
#include <by/semaphore.h>


void by_semaphore_init(struct by_semaphore *semaphore, unsigned count)
{
	*semaphore = (struct by_semaphore){ .count = count };
	by_wait_queue_init(&semaphore->queue);
}


by_status_t by_semaphore_down_until(struct by_semaphore *semaphore, by_ticks_t deadline)
{
	by_status_t status = BY_OK;

	by_mutex_lock(&semaphore->mutex);
	if (semaphore->count)
		semaphore->count--;
	else
		status = by_wait_queue_wait(&semaphore->queue, &semaphore->mutex, deadline);
	by_mutex_unlock(&semaphore->mutex);

	return status;
}


void by_semaphore_down(struct by_semaphore *semaphore)
{
	by_status_t const status = by_semaphore_down_until(semaphore, BY_NEVER);

	BY_ASSERT(status == BY_OK);
}


void by_semaphore_up(struct by_semaphore *semaphore)
{
	by_mutex_lock(&semaphore->mutex);
	if (!by_wait_queue_wake(&semaphore->queue))
		semaphore->count++;
	by_mutex_unlock(&semaphore->mutex);
}
