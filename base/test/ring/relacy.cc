/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ring under Relacy: producer and consumer as two threads, with all the
 * orders of memory accesses that the C memory model allows.
 *
 * It finds a lost wake-up as a deadlock, a missing acquire or release as a data
 * race on an element, a broken order as an assertion. Whether to look again,
 * to batch or to sleep is drawn by lot, so that waking up does not hide what
 * the indices alone must guarantee.
 *
 * usage: relacy [iterations [place producer|consumer]]
 */
#include <by/atomic.h>
#include <ring.c>
#include <cstdio>
#include <cstdlib>

enum { COUNT = 2, ELEMENTS = 5 };

struct memory {
	struct by_ring_shared shared;
	by_shared_word        words[2 * COUNT];
};

static unsigned weak_place;
static bool     weak_producer;


bool ring_weak(unsigned place, uint32_t lead)
{
	return place == weak_place && (lead != 0) == weak_producer;
}


struct ring_test : rl::test_suite<ring_test, 2> {
	struct memory           memory;
	struct by_ring_producer producer;
	struct by_ring_consumer consumer;
	rl::generic_event       data, space; /* the signals: sticky and coalescing */

	void before()
	{
		memory.shared.producer.index($).store(0, rl::mo_relaxed);
		memory.shared.producer.wake_at($).store(0, rl::mo_relaxed);
		memory.shared.consumer.index($).store(0, rl::mo_relaxed);
		memory.shared.consumer.wake_at($).store(0, rl::mo_relaxed);
		data.init(false, false, $);
		space.init(false, false, $);
		RL_ASSERT(by_ring_producer_init(&producer, &memory, COUNT, 16) == BY_OK);
		RL_ASSERT(by_ring_consumer_init(&consumer, &memory, COUNT, 16) == BY_OK);
	}

	void after()
	{
		data.deinit($);
		space.deinit($);
	}

	void publish()
	{
		if (by_ring_publish(&producer))
			data.set($);
	}

	void release()
	{
		if (by_ring_release(&consumer))
			space.set($);
	}

	void wait_space()
	{
		publish();

		by_status_t const status = by_ring_await_space(&producer, 1 + rl::rand(COUNT));

		RL_ASSERT(status == BY_OK || status == BY_NO_SPACE);
		if (status == BY_NO_SPACE)
			space.wait(false, false, $);
	}

	void wait_data()
	{
		release();

		by_status_t const status = by_ring_await_data(&consumer);

		RL_ASSERT(status == BY_OK || status == BY_EMPTY);
		if (status == BY_EMPTY)
			data.wait(false, false, $);
	}

	void produce(uint64_t value)
	{
		uint64_t const element[2] = { value, ~value };
		by_status_t    status;

		while ((status = by_ring_put(&producer, element)) == BY_NO_SPACE)
			wait_space();
		RL_ASSERT(status == BY_OK);
		if (rl::rand(2))
			publish();
	}

	void consume(uint64_t expected)
	{
		uint64_t    element[2];
		by_status_t status;

		while ((status = by_ring_get(&consumer, element)) == BY_EMPTY)
			wait_data();
		RL_ASSERT(status == BY_OK);
		RL_ASSERT(element[0] == expected && element[1] == ~expected);
		if (rl::rand(2))
			release();
	}

	void thread(unsigned index)
	{
		for (uint64_t value = 1; value <= ELEMENTS; value++)
			index == 0 ? produce(value) : consume(value);
		index == 0 ? publish() : release();
	}
};


int main(int argc, char **argv)
{
	rl::test_params params;

	params.iteration_count = argc > 1 ? (unsigned)atoi(argv[1]) : 20000;
	weak_place    = argc > 3 ? (unsigned)atoi(argv[2]) : 0;
	weak_producer = argc > 3 && argv[3][0] == 'p';
	params.progress_output_period = 1000000;

	return rl::simulate<ring_test>(params) ? 0 : 1;
}
