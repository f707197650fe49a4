/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Wait queues; the waiters' records are on their stacks.
 */
#include <by/arch/tls.h>
#include <by/container.h>
#include <by/kernel.h>
#include <by/wait_queue.h>

struct waiter {
	struct by_list_node node;
	by_cap_t            cap;
	by_atomic_u32       woken;
};


void by_wait_queue_init(struct by_wait_queue *queue)
{
	by_list_init(&queue->waiters);
}


by_status_t by_wait_queue_wait(struct by_wait_queue *queue, struct by_mutex *mutex,
                               by_ticks_t deadline)
{
	struct waiter waiter = { .cap = { (uint32_t)by_control()->cap } };
	by_status_t   status = BY_OK;

	by_list_append(&queue->waiters, &waiter.node);
	by_mutex_unlock(mutex);
	while (status != BY_TIMEOUT
	       && !by_atomic_load_acquire(&waiter.woken)) /* by_wait_queue_wake() */
		status = by_park(BY_NO_CAP, deadline);
	by_mutex_lock(mutex);

	if (!by_list_linked(&waiter.node))
		return BY_OK;

	by_list_remove(&waiter.node);

	return BY_TIMEOUT;
}


bool by_wait_queue_wake(struct by_wait_queue *queue)
{
	struct by_list_node *node = by_list_take(&queue->waiters);

	if (!node)
		return false;

	/* the waiter goes on only with the mutex, which the caller has */
	struct waiter *waiter = BY_CONTAINER_OF(node, struct waiter, node);

	by_atomic_store_release(&waiter->woken, true); /* pairs with by_wait_queue_wait() */
	by_unpark(waiter->cap);

	return true;
}
