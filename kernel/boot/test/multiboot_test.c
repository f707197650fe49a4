/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What loaders tell by Multiboot.
 */
#include "multiboot.h"
#include "unit.h"

enum { SIZE = 0x3000, INFO = 0x100, TEXT = 0x200, MAP = 0x400 };

static uint8_t            bytes[SIZE];
static struct loader_info info;


static void put(unsigned at, unsigned count, uint64_t value)
{
	for (; count--; at++, value >>= 8)
		bytes[at] = (uint8_t)value;
}


static const char *parse(uint32_t magic, uint32_t address)
{
	struct memory const memory = { (uintptr_t)bytes, SIZE };
	const char *error = multiboot_parse(&memory, magic, address, &info);

	return error ? error : "fine";
}


/* Version 1 */

static unsigned map_end;


static void v1_entry(uint32_t size, uint64_t base, uint64_t length, uint32_t type)
{
	put(map_end, 4, size);
	put(map_end + 4, 8, base);
	put(map_end + 12, 8, length);
	put(map_end + 20, 4, type);
	map_end += size + 4;
	put(INFO + 44, 4, map_end - MAP);
}


static void v1_make(void)
{
	memset(bytes, 0, SIZE);
	put(INFO, 4, 1 << 2 | 1 << 6 | 1 << 12);
	put(INFO + 16, 4, TEXT);
	memcpy(bytes + TEXT, "image.elf nonce=1", 18);
	put(INFO + 48, 4, MAP);
	map_end = MAP;
	v1_entry(20, 0, 0x9fc00, 1);
	v1_entry(24, 0x9fc00, 0x400, 2);
	v1_entry(20, 0x100000, 0x3f00000, 1);
	put(INFO + 88, 8, 0xfd000000);
	put(INFO + 96, 4, 4096);
	put(INFO + 100, 4, 1024);
	put(INFO + 104, 4, 768);
	put(INFO + 108, 1, 32);
	put(INFO + 109, 1, 1);
}


TEST(version_1)
{
	v1_make();
	CHECK_STR(parse(MULTIBOOT_1, INFO), "fine");
	CHECK_STR(info.command_line, "image.elf nonce=1");
	CHECK_EQ(info.ram.count, 2);
	CHECK_EQ(info.ram.region[0].size, 0x9f000);
	CHECK_EQ(info.ram.region[1].base, 0x100000);
	CHECK_EQ(info.framebuffer.base, 0xfd000000);
	CHECK_EQ(info.framebuffer.width, 1024);
	CHECK_EQ(info.framebuffer.bits, 32);
	CHECK_EQ(info.rsdp, 0);
}


TEST(version_1_reserved_wins)
{
	v1_make();
	v1_entry(20, 0x200000, 0x1000, 2);
	v1_entry(20, 0x100000, 0x200000, 1);
	CHECK_STR(parse(MULTIBOOT_1, INFO), "fine");
	CHECK_EQ(info.ram.count, 3);
	CHECK_EQ(info.ram.region[1].size, 0x100000);
	CHECK_EQ(info.ram.region[2].base, 0x201000);
}


TEST(version_1_without_map)
{
	v1_make();
	put(INFO, 4, 1);
	put(INFO + 4, 4, 640);
	put(INFO + 8, 4, 1024);
	CHECK_STR(parse(MULTIBOOT_1, INFO), "fine");
	CHECK_EQ(info.ram.count, 2);
	CHECK_EQ(info.ram.region[0].size, 640 * 1024);
	CHECK_EQ(info.ram.region[1].size, 1024 * 1024);
	CHECK_EQ(info.framebuffer.width, 0);
	put(INFO, 4, 0);
	CHECK_STR(parse(MULTIBOOT_1, INFO), "it tells nothing about memory");
}


/* Loaders that count low memory up to 1 MiB mean less: video memory and ROMs are there. */
TEST(version_1_with_too_much_low_memory)
{
	v1_make();
	put(INFO, 4, 1);
	put(INFO + 4, 4, 1024);
	put(INFO + 8, 4, 0x10000);
	CHECK_STR(parse(MULTIBOOT_1, INFO), "fine");
	CHECK_EQ(info.ram.count, 2);
	CHECK(info.ram.region[0].base + info.ram.region[0].size <= 0xa0000);
	CHECK_EQ(info.ram.region[1].base, 0x100000);
	CHECK_EQ(info.ram.region[1].size, 0x4000000);
}


TEST(version_1_text_framebuffer)
{
	v1_make();
	put(INFO + 109, 1, 2);
	CHECK_STR(parse(MULTIBOOT_1, INFO), "fine");
	CHECK_EQ(info.framebuffer.width, 0);
}


/** A tag with one wrong field; why it is refused. */
static const char *refused(unsigned at, unsigned count, uint64_t value)
{
	v1_make();
	put(INFO + at, count, value);
	if (strcmp(parse(MULTIBOOT_1, INFO), "fine"))
		return "the rest is not fine";
	if (info.framebuffer_error)
		return info.framebuffer.width || info.framebuffer.base ? "it is used all the same"
		                                                       : info.framebuffer_error;

	return info.framebuffer.width ? "no" : "there is none";
}


enum { FB_BASE = 88, FB_PITCH = 96, FB_WIDTH = 100, FB_HEIGHT = 104, FB_BITS = 108, FB_TYPE = 109 };


TEST(framebuffers_that_cannot_be)
{
	CHECK_STR(refused(FB_BITS, 1, 32), "no");
	CHECK_STR(refused(FB_BITS, 1, 24), "no");
	CHECK_STR(refused(FB_TYPE, 1, 0), "there is none");
	static uint8_t const bits[] = { 0, 8, 15, 16, 31, 33, 64, 255 };
	for (unsigned i = 0; i < sizeof(bits); i++)
		CHECK_STR(refused(FB_BITS, 1, bits[i]), "it has neither 24 nor 32 bits per pixel");
	CHECK_STR(refused(FB_WIDTH, 4, 0), "it has no pixels");
	CHECK_STR(refused(FB_HEIGHT, 4, 0), "it has no pixels");
	CHECK_STR(refused(FB_PITCH, 4, 0), "its lines overlap");
	CHECK_STR(refused(FB_PITCH, 4, 4092), "its lines overlap");
	CHECK_STR(refused(FB_WIDTH, 4, 1025), "its lines overlap");
	CHECK_STR(refused(FB_WIDTH, 4, 0x40000400), "it is too large");
	CHECK_STR(refused(FB_HEIGHT, 4, 16385), "it is too large");
	CHECK_STR(refused(FB_HEIGHT, 4, UINT32_MAX), "it is too large");
	CHECK_STR(refused(FB_PITCH, 4, UINT32_MAX), "it is too large");
	CHECK_STR(refused(FB_PITCH, 4, 65536), "no");
	CHECK_STR(refused(FB_PITCH, 4, 4097), "its pixels are not aligned");
	CHECK_STR(refused(FB_BASE, 8, 0xfd000002), "its pixels are not aligned");
	CHECK_STR(refused(FB_BASE, 8, 0), "it is beyond all addresses");
	CHECK_STR(refused(FB_BASE, 8, (uint64_t)1 << 52), "it is beyond all addresses");
	CHECK_STR(refused(FB_BASE, 8, UINT64_MAX & ~(uint64_t)4095), "it is beyond all addresses");
	CHECK_STR(refused(FB_BASE, 8, ((uint64_t)1 << 52) - 768 * 4096), "no");
	CHECK_STR(refused(FB_BASE, 8, ((uint64_t)1 << 52) - 768 * 4096 + 4), "it is beyond all addresses");
	CHECK_STR(refused(FB_BASE, 8, 0x200000), "it is in RAM");
	CHECK_STR(refused(FB_BASE, 8, 0x4000000 - 4), "it is in RAM");
	CHECK_STR(refused(FB_BASE, 8, 0x4000000), "no");
	CHECK_STR(refused(FB_BASE, 8, 0x9f000), "it is in RAM");
}


TEST(version_1_outside_memory)
{
	v1_make();
	CHECK_STR(parse(MULTIBOOT_1, SIZE), "it is outside memory");
	CHECK_STR(parse(MULTIBOOT_1, SIZE - 115), "it is outside memory");
	CHECK_STR(parse(MULTIBOOT_1, UINT32_MAX), "it is outside memory");
	put(INFO + 48, 4, SIZE - 8);
	CHECK_STR(parse(MULTIBOOT_1, INFO), "its memory map is outside memory");
	v1_make();
	put(INFO + 16, 4, SIZE);
	CHECK_STR(parse(MULTIBOOT_1, INFO), "fine");
	CHECK_STR(info.command_line, "");
}


TEST(version_1_entry_sizes_that_do_not_end)
{
	v1_make();
	put(MAP, 4, UINT32_MAX);
	CHECK_STR(parse(MULTIBOOT_1, INFO), "fine");
	CHECK_EQ(info.ram.count, 1);
	put(MAP, 4, 0);
	CHECK_STR(parse(MULTIBOOT_1, INFO), "fine");
	CHECK_EQ(info.ram.count, 1);
}


TEST(command_line_without_end)
{
	v1_make();
	memset(bytes + SIZE - 10, 'x', 10);
	put(INFO + 16, 4, SIZE - 10);
	CHECK_STR(parse(MULTIBOOT_1, INFO), "fine");
	CHECK_STR(info.command_line, "xxxxxxxxxx");
	memset(bytes + 0x1000, 'y', SIZE - 0x1000);
	put(INFO + 16, 4, 0x1000);
	CHECK_STR(parse(MULTIBOOT_1, INFO), "fine");
	CHECK_EQ(strlen(info.command_line), 255);
}


/* Version 2 */

static unsigned end;


static unsigned tag(uint32_t type, uint32_t size)
{
	unsigned at = end;

	put(at, 4, type);
	put(at + 4, 4, size);
	end += (size + 7) & ~7u;
	put(INFO, 4, end - INFO);

	return at;
}


static void v2_make(void)
{
	memset(bytes, 0, SIZE);
	end = INFO + 8;
	unsigned at = tag(1, 8 + 8);
	memcpy(bytes + at + 8, "nonce=2", 8);
	at = tag(6, 16 + 2 * 24);
	put(at + 8, 4, 24);
	put(at + 16, 8, 0x100000);
	put(at + 24, 8, 0x700000);
	put(at + 32, 4, 1);
	put(at + 40, 8, 0x200000);
	put(at + 48, 8, 0x1000);
	put(at + 56, 4, 4);
	at = tag(8, 31);
	put(at + 8, 8, 0xfd000000);
	put(at + 16, 4, 4096);
	put(at + 20, 4, 800);
	put(at + 24, 4, 600);
	put(at + 28, 1, 24);
	put(at + 29, 1, 1);
}


TEST(version_2)
{
	v2_make();
	unsigned old_rsdp = tag(14, 28);
	tag(0, 8);
	CHECK_STR(parse(MULTIBOOT_2, INFO), "fine");
	CHECK_STR(info.command_line, "nonce=2");
	CHECK_EQ(info.ram.count, 2);
	CHECK_EQ(info.ram.region[1].base, 0x201000);
	CHECK_EQ(info.framebuffer.width, 800);
	CHECK_EQ(info.framebuffer.bits, 24);
	CHECK_EQ(info.rsdp, old_rsdp + 8);
}


TEST(version_2_prefers_the_new_root_pointer)
{
	v2_make();
	unsigned first = tag(15, 44);
	tag(14, 28);
	tag(0, 8);
	CHECK_STR(parse(MULTIBOOT_2, INFO), "fine");
	CHECK_EQ(info.rsdp, first + 8);
}


TEST(version_2_malformed)
{
	v2_make();
	CHECK_STR(parse(MULTIBOOT_2, INFO), "a part of it is malformed");
	tag(7, 4);
	CHECK_STR(parse(MULTIBOOT_2, INFO), "a part of it is malformed");
	v2_make();
	tag(7, UINT32_MAX - 3);
	end = INFO + 0x200;
	put(INFO, 4, 0x200);
	CHECK_STR(parse(MULTIBOOT_2, INFO), "a part of it is malformed");
	put(INFO, 4, SIZE);
	CHECK_STR(parse(MULTIBOOT_2, INFO), "it is outside memory");
	CHECK_STR(parse(MULTIBOOT_2, SIZE - 4), "it is outside memory");
}


TEST(version_2_without_map)
{
	memset(bytes, 0, SIZE);
	end = INFO + 8;
	unsigned at = tag(6, 40);
	put(at + 8, 4, 4);
	tag(6, 10);
	tag(8, 29);
	tag(0, 8);
	CHECK_STR(parse(MULTIBOOT_2, INFO), "it tells nothing about memory");
}


TEST(other_loaders)
{
	CHECK_STR(parse(0, INFO), "it is not Multiboot");
}


UNIT_MAIN("boot_multiboot")
