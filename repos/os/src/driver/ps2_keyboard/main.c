/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Driver for the keyboard of PCs.
 */
#include "device.h"


void component_main(struct by_env *env)
{
	uart_serve(env, &ps2_keyboard);
}
