/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Filling and copying memory, by the instructions that the CPU has for it.
 */
#include "types.h"


void *memset(void *dst, int value, size_t size)
{
	void    *to    = dst;
	size_t   words = size / 8, rest = size % 8;
	uint64_t word  = (uint8_t)value * 0x0101010101010101u;

	asm volatile ("rep stosq" : "+D"(to), "+c"(words) : "a"(word) : "memory");
	asm volatile ("rep stosb" : "+D"(to), "+c"(rest) : "a"(word) : "memory");

	return dst;
}


void *memcpy(void *dst, const void *src, size_t size)
{
	void  *to    = dst;
	size_t words = size / 8, rest = size % 8;

	asm volatile ("rep movsq" : "+D"(to), "+S"(src), "+c"(words) : : "memory");
	asm volatile ("rep movsb" : "+D"(to), "+S"(src), "+c"(rest) : : "memory");

	return dst;
}
