/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of the memory functions, which are renamed so that the host's own stay
 * in use for everything else.
 */
#include <by/string.h>
#include <unit.h>

#include "support.h"

void *our_memcpy(void *dst, void const *src, size_t size);
void *our_memmove(void *dst, void const *src, size_t size);
void *our_memset(void *dst, int value, size_t size);
int   our_memcmp(void const *a, void const *b, size_t size);

#define memcpy  our_memcpy
#define memmove our_memmove
#define memset  our_memset
#define memcmp  our_memcmp
#include "../lib/mem.c"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp

UNIT_MAIN("mem")

enum { ROOM = 512, SIZES = 100, OFFSETS = 17 };

static unsigned char area[ROOM], model[ROOM], source[ROOM];


static void fill(uint64_t seed)
{
	for (int i = 0; i < ROOM; i++) {
		area[i]   = model[i] = (unsigned char)support_random(&seed);
		source[i] = (unsigned char)support_random(&seed);
	}
}


/* No function of the host, whose checkers would find faults in overlaps. */
static bool same(void)
{
	for (int i = 0; i < ROOM; i++)
		if (area[i] != model[i])
			return false;

	return true;
}


static bool copy_right(size_t to, size_t from, size_t size)
{
	fill(to * 1000 + from + 1);
	for (size_t i = 0; i < size; i++)
		model[to + i] = source[from + i];

	return our_memcpy(area + to, source + from, size) == area + to && same();
}


TEST(memcpy_any_alignment)
{
	for (size_t to = 0; to < OFFSETS; to++)
		for (size_t from = 0; from < OFFSETS; from++)
			for (size_t size = 0; size < SIZES; size++)
				CHECK(copy_right(to, from, size));
	CHECK(copy_right(0, 0, ROOM));
	CHECK(copy_right(3, 2, ROOM - 3));
}


static bool move_right(size_t to, size_t from, size_t size)
{
	fill(to * 1000 + from + 1);
	for (size_t i = 0; i < size; i++)
		model[to + i] = area[from + i];

	return our_memmove(area + to, area + from, size) == area + to && same();
}


TEST(memmove_any_overlap)
{
	for (size_t from = 96; from < 96 + 9; from++)
		for (size_t to = from - 70; to < from + 70; to++)
			for (size_t size = 0; size < SIZES; size++)
				CHECK(move_right(to, from, size));
	CHECK(move_right(0, 1, ROOM - 1));
	CHECK(move_right(1, 0, ROOM - 1));
}


TEST(memset_any_alignment)
{
	for (size_t to = 0; to < OFFSETS; to++) {
		for (size_t size = 0; size < SIZES; size++) {
			fill(to + 1);
			for (size_t i = 0; i < size; i++)
				model[to + i] = 0xc3;
			CHECK(our_memset(area + to, 0x7fffffc3, size) == area + to);
			CHECK(same());
		}
	}
}


TEST(memset_takes_low_byte)
{
	our_memset(area, -1, 40);
	for (int i = 0; i < 40; i++)
		CHECK_EQ(area[i], 0xff);
	our_memset(area, 0x100, 40);
	for (int i = 0; i < 40; i++)
		CHECK_EQ(area[i], 0);
}


static void make_equal(size_t a, size_t b, size_t size)
{
	for (size_t i = 0; i < size; i++)
		area[a + i] = source[b + i] = (unsigned char)(i * 37);
}


TEST(memcmp_finds_each_difference)
{
	for (size_t a = 0; a < 9; a++) {
		for (size_t b = 0; b < 9; b++) {
			make_equal(a, b, 50);
			CHECK(our_memcmp(area + a, source + b, 50) == 0);
			for (size_t i = 0; i < 50; i++) {
				source[b + i] ^= 0x80;
				int sign = area[a + i] < 0x80 ? -1 : 1;
				CHECK(our_memcmp(area + a, source + b, i) == 0);
				CHECK(our_memcmp(area + a, source + b, 50) * sign > 0);
				CHECK(our_memcmp(source + b, area + a, i + 1) * sign < 0);
				source[b + i] ^= 0x80;
			}
		}
	}
}


/* Each word is compared with its counterpart, not with a neighbour of that. */
TEST(memcmp_equal_neighbours)
{
	for (int i = 0; i < 64; i++) {
		area[i]   = (unsigned char)(i < 8 ? 1 : 2);
		source[i] = 2;
	}
	for (size_t size = 1; size < 64; size++) {
		CHECK(our_memcmp(area, source, size) < 0);
		CHECK(our_memcmp(source, area, size) > 0);
	}
}


TEST(memcmp_first_difference_decides)
{
	fill(1);
	for (int i = 0; i < 32; i++)
		area[i] = source[i] = 0;
	area[3] = 1;
	source[4] = 2;
	CHECK(our_memcmp(area, source, 32) > 0);
	CHECK(our_memcmp(area + 4, source + 4, 28) < 0);
}
