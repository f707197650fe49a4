/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the unit tests of base share.
 */
#include <by/assert.h>
#include <by/container.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

enum { HEADER = 16 };

static jmp_buf assert_place;
static bool    assert_expected;


uint64_t support_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;

	return *seed * 0x9e3779b97f4a7c15u;
}


unsigned support_below(uint64_t *seed, unsigned count)
{
	return (unsigned)((support_random(seed) >> 32) * count >> 32);
}


static struct support_alloc *support_of(struct by_alloc *alloc)
{
	return BY_CONTAINER_OF(alloc, struct support_alloc, alloc);
}


static by_status_t support_alloc(struct by_alloc *self, size_t size, void **out)
{
	struct support_alloc *alloc = support_of(self);

	alloc->calls++;
	if (alloc->fail_at && alloc->calls >= alloc->fail_at)
		return BY_OUT_OF_RAM;

	char *memory = aligned_alloc(BY_ALLOC_ALIGN, (HEADER + size + 15) & ~(size_t)15);

	memset(memory, 0xa5, HEADER + size);
	memcpy(memory, &size, sizeof(size));
	alloc->live++;
	alloc->consumed += size;

	*out = memory + HEADER;
	return BY_OK;
}


static void support_free(struct by_alloc *self, void *ptr, size_t size)
{
	struct support_alloc *alloc = support_of(self);
	char  *memory = (char *)ptr - HEADER;
	size_t real;

	memcpy(&real, memory, sizeof(real));
	BY_ASSERT(real == size);
	memset(memory, 0x5a, HEADER + size);
	free(memory);
	alloc->live--;
	alloc->consumed -= size;
}


static size_t support_consumed(struct by_alloc const *self)
{
	return BY_CONTAINER_OF(self, struct support_alloc const, alloc)->consumed;
}


void support_alloc_init(struct support_alloc *alloc)
{
	*alloc = (struct support_alloc){
		.alloc = { support_alloc, support_free, support_consumed },
	};
}


bool support_asserts(void (*run)(void *arg), void *arg)
{
	bool volatile asserted = true;

	assert_expected = true;
	if (setjmp(assert_place) == 0) {
		run(arg);
		asserted = false;
	}
	assert_expected = false;

	return asserted;
}


void by_assert_fail(char const *file, int line, char const *text)
{
	if (assert_expected)
		longjmp(assert_place, 1);

	printf("%s:%d: assertion broken: %s\n", file, line, text);
	abort();
}
