/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loader's view of ELF files: one that is right, and one for each mistake.
 */
#include "elf_file.h"
#include "program.h"
#include "unit.h"

static struct elf_file elf;
static struct program  program;


static const char *parse(uint64_t size)
{
	const char *error = program_parse(elf.bytes, size, elf_machine(&elf), &program);

	return error ? error : "fine";
}


static void check_proper(bool wide)
{
	elf_make(&elf, wide);
	CHECK_STR(parse(ELF_SIZE), "fine");
	CHECK_EQ(program.count, 2);
	CHECK_EQ(program.entry, ELF_TEXT + 0x10);
	CHECK_EQ(program.segment[0].attributes, BY_MAP_EXEC);
	CHECK_EQ(program.segment[1].attributes, BY_MAP_WRITE);
	CHECK_EQ(program.segment[1].address, ELF_DATA + 0x10);
	CHECK_EQ(program.segment[1].memory, 0x1800);
	CHECK_EQ(program.segment[1].offset, 0x2010);
	CHECK_EQ(program.segment[1].file, 0x800);
}


TEST(proper_64_bit) { check_proper(true); }
TEST(proper_32_bit) { check_proper(false); }


TEST(files_of_other_kinds)
{
	elf_make(&elf, true);
	CHECK_STR(parse(51), "it is truncated");
	CHECK_STR(parse(63), "it is truncated");
	elf.bytes[3] = 'G';
	CHECK_STR(parse(ELF_SIZE), "it is no ELF file");
	elf_make(&elf, true);
	elf.bytes[4] = 3;
	CHECK_STR(parse(ELF_SIZE), "it is an ELF file of an unknown kind");
	elf_make(&elf, true);
	elf.bytes[5] = 2;
	CHECK_STR(parse(ELF_SIZE), "it is an ELF file of an unknown kind");
	elf_make(&elf, true);
	elf.bytes[16] = 3;
	CHECK_STR(parse(ELF_SIZE), "it is not executable on this machine");
	elf_make(&elf, true);
	elf.bytes[18] = 183;
	CHECK_STR(parse(ELF_SIZE), "it is not executable on this machine");
	elf_make(&elf, true);
	elf.bytes[54] = 32;
	CHECK_STR(parse(ELF_SIZE), "its program headers are of an unknown kind");
}


TEST(table_outside_the_file)
{
	elf_make(&elf, true);
	CHECK_STR(parse(64 + 56 * ELF_PARTS - 1), "it is truncated");
	elf_put(&elf, 32, 8, UINT64_MAX - 8);
	CHECK_STR(parse(ELF_SIZE), "it is truncated");
	elf_put(&elf, 32, 8, ELF_SIZE);
	CHECK_STR(parse(ELF_SIZE), "it is truncated");
}


TEST(segments_outside_the_file)
{
	elf_make(&elf, true);
	CHECK_STR(parse(0x280f), "a segment is truncated");
	CHECK_STR(parse(0x2810), "fine");
	elf_set(&elf, 3, ELF_OFFSET, UINT64_MAX);
	CHECK_STR(parse(ELF_SIZE), "a segment is truncated");
	elf_make(&elf, true);
	elf_set(&elf, 3, ELF_FILE, UINT64_MAX);
	CHECK_STR(parse(ELF_SIZE), "a segment is truncated");
	elf_make(&elf, true);
	elf_set(&elf, 3, ELF_MEMORY, 0x7ff);
	CHECK_STR(parse(ELF_SIZE), "a segment is truncated");
}


TEST(segments_that_collide)
{
	elf_make(&elf, true);
	elf_set(&elf, 3, ELF_ADDRESS, ELF_TEXT + 0xfff);
	CHECK_STR(parse(ELF_SIZE), "its segments overlap or are not in order");
	elf_set(&elf, 3, ELF_ADDRESS, ELF_TEXT + 0x1000);
	CHECK_STR(parse(ELF_SIZE), "fine");
	elf_set(&elf, 3, ELF_ADDRESS, 0x1000);
	CHECK_STR(parse(ELF_SIZE), "its segments overlap or are not in order");
	elf_set(&elf, 3, ELF_ADDRESS, UINT64_MAX - 0x1800);
	CHECK_STR(parse(ELF_SIZE), "a segment is beyond all addresses");
	elf_set(&elf, 3, ELF_MEMORY, UINT64_MAX);
	CHECK_STR(parse(ELF_SIZE), "a segment is beyond all addresses");
}


TEST(writeable_and_executable)
{
	elf_make(&elf, true);
	elf_set(&elf, 1, ELF_FLAGS, 7);
	CHECK_STR(parse(ELF_SIZE), "a segment is both writeable and executable");
}


TEST(entry_outside_the_code)
{
	elf_make(&elf, true);
	elf_put(&elf, 24, 8, ELF_TEXT + 0x1000);
	CHECK_STR(parse(ELF_SIZE), "its entry is not in its code");
	elf_put(&elf, 24, 8, ELF_DATA + 0x10);
	CHECK_STR(parse(ELF_SIZE), "its entry is not in its code");
}


TEST(too_many_segments)
{
	elf_make(&elf, true);
	for (unsigned i = 0; i < ELF_PARTS; i++)
		elf_set_part(&elf, i, i ? 4 : 5, 0x1000, ELF_TEXT + 0x1000 * i, 0x1000, 0x1000);
	CHECK_STR(parse(ELF_SIZE), "it has too many segments");
	elf_set(&elf, 6, ELF_TYPE, 2);
	elf_set(&elf, 7, ELF_MEMORY, 0);
	CHECK_STR(parse(ELF_SIZE), "fine");
	CHECK_EQ(program.count, BY_BOOT_SEGMENTS);
}


UNIT_MAIN("boot_program")
