/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys, and what a terminal shows of them (library vt).
 */
#include "unit.h"
#include <line_editor.h>
#include <vt.h>

enum { COLUMNS = 130, ROWS = 8 };

static struct vt          vt;
static struct line_editor editor;
static unsigned           row, column, bells, lines;
static char               entered[LINE_EDITOR_MAX + 1]; /* last */


static void draw(struct vt *self, unsigned at_row, unsigned at_column, struct vt_cell cell,
                 bool cursor)
{
	(void)self, (void)cell;
	if (cursor) {
		row    = at_row;
		column = at_column;
	}
}


static void show(struct line_editor *self, const char *bytes, size_t size)
{
	(void)self;
	for (size_t i = 0; i < size; i++)
		bells += bytes[i] == '\a';
	vt_write(&vt, bytes, size);
}


static void take(struct line_editor *self, const char *line)
{
	lines++;
	strcpy(entered, line);
	line_editor_prompt(self);
}


static const char *word(struct line_editor *self, size_t at, unsigned index)
{
	static const char *const first[]  = { "help", "kill", "kick", "start", NULL };
	static const char *const second[] = { "counter", NULL };

	(void)self;
	if (at)
		return index < 1 ? second[index] : NULL;

	return index < 4 ? first[index] : NULL;
}


static const struct line_editor_ops ops  = { .show = show, .entered = take, .word = word };


static void begin(void)
{
	bells = lines = 0;
	entered[0] = 0;
	vt_init(&vt, COLUMNS, ROWS, draw);
	line_editor_init(&editor, &ops, "> ");
	line_editor_prompt(&editor);
}


static void type(const char *keys)
{
	while (*keys)
		line_editor_type(&editor, (unsigned char)*keys++);
}


/** The row of the picture with the cursor, without blanks at its end but that of the prompt. */
static const char *shown(void)
{
	static char text[COLUMNS + 1];
	unsigned    size = COLUMNS;

	while (size > 2 && vt.cells[vt.row][size - 1].c == ' ')
		size--;
	for (unsigned i = 0; i < size; i++)
		text[i] = (char)vt.cells[vt.row][i].c;
	text[size] = 0;

	return text;
}


/* After these keys the line stands so, with the cursor there, and is entered so. */
#define CHECK_LINE(keys, line, cursor) do { \
	type(keys); \
	CHECK_STR(shown(), "> " line); \
	CHECK_EQ(column, 2 + (cursor)); \
} while (0)

#define CHECK_ENTERED(keys, line) do { \
	type(keys "\r"); \
	CHECK_STR(entered, line); \
	CHECK_STR(shown(), "> "); \
} while (0)


TEST(lines_are_entered)
{
	begin();
	CHECK_LINE("hello", "hello", 5);
	CHECK_ENTERED("", "hello");
	CHECK_ENTERED("", "");
	CHECK_ENTERED("a b  c ~!", "a b  c ~!");
	CHECK_EQ(lines, 3);
}


TEST(a_return_with_newline_is_one_key)
{
	begin();
	type("a\r\nb\nc\n\r\n");
	CHECK_EQ(lines, 4);
	CHECK_STR(entered, "");
}


TEST(characters_are_put_in_and_taken_out)
{
	begin();
	CHECK_LINE("helo\033[Dl", "hello", 4);
	CHECK_LINE("\033[H>", ">hello", 1);
	CHECK_LINE("\033[F<", ">hello<", 7);
	CHECK_LINE("\b\x7f", ">hell", 5);
	CHECK_LINE("\033[1~\033[3~", "hell", 0);
	CHECK_LINE("\033[C\033[C\004", "hel", 2);
	CHECK_LINE("\001A\005Z\002\006\033OH\033OC", "AhelZ", 1);
	CHECK_ENTERED("", "AhelZ");
	CHECK_EQ(bells, 0);
}


TEST(words_and_lines_are_cut)
{
	begin();
	CHECK_LINE("one two  three ", "one two  three", 15);
	CHECK_LINE("\027", "one two", 9);
	CHECK_LINE("\027", "one", 4);
	CHECK_LINE("x y\033[D\033[D\013", "one x", 5);
	CHECK_LINE("\025", "", 0);
	CHECK_EQ(bells, 0);
	CHECK_LINE("\025\013\027\b\004\033[3~", "", 0);
	CHECK_EQ(bells, 6);
}


TEST(a_line_can_be_given_up)
{
	begin();
	CHECK_LINE("abc\003", "", 0);
	CHECK_ENTERED("d", "d");
	CHECK_EQ(lines, 1);
}


TEST(the_screen_can_be_cleared)
{
	begin();
	type("x\ry\rabc\033[D");
	CHECK_EQ(row, 2);
	CHECK_LINE("\014", "abc", 2);
	CHECK_EQ(row, 0);
}


TEST(lines_are_remembered)
{
	begin();
	type("one\rtwo\r\rtwo\rthree\r");
	CHECK_LINE("\033[A", "three", 5);
	CHECK_LINE("\033[A", "two", 3);
	CHECK_LINE("\033[A", "one", 3);
	CHECK_EQ(bells, 0);
	CHECK_LINE("\033[A", "one", 3);
	CHECK_EQ(bells, 1);
	CHECK_LINE("\033[B\016\020", "two", 3);
	CHECK_ENTERED("!", "two!");
	CHECK_LINE("\033[A\033[A", "three", 5);
	CHECK_LINE("\033[B\033[B", "", 0);
	CHECK_EQ(bells, 1);
	CHECK_LINE("\033[B", "", 0);
	CHECK_EQ(bells, 2);
}


TEST(the_oldest_lines_are_forgotten)
{
	begin();
	for (char c = 'a'; c < 'a' + 20; c++)
		type((char[]){ c, '\r', 0 });
	for (int i = 0; i < LINE_EDITOR_HISTORY + 3; i++)
		type("\033[A");
	CHECK_EQ(bells, 3);
	CHECK_LINE("", "m", 1);
}


TEST(words_are_completed)
{
	begin();
	CHECK_LINE("h\t", "help", 5);
	CHECK_LINE("\025s\tc\t", "start counter", 14);
	CHECK_LINE("\025k\t", "ki", 2);
	CHECK_EQ(row, 0);
	CHECK_LINE("\t", "ki", 2);
	CHECK_EQ(row, 2);
	CHECK_EQ(bells, 0);
	CHECK_LINE("x\t", "kix", 3);
	CHECK_EQ(bells, 1);
	CHECK_LINE("\025x \033[D\033[Dh\t", "help x", 5);
}


TEST(lines_that_are_too_long_ring)
{
	begin();
	for (int i = 0; i < LINE_EDITOR_MAX + 5; i++)
		type("x");
	CHECK_EQ(bells, 5);
	type("\t\001\025");
	CHECK_EQ(bells, 6);
	CHECK_ENTERED("\005\b\b", "");
}


TEST(keys_that_mean_nothing_ring)
{
	begin();
	CHECK_LINE("a\033[99999999999~\033[5~\033[Z\033OQ\x11\x80\xff", "a", 1);
	CHECK_EQ(bells, 7);
	CHECK_LINE("\033x\033[1;5Cb", "ab", 2);
	line_editor_type(&editor, 0);
	CHECK_EQ(bells, 7);
}


UNIT_MAIN("line_editor")
