/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A proper ELF file for tests to spoil.
 */
#ifndef ELF_FILE_H
#define ELF_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
	ELF_SIZE   = 0x3000, ELF_PARTS = 8,
	ELF_TEXT   = 0x400000, ELF_DATA = 0x402000,
	ELF_X86_32 = 3, ELF_X86_64 = 62,
};

struct elf_file {
	uint8_t  bytes[ELF_SIZE];
	bool     wide;
};

static inline void elf_put(struct elf_file *elf, unsigned at, unsigned bytes, uint64_t value)
{
	for (; bytes--; at++, value >>= 8)
		elf->bytes[at] = (uint8_t)value;
}


/** Place of a program header. */
static inline unsigned elf_part(struct elf_file const *elf, unsigned i)
{
	return elf->wide ? 64 + 56 * i : 52 + 32 * i;
}


/** Fields of a program header, in the order of ELF64. */
enum elf_field { ELF_TYPE, ELF_FLAGS, ELF_OFFSET, ELF_ADDRESS, ELF_FILE, ELF_MEMORY };

static inline void elf_set(struct elf_file *elf, unsigned part, enum elf_field field,
                           uint64_t value)
{
	static uint8_t const at[2][6]    = { { 0, 24, 4, 8, 16, 20 }, { 0, 4, 8, 16, 32, 40 } };
	static uint8_t const bytes[2][6] = { { 4, 4, 4, 4, 4, 4 }, { 4, 4, 8, 8, 8, 8 } };

	elf_put(elf, elf_part(elf, part) + at[elf->wide][field], bytes[elf->wide][field], value);
}


static inline void elf_set_part(struct elf_file *elf, unsigned part, uint64_t flags,
                                uint64_t offset, uint64_t address, uint64_t file,
                                uint64_t memory)
{
	uint64_t const values[] = { 1, flags, offset, address, file, memory };

	for (unsigned i = 0; i < 6; i++)
		elf_set(elf, part, (enum elf_field)i, values[i]);
}


static inline unsigned elf_machine(struct elf_file const *elf)
{
	return elf->wide ? ELF_X86_64 : ELF_X86_32;
}


/** Text and data, one page each in the file, and parts of a kind to be ignored. */
static inline void elf_make(struct elf_file *elf, bool wide)
{
	static uint8_t const ident[] = { 0x7f, 'E', 'L', 'F', 0, 1, 1 };

	memset(elf, 0, sizeof(*elf));
	elf->wide = wide;
	memcpy(elf->bytes, ident, sizeof(ident));
	elf->bytes[4] = wide ? 2 : 1;
	elf_put(elf, 16, 2, 2);
	elf_put(elf, 18, 2, elf_machine(elf));
	elf_put(elf, 24, wide ? 8 : 4, ELF_TEXT + 0x10);
	elf_put(elf, wide ? 32 : 28, wide ? 8 : 4, wide ? 64 : 52);
	elf_put(elf, wide ? 54 : 42, 2, wide ? 56 : 32);
	elf_put(elf, wide ? 56 : 44, 2, ELF_PARTS);
	elf_set_part(elf, 1, 5, 0x1000, ELF_TEXT, 0x1000, 0x1000);
	elf_set_part(elf, 3, 6, 0x2010, ELF_DATA + 0x10, 0x800, 0x1800);
}

#endif
