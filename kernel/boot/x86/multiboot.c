/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Multiboot Specification version 0.6.96, 3.3 (version 1), and version 2.0, 3.6.
 *
 * The loader is trusted no more than its memory: all reads are checked.
 */
#include "multiboot.h"

enum {
	MEMORY_AVAILABLE = 1, LOW_MEMORY_END = 0xa0000,
	FRAMEBUFFER_RGB = 1, PIXELS_MAX = 16384, PITCH_MAX = 4 * PIXELS_MAX,
};

#define ADDRESS_END ((uint64_t)1 << 52)

/** One kind of memory: adds what is available, or removes what is not. */
static void note_memory(struct regions *ram, bool available, uint64_t base, uint64_t size,
                        uint32_t type)
{
	if (available && type == MEMORY_AVAILABLE)
		regions_add(ram, base, size);
	if (!available && type != MEMORY_AVAILABLE)
		regions_remove(ram, base, size);
}


/** Copy a text that ends with NUL or after 'size' bytes. */
static void copy_text(char *to, unsigned to_size, uint8_t const *from, uint64_t size)
{
	unsigned i;

	for (i = 0; i < size && i < to_size - 1 && from[i]; i++)
		to[i] = (char)from[i];
	to[i] = 0;
}


static void note_framebuffer(struct loader_info *info, uint8_t const *at)
{
	if (at[21] != FRAMEBUFFER_RGB)
		return;

	info->framebuffer = (struct by_boot_framebuffer) {
		.base = read64(at), .pitch = read32(at + 8), .width = read32(at + 12),
		.height = read32(at + 16), .bits = at[20],
	};
	info->framebuffer_error = "it was not checked";
}


static bool in_ram(struct regions const *ram, uint64_t base, uint64_t size)
{
	for (unsigned i = 0; i < ram->count; i++)
		if (base < ram->region[i].base + ram->region[i].size
		    && ram->region[i].base < base + size)
			return true;

	return false;
}


/** What would make drawing write elsewhere, or not work. */
static const char *framebuffer_error(struct by_boot_framebuffer const *fb,
                                     struct regions const *ram)
{
	uint64_t const size = (uint64_t)fb->pitch * fb->height;

	if (fb->bits != 24 && fb->bits != 32)
		return "it has neither 24 nor 32 bits per pixel";
	if (!fb->width || !fb->height)
		return "it has no pixels";
	if (fb->width > PIXELS_MAX || fb->height > PIXELS_MAX || fb->pitch > PITCH_MAX)
		return "it is too large";
	if (fb->pitch < fb->width * (fb->bits / 8))
		return "its lines overlap";
	if (fb->bits == 32 && (fb->base | fb->pitch) % 4)
		return "its pixels are not aligned";
	if (!fb->base || fb->base >= ADDRESS_END || size > ADDRESS_END - fb->base)
		return "it is beyond all addresses";

	return in_ram(ram, fb->base, size) ? "it is in RAM" : NULL;
}


/*
 * Version 1: a struct of fixed layout, whose flags tell what is valid
 */

enum {
	V1_SIZE = 116,
	V1_FLAGS = 0, V1_LOWER = 4, V1_UPPER = 8, V1_COMMAND = 16,
	V1_MAP_SIZE = 44, V1_MAP = 48, V1_FRAMEBUFFER = 88,
	FLAG_MEMORY = 1 << 0, FLAG_COMMAND = 1 << 2, FLAG_MAP = 1 << 6,
	FLAG_FRAMEBUFFER = 1 << 12,
	ENTRY_SIZE = 20, ENTRY_HEAD = 4,
};


static const char *v1_map(struct memory const *memory, uint8_t const *v1, struct regions *ram)
{
	uint64_t       size = read32(v1 + V1_MAP_SIZE);
	uint8_t const *map  = memory_at(memory, read32(v1 + V1_MAP), size);

	if (!map)
		return "its memory map is outside memory";

	/* entries can overlap: what is not available wins */
	for (int available = 1; available >= 0; available--) {
		for (uint64_t at = 0; size - at >= ENTRY_HEAD + ENTRY_SIZE; ) {
			uint8_t const *entry = map + at + ENTRY_HEAD;
			uint64_t       step  = ENTRY_HEAD + (uint64_t)read32(map + at);
			note_memory(ram, available, read64(entry), read64(entry + 8),
			            read32(entry + 16));
			if (step < ENTRY_HEAD + ENTRY_SIZE || step > size - at)
				break;
			at += step;
		}
	}

	return NULL;
}


static const char *v1_parse(struct memory const *memory, uint32_t address,
                            struct loader_info *info)
{
	uint8_t const *v1 = memory_at(memory, address, V1_SIZE);

	if (!v1)
		return "it is outside memory";

	uint32_t flags = read32(v1 + V1_FLAGS);

	if (flags & FLAG_COMMAND) {
		uint32_t       text = read32(v1 + V1_COMMAND);
		uint64_t       size = text < memory->size ? memory->size - text : 0;
		uint8_t const *from = memory_at(memory, text, size);
		if (from)
			copy_text(info->command_line, sizeof(info->command_line), from, size);
	}
	if (flags & FLAG_FRAMEBUFFER)
		note_framebuffer(info, v1 + V1_FRAMEBUFFER);
	if (flags & FLAG_MAP)
		return v1_map(memory, v1, &info->ram);
	if (!(flags & FLAG_MEMORY))
		return "it tells nothing about memory";

	regions_add(&info->ram, 0, (uint64_t)read32(v1 + V1_LOWER) * 1024);
	regions_remove(&info->ram, LOW_MEMORY_END, 0x100000 - LOW_MEMORY_END);
	regions_add(&info->ram, 0x100000, (uint64_t)read32(v1 + V1_UPPER) * 1024);

	return NULL;
}


/*
 * Version 2: a sequence of tags, each with type and size
 */

enum {
	TAG_END = 0, TAG_COMMAND = 1, TAG_MAP = 6, TAG_FRAMEBUFFER = 8,
	TAG_RSDP_OLD = 14, TAG_RSDP_NEW = 15,
	TAG_HEAD = 8, MAP_HEAD = 16, MAP_ENTRY = 20, FRAMEBUFFER_SIZE = 30,
};


static void v2_map(uint8_t const *tag, uint32_t size, struct regions *ram)
{
	uint32_t step = size >= MAP_HEAD ? read32(tag + 8) : 0;

	if (step < MAP_ENTRY)
		return;

	for (int available = 1; available >= 0; available--)
		for (uint64_t at = MAP_HEAD; at + step <= size; at += step)
			note_memory(ram, available, read64(tag + at), read64(tag + at + 8),
			            read32(tag + at + 16));
}


static void v2_tag(uint8_t const *tag, uint32_t size, uint64_t address,
                   struct loader_info *info)
{
	switch (read32(tag)) {
	case TAG_COMMAND:
		copy_text(info->command_line, sizeof(info->command_line), tag + TAG_HEAD,
		          size - TAG_HEAD);
		return;
	case TAG_MAP:
		v2_map(tag, size, &info->ram);
		return;
	case TAG_FRAMEBUFFER:
		if (size >= FRAMEBUFFER_SIZE)
			note_framebuffer(info, tag + TAG_HEAD);
		return;
	case TAG_RSDP_OLD:
		if (info->rsdp)
			return; /* fall through */
	case TAG_RSDP_NEW:
		info->rsdp = address + TAG_HEAD;
	}
}


static const char *v2_parse(struct memory const *memory, uint32_t address,
                            struct loader_info *info)
{
	uint8_t const *head = memory_at(memory, address, TAG_HEAD);
	uint64_t       size = head ? read32(head) : 0;
	uint8_t const *v2   = memory_at(memory, address, size);

	if (!head || !v2)
		return "it is outside memory";

	for (uint64_t at = TAG_HEAD; at + TAG_HEAD <= size; ) {
		uint32_t tag_size = read32(v2 + at + 4);

		if (read32(v2 + at) == TAG_END)
			return info->ram.count ? NULL : "it tells nothing about memory";
		if (tag_size < TAG_HEAD || tag_size > size - at)
			break;
		v2_tag(v2 + at, tag_size, address + at, info);
		at += ((uint64_t)tag_size + 7) & ~(uint64_t)7;
	}

	return "a part of it is malformed";
}


const char *multiboot_parse(struct memory const *memory, uint32_t magic, uint32_t address,
                            struct loader_info *info)
{
	const char *error = "it is not Multiboot";

	*info = (struct loader_info) { 0 };
	if (magic == MULTIBOOT_1)
		error = v1_parse(memory, address, info);
	if (magic == MULTIBOOT_2)
		error = v2_parse(memory, address, info);

	/* it must not be in RAM, and the memory map may come behind it */
	if (info->framebuffer_error)
		info->framebuffer_error = framebuffer_error(&info->framebuffer, &info->ram);
	if (info->framebuffer_error)
		info->framebuffer = (struct by_boot_framebuffer) { 0 };

	return error;
}
