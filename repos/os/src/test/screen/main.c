/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Test of core's text on the boot framebuffer: what is drawn, and who may draw.
 */
#include <by/attached.h>
#include <by/env.h>
#include <by/hid.h>
#include <by/log.h>
#include <by/string.h>

enum { LINES = 75 };

struct framebuffer { uint64_t base, size; };


static void describe(struct by_hid_node const *top, struct framebuffer *fb)
{
	struct by_hid_node acpi, node;

	by_log("ram: %llu KiB", (unsigned long long)by_hid_u64(top, "ram", 0) >> 10);
	if (by_hid_first_of(top, "acpi", &acpi))
		by_log("rsdp: %s", by_hid_u64(&acpi, "rsdp", 0) ? "yes" : "no");
	if (!by_hid_first_of(top, "framebuffer", &node))
		return;

	fb->base = by_hid_u64(&node, "base", 0);
	fb->size = by_hid_u64(&node, "pitch", 0) * by_hid_u64(&node, "height", 0);
	by_log("framebuffer: %llu x %llu, %llu bits",
	       (unsigned long long)by_hid_u64(&node, "width", 0),
	       (unsigned long long)by_hid_u64(&node, "height", 0),
	       (unsigned long long)by_hid_u64(&node, "bits", 0));
}


static void find(struct by_env *env, struct framebuffer *fb)
{
	struct by_attached rom;
	struct by_hid_node top;

	if (by_attached_rom_init(env, &rom, "platform_info") != BY_OK) {
		by_error("no platform_info");
		return;
	}
	if (by_hid_open((struct by_hid_span) { rom.base, rom.size }, &top) == BY_OK)
		describe(&top, fb);
	by_attached_fini(env, &rom);
}


/** What is printed meanwhile does not disturb the picture. */
static void paint(struct by_env *env, struct framebuffer const *fb)
{
	struct by_attached memory;

	if (by_attached_io_mem_init(env, &memory, fb->base, (size_t)fb->size, true) != BY_OK) {
		by_error("the framebuffer is not to be had");
		return;
	}
	by_log("the screen is mine");
	memset(memory.base, 0x55, (size_t)fb->size);
	by_log("painted");
	by_attached_fini(env, &memory);
	by_log("the screen is core's");
}


void component_main(struct by_env *env)
{
	struct framebuffer fb = { 0, 0 };

	for (unsigned i = 1; i <= LINES; i++)
		by_log("line %u", i);
	find(env, &fb);
	if (fb.size)
		paint(env, &fb);
	by_log("screen test done");
}
