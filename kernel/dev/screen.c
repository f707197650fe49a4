/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text on the boot framebuffer, of 24 or 32 bits per pixel.
 *
 * Video memory is never read, which real machines are slow at: 'cells' has what stands
 * on the screen. At the end of the last line the text moves up by half a screen. That is
 * drawn line by line, one with each character that is not taken yet, so that each call
 * is short.
 */
#include <arch/screen.h>
#include <by/boot_info.h>

enum {
	GLYPH_WIDTH = 8, GLYPH_HEIGHT = 16, GLYPH_FIRST = ' ', GLYPH_LAST = '~',
	COLUMNS = 160, ROWS = 64,                 /* at most */
	SCALE_WIDTH = COLUMNS * GLYPH_WIDTH, SCALE_MAX = 4,
	INK = 0xaa,                               /* of each colour */
	PIXEL_BYTES = 4,                          /* at most */
};

static uint8_t const font[GLYPH_LAST - GLYPH_FIRST + 1][GLYPH_HEIGHT] = {
#include <font.inc>
};

static char    *pixels;             /* NULL: there is no screen */
static unsigned pitch, pixel_bytes;
static unsigned scale;              /* pixels of the screen per pixel of a glyph */
static unsigned columns, rows;
static uint8_t  cells[ROWS][COLUMNS]; /* 0: unknown */
static unsigned column, row;        /* of the next character */
static unsigned moving, distance;   /* first row yet to be drawn; it comes from further down */


static unsigned min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}


void screen_init(void)
{
	memset(cells, 0, sizeof(cells));
	column = row = moving = 0;
	distance = rows;
}


/** A line of a glyph, written at once. */
static void draw_line(char *to, uint8_t bits)
{
	char  line[GLYPH_WIDTH * SCALE_MAX * PIXEL_BYTES];
	char *end = line;

	for (unsigned mask = 1 << (GLYPH_WIDTH - 1); mask; mask >>= 1)
		for (unsigned i = 0; i < scale * pixel_bytes; i++)
			*end++ = (char)(bits & mask ? INK : 0);
	memcpy(to, line, (size_t)(end - line));
}


static void draw(unsigned y, unsigned x, uint8_t c)
{
	if (cells[y][x] == c)
		return;

	cells[y][x] = c;
	char *to = pixels + (word_t)y * GLYPH_HEIGHT * scale * pitch
	           + (word_t)x * GLYPH_WIDTH * scale * pixel_bytes;
	for (unsigned line = 0; line < GLYPH_HEIGHT * scale; line++, to += pitch)
		draw_line(to, font[c - GLYPH_FIRST][line / scale]);
}


/** Move a row's text to where it belongs now. */
static void move_row(unsigned y)
{
	for (unsigned x = 0; x < columns; x++)
		draw(y, x, y + distance < rows ? cells[y + distance][x] : ' ');
}


void screen_attach(struct by_boot_framebuffer const *fb, void *base)
{
	unsigned const fit = fb->width / SCALE_WIDTH;

	scale       = fit < 1 ? 1 : min(fit, SCALE_MAX);
	columns     = min(fb->width / (GLYPH_WIDTH * scale), COLUMNS);
	rows        = min(fb->height / (GLYPH_HEIGHT * scale), ROWS);
	pitch       = fb->pitch;
	pixel_bytes = fb->bits / 8;
	pixels      = columns && rows ? base : NULL;
	screen_init();
	while (!screen_put('\r')) { }
}


static void end_line(void)
{
	column = 0;
	if (++row < rows)
		return;

	distance = (rows + 1) / 2;
	row     -= distance;
	moving   = 0;
}


bool screen_put(char c)
{
	if (!pixels)
		return true;
	if (moving < rows) {
		move_row(moving++);
		return false;
	}
	if (c == '\r')
		return true;
	if (c == '\n' || column == columns) {
		end_line();
		return c == '\n';
	}
	draw(row, column++, c >= GLYPH_FIRST && c <= GLYPH_LAST ? (uint8_t)c : '?');

	return true;
}
