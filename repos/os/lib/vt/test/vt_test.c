/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What bytes make of a picture.
 */
#include "unit.h"
#include <stdlib.h>
#include <vt.h>

enum { COLUMNS = 10, ROWS = 4 };

static struct vt      vt;
static struct vt_cell shown[VT_ROWS][VT_COLUMNS]; /* what was drawn */
static unsigned       drawn, cursor_row, cursor_column;


static void draw(struct vt *self, unsigned row, unsigned column, struct vt_cell cell, bool cursor)
{
	if (row >= self->rows || column >= self->columns)
		abort();
	shown[row][column] = cell;
	drawn++;
	if (cursor) {
		cursor_row    = row;
		cursor_column = column;
	}
}


static void begin(void)
{
	memset(shown, 0, sizeof(shown));
	vt_init(&vt, COLUMNS, ROWS, draw);
}


/** The picture after a text: rows without blanks at their ends, each with '|' behind. */
static const char *after(const char *text)
{
	static char lines[ROWS * (COLUMNS + 1) + 1];
	unsigned    size = 0;

	vt_write(&vt, text, strlen(text));
	for (unsigned row = 0; row < ROWS; row++) {
		unsigned end = COLUMNS;
		while (end && shown[row][end - 1].c == ' ')
			end--;
		for (unsigned column = 0; column < end; column++)
			lines[size++] = (char)shown[row][column].c;
		lines[size++] = '|';
	}
	lines[size] = 0;

	return lines;
}


#define CHECK_PICTURE(text, expected) do { begin(); CHECK_STR(after(text), expected); } while (0)
#define CHECK_CURSOR(row, column) CHECK(cursor_row == (row) && cursor_column == (column))


TEST(characters_and_controls)
{
	CHECK_PICTURE("", "||||");
	CHECK_PICTURE("abc\r\nd\ne\rf", "abc|d|fe||");
	CHECK_PICTURE("abc\b\bx\tt", "axc     t||||");
	CHECK_PICTURE("\b\b\r\a\x01\x7fz", "z||||");
	CHECK_PICTURE("a\xc3\xa4\xe2\x82\xac" "b", "a??b||||");
	CHECK_CURSOR(0, 4);
}


TEST(full_lines_and_scrolling)
{
	CHECK_PICTURE("0123456789", "0123456789||||");
	CHECK_CURSOR(0, 9);
	CHECK_STR(after("\r\nx"), "0123456789|x|||");
	CHECK_PICTURE("0123456789ab", "0123456789|ab|||");
	CHECK_PICTURE("a\r\nb\r\nc\r\nd\r\ne\r\nf", "c|d|e|f|");
	CHECK_PICTURE("0123456789012345678901234567890123456789", "0123456789|0123456789|0123456789|0123456789|");
	CHECK_STR(after("x"), "0123456789|0123456789|0123456789|x|");
	CHECK_PICTURE("\t\t\t\tx\033E\033Dy", "         x||y||");
}


TEST(cursor_movement)
{
	CHECK_PICTURE("\033[2;3Hx\033[Ay\033[2Bz\033[4Dw", "   y|  x| w  z||");
	CHECK_PICTURE("\033[99;99Hx\033[99A\033[99Dy\033[99B\033[99Cz", "y|||         z|");
	CHECK_PICTURE("\033[3;4f1\033[F2\033[2E3\033[5G4\033[1d5", "     5|2|   1|3   4|");
	CHECK_PICTURE("ab\0337\033[4;4H\0338c", "abc||||");
	CHECK_PICTURE("\033[0;0Ha\033[;2Hb\033[Hc", "cb||||");
}


TEST(erasing)
{
	static char const full[] = "0123456789012345678901234567890123456789\033[2;4H";

	begin(); after(full);
	CHECK_STR(after("\033[K"), "0123456789|012|0123456789|0123456789|");
	begin(); after(full);
	CHECK_STR(after("\033[1K"), "0123456789|    456789|0123456789|0123456789|");
	begin(); after(full);
	CHECK_STR(after("\033[2K"), "0123456789||0123456789|0123456789|");
	begin(); after(full);
	CHECK_STR(after("\033[J"), "0123456789|012|||");
	begin(); after(full);
	CHECK_STR(after("\033[1J"), "|    456789|0123456789|0123456789|");
	begin(); after(full);
	CHECK_STR(after("\033[2J"), "||||");
	CHECK_CURSOR(1, 3);
	begin(); after(full);
	CHECK_STR(after("\033[3J\033[9K"), "0123456789|0123456789|0123456789|0123456789|");
	CHECK_STR(after("\033cx"), "x||||");
}


TEST(colours)
{
	begin();
	after("\033[31ma\033[1;44mb\033[7mc\033[0md\033[95;103me\033[22;39;49mf\033[mg");
	CHECK(shown[0][0].ink == 1 && shown[0][0].paper == 0);
	CHECK(shown[0][1].ink == 9 && shown[0][1].paper == 4);
	CHECK(shown[0][2].ink == 4 && shown[0][2].paper == 9);
	CHECK(shown[0][3].ink == 7 && shown[0][3].paper == 0);
	CHECK(shown[0][4].ink == 13 && shown[0][4].paper == 11);
	CHECK(shown[0][5].ink == 7 && shown[0][5].paper == 0);
	after("\033[42m\033[2J");
	CHECK(shown[3][9].paper == 2);
}


TEST(what_is_skipped)
{
	CHECK_PICTURE("a\033[?25lb\033[>1;2cc\033[ qd", "abcd||||");
	CHECK_PICTURE("a\033]0;title\ab\033Pdata\033\\c\033(Bd\033#8e", "abcde||||");
	CHECK_PICTURE("a\033[12\030b\033[1\033[3Cc", "ab   c||||");
	CHECK_PICTURE("a\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20mb\033zc", "abc||||");
	CHECK_PICTURE("a\033[99999999999999999999Cb", "a        b||||");
	CHECK_PICTURE("a\033[1", "a||||");
	CHECK_STR(after("5"), "a||||");
	CHECK_STR(after("Gb"), "a        b||||");
}


TEST(only_changes_are_drawn)
{
	begin();
	after("a\r\nb\r\nc\r\nd");
	drawn = 0;
	after("\r\n");
	/* four rows with one character that changes, and the cursor, off and on */
	CHECK_EQ(drawn, 4 + 2);
}


TEST(one_cell)
{
	vt_init(&vt, 1, 1, draw);
	vt_write(&vt, "abc\n\r\b\t\033[5;5Hx\033[2J\033[Kyz", 23);
	CHECK_EQ(shown[0][0].c, 'z');
	vt_init(&vt, 1000, 1000, draw);
	CHECK(vt.columns == VT_COLUMNS && vt.rows == VT_ROWS);
}


UNIT_MAIN("vt")
