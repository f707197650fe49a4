/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What keys send.
 */
#include "unit.h"
#include <keys.h>

static struct keys keys;
static char        text[100];


/** The codes of a text of hexadecimal numbers; what they send, with ESC as '^'. */
static const char *typed(const char *codes)
{
	unsigned size = 0, code;

	memset(&keys, 0, sizeof(keys));
	for (int used; sscanf(codes, "%x%n", &code, &used) == 1; codes += used) {
		char     to[KEYS_MAX];
		unsigned count = keys_code(&keys, (unsigned char)code, to);
		for (unsigned i = 0; i < count; i++)
			text[size++] = to[i] == 0x1b ? '^' : to[i];
	}
	text[size] = 0;

	return text;
}


TEST(letters_digits_and_marks)
{
	CHECK_STR(typed("10 90 11 91 12 92 39 b9 02 82 0b 8b 33 b3 2b ab"), "qwe 10,\\");
	CHECK_STR(typed("2a 10 90 02 82 28 a8 aa 10 90"), "Q!\"q");
	CHECK_STR(typed("36 1e 9e b6 1e"), "Aa");
	CHECK_STR(typed("1c 9c 0e 8e 0f 8f 01 81"), "\r\x7f\t^");
}


TEST(a_key_that_is_held_repeats)
{
	CHECK_STR(typed("1e 1e 1e 9e 30"), "aaab");
}


TEST(both_shifts_are_keys_of_their_own)
{
	CHECK_STR(typed("2a 36 aa 1e b6 1e"), "Aa");
}


TEST(caps_lock_turns_letters_only)
{
	CHECK_STR(typed("3a ba 1e 02 2a 1e 02 aa 3a ba 1e"), "A1a!a");
	/* the key repeats, too */
	CHECK_STR(typed("3a 3a 3a ba 1e"), "A");
}


TEST(control_and_alt)
{
	CHECK_STR(typed("1d 2e ae 9d 2e"), "\3c");
	CHECK_STR(typed("e0 1d 26 e0 9d 26"), "\fl");
	CHECK_STR(typed("1d 2a 1e aa 9d"), "\1");
	CHECK_STR(typed("38 1e b8 1e"), "^aa");
	CHECK_STR(typed("e0 38 1e e0 b8 1e"), "^aa");
	CHECK_STR(typed("1d 1a 9d"), "^");

	/* control and space: NUL */
	char to[KEYS_MAX] = "x";
	memset(&keys, 0, sizeof(keys));
	CHECK_EQ(keys_code(&keys, 0x1d, to), 0);
	CHECK(keys_code(&keys, 0x39, to) == 1 && to[0] == 0);
}


TEST(cursor_and_function_keys)
{
	CHECK_STR(typed("e0 48 e0 c8 e0 50 e0 d0 e0 4b e0 4d"), "^[A^[B^[D^[C");
	CHECK_STR(typed("e0 47 e0 4f e0 49 e0 51 e0 52 e0 53"), "^[H^[F^[5~^[6~^[2~^[3~");
	CHECK_STR(typed("48 4a 4e 37 e0 35 e0 1c"), "^[A-+*/\r");
	CHECK_STR(typed("3b 3e 3f 44 57 58"), "^OP^OS^[15~^[21~^[23~^[24~");
	/* with shifts that the keyboard makes up */
	CHECK_STR(typed("e0 2a e0 48 e0 c8 e0 aa 1e"), "^[Aa");
}


/* The code that announces another one can be followed by that of Pause instead. */
TEST(what_is_cut_off_changes_no_other_key)
{
	CHECK_STR(typed("2a e0 e1 1d 45 aa 1e"), "a");
	CHECK_STR(typed("2a e0 e0 48 aa 1e"), "^[Aa");
}


TEST(keys_that_send_nothing)
{
	CHECK_STR(typed("e1 1d 45 e1 9d c5 1e"), "a");
	CHECK_STR(typed("e0 2a e0 37 e0 b7 e0 aa 1e"), "a");
	CHECK_STR(typed("45 46 54 5b 7f 00 ff fe fa 1e"), "a");
	CHECK_STR(typed("e0 5b e0 db e0 e0 1e 1e"), "a");
}


UNIT_MAIN("keys")
