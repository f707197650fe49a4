/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timeouts of an endpoint: a tree by deadline, whose first is set at the kernel.
 */
#include <by/assert.h>
#include <by/clock.h>
#include <by/endpoint.h>
#include <by/kernel.h>
#include <by/timeout.h>


static struct by_timeout *timeout_of(struct by_tree_node const *node)
{
	return BY_CONTAINER_OF((struct by_tree_node *)(uintptr_t)node, struct by_timeout, node);
}


/* By deadline; among equals by address, so that no two are equal. */
static int compare(void const *key, struct by_tree_node const *node)
{
	struct by_timeout const *a = key, *b = timeout_of(node);

	if (a->deadline != b->deadline)
		return a->deadline < b->deadline ? -1 : 1;

	return a < b ? -1 : a > b;
}


/* Tell the kernel the first deadline, if it has changed. */
static void program(struct by_endpoint *endpoint)
{
	struct by_timeouts  *timeouts = &endpoint->timeouts;
	struct by_tree_node *first    = by_tree_first(&timeouts->tree);
	by_ticks_t const     deadline = first ? timeout_of(first)->deadline : BY_NEVER;

	if (deadline == timeouts->deadline)
		return;

	timeouts->deadline = deadline;
	by_timeout_set(endpoint->timeouts_handler.target.cap, deadline);
}


static void insert(struct by_timeout *timeout, by_ticks_t deadline)
{
	timeout->deadline = deadline;

	by_status_t const status = by_tree_insert(&timeout->endpoint->timeouts.tree,
	                                          &timeout->node, timeout, compare);
	BY_ASSERT(status == BY_OK);
}


static void take_out(struct by_timeout *timeout)
{
	if (by_timeout_started(timeout))
		by_tree_remove(&timeout->endpoint->timeouts.tree, &timeout->node);
}


/*
 * The next time of a periodic timeout, behind 'now' and without drift, however many were
 * missed. The remainder is found without a division, for which 32-bit machines need the
 * compiler's library.
 */
static by_ticks_t next_time(struct by_timeout const *timeout, by_ticks_t now)
{
	by_ticks_t const period = timeout->period;
	by_ticks_t       late   = now - timeout->deadline;
	by_ticks_t       step   = period;

	while (step <= late / 2)
		step *= 2;
	for (; step >= period; step /= 2)
		if (late >= step)
			late -= step;

	return period - late > BY_NEVER - now ? BY_NEVER : now - late + period;
}


static void fire(struct by_timeout *timeout, by_ticks_t now)
{
	take_out(timeout);
	if (timeout->period)
		insert(timeout, next_time(timeout, now));
	timeout->fire(timeout);
}


/* Fire what was due when we looked at the clock; what gets due meanwhile comes next time. */
static void handle(struct by_signal_handler *handler, unsigned count)
{
	struct by_endpoint  *endpoint = handler->target.endpoint;
	struct by_timeouts  *timeouts = &endpoint->timeouts;
	by_ticks_t const     now      = by_ticks();
	struct by_tree_node *first;

	(void)count;
	timeouts->deadline = BY_NEVER;
	while ((first = by_tree_first(&timeouts->tree)) && timeout_of(first)->deadline <= now)
		fire(timeout_of(first), now);
	program(endpoint);
}


static by_status_t ready(struct by_endpoint *endpoint)
{
	if (by_cap_valid(endpoint->timeouts_handler.target.cap))
		return BY_OK;

	endpoint->timeouts.deadline = BY_NEVER;

	return by_signal_handler_init(&endpoint->timeouts_handler, endpoint,
	                              BY_SIGNAL_APPLICATION, handle);
}


static by_status_t start(struct by_timeout *timeout, uint64_t us, by_ticks_t period)
{
	by_status_t const status = ready(timeout->endpoint);

	if (status != BY_OK)
		return status;

	take_out(timeout);
	timeout->period = period;
	insert(timeout, by_deadline_us(us));
	program(timeout->endpoint);

	return BY_OK;
}


void by_timeout_init(struct by_timeout *timeout, struct by_endpoint *endpoint,
                     void (*fire_function)(struct by_timeout *timeout))
{
	*timeout = (struct by_timeout){ .endpoint = endpoint, .fire = fire_function };
}


by_status_t by_timeout_start(struct by_timeout *timeout, uint64_t us)
{
	return start(timeout, us, 0);
}


by_status_t by_timeout_repeat(struct by_timeout *timeout, uint64_t us)
{
	by_ticks_t const ticks = by_ticks_of_us(us);

	return start(timeout, us, ticks ? ticks : 1);
}


void by_timeout_stop(struct by_timeout *timeout)
{
	take_out(timeout);
	if (by_cap_valid(timeout->endpoint->timeouts_handler.target.cap))
		program(timeout->endpoint);
}
