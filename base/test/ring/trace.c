/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records what the ring does: producer and consumer as two coroutines that
 * change over at random before any access to shared memory. Prints one line
 * per run, in the form described in traces.h; the model base/test/ring.pml must
 * accept each.
 *
 * The indices start shortly before they wrap around.
 *
 * usage: trace RUNS SEED
 */
#include <by/ring.h>
#include <ring.c>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

enum { COUNT = 2, PRODUCER = 0, CONSUMER = 1, STACK = 65536 };

/* As in the model. */
enum {
	LOAD_INDEX = 1, STORE_INDEX, LOAD_WAKE, STORE_WAKE, LOAD_SLOT, STORE_SLOT, SIGNAL, SLEEP,
	UNKNOWN,
};

#define FIRST ((uint32_t)-5)

static struct {
	struct by_ring_shared shared;
	by_shared_word        words[2 * COUNT];
} memory;

static struct by_ring_producer producer;
static struct by_ring_consumer consumer;
static bool                    signals[2], asleep[2], finished[2];
static int                     running;
static ucontext_t              side[2], main_context;
static char                    stack[2][STACK];
static uint64_t                state;
static unsigned                elements; /* of this run */


/* A linear congruential generator; the upper bits are good enough for a lot. */
static unsigned lot(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;

	return (unsigned)(state >> 33) % n;
}


void trace_yield(void)
{
	int const self = running;

	if (finished[!self] || lot(2))
		return;

	running = !self;
	swapcontext(&side[self], &side[!self]);
}


static void record(unsigned kind, uint64_t value)
{
	printf("%d%u%02x", running, kind, (unsigned)(value & 0xff));
}


void trace_access(void const *object, bool store, uint64_t value)
{
	struct by_ring_line const *own  = running == PRODUCER ? &memory.shared.producer
	                                                      : &memory.shared.consumer;
	struct by_ring_line const *peer = running == PRODUCER ? &memory.shared.consumer
	                                                      : &memory.shared.producer;
	struct { void const *object; bool store; unsigned kind; } const known[] = {
		{ &peer->index, false, LOAD_INDEX },  { &own->index, true, STORE_INDEX },
		{ &peer->wake_at, false, LOAD_WAKE }, { &own->wake_at, true, STORE_WAKE },
		{ &memory.words[0], running == PRODUCER, running == PRODUCER ? STORE_SLOT : LOAD_SLOT },
		{ &memory.words[2], running == PRODUCER, running == PRODUCER ? STORE_SLOT : LOAD_SLOT },
	};
	unsigned kind = UNKNOWN;

	if (object == &memory.words[1] || object == &memory.words[3])
		return; /* the second word of an element: told by the first */

	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].object == object && known[i].store == store)
			kind = known[i].kind;
	}
	record(kind, value);
}


static void signal_peer(bool needed)
{
	if (!needed)
		return;

	trace_yield();
	record(SIGNAL, 0);
	signals[!running] = true;
}


/*
 * Sleep until there is a signal; false if it will never come, because the peer
 * has stopped. If both sleep, a wake-up was lost: the run ends with an access
 * that the model does not know.
 */
static bool sleep_until_signal(void)
{
	int const self = running;

	for (asleep[self] = true; !signals[self]; ) {
		if (finished[!self])
			return false;
		if (asleep[!self] && !signals[!self]) {
			record(UNKNOWN, 0);
			setcontext(&main_context);
		}
		running = !self;
		swapcontext(&side[self], &side[!self]);
	}
	record(SLEEP, 0);
	signals[self] = asleep[self] = false;

	return true;
}


/* Each pass puts one element, or waits until one or more fit. */
static void produce(void)
{
	uint64_t value = FIRST;

	while (value != (uint64_t)FIRST + elements) {
		uint64_t const element[2] = { value & 0xff, ~value };

		if (by_ring_put(&producer, element) == BY_OK) {
			value++;
			if (lot(2))
				signal_peer(by_ring_publish(&producer));
			continue;
		}
		signal_peer(by_ring_publish(&producer));
		if (by_ring_await_space(&producer, 1 + lot(COUNT)) != BY_OK)
			sleep_until_signal();
	}
	signal_peer(by_ring_publish(&producer));
}


static void consume(void)
{
	uint64_t value[2];

	for (;;) {
		if (by_ring_get(&consumer, value) == BY_OK) {
			if (((value[0] ^ ~value[1]) & 0xff) != 0)
				abort();
			if (lot(2))
				signal_peer(by_ring_release(&consumer));
			continue;
		}
		signal_peer(by_ring_release(&consumer));
		if (by_ring_await_data(&consumer) != BY_OK && !sleep_until_signal())
			return;
	}
}


static void run_side(void)
{
	int const self = running;

	if (self == PRODUCER)
		produce();
	else
		consume();
	finished[self] = true;
	running = !self;
	if (finished[!self])
		setcontext(&main_context);
	setcontext(&side[!self]);
}


static void start_at(struct by_ring_end *end, uint32_t index)
{
	end->next             = index;
	end->committed        = index;
	end->limit            = index + end->lead;
	end->own->index.value = index;
}


static void prepare(int i)
{
	getcontext(&side[i]);
	side[i].uc_stack.ss_sp   = stack[i];
	side[i].uc_stack.ss_size = STACK;
	makecontext(&side[i], run_side, 0);
	signals[i] = asleep[i] = finished[i] = false;
}


static void run_once(void)
{
	memset(&memory, 0, sizeof(memory));
	if (by_ring_producer_init(&producer, &memory, COUNT, 16) != BY_OK
	    || by_ring_consumer_init(&consumer, &memory, COUNT, 16) != BY_OK)
		abort();

	start_at(&producer.end, FIRST);
	start_at(&consumer.end, FIRST);
	prepare(PRODUCER);
	prepare(CONSUMER);
	elements = 1 + lot(20);
	running  = (int)lot(2);
	swapcontext(&main_context, &side[running]);
	printf("\n");
}


int main(int argc, char **argv)
{
	int const runs = argc > 1 ? atoi(argv[1]) : 10;

	state = argc > 2 ? (uint64_t)atoi(argv[2]) : 1;
	for (int i = 0; i < runs; i++)
		run_once();

	return 0;
}
