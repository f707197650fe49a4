/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes to a picture (ECMA-48, 5th edition, 8.3).
 */
#include <vt.h>

enum { TEXT, ESCAPE, SEQUENCE, PRIVATE, IGNORE, STRING };
enum { ESC = 0x1b, CAN = 0x18, SUB = 0x1a, BEL = 7, TAB = 8, INK = 7, PAPER = 0, BRIGHT = 8,
       NUMBER_MAX = 9999 };


static unsigned min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}


/*
 * The picture
 */

static void show(struct vt *vt, unsigned row, unsigned column, bool cursor)
{
	vt->draw(vt, row, column, vt->cells[row][column], cursor);
}


static void set(struct vt *vt, unsigned row, unsigned column, struct vt_cell cell)
{
	struct vt_cell *const at = &vt->cells[row][column];

	if (at->c == cell.c && at->ink == cell.ink && at->paper == cell.paper)
		return;

	*at = cell;
	show(vt, row, column, false);
}


static struct vt_cell blank(struct vt const *vt)
{
	return (struct vt_cell) { ' ', vt->pen.ink, vt->pen.paper };
}


/** Erase from one place to another one, both included; 'first' must not be behind 'last'. */
static void erase(struct vt *vt, unsigned first, unsigned last)
{
	for (unsigned i = first; i <= last; i++)
		set(vt, i / vt->columns, i % vt->columns, blank(vt));
}


static void scroll(struct vt *vt)
{
	for (unsigned row = 0; row + 1 < vt->rows; row++)
		for (unsigned column = 0; column < vt->columns; column++)
			set(vt, row, column, vt->cells[row + 1][column]);
	erase(vt, (vt->rows - 1) * vt->columns, vt->rows * vt->columns - 1);
}


static void line_feed(struct vt *vt)
{
	if (vt->row + 1 < vt->rows)
		vt->row++;
	else
		scroll(vt);
}


static void put(struct vt *vt, unsigned char c)
{
	struct vt_cell cell = { c, vt->pen.ink, vt->pen.paper };

	if (vt->reverse)
		cell = (struct vt_cell) { c, vt->pen.paper, vt->pen.ink };
	if (vt->column == vt->columns) {
		vt->column = 0;
		line_feed(vt);
	}
	set(vt, vt->row, vt->column++, cell);
}


/*
 * Sequences
 */

/** A parameter; one that is missing, or 0, counts as 'fallback'. */
static unsigned parameter(struct vt const *vt, unsigned i, unsigned fallback)
{
	return i < vt->parameters && vt->parameter[i] ? vt->parameter[i] : fallback;
}


static void erase_display(struct vt *vt)
{
	unsigned const here = vt->row * vt->columns + min(vt->column, vt->columns - 1);
	unsigned const last = vt->rows * vt->columns - 1;
	unsigned const what = parameter(vt, 0, 0);

	if (what <= 2)
		erase(vt, what == 0 ? here : 0, what == 1 ? here : last);
}


static void erase_line(struct vt *vt)
{
	unsigned const first = vt->row * vt->columns, last = first + vt->columns - 1;
	unsigned const here  = first + min(vt->column, vt->columns - 1);
	unsigned const what  = parameter(vt, 0, 0);

	if (what <= 2)
		erase(vt, what == 0 ? here : first, what == 1 ? here : last);
}


/** Select graphic rendition. */
static void rendition(struct vt *vt, unsigned number)
{
	if (number == 0) {
		vt->pen     = (struct vt_cell) { ' ', INK, PAPER };
		vt->reverse = false;
	}
	if (number == 1)
		vt->pen.ink |= BRIGHT;
	if (number == 22)
		vt->pen.ink &= BRIGHT - 1;
	if (number == 7 || number == 27)
		vt->reverse = number == 7;
	if (number >= 30 && number <= 37)
		vt->pen.ink = (unsigned char)((vt->pen.ink & BRIGHT) | (number - 30));
	if (number == 39)
		vt->pen.ink = INK;
	if (number >= 40 && number <= 47)
		vt->pen.paper = (unsigned char)(number - 40);
	if (number == 49)
		vt->pen.paper = PAPER;
	if (number >= 90 && number <= 97)
		vt->pen.ink = (unsigned char)(BRIGHT | (number - 90));
	if (number >= 100 && number <= 107)
		vt->pen.paper = (unsigned char)(BRIGHT | (number - 100));
}


static void move(struct vt *vt, unsigned row, unsigned column)
{
	vt->row    = min(row, vt->rows - 1);
	vt->column = min(column, vt->columns - 1);
}


static void sequence(struct vt *vt, unsigned char final)
{
	unsigned const n      = parameter(vt, 0, 1);
	unsigned const column = min(vt->column, vt->columns - 1);

	switch (final) {
	case 'A': move(vt, vt->row - min(n, vt->row), column); break;
	case 'B': move(vt, vt->row + n, column); break;
	case 'C': move(vt, vt->row, column + n); break;
	case 'D': move(vt, vt->row, column - min(n, column)); break;
	case 'E': move(vt, vt->row + n, 0); break;
	case 'F': move(vt, vt->row - min(n, vt->row), 0); break;
	case 'G': move(vt, vt->row, n - 1); break;
	case 'd': move(vt, n - 1, column); break;
	case 'H': case 'f': move(vt, n - 1, parameter(vt, 1, 1) - 1); break;
	case 'J': erase_display(vt); break;
	case 'K': erase_line(vt); break;
	case 'm':
		for (unsigned i = 0; i < (vt->parameters ? vt->parameters : 1); i++)
			rendition(vt, parameter(vt, i, 0));
		break;
	default: break;
	}
}


static void reset(struct vt *vt)
{
	rendition(vt, 0);
	vt->row = vt->column = vt->saved_row = vt->saved_column = 0;
	erase(vt, 0, vt->rows * vt->columns - 1);
}


static void escape(struct vt *vt, unsigned char c)
{
	vt->state = TEXT;
	switch (c) {
	case '[': vt->state = SEQUENCE; vt->parameters = 0; break;
	case ']': case 'P': case '^': case '_': case 'X': vt->state = STRING; break;
	case '(': case ')': case '#': case '%': vt->state = IGNORE; break;
	case '7': vt->saved_row = vt->row; vt->saved_column = vt->column; break;
	case '8': vt->row = vt->saved_row; vt->column = vt->saved_column; break;
	case 'D': line_feed(vt); break;
	case 'E': vt->column = 0; line_feed(vt); break;
	case 'c': reset(vt); break;
	default: break;
	}
}


/** Within a control sequence. Too many parameters, and too large numbers, are cut off. */
static void collect(struct vt *vt, unsigned char c)
{
	if (c >= '0' && c <= '9') {
		if (!vt->parameters)
			vt->parameter[vt->parameters++] = 0;
		unsigned *const last = &vt->parameter[vt->parameters - 1];
		*last = min(*last * 10 + (c - (unsigned)'0'), NUMBER_MAX);
	} else if (c == ';') {
		if (!vt->parameters)
			vt->parameter[vt->parameters++] = 0;
		if (vt->parameters < VT_PARAMETERS)
			vt->parameter[vt->parameters++] = 0;
	} else if (c >= '@' && c <= '~') {
		vt->state = TEXT;
		sequence(vt, c);
	} else if (c < ' ' || c > '~') {
		vt->state = TEXT;
	} else {
		vt->state = PRIVATE;
	}
}


static void control(struct vt *vt, unsigned char c)
{
	switch (c) {
	case '\b': vt->column = min(vt->column, vt->columns - 1); vt->column -= vt->column > 0; break;
	case '\t': vt->column = min((vt->column / TAB + 1) * TAB, vt->columns - 1); break;
	case '\n': case '\v': case '\f': line_feed(vt); break;
	case '\r': vt->column = 0; break;
	default: break;
	}
}


static void byte(struct vt *vt, unsigned char c)
{
	if (c == ESC) {
		vt->state = ESCAPE;
	} else if (c == CAN || c == SUB) {
		vt->state = TEXT;
	} else if (vt->state == ESCAPE) {
		escape(vt, c);
	} else if (vt->state == SEQUENCE) {
		collect(vt, c);
	} else if (vt->state == PRIVATE) {
		if (c < ' ' || c >= '@')
			vt->state = TEXT;
	} else if (vt->state == IGNORE) {
		vt->state = TEXT;
	} else if (vt->state == STRING) {
		if (c == BEL)
			vt->state = TEXT;
	} else if (c >= ' ' && c <= '~') {
		put(vt, c);
	} else if (c >= 0xc0) {
		put(vt, '?'); /* the first byte of a character beyond ASCII */
	} else if (c < ' ') {
		control(vt, c);
	}
}


static void show_cursor(struct vt *vt, bool on)
{
	show(vt, vt->row, min(vt->column, vt->columns - 1), on);
}


void vt_write(struct vt *vt, void const *data, size_t size)
{
	unsigned char const *at = data;

	show_cursor(vt, false);
	while (size--)
		byte(vt, *at++);
	show_cursor(vt, true);
}


void vt_init(struct vt *vt, unsigned columns, unsigned rows,
             void (*draw)(struct vt *vt, unsigned row, unsigned column, struct vt_cell cell,
                          bool cursor))
{
	*vt = (struct vt) { .draw = draw, .columns = min(columns, VT_COLUMNS),
	                    .rows = min(rows, VT_ROWS) };
	reset(vt);
	show_cursor(vt, true);
}
