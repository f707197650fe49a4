/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contract: text on the boot framebuffer, beside the boot console. Where there is none
 * (dev/no_screen.c), all text is taken and forgotten.
 */
#ifndef ARCH_SCREEN_H
#define ARCH_SCREEN_H

#include "../types.h"

struct by_boot_framebuffer;

/** Port: draw into this framebuffer, checked by the bootstrap and mapped at 'base', from now on. */
void screen_attach(struct by_boot_framebuffer const *framebuffer, void *base);

/** Begin with an empty screen, at boot and when it is taken back. */
void screen_init(void);

/** Print a character now, or draw a part of what has moved; false if it is not taken. */
bool screen_put(char c);

#endif
