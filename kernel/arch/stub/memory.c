/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RAM of the stub: taken and given back in blocks. A free block is filled with 0xdd
 * and, under the address sanitizer, must not be touched.
 *
 *     free list of a size:   oldest ──> ... ──> newest
 */
#include "memory.h"
#include <stdlib.h>
#include <sys/mman.h>

/* parts of the sanitizer, absent in other builds */
void __asan_poison_memory_region(void const volatile *at, size_t size) __attribute__((weak));
void __asan_unpoison_memory_region(void const volatile *at, size_t size)
	__attribute__((weak));
const char *__asan_default_options(void);

enum { SIZES = 18, LIST = 4096 }; /* up to 128 KiB */

unsigned char *stub_ram;
unsigned       stub_quarantine;

static word_t   used;
static unsigned first[SIZES], count[SIZES];
static paddr_t  list[SIZES][LIST];


static void poison(void *at, word_t size)
{
	if (__asan_poison_memory_region)
		__asan_poison_memory_region(at, size);
}


static void unpoison(void *at, word_t size)
{
	if (__asan_unpoison_memory_region)
		__asan_unpoison_memory_region(at, size);
}


void stub_ram_reset(void)
{
	if (!stub_ram)
		stub_ram = mmap(NULL, STUB_RAM_SIZE, PROT_READ | PROT_WRITE,
		                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unpoison(stub_ram, used);
	memset(stub_ram, 0, used);
	used = 0;
	memset(count, 0, sizeof(count));
	memset(first, 0, sizeof(first));
	stub_quarantine = 0;
}


static unsigned size_class(word_t size)
{
	return (unsigned)__builtin_ctzl(size);
}


static bool reusable(word_t size)
{
	return (size & (size - 1)) == 0 && size_class(size) < SIZES
	       && count[size_class(size)] > stub_quarantine;
}


paddr_t stub_alloc(word_t size)
{
	if (reusable(size)) {
		unsigned class = size_class(size);
		paddr_t  pa    = list[class][first[class]++ % LIST];
		count[class]--;
		unpoison(mem_kernel(pa), size);
		return pa;
	}
	word_t at = (used + size - 1) / size * size;

	used = at + size;
	if (used > STUB_RAM_SIZE)
		abort();

	return STUB_RAM_BASE + at;
}


void stub_free(paddr_t pa, word_t size)
{
	unsigned class = size_class(size);

	memset(mem_kernel(pa), 0xdd, size);
	poison(mem_kernel(pa), size);
	if (class < SIZES && count[class] < LIST)
		list[class][(first[class] + count[class]++) % LIST] = pa;
}


/** The kernel has no heap, so there is nothing for the leak checker to find. */
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}
