/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Driver for UARTs of the 16550 family, at I/O ports or with registers in memory.
 */
#include "device.h"


void component_main(struct by_env *env)
{
	uart_serve(env, &uart_16550);
}
