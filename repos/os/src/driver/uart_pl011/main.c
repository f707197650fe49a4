/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Driver for Arm's PrimeCell UART, PL011.
 */
#include "device.h"


void component_main(struct by_env *env)
{
	uart_serve(env, &uart_pl011);
}
