/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: the compiler's helper for counting leading zeros, which the base
 * instruction set lacks; libgcc's has the ABI with FPU registers.
 */
#include "types.h"

int __clzdi2(unsigned long value);


int __clzdi2(unsigned long value)
{
	unsigned zeros = 0;

	for (unsigned half = 32; half; half /= 2) {
		if (value >> (64 - half))
			continue;
		zeros += half;
		value <<= half;
	}

	return (int)zeros;
}
