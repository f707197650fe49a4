/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ring from the main thread to a consumer with an endpoint of its own. (In earnest the
 * two are components: the memory's dataspace and both signals travel in calls.)
 */
#include <by/attached.h>
#include <by/endpoint.h>
#include <by/env.h>
#include <by/kernel.h>
#include <by/log.h>
#include <by/ring.h>
#include <by/status_name.h>

enum { COUNT = 16, ELEMENTS = 1000 };

/* Elements are multiples of 16 bytes. */
struct element { uint64_t number, square; };

static struct by_signal_handler space; /* for the producer: there is space again */
static struct by_signal_handler data;  /* for the consumer: there is data */
static struct by_ring_producer  producer;
static struct by_ring_consumer  consumer;
static uint64_t                 taken, sum; /* the consumer's */


/* Take what there is, and ask for a signal when there is more. */
static void handle_data(struct by_signal_handler *handler, unsigned count)
{
	struct element element;
	by_status_t    status;

	(void)handler, (void)count;
	do {
		while ((status = by_ring_get(&consumer, &element)) == BY_OK) {
			taken++;
			sum += element.square - element.number * element.number;
		}
		if (by_ring_release(&consumer))
			by_signal_submit(space.target.cap, 1);
		if (status == BY_EMPTY)
			status = by_ring_await_data(&consumer);
	} while (status == BY_OK);
	if (status != BY_EMPTY)
		by_error("the producer lies: %s", by_status_name(status));
}


/* The wait below is what matters. */
static void handle_space(struct by_signal_handler *handler, unsigned count)
{
	(void)handler, (void)count;
}


static void publish(void)
{
	if (by_ring_publish(&producer))
		by_signal_submit(data.target.cap, 1);
}


/* Put an element; if the ring is full, let the consumer work and wait for space. */
static by_status_t put(struct by_env *env, struct element const *element)
{
	by_status_t status;

	while ((status = by_ring_put(&producer, element)) == BY_NO_SPACE) {
		publish();
		status = by_ring_await_space(&producer, COUNT / 2);
		if (status == BY_NO_SPACE)
			by_endpoint_wait_io(env->endpoint);
		else if (status != BY_OK)
			return status;
	}

	return status;
}


static by_status_t init(struct by_env *env, struct by_endpoint *endpoint, void *memory)
{
	by_status_t status = by_ring_producer_init(&producer, memory, COUNT,
	                                           sizeof(struct element));
	if (status == BY_OK)
		status = by_ring_consumer_init(&consumer, memory, COUNT, sizeof(struct element));
	if (status == BY_OK)
		status = by_signal_handler_init(&space, env->endpoint, BY_SIGNAL_IO, handle_space);
	if (status == BY_OK)
		status = by_signal_handler_init(&data, endpoint, BY_SIGNAL_IO, handle_data);

	return status;
}


static by_status_t run(struct by_env *env)
{
	struct by_endpoint_args const args = { .name = "consumer" };
	static struct by_attached     memory;
	static struct by_endpoint     endpoint;
	size_t const                  size = by_ring_size(COUNT, sizeof(struct element));

	by_status_t status = by_attached_ram_init(env, &memory, size, BY_PD_CACHE_CACHED);
	if (status == BY_OK)
		status = by_endpoint_init(&endpoint, env, &args);
	if (status == BY_OK)
		status = init(env, &endpoint, memory.base);
	for (uint64_t i = 0; i < ELEMENTS && status == BY_OK; i++)
		status = put(env, &(struct element){ i, i * i });
	publish();

	return status;
}


/* The consumer's endpoint calls this when it has handled what came before. */
static void finish(void *arg)
{
	bool *const good = arg;

	handle_data(&data, 0);
	*good = taken == ELEMENTS && sum == 0;
}


void component_main(struct by_env *env)
{
	bool        good   = false;
	by_status_t status = run(env);

	if (status == BY_OK)
		status = by_endpoint_run(data.target.endpoint, finish, &good);
	if (status != BY_OK || !good) {
		by_error("the pipeline is broken: %s", by_status_name(status));
		by_exit(env, 1);
	}
	by_log("%u elements through a ring of %u", (unsigned)taken, (unsigned)COUNT);
	by_exit(env, 0);
}
