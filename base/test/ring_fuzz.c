/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target of the ring: the input is what both sides do and what a hostile
 * peer writes into the shared memory meanwhile, one letter per step:
 *
 *    p put   P publish   s await space (+ digit)   r room (+ digit)
 *    g get   R release   d await data
 *    ! and two characters: write to one of the four shared words, relative to
 *      an index, or to an element
 *    <  move all indices close to their wrap-around (first letter only)
 *
 * While nobody lied each side gets what a simple queue would give. Always: no
 * access outside, never more elements than fit, each call ends.
 */
#include "canary.h"
#include "require.h"

#include <by/ring.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

enum { COUNT = 4, WORDS = 4 };

static void                   *memory;
static struct by_ring_shared  *shared;
static struct by_ring_producer producer;
static struct by_ring_consumer consumer;

/* What a queue without mistakes would hold; counts of elements. */
static struct {
	uint32_t put, published, got, released;
	bool     lied; /* the peer wrote nonsense: nothing is known but the bounds */
	unsigned malformed, wakes;
	int64_t  data_wait, space_wait; /* number waited for, -1: none */
} model;



static void start(uint32_t first)
{
	size_t const size = by_ring_size(COUNT, WORDS * 4);

	memory = shared = malloc(size);
	memset(memory, 0, size);
	REQUIRE(by_ring_producer_init(&producer, memory, COUNT, WORDS * 4) == BY_OK);
	REQUIRE(by_ring_consumer_init(&consumer, memory, COUNT, WORDS * 4) == BY_OK);
	producer.end.next = producer.end.committed = consumer.end.next = consumer.end.committed = first;
	producer.end.limit = first + COUNT;
	consumer.end.limit = first;
	shared->producer.index.value = shared->consumer.index.value = first;
	shared->producer.wake_at.value = shared->consumer.wake_at.value = first - 1;
	memset(&model, 0, sizeof(model));
	model.data_wait = model.space_wait = -1;
}


/* The answer must be the expected one; after lies, it may also be 'malformed'. */
static bool answered(by_status_t status, by_status_t expected)
{
	model.malformed += status == BY_MALFORMED;
	REQUIRE(model.lied || status == expected);

	return status == BY_OK;
}


static void put(void)
{
	uint32_t const element[WORDS] = { model.put, ~model.put, 3 * model.put, 7 };
	bool const     fits = model.put - model.released < COUNT;

	model.put += answered(by_ring_put(&producer, element), fits ? BY_OK : BY_NO_SPACE);
}


static void get(void)
{
	uint32_t   e[WORDS];
	bool const there = model.got != model.published;

	if (!answered(by_ring_get(&consumer, e), there ? BY_OK : BY_EMPTY))
		return;

	REQUIRE(model.lied || (e[0] == model.got && e[1] == ~e[0] && e[2] == 3 * e[0]));
	model.got++;
}


static void publish(void)
{
	bool const wake = model.data_wait >= model.published && model.data_wait < model.put;
	bool const said = by_ring_publish(&producer);

	REQUIRE(model.lied || said || !wake);
	if (wake)
		model.data_wait = -1;
	model.wakes += said;
	model.published = model.put;
}


static void release(void)
{
	bool const wake = model.space_wait >= model.released && model.space_wait < model.got;
	bool const said = by_ring_release(&consumer);

	REQUIRE(model.lied || said || !wake);
	if (wake)
		model.space_wait = -1;
	model.wakes += said;
	model.released = model.got;
}


static void await_space(uint32_t n)
{
	by_status_t expected = BY_NO_SPACE;

	if (n == 0 || n > COUNT || model.put != model.published)
		expected = BY_INVALID;
	else if (COUNT - (model.put - model.released) >= n)
		expected = BY_OK;
	by_status_t const status = by_ring_await_space(&producer, n);

	(void)answered(status, expected);
	if (status == BY_NO_SPACE)
		model.space_wait = (int64_t)model.put + n - 1 - COUNT;
	else if (status == BY_OK)
		model.space_wait = -1; /* a later call replaces an earlier one */
}


static void await_data(void)
{
	by_status_t expected = model.published == model.got ? BY_EMPTY : BY_OK;

	if (model.got != model.released)
		expected = BY_INVALID;
	by_status_t const status = by_ring_await_data(&consumer);

	(void)answered(status, expected);
	if (status == BY_EMPTY)
		model.data_wait = model.got;
	else if (status == BY_OK)
		model.data_wait = -1;
}


/* What a hostile peer may do at any moment. */
static void lie(unsigned char where, unsigned char what)
{
	uint32_t *const words[] = {
		&shared->producer.index.value, &shared->consumer.index.value,
		&shared->producer.wake_at.value, &shared->consumer.wake_at.value,
		(uint32_t *)(shared + 1) + where / 8 % (COUNT * WORDS),
	};
	uint32_t *const word = words[where % 5];

	if (what & 0x80)
		*word = (uint32_t)what * 0x01010101u;
	else
		*word = (what & 0x40 ? producer.end.next : consumer.end.next) + (what & 31u) - 16;
	model.lied = true;
}


static void bounds(void)
{
	REQUIRE(by_ring_available(&producer.end) <= COUNT);
	REQUIRE(by_ring_available(&consumer.end) <= COUNT);
	REQUIRE(producer.end.next - producer.end.committed <= COUNT);
	REQUIRE(consumer.end.next - consumer.end.committed <= COUNT);
}


/* Take one step; return how many characters it used. */
static size_t step(uint8_t const *data, size_t size)
{
	unsigned const digit = size > 1 ? data[1] & 7 : 1;

	switch (data[0]) {
	case 'p': put();     return 1;
	case 'g': get();     return 1;
	case 'P': publish(); return 1;
	case 'R': release(); return 1;
	case 'd': await_data(); return 1;
	case 's': await_space(digit); return 2;
	case 'r': (void)!by_ring_room(&producer, digit); return 2;
	case '!':
		if (size > 2)
			lie(data[1], data[2]);
		return 3;
	default:
		return 1;
	}
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	start(size > 0 && data[0] == '<' ? (uint32_t)-6 : 0);
	for (size_t at = 0; at < size; ) {
		at += step(data + at, size - at);
		bounds();
	}
	canary(model.malformed > 2 && model.wakes > 2 && model.got > 8);
	free(memory);

	return 0;
}
