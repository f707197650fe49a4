/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ring between two real threads, built with ThreadSanitizer. Each element
 * names a buffer of plain memory that the producer has filled, as sessions for
 * bulk data do; if the ring did not order the accesses to it, that would be a
 * data race. A lost wake-up hangs, which the alarm ends.
 *
 * usage: threads [elements]
 */
#include <by/ring.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { COUNT = 16, WORDS = 8 };

struct element { uint64_t number, buffer; };

static struct by_ring_producer producer;
static struct by_ring_consumer consumer;
static uint64_t                buffers[COUNT][WORDS];
static uint64_t                elements = 200000;
static unsigned long           wake_ups[2], sleeps[2];

/* A sticky, coalescing signal, as the kernel's. */
struct event {
	pthread_mutex_t mutex;
	pthread_cond_t  cond;
	bool            pending;
};

static struct event events[2] = {
	{ PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false },
	{ PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false },
};


static void event_signal(unsigned i)
{
	pthread_mutex_lock(&events[i].mutex);
	events[i].pending = true;
	wake_ups[i]++;
	pthread_cond_signal(&events[i].cond);
	pthread_mutex_unlock(&events[i].mutex);
}


static void event_wait(unsigned i)
{
	pthread_mutex_lock(&events[i].mutex);
	while (!events[i].pending)
		pthread_cond_wait(&events[i].cond, &events[i].mutex);
	events[i].pending = false;
	sleeps[i]++;
	pthread_mutex_unlock(&events[i].mutex);
}


static void fail(char const *why)
{
	printf("FAIL ring-threads.run: %s\n", why);
	exit(1);
}


static void *produce(void *unused)
{
	for (uint64_t n = 0; n < elements; ) {
		by_status_t const room = by_ring_room(&producer, 1);

		if (room == BY_OK) {
			struct element const e = { n, n % COUNT };

			for (unsigned w = 0; w < WORDS; w++)
				buffers[e.buffer][w] = n + w;
			if (by_ring_put(&producer, &e) != BY_OK)
				fail("no space for an element in spite of room");
			if (++n % 5)
				continue;
		}
		if (by_ring_publish(&producer))
			event_signal(1);
		if (room == BY_NO_SPACE && n % 64 && by_ring_await_space(&producer, 4) == BY_NO_SPACE)
			event_wait(0);
		else if (room != BY_OK && room != BY_NO_SPACE)
			fail("consumer called malformed");
	}
	if (by_ring_publish(&producer))
		event_signal(1);

	return unused;
}


static void check(struct element const *e, uint64_t n)
{
	if (e->number != n || e->buffer != n % COUNT)
		fail("wrong element");
	for (unsigned w = 0; w < WORDS; w++) {
		if (buffers[e->buffer][w] != n + w)
			fail("wrong content of a buffer");
	}
}


static void *consume(void *unused)
{
	for (uint64_t n = 0; n < elements; ) {
		struct element    e;
		by_status_t const status = by_ring_get(&consumer, &e);

		if (status == BY_OK) {
			check(&e, n);
			if (++n % 7)
				continue;
		}
		if (by_ring_release(&consumer))
			event_signal(0);
		if (status == BY_EMPTY && n % 64 && by_ring_await_data(&consumer) == BY_EMPTY)
			event_wait(1);
		else if (status != BY_OK && status != BY_EMPTY)
			fail("producer called malformed");
	}
	if (by_ring_release(&consumer))
		event_signal(0);

	return unused;
}


int main(int argc, char **argv)
{
	pthread_t thread;

	alarm(60);
	if (argc > 1)
		elements = (uint64_t)atoi(argv[1]);

	void *memory = calloc(1, by_ring_size(COUNT, sizeof(struct element)));

	if (by_ring_producer_init(&producer, memory, COUNT, sizeof(struct element)) != BY_OK
	    || by_ring_consumer_init(&consumer, memory, COUNT, sizeof(struct element)) != BY_OK)
		fail("init");

	pthread_create(&thread, NULL, consume, NULL);
	produce(NULL);
	pthread_join(thread, NULL);
	printf("# %lu signals to the consumer, %lu to the producer, %lu and %lu sleeps\n",
	       wake_ups[1], wake_ups[0], sleeps[1], sleeps[0]);
	printf("ok ring-threads.run\n");
	free(memory);

	return 0;
}
