/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Codes of keys. A key sends its code when it is pressed, again and again while it is held,
 * and the code with the highest bit when it is released; some have 0xe0 in front.
 */
#include <keys.h>

enum {
	RELEASED = 0x80, EXTENDED = 0xe0, PAUSE = 0xe1, PAUSE_REST = 2,
	CTRL = 0x1d, LEFT_SHIFT = 0x2a, RIGHT_SHIFT = 0x36, ALT = 0x38, CAPS = 0x3a,
	ESC = 0x1b, CONTROL = 0x1f,
};

/** Codes 0 to 0x39, without and with shift; NUL: no character. */
static char const plain[]   = "\0\x1b" "1234567890-=\x7f\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static char const shifted[] = "\0\x1b" "!@#$%^&*()_+\x7f\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

/** Keys that send sequences: what follows ESC. On the keypad the same codes are not extended. */
static struct { unsigned char code; char const *text; } const sequences[] = {
	{ 0x3b, "OP" }, { 0x3c, "OQ" }, { 0x3d, "OR" }, { 0x3e, "OS" }, { 0x3f, "[15~" },
	{ 0x40, "[17~" }, { 0x41, "[18~" }, { 0x42, "[19~" }, { 0x43, "[20~" },
	{ 0x44, "[21~" }, { 0x57, "[23~" }, { 0x58, "[24~" },
	{ 0x47, "[H" }, { 0x48, "[A" }, { 0x49, "[5~" }, { 0x4b, "[D" }, { 0x4d, "[C" },
	{ 0x4f, "[F" }, { 0x50, "[B" }, { 0x51, "[6~" }, { 0x52, "[2~" }, { 0x53, "[3~" },
};

_Static_assert(sizeof(plain) == 0x3a + 1 && sizeof(shifted) == sizeof(plain), "all codes");


/** Keys that change what others send; false: it is none. */
static bool modifier(struct keys *keys, unsigned code, bool pressed)
{
	bool const right = keys->extended;

	switch (code) {
	case CTRL: keys->ctrl[right] = pressed; return true;
	case ALT:  keys->alt[right]  = pressed; return true;
	/* with 0xe0 they are made up by the keyboard, around other keys */
	case LEFT_SHIFT:  if (!right) keys->shift[0] = pressed; return true;
	case RIGHT_SHIFT: if (!right) keys->shift[1] = pressed; return true;
	case CAPS:
		keys->caps ^= pressed && !keys->caps_down;
		keys->caps_down = pressed;
		return true;
	default:
		return false;
	}
}


static char character(struct keys const *keys, unsigned code)
{
	if (code >= sizeof(plain) - 1)
		return code == 0x4a ? '-' : code == 0x4e ? '+' : 0;

	bool const letter = plain[code] >= 'a' && plain[code] <= 'z';
	bool const shift  = (keys->shift[0] || keys->shift[1]) != (letter && keys->caps);
	char const c      = shift ? shifted[code] : plain[code];

	if (!keys->ctrl[0] && !keys->ctrl[1])
		return c;

	return c == ' ' || (c >= '@' && c <= '~') ? (char)(c & CONTROL) : c;
}


static unsigned sequence(unsigned code, char to[KEYS_MAX])
{
	for (unsigned i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		if (sequences[i].code != code)
			continue;
		unsigned count = 0;
		to[count++] = ESC;
		for (char const *at = sequences[i].text; *at; at++)
			to[count++] = *at;
		return count;
	}

	return 0;
}


/** A key that is pressed. Control and space are NUL, so no character is told otherwise. */
static unsigned press(struct keys const *keys, unsigned code, char to[KEYS_MAX])
{
	bool const extended = keys->extended && code != 0x1c && code != 0x35; /* Enter, / */
	unsigned   count    = extended ? sequence(code, to) : 0;

	if (extended || count)
		return count;

	bool const none = code >= sizeof(plain) - 1 || !plain[code];
	char const c    = character(keys, code);

	if (none && !c)
		return sequence(code, to);
	if (keys->alt[0] || keys->alt[1])
		to[count++] = ESC;
	to[count++] = c;

	return count;
}


unsigned keys_code(struct keys *keys, unsigned char byte, char to[KEYS_MAX])
{
	unsigned const code  = byte & ~(unsigned)RELEASED;
	unsigned       count = 0;

	if (keys->skip) {
		keys->skip--;
		return 0;
	}
	if (byte == PAUSE) {
		keys->skip     = PAUSE_REST;
		keys->extended = false;
		return 0;
	}
	if (byte == EXTENDED) {
		keys->extended = true;
		return 0;
	}
	if (!modifier(keys, code, !(byte & RELEASED)) && !(byte & RELEASED))
		count = press(keys, code, to);
	keys->extended = false;

	return count;
}
