/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: what compilers call where there are no instructions for it. (GCC's own
 * library has another ABI.) Written without the builtins that stand for them.
 */
#include <by/types.h>

int __clzdi2(unsigned long value);
int __ctzdi2(unsigned long value);
int __popcountdi2(unsigned long value);


/** Leading zeros of a value that is not 0. */
int __clzdi2(unsigned long value)
{
	int zeros = 0;

	for (int half = 32; half; half /= 2) {
		if (!(value >> (64 - half))) {
			value <<= half;
			zeros  += half;
		}
	}

	return zeros;
}


/** Trailing zeros of a value that is not 0. */
int __ctzdi2(unsigned long value)
{
	int zeros = 0;

	for (int half = 32; half; half /= 2) {
		if (!(value << (64 - half))) {
			value >>= half;
			zeros  += half;
		}
	}

	return zeros;
}


int __popcountdi2(unsigned long value)
{
	value -= value >> 1 & 0x5555555555555555;
	value  = (value & 0x3333333333333333) + (value >> 2 & 0x3333333333333333);
	value  = (value + (value >> 4)) & 0x0f0f0f0f0f0f0f0f;

	return (int)(value * 0x0101010101010101 >> 56);
}
