/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * No text on a boot framebuffer.
 */
#include <arch/screen.h>


void screen_init(void) { }


bool screen_put(char c)
{
	(void)c;

	return true;
}
