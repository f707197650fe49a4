/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target of the reader of loaders' information. Lines of the input with the
 * letter "w" put bytes into memory, in which the information stands at 0x100. An
 * input beginning with "2" is of version 2.
 */
#include "canary.h"
#include "changes.h"
#include "multiboot.h"
#include "require.h"

#include <string.h>

enum { SIZE = 0x800, INFO = 0x100 };

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

static uint8_t *bytes;


static void put(char letter, unsigned long offset, uint8_t byte)
{
	if (letter == 'w')
		bytes[offset % SIZE] = byte;
}


static void check(struct loader_info const *info)
{
	uint64_t end = 0;

	struct by_boot_framebuffer const fb = info->framebuffer;

	REQUIRE(!fb.width || fb.bits == 24 || fb.bits == 32);
	REQUIRE(fb.width * (uint64_t)fb.bits / 8 <= fb.pitch);
	REQUIRE((fb.base + (uint64_t)fb.pitch * fb.height) >> 52 == 0
	        || fb.base + (uint64_t)fb.pitch * fb.height == (uint64_t)1 << 52);
	REQUIRE((uint64_t)fb.pitch * fb.height <= (uint64_t)1 << 30);
	REQUIRE(memchr(info->command_line, 0, sizeof(info->command_line)));
	REQUIRE(info->ram.count <= BY_BOOT_REGIONS);
	for (unsigned i = 0; i < info->ram.count; i++) {
		struct by_boot_region const r = info->ram.region[i];
		REQUIRE(r.size && r.base % BOOT_PAGE == 0 && r.size % BOOT_PAGE == 0);
		REQUIRE((!i || r.base > end) && r.base + r.size > r.base);
		end = r.base + r.size;
	}
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	struct loader_info info;
	uint32_t const     magic = size && data[0] == '2' ? MULTIBOOT_2 : MULTIBOOT_1;

	bytes = calloc(1, SIZE);
	change_all(data, size, put);
	struct memory const memory = { (uintptr_t)bytes, SIZE };
	const char *error = multiboot_parse(&memory, magic, INFO, &info);
	check(&info);
	canary(!error && info.ram.count && info.ram.region[0].base >> 32 && info.command_line[0]);
	free(bytes);

	return 0;
}
