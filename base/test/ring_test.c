/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Unit tests of the ring: use, waking up, and peers that write nonsense.
 */
#include <by/ring.h>
#include <stdlib.h>
#include <unit.h>

enum { COUNT = 8 };

struct element {
	uint64_t number;
	uint32_t low, high;
};

static void                   *memory;
static struct by_ring_shared  *shared;
static struct by_ring_producer producer;
static struct by_ring_consumer consumer;


/* A fresh ring in memory of exactly its size, whose indices start at 'first'. */
static void start(uint32_t count, uint32_t first)
{
	size_t const size = by_ring_size(count, sizeof(struct element));

	free(memory);
	memory = shared = aligned_alloc(64, (size + 63) / 64 * 64);
	memset(memory, 0, size);
	if (by_ring_producer_init(&producer, memory, count, sizeof(struct element)) != BY_OK
	    || by_ring_consumer_init(&consumer, memory, count, sizeof(struct element)) != BY_OK)
		unit_fail(__FILE__, __LINE__, "init");

	producer.end.next = producer.end.committed = first;
	producer.end.limit = first + count;
	consumer.end.next = consumer.end.committed = consumer.end.limit = first;
	shared->producer.index.value = shared->consumer.index.value = first;
	shared->producer.wake_at.value = shared->consumer.wake_at.value = first - 1;
}


static by_status_t put(uint64_t number)
{
	struct element const e = { number, (uint32_t)number, 3 * (uint32_t)number };

	return by_ring_put(&producer, &e);
}


/* Return the number of the element taken, or -1 - status. */
static uint64_t get(void)
{
	struct element    e;
	by_status_t const status = by_ring_get(&consumer, &e);

	if (status != BY_OK)
		return UINT64_MAX - (uintptr_t)status;
	if (e.low != (uint32_t)e.number || e.high != 3 * e.low)
		unit_fail(__FILE__, __LINE__, "content of an element");

	return e.number;
}


#define NOTHING (UINT64_MAX - (uintptr_t)BY_EMPTY)
#define BROKEN  (UINT64_MAX - (uintptr_t)BY_MALFORMED)


TEST(geometry)
{
	CHECK_EQ(by_ring_size(8, 16), 128 + 8 * 16);
	CHECK_EQ(by_ring_size(1, 16), 144);
	CHECK_EQ(by_ring_size(BY_RING_COUNT_MAX, BY_RING_ELEMENT_MAX), 128 + (1ull << 30));
	CHECK_EQ(by_ring_size(0, 16), 0);
	CHECK_EQ(by_ring_size(3, 16), 0);
	CHECK_EQ(by_ring_size(BY_RING_COUNT_MAX * 2u, 16), 0);
	CHECK_EQ(by_ring_size(8, 0), 0);
	CHECK_EQ(by_ring_size(8, 8), 0);
	CHECK_EQ(by_ring_size(8, BY_RING_ELEMENT_MAX + 16), 0);
	start(8, 0);
	CHECK_EQ(by_ring_producer_init(&producer, memory, 7, 16), BY_INVALID);
	CHECK_EQ(by_ring_consumer_init(&consumer, memory, 7, 16), BY_INVALID);
	CHECK_EQ(by_ring_consumer_init(&consumer, (char *)memory + 4, 8, 16), BY_INVALID);
}


TEST(layout_is_shared)
{
	CHECK_EQ(sizeof(struct by_ring_shared), 128);
	CHECK_EQ(offsetof(struct by_ring_shared, consumer), 64);
	CHECK_EQ(offsetof(struct by_ring_line, wake_at), 4);
	start(8, 0);
	CHECK(put(0x1122334455667788) == BY_OK);
	CHECK(!by_ring_publish(&producer));
	CHECK_EQ(shared->producer.index.value, 1);
	CHECK(memcmp((char *)memory + 128, "\x88\x77\x66\x55\x44\x33\x22\x11\x88\x77\x66\x55", 12) == 0);
}


TEST(fifo_across_wrap_around)
{
	for (uint32_t count = 1; count <= 8; count *= 2) {
		uint64_t in = 0, out = 0;

		start(count, (uint32_t)-20);
		while (in < 100) {
			while (put(in) == BY_OK)
				in++;
			CHECK_EQ(in - out, count);
			(void)!by_ring_publish(&producer);
			while (get() == out)
				out++;
			CHECK_EQ(in, out);
			(void)!by_ring_release(&consumer);
		}
	}
}


/* Elements of several blocks arrive whole, next to each other. */
TEST(large_elements)
{
	enum { SIZE = 48, SLOTS = 4 };
	unsigned char in[SLOTS][SIZE], out[SIZE];

	free(memory);
	memory = calloc(1, by_ring_size(SLOTS, SIZE));
	CHECK_EQ(by_ring_producer_init(&producer, memory, SLOTS, SIZE), BY_OK);
	CHECK_EQ(by_ring_consumer_init(&consumer, memory, SLOTS, SIZE), BY_OK);
	for (unsigned i = 0; i < SLOTS * SIZE; i++)
		in[i / SIZE][i % SIZE] = (unsigned char)(i * 7 + 1);
	for (unsigned i = 0; i < SLOTS; i++)
		CHECK_EQ(by_ring_put(&producer, in[i]), BY_OK);
	CHECK(by_ring_publish(&producer));
	CHECK(memcmp((char *)memory + 128, in, sizeof(in)) == 0);
	for (unsigned i = 0; i < SLOTS; i++) {
		CHECK_EQ(by_ring_get(&consumer, out), BY_OK);
		CHECK(memcmp(in[i], out, SIZE) == 0);
	}
}


TEST(nothing_is_seen_before_publish)
{
	start(COUNT, 0);
	CHECK_EQ(get(), NOTHING);
	CHECK_EQ(put(1), BY_OK);
	CHECK_EQ(put(2), BY_OK);
	CHECK_EQ(get(), NOTHING);
	CHECK(!by_ring_publish(&producer));
	CHECK_EQ(get(), 1);
	CHECK_EQ(get(), 2);
	CHECK_EQ(get(), NOTHING);
}


TEST(nothing_is_reused_before_release)
{
	start(2, 0);
	CHECK_EQ(put(1), BY_OK);
	CHECK_EQ(put(2), BY_OK);
	CHECK_EQ(put(3), BY_NO_SPACE);
	CHECK(!by_ring_publish(&producer));
	CHECK_EQ(get(), 1);
	CHECK_EQ(put(3), BY_NO_SPACE);
	CHECK(!by_ring_release(&consumer));
	CHECK_EQ(by_ring_room(&producer, 2), BY_NO_SPACE);
	CHECK_EQ(put(3), BY_OK);
	CHECK_EQ(put(4), BY_NO_SPACE);
	CHECK_EQ(get(), 2);
	CHECK(!by_ring_release(&consumer));
	CHECK_EQ(by_ring_room(&producer, 1), BY_OK);
}


TEST(fresh_memory_signals_once)
{
	start(COUNT, 0);
	shared->producer.wake_at.value = shared->consumer.wake_at.value = 0;
	CHECK_EQ(put(1), BY_OK);
	CHECK(by_ring_publish(&producer));
	CHECK_EQ(get(), 1);
	CHECK(by_ring_release(&consumer));
	CHECK_EQ(put(2), BY_OK);
	CHECK(!by_ring_publish(&producer));
	CHECK_EQ(get(), 2);
	CHECK(!by_ring_release(&consumer));
}


TEST(consumer_is_woken_once_per_wait)
{
	start(COUNT, (uint32_t)-3);
	CHECK_EQ(by_ring_await_data(&consumer), BY_EMPTY);
	CHECK(!by_ring_publish(&producer));
	for (int i = 0; i < 5; i++)
		CHECK_EQ(put(1), BY_OK);
	CHECK(by_ring_publish(&producer));
	CHECK_EQ(put(1), BY_OK);
	CHECK(!by_ring_publish(&producer));
	CHECK_EQ(by_ring_await_data(&consumer), BY_OK);
	for (int i = 0; i < 6; i++)
		CHECK_EQ(get(), 1);
	CHECK_EQ(by_ring_await_data(&consumer), BY_INVALID);
	CHECK(!by_ring_release(&consumer));
	CHECK_EQ(by_ring_await_data(&consumer), BY_EMPTY);
	CHECK_EQ(put(1), BY_OK);
	CHECK(by_ring_publish(&producer));
}


TEST(producer_is_woken_when_enough_fits)
{
	for (uint32_t n = 1; n <= COUNT; n++) {
		start(COUNT, (uint32_t)-2);
		for (int i = 0; i < COUNT; i++)
			CHECK_EQ(put(1), BY_OK);
		CHECK_EQ(by_ring_await_space(&producer, n), BY_INVALID);
		CHECK(!by_ring_publish(&producer));
		CHECK_EQ(by_ring_await_space(&producer, n), BY_NO_SPACE);
		for (uint32_t i = 1; i <= COUNT; i++) {
			CHECK_EQ(get(), 1);
			CHECK_EQ(by_ring_release(&consumer), i == n);
			CHECK_EQ(by_ring_room(&producer, n), i >= n ? BY_OK : BY_NO_SPACE);
		}
	}
	CHECK_EQ(by_ring_await_space(&producer, 0), BY_INVALID);
	CHECK_EQ(by_ring_await_space(&producer, COUNT + 1), BY_INVALID);
	CHECK_EQ(by_ring_await_space(&producer, COUNT), BY_OK);
}


TEST(producer_is_woken_by_a_batch)
{
	start(COUNT, 0);
	for (int i = 0; i < COUNT; i++)
		CHECK_EQ(put(1), BY_OK);
	CHECK(!by_ring_publish(&producer));
	CHECK_EQ(by_ring_await_space(&producer, 3), BY_NO_SPACE);
	for (int i = 0; i < 6; i++)
		CHECK_EQ(get(), 1);
	CHECK(by_ring_release(&consumer));
	CHECK_EQ(by_ring_await_space(&producer, 3), BY_OK);
}


/* One wake-up per batch: two sides that take turns and sleep whenever they can. */
TEST(wake_ups_are_few)
{
	unsigned signals = 0, elements = 0;

	start(COUNT, 0);
	CHECK_EQ(by_ring_await_data(&consumer), BY_EMPTY);
	for (int round = 0; round < 100; round++) {
		while (put(elements) == BY_OK)
			elements++;
		signals += by_ring_publish(&producer);
		CHECK_EQ(by_ring_await_space(&producer, COUNT), BY_NO_SPACE);
		while (get() < NOTHING)
			;
		signals += by_ring_release(&consumer);
		CHECK_EQ(by_ring_await_data(&consumer), BY_EMPTY);
	}
	CHECK_EQ(elements, 800);
	CHECK_EQ(signals, 200);
}


/*
 * Hostile peers
 */

TEST(malformed_producer_index)
{
	uint32_t const first = (uint32_t)-4;

	start(COUNT, first);
	for (uint32_t ahead = COUNT + 1; ahead > COUNT; ahead += 0x1000001) {
		shared->producer.index.value = first + ahead;
		CHECK_EQ(get(), BROKEN);
		CHECK_EQ(by_ring_await_data(&consumer), BY_MALFORMED);
	}
	shared->producer.index.value = first - 1;
	CHECK_EQ(get(), BROKEN);
	shared->producer.index.value = first + COUNT + 1;
	CHECK_EQ(get(), BROKEN);
	shared->producer.index.value = first + COUNT;
	CHECK(get() < BROKEN);
}


TEST(producer_index_never_goes_back)
{
	start(COUNT, 0);
	shared->producer.index.value = 3;
	for (int i = 0; i < 3; i++)
		CHECK_EQ(get(), 0);
	shared->producer.index.value = 2;
	CHECK_EQ(get(), BROKEN);
	shared->producer.index.value = COUNT + 1;
	CHECK_EQ(get(), BROKEN);
	CHECK(!by_ring_release(&consumer));
	CHECK(get() < BROKEN);
}


TEST(malformed_consumer_index)
{
	uint32_t const first = (uint32_t)-4;

	start(COUNT, first);
	for (int i = 0; i < COUNT; i++)
		CHECK_EQ(put(1), BY_OK);
	shared->consumer.index.value = first + 1;
	CHECK_EQ(put(1), BY_MALFORMED); /* released what was not even published */
	CHECK(!by_ring_publish(&producer));
	CHECK_EQ(put(1), BY_OK);
	CHECK(!by_ring_publish(&producer));
	shared->consumer.index.value = first;
	CHECK_EQ(by_ring_room(&producer, 1), BY_MALFORMED);
	CHECK_EQ(by_ring_await_space(&producer, 1), BY_MALFORMED);
	shared->consumer.index.value = first + COUNT + 2;
	CHECK_EQ(put(1), BY_MALFORMED);
	shared->consumer.index.value = first + COUNT + 1;
	CHECK_EQ(by_ring_room(&producer, COUNT), BY_OK);
}


static uint64_t lot(void)
{
	static uint64_t state = 1;

	state = state * 6364136223846793005u + 1442695040888963407u;

	return state >> 20;
}


/* The peer writes anything anywhere: no access outside (ASan), no wrong count. */
TEST(random_nonsense)
{
	start(COUNT, 0);
	for (int round = 0; round < 200000; round++) {
		uint32_t *at = (uint32_t *)memory + lot() % (by_ring_size(COUNT, 16) / 4);
		struct element e;

		*at = lot() % 4 ? (uint32_t)lot() % 32 - 8 + (lot() % 2 ? producer.end.next
		                                                         : consumer.end.next)
		                : (uint32_t)lot();
		switch (lot() % 6) {
		case 0: (void)!by_ring_get(&consumer, &e); break;
		case 1: (void)!by_ring_put(&producer, &e); break;
		case 2: (void)!by_ring_publish(&producer); break;
		case 3: (void)!by_ring_release(&consumer); break;
		case 4: (void)!by_ring_await_data(&consumer); break;
		case 5: (void)!by_ring_await_space(&producer, 1 + (uint32_t)lot() % COUNT); break;
		}
		CHECK(by_ring_available(&producer.end) <= COUNT);
		CHECK(by_ring_available(&consumer.end) <= COUNT);
		CHECK(producer.end.next - producer.end.committed <= COUNT);
		CHECK(consumer.end.next - consumer.end.committed <= COUNT);
	}
}

UNIT_MAIN("ring")
