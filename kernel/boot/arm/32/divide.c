/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: what libgcc's division calls when the divisor is 0 (Run-time ABI, 4.3.2).
 */
#include "boot.h"

int __aeabi_idiv0(int result);
long long __aeabi_ldiv0(long long result);


int __aeabi_idiv0(int result)
{
	(void)result;
	boot_fail("division by zero");
}


long long __aeabi_ldiv0(long long result)
{
	(void)result;
	boot_fail("division by zero");
}
