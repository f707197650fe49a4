/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the codes of a PC keyboard (set 1, as the controller translates them) to what a
 * terminal sends: US layout, cursor and function keys as escape sequences.
 */
#ifndef KEYS_H
#define KEYS_H

#include <by/types.h>

/** The most bytes that a key sends. */
enum { KEYS_MAX = 6 };

/** What is held down, and what a code continues. Zeroed: nothing. */
struct keys {
	bool     shift[2], ctrl[2], alt[2]; /* left, right */
	bool     caps, caps_down;
	bool     extended; /* 0xe0 was before */
	unsigned skip;     /* codes that belong to the Pause key */
};

/** The next code from the keyboard; how many bytes it sends. */
unsigned keys_code(struct keys *keys, unsigned char code, char to[KEYS_MAX]);

#endif
