/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes small ELF images for tests, in both classes, field by field.
 */
#ifndef ELF_IMAGE_H
#define ELF_IMAGE_H

#include <by/elf.h>
#include <string.h>

enum { IMAGE_SIZE = 0x3000, IMAGE_ENTRY = 0x400100 };

/** A field: its offset in the 32-bit and the 64-bit form, its bytes in both. */
struct image_field {
	unsigned at32, at64, bytes32, bytes64;
};

static const struct image_field
	E_TYPE = { 16, 16, 2, 2 }, E_MACHINE = { 18, 18, 2, 2 }, E_ENTRY = { 24, 24, 4, 8 },
	E_PHOFF = { 28, 32, 4, 8 }, E_PHENTSIZE = { 42, 54, 2, 2 }, E_PHNUM = { 44, 56, 2, 2 },
	P_TYPE = { 0, 0, 4, 4 }, P_FLAGS = { 24, 4, 4, 4 }, P_OFFSET = { 4, 8, 4, 8 },
	P_VADDR = { 8, 16, 4, 8 }, P_FILESZ = { 16, 32, 4, 8 }, P_MEMSZ = { 20, 40, 4, 8 },
	P_ALIGN = { 28, 48, 4, 8 };

struct image {
	unsigned char bytes[IMAGE_SIZE];
	bool          wide;
};

static inline void image_put(struct image *i, unsigned base, struct image_field f,
                             unsigned long long value)
{
	unsigned const at    = base + (i->wide ? f.at64 : f.at32);
	unsigned const bytes = i->wide ? f.bytes64 : f.bytes32;

	for (unsigned n = 0; n < bytes; n++)
		i->bytes[at + n] = (unsigned char)(value >> 8 * n);
}

/** Offset of a program header. */
static inline unsigned image_header(struct image const *i, unsigned n)
{
	return i->wide ? 64 + 56 * n : 52 + 32 * n;
}

static inline void image_segment(struct image *i, unsigned n, unsigned type, unsigned flags,
                                 unsigned long long addr, unsigned offset, unsigned file,
                                 unsigned memory, unsigned align)
{
	unsigned const at = image_header(i, n);

	image_put(i, at, P_TYPE, type);
	image_put(i, at, P_FLAGS, flags);
	image_put(i, at, P_VADDR, addr);
	image_put(i, at, P_OFFSET, offset);
	image_put(i, at, P_FILESZ, file);
	image_put(i, at, P_MEMSZ, memory);
	image_put(i, at, P_ALIGN, align);
}

/**
 * A proper executable: 0 code, 1 read-only data, 2 data with a zeroed tail,
 * 3 thread-local template, 4 interpreter, 5 a stack note.
 */
static inline void image_make(struct image *i, bool wide)
{
	static char const linker[] = "ld.lib.so";

	memset(i, 0, sizeof(*i));
	i->wide = wide;
	memcpy(i->bytes, "\177ELF\1\1\1", 7);
	i->bytes[4] = wide ? 2 : 1;
	image_put(i, 0, E_TYPE, 2);
	image_put(i, 0, E_MACHINE, wide ? BY_ELF_X86_64 : BY_ELF_X86_32);
	image_put(i, 0, E_ENTRY, IMAGE_ENTRY);
	image_put(i, 0, E_PHOFF, wide ? 64 : 52);
	image_put(i, 0, E_PHENTSIZE, wide ? 56 : 32);
	image_put(i, 0, E_PHNUM, 6);
	image_segment(i, 0, 1, 5, 0x400000, 0, 0x800, 0x800, 0x1000);
	image_segment(i, 1, 1, 4, 0x401000, 0x1000, 0x234, 0x234, 0x1000);
	image_segment(i, 2, 1, 6, 0x403008, 0x2008, 0x100, 0x5000, 0x1000);
	image_segment(i, 3, 7, 4, 0x403010, 0x2010, 0x20, 0x40, 16);
	image_segment(i, 4, 3, 4, 0x401010, 0x1010, sizeof(linker), sizeof(linker), 1);
	image_segment(i, 5, 0x6474e551, 6, 0, 0, 0, 0, 16);
	memcpy(i->bytes + 0x1010, linker, sizeof(linker));
}

static inline enum by_elf_machine image_machine(bool wide)
{
	return wide ? BY_ELF_X86_64 : BY_ELF_X86_32;
}

#endif
