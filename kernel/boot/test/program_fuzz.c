/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target of the loader's ELF reader. Lines of the input change a proper file:
 * "h" bytes of it, "0" to "7" bytes of that program header. An input beginning with
 * "w" has 64 bit.
 *
 * Whatever is accepted must be safe to load.
 */
#include "canary.h"
#include "changes.h"
#include "elf_file.h"
#include "program.h"
#include "regions.h"
#include "require.h"

#include <string.h>

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

static struct elf_file elf;


static void put(char letter, unsigned long offset, uint8_t byte)
{
	if (letter == 'h')
		elf.bytes[offset % ELF_SIZE] = byte;
	else if (letter >= '0' && letter <= '7')
		elf.bytes[(elf_part(&elf, (unsigned)(letter - '0')) + offset) % ELF_SIZE] = byte;
}


static void check(struct program const *program)
{
	uint64_t end = 0;

	REQUIRE(program->count && program->count <= BY_BOOT_SEGMENTS);
	for (unsigned i = 0; i < program->count; i++) {
		struct program_segment const *s = &program->segment[i];
		REQUIRE(s->memory && s->file <= s->memory);
		REQUIRE(s->offset <= ELF_SIZE && s->file <= ELF_SIZE - s->offset);
		REQUIRE(page_down(s->address) >= end && s->address + s->memory > s->address);
		REQUIRE(!(s->attributes & BY_MAP_WRITE && s->attributes & BY_MAP_EXEC));
		end = page_up(s->address + s->memory);
		REQUIRE(end > s->address);
	}
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	struct program program;
	uint8_t       *copy = malloc(ELF_SIZE);

	elf_make(&elf, size && data[0] == 'w');
	change_all(data, size, put);
	memcpy(copy, elf.bytes, ELF_SIZE);
	const char *error = program_parse(copy, ELF_SIZE, elf_machine(&elf), &program);
	if (!error)
		check(&program);
	canary(!error && program.count == 3 && program.segment[2].memory > 0x100000);
	free(copy);

	return 0;
}
