/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arm: what the compiler's division calls when the divisor is 0. x86 faults there,
 * so we do as well.
 */
int raise(int signal);


int raise(int signal)
{
	(void)signal;
	__builtin_trap();
}
