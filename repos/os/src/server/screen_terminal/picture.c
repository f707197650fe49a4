/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Characters on the framebuffer. It is written only, in whole lines of characters' pixels.
 */
#include "picture.h"
#include <by/attached.h>
#include <by/hid.h>
#include <by/mem.h>

enum { WIDTH = 8, HEIGHT = 16, FIRST = ' ', LAST = '~', PIXELS_MAX = 16384 };

static uint8_t const font[LAST - FIRST + 1][HEIGHT] = {
#include <font.inc>
};

static uint32_t const colours[16] = {
	0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa,
	0x555555, 0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
};

static struct {
	uint64_t base, width, height, pitch, bits;
	struct by_attached memory;
} screen;


static void draw_line(char *to, uint8_t pixels, uint32_t ink, uint32_t paper)
{
	uint64_t const bytes = screen.bits / 8;

	for (unsigned mask = 1 << (WIDTH - 1); mask; mask >>= 1, to += bytes) {
		uint32_t const colour = pixels & mask ? ink : paper;
		for (unsigned i = 0; i < bytes; i++)
			to[i] = (char)(colour >> 8 * i);
	}
}


/* The cursor is the character with ink and paper exchanged. */
static void draw(struct vt *vt, unsigned row, unsigned column, struct vt_cell cell, bool cursor)
{
	uint32_t const ink   = colours[cursor ? cell.paper : cell.ink];
	uint32_t const paper = colours[cursor ? cell.ink : cell.paper];
	char          *to    = (char *)screen.memory.base + row * HEIGHT * (size_t)screen.pitch
	                       + column * WIDTH * (size_t)(screen.bits / 8);
	char           line[WIDTH * 4];

	(void)vt;
	for (unsigned y = 0; y < HEIGHT; y++, to += screen.pitch) {
		draw_line(line, font[cell.c - FIRST][y], ink, paper);
		memcpy(to, line, WIDTH * (size_t)(screen.bits / 8));
	}
}


static by_status_t find(struct by_env *env)
{
	struct by_attached rom;
	struct by_hid_node top, node;
	by_status_t        status = by_attached_rom_init(env, &rom, "platform_info");

	if (status != BY_OK)
		return status;

	status = by_hid_open((struct by_hid_span) { rom.base, rom.size }, &top);
	if (status == BY_OK && by_hid_first_of(&top, "framebuffer", &node)) {
		screen.base   = by_hid_u64(&node, "base", 0);
		screen.width  = by_hid_u64(&node, "width", 0);
		screen.height = by_hid_u64(&node, "height", 0);
		screen.pitch  = by_hid_u64(&node, "pitch", 0);
		screen.bits   = by_hid_u64(&node, "bits", 0);
	}
	by_attached_fini(env, &rom);

	return status;
}


/** Core has checked what the loader told; a ROM can come from elsewhere. */
static bool usable(void)
{
	return (screen.bits == 24 || screen.bits == 32)
	       && screen.width >= WIDTH && screen.width <= PIXELS_MAX
	       && screen.height >= HEIGHT && screen.height <= PIXELS_MAX
	       && screen.pitch >= screen.width * (screen.bits / 8)
	       && screen.pitch <= PIXELS_MAX * 4;
}


by_status_t picture_init(struct by_env *env, struct vt *vt, char const **what)
{
	by_status_t status = find(env);

	*what = "platform_info";
	if (status != BY_OK)
		return status;
	*what = "there is no framebuffer that can be used";
	if (!usable())
		return BY_NOT_FOUND;
	*what = "framebuffer";
	status = by_attached_io_mem_init(env, &screen.memory, screen.base,
	                                 (size_t)(screen.pitch * screen.height), true);
	if (status != BY_OK)
		return status;

	memset(screen.memory.base, 0, (size_t)(screen.pitch * screen.height));
	vt_init(vt, (unsigned)screen.width / WIDTH, (unsigned)screen.height / HEIGHT, draw);

	return BY_OK;
}
