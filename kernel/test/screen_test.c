/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text on the boot framebuffer: what is drawn where, and that nothing else is written.
 */
#include "unit.h"
#include <arch/screen.h>
#include <by/boot_info.h>

enum { MAX = 64 << 20, UNTOUCHED = 0x77, COLUMNS_MAX = 160 };

static uint8_t const font[95][16] = {
#include <font.inc>
};

static uint8_t pixels[MAX] __attribute__((aligned(4096)));
static struct by_boot_framebuffer fb;
static unsigned scale;


static void attach(unsigned width, unsigned height, unsigned bits, unsigned gap)
{
	fb = (struct by_boot_framebuffer) { .width = width, .height = height, .bits = bits,
	                                    .pitch = width * bits / 8 + gap };
	scale = width < 2560 ? 1 : width / 1280;
	memset(pixels, UNTOUCHED, (size_t)fb.pitch * height + 4096);
	screen_attach(&fb, pixels);
}


static void put(const char *text)
{
	for (; *text; text++)
		for (unsigned tries = 0; tries < 1000 && !screen_put(*text); tries++) { }
}


/** One pixel: 0, 1, or something else. */
static unsigned pixel(unsigned y, unsigned x)
{
	uint8_t const *at = pixels + (size_t)y * fb.pitch + (size_t)x * (fb.bits / 8);

	if (at[0] != at[1] || at[1] != at[2])
		return 3;

	return at[0] == 0 ? 0 : at[0] == 0xaa ? 1 : 2;
}


static bool glyph_at(unsigned row, unsigned column, unsigned glyph)
{
	for (unsigned y = 0; y < 16 * scale; y++)
		for (unsigned x = 0; x < 8 * scale; x++)
			if (pixel(row * 16 * scale + y, column * 8 * scale + x)
			    != ((unsigned)font[glyph][y / scale] >> (7 - x / scale) & 1))
				return false;

	return true;
}


/** The text of a row, without blanks at its end. */
static const char *row_text(unsigned row)
{
	static char text[COLUMNS_MAX + 1];
	unsigned    end = 0;

	for (unsigned column = 0; column < fb.width / (8 * scale) && column < COLUMNS_MAX; column++) {
		unsigned glyph = 0;
		while (glyph < 95 && !glyph_at(row, column, glyph))
			glyph++;
		text[column] = glyph < 95 ? (char)(' ' + glyph) : '\x7f';
		if (glyph)
			end = column + 1;
	}
	text[end] = 0;

	return text;
}


TEST(all_characters)
{
	attach(1024, 768, 32, 0);
	CHECK_STR(row_text(0), "");
	for (char c = ' '; c <= '~'; c++)
		CHECK(screen_put(c));
	CHECK_STR(row_text(0), " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
	                       "abcdefghijklmnopqrstuvwxyz{|}~");
	put("\r\n\t\x1b\xffz\n");
	CHECK_STR(row_text(1), "???z");
	CHECK_STR(row_text(2), "");
	CHECK_STR(row_text(47), "");
}


TEST(a_line_that_is_too_long_is_broken)
{
	attach(80, 64, 32, 0);
	put("0123456789abc\n0123456789\nx");
	CHECK_STR(row_text(0), "0123456789");
	CHECK_STR(row_text(1), "abc");
	CHECK_STR(row_text(2), "0123456789");
	CHECK_STR(row_text(3), "x");
}


TEST(text_moves_up_by_half_a_screen)
{
	attach(80, 5 * 16 + 7, 32, 0);
	put("a\nb\nc\nd\ne\n");
	CHECK_STR(row_text(0), "a");
	put("f");
	CHECK_STR(row_text(0), "d");
	CHECK_STR(row_text(1), "e");
	CHECK_STR(row_text(2), "f");
	CHECK_STR(row_text(3), "");
	CHECK_STR(row_text(4), "");
	for (unsigned i = 0; i < 100; i++)
		put("\nmore");
	CHECK_STR(row_text(0), "more");
}


/** While it moves, a character is not taken, and each attempt draws one row. */
TEST(moving_is_done_in_parts)
{
	attach(80, 4 * 16, 32, 0);
	put("a\nb\nc\nd\n");
	for (unsigned row = 0; row < 4; row++) {
		CHECK_STR(row_text(0), row ? "c" : "a");
		CHECK_STR(row_text(1), row > 1 ? "d" : "b");
		CHECK(!screen_put('e'));
	}
	CHECK(screen_put('e'));
	CHECK_STR(row_text(2), "e");
}


TEST(all_is_drawn_anew_after_somebody_else_has_drawn)
{
	attach(80, 4 * 16, 32, 0);
	put("a\nb");
	memset(pixels, UNTOUCHED, (size_t)fb.pitch * fb.height);
	screen_init();
	put("c");
	CHECK_STR(row_text(0), "c");
	for (unsigned row = 1; row < 4; row++)
		CHECK_STR(row_text(row), "");
}


/** Gaps between lines and what is behind the last one are not ours. */
static void check_untouched(void)
{
	size_t const end = (size_t)fb.pitch * fb.height;

	for (unsigned y = 0; y < fb.height; y++)
		for (unsigned x = fb.width * (fb.bits / 8); x < fb.pitch; x++)
			CHECK_EQ(pixels[(size_t)y * fb.pitch + x], UNTOUCHED);
	for (unsigned i = 0; i < 4096; i++)
		CHECK_EQ(pixels[end + i], UNTOUCHED);
}


TEST(other_formats)
{
	static struct { unsigned width, height, bits, gap; } const formats[] = {
		{ 800, 600, 24, 0 }, { 1021, 333, 24, 5 }, { 1366, 768, 32, 40 },
		{ 2560, 1440, 32, 0 }, { 3840, 2160, 32, 64 }, { 640, 3000, 24, 0 },
	};

	for (unsigned i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		attach(formats[i].width, formats[i].height, formats[i].bits, formats[i].gap);
		for (unsigned line = 0; line < 150; line++)
			put("\nsome text");
		CHECK_STR(row_text(0), "some text");
		check_untouched();
	}
}


TEST(there_is_none_or_too_small_a_one)
{
	attach(7, 100, 32, 0);
	put("text\n");
	CHECK_EQ(pixels[0], UNTOUCHED);
	attach(100, 15, 32, 0);
	put("text\n");
	CHECK_EQ(pixels[0], UNTOUCHED);
	attach(0, 0, 0, 0);
	CHECK(screen_put('x'));
	CHECK_EQ(pixels[0], UNTOUCHED);
}


UNIT_MAIN("screen")
