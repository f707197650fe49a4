/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Unit tests of the ELF reader: a proper image, and one change for each rule.
 */
#include "elf_image.h"
#include <stdlib.h>
#include <unit.h>

static struct image  image;
static struct by_elf elf;


/* Open a copy of exactly 'size' bytes at an odd address, so that ASan and UBSan see all. */
static by_status_t open_cut(size_t size)
{
	static unsigned char *copy;

	free(copy);
	copy = malloc(size + 1);
	memcpy(copy + 1, image.bytes, size);

	return by_elf_open(copy + 1, size, image_machine(image.wide), &elf);
}


static by_status_t open_image(void)
{
	return open_cut(sizeof(image.bytes));
}


TEST(reads_segments)
{
	for (int wide = 0; wide < 2; wide++) {
		struct by_elf_segment s;

		image_make(&image, wide);
		CHECK_EQ(open_image(), BY_OK);
		CHECK(elf.mistake == NULL);
		CHECK_EQ(elf.entry, IMAGE_ENTRY);
		CHECK(!elf.relocatable);
		CHECK_STR(elf.interpreter, "ld.lib.so");
		CHECK_EQ(by_elf_first(&elf, &s), BY_OK);
		CHECK(s.read && !s.write && s.execute);
		CHECK_EQ(s.addr, 0x400000);
		CHECK_EQ(s.offset, 0);
		CHECK_EQ(s.file, 0x800);
		CHECK_EQ(s.memory, 0x800);
		CHECK_EQ(s.align, 0x1000);
		CHECK_EQ(by_elf_next(&elf, &s), BY_OK);
		CHECK(s.read && !s.write && !s.execute);
		CHECK_EQ(by_elf_next(&elf, &s), BY_OK);
		CHECK(s.read && s.write && !s.execute);
		CHECK_EQ(s.addr, 0x403008);
		CHECK_EQ(s.memory, 0x5000);
		CHECK_EQ(by_elf_next(&elf, &s), BY_EMPTY);
		CHECK_EQ(s.addr, 0x403008);
		CHECK_EQ(by_elf_tls(&elf, &s), BY_OK);
		CHECK_EQ(s.addr, 0x403010);
		CHECK_EQ(s.file, 0x20);
		CHECK_EQ(s.memory, 0x40);
	}
}


TEST(optional_parts)
{
	struct by_elf_segment s;

	image_make(&image, true);
	image_put(&image, 0, E_PHNUM, 3);
	CHECK_EQ(open_image(), BY_OK);
	CHECK_STR(elf.interpreter, "");
	CHECK_EQ(by_elf_tls(&elf, &s), BY_EMPTY);
	image_put(&image, 0, E_TYPE, 3);
	CHECK_EQ(open_image(), BY_OK);
	CHECK(elf.relocatable);
	image_put(&image, 0, E_ENTRY, 0);
	CHECK_EQ(open_image(), BY_OK);
	image_put(&image, image_header(&image, 1), P_MEMSZ, 0);
	image_put(&image, image_header(&image, 1), P_FILESZ, 0);
	CHECK_EQ(open_image(), BY_OK);
	CHECK_EQ(by_elf_first(&elf, &s), BY_OK);
	CHECK_EQ(by_elf_next(&elf, &s), BY_OK);
	CHECK_EQ(s.addr, 0x403008);
}


/* One change to a proper image, and what is said about it. */
struct wrong {
	int                part; /* program header, or -1: file header */
	struct image_field field;
	unsigned long long value;
	by_status_t        status;
	char const        *text;
};

#define FIELD(...) { __VA_ARGS__ }
#define _E_TYPE      FIELD(16, 16, 2, 2)
#define _E_MACHINE   FIELD(18, 18, 2, 2)
#define _E_ENTRY     FIELD(24, 24, 4, 8)
#define _E_PHOFF     FIELD(28, 32, 4, 8)
#define _E_PHENTSIZE FIELD(42, 54, 2, 2)
#define _E_PHNUM     FIELD(44, 56, 2, 2)
#define _IDENT(n)    FIELD(n, n, 1, 1)
#define _P_TYPE      FIELD(0, 0, 4, 4)
#define _P_FLAGS     FIELD(24, 4, 4, 4)
#define _P_OFFSET    FIELD(4, 8, 4, 8)
#define _P_VADDR     FIELD(8, 16, 4, 8)
#define _P_FILESZ    FIELD(16, 32, 4, 8)
#define _P_MEMSZ     FIELD(20, 40, 4, 8)
#define _P_ALIGN     FIELD(28, 48, 4, 8)

static struct wrong const wrongs[] = {
	{ -1, _IDENT(0), 0x7e, BY_MALFORMED, "no ELF file" },
	{ -1, _IDENT(3), 'f', BY_MALFORMED, "no ELF file" },
	{ -1, _IDENT(4), 3, BY_NOT_SUPPORTED, "class (32 or 64 bit) of another machine" },
	{ -1, _IDENT(5), 2, BY_NOT_SUPPORTED, "not little-endian" },
	{ -1, _IDENT(6), 2, BY_NOT_SUPPORTED, "unknown version" },
	{ -1, _E_MACHINE, 4, BY_NOT_SUPPORTED, "made for another machine" },
	{ -1, _E_TYPE, 1, BY_NOT_SUPPORTED, "not an executable" },
	{ -1, _E_TYPE, 4, BY_NOT_SUPPORTED, "not an executable" },
	{ -1, _E_PHENTSIZE, 31, BY_MALFORMED, "wrong size of a program header" },
	{ -1, _E_PHENTSIZE, 57, BY_MALFORMED, "wrong size of a program header" },
	{ -1, _E_PHNUM, 0, BY_MALFORMED, "nothing to load" },
	{ -1, _E_PHNUM, 0xffff, BY_MALFORMED, "program headers beyond the end of the file" },
	{ -1, _E_PHOFF, IMAGE_SIZE - 100, BY_MALFORMED, "program headers beyond the end of the file" },
	{ -1, _E_PHOFF, 0xffffffff, BY_MALFORMED, "program headers beyond the end of the file" },
	{ -1, _E_ENTRY, 0x400800, BY_MALFORMED, "entry point not in an executable segment" },
	{ -1, _E_ENTRY, 0x3fffff, BY_MALFORMED, "entry point not in an executable segment" },
	{ -1, _E_ENTRY, 0x403010, BY_MALFORMED, "entry point not in an executable segment" },
	{ -1, _E_ENTRY, 0, BY_MALFORMED, "entry point not in an executable segment" },
	{ 0, _P_TYPE, 2, BY_MALFORMED, "entry point not in an executable segment" },
	{ 2, _P_OFFSET, 0x2010, BY_MALFORMED, "address and offset disagree in alignment" },
	{ 2, _P_OFFSET, IMAGE_SIZE - 0xff, BY_MALFORMED, "segment lies beyond the end of the file" },
	{ 2, _P_OFFSET, 0xfffff008, BY_MALFORMED, "segment lies beyond the end of the file" },
	{ 2, _P_FILESZ, IMAGE_SIZE, BY_MALFORMED, "segment lies beyond the end of the file" },
	{ 2, _P_FILESZ, 0xffffffff, BY_MALFORMED, "segment lies beyond the end of the file" },
	{ 2, _P_MEMSZ, 0xff, BY_MALFORMED, "segment is larger in the file than in memory" },
	{ 2, _P_ALIGN, 0x1800, BY_MALFORMED, "alignment is no power of two" },
	{ 2, _P_ALIGN, 0x2000, BY_MALFORMED, "address and offset disagree in alignment" },
	{ 2, _P_FLAGS, 7, BY_DENIED, "segment is writeable and executable" },
	{ 2, _P_FLAGS, 3, BY_DENIED, "segment is writeable and executable" },
	{ 2, _P_VADDR, 0x401008, BY_CONFLICT, "segments overlap, share a page or descend" },
	{ 2, _P_VADDR, 0x400008, BY_CONFLICT, "segments overlap, share a page or descend" },
	{ 2, _P_VADDR, 0x3ff008, BY_CONFLICT, "segments overlap, share a page or descend" },
	{ 0, _P_MEMSZ, 0x1001, BY_CONFLICT, "segments overlap, share a page or descend" },
	{ 1, _P_MEMSZ, 0x2001, BY_CONFLICT, "segments overlap, share a page or descend" },
	{ 3, _P_TYPE, 3, BY_MALFORMED, "name of the interpreter is no proper string" },
	{ 3, _P_VADDR, 0x4020f0, BY_MALFORMED, "thread-local segment is not loaded" },
	{ 3, _P_VADDR, 0x407ff0, BY_MALFORMED, "thread-local segment is not loaded" },
	{ 3, _P_ALIGN, 3, BY_MALFORMED, "alignment is no power of two" },
	{ 4, _P_TYPE, 7, BY_MALFORMED, "more than one thread-local segment" },
	{ 4, _P_FILESZ, 9, BY_MALFORMED, "name of the interpreter is no proper string" },
	{ 4, _P_FILESZ, 0, BY_MALFORMED, "name of the interpreter is no proper string" },
	{ 4, _P_OFFSET, 0x1100, BY_MALFORMED, "name of the interpreter is no proper string" },
};


static void try_wrong(struct wrong const *w)
{
	char text[128];
	unsigned const base = w->part < 0 ? 0 : image_header(&image, (unsigned)w->part);

	image_put(&image, base, w->field, w->value);
	snprintf(text, sizeof(text), "%s (case %d)", w->text, (int)(w - wrongs));
	by_status_t const status = open_image();
	if (status != w->status || !elf.mistake || strcmp(elf.mistake, w->text))
		printf("  expected %s, found status %u: %s\n", text, status,
		       elf.mistake ? elf.mistake : "none");
	CHECK_EQ(status, w->status);
	CHECK_STR(elf.mistake, w->text);
}


TEST(refuses_each_mistake)
{
	for (unsigned i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		for (int wide = 0; wide < 2; wide++) {
			image_make(&image, wide);
			try_wrong(&wrongs[i]);
		}
	}
}


TEST(names_the_place)
{
	image_make(&image, true);
	image_put(&image, image_header(&image, 2), P_FLAGS, 7);
	CHECK_EQ(open_image(), BY_DENIED);
	CHECK_EQ(elf.mistake_at, 64 + 2 * 56);
	image_make(&image, false);
	image_put(&image, 0, E_MACHINE, 3000);
	CHECK_EQ(open_image(), BY_NOT_SUPPORTED);
	CHECK_EQ(elf.mistake_at, 18);
}


TEST(refuses_wrap_around)
{
	struct { bool wide; unsigned long long addr; unsigned memory; by_status_t status; } const
	cases[] = {
		{ true,  0xfffffffffffff008, 0x100, BY_LIMIT },
		{ true,  0xffffffffffffe008, 0x100, BY_OK },
		{ true,  0xffffffffffffe008, 0xff8, BY_LIMIT },
		{ false, 0xfffff008, 0x100, BY_LIMIT },
		{ false, 0xffffe008, 0xff8, BY_OK },
		{ false, 0xffffe008, 0xff9, BY_LIMIT },
		{ false, 0xfffff008, 0xfffffff8, BY_LIMIT },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		image_make(&image, cases[i].wide);
		image_put(&image, 0, E_PHNUM, 3);
		image_put(&image, image_header(&image, 2), P_VADDR, cases[i].addr);
		image_put(&image, image_header(&image, 2), P_MEMSZ, cases[i].memory);
		CHECK_EQ(open_image(), cases[i].status);
	}
}


TEST(refuses_every_truncation)
{
	for (int wide = 0; wide < 2; wide++) {
		image_make(&image, wide);
		for (size_t size = 0; size < 0x2108; size++)
			CHECK_EQ(open_cut(size), BY_MALFORMED);
		CHECK_EQ(open_cut(0x2108), BY_OK);
	}
}


TEST(interpreter_names)
{
	image_make(&image, true);
	image_put(&image, image_header(&image, 4), P_FILESZ, 160);
	image_put(&image, image_header(&image, 4), P_MEMSZ, 160);
	memset(image.bytes + 0x1010, 'l', 160);
	CHECK_EQ(open_image(), BY_MALFORMED);
	image.bytes[0x1010 + 159] = 0;
	CHECK_EQ(open_image(), BY_OK);
	CHECK_EQ(strlen(elf.interpreter), 159);
	image.bytes[0x1010 + 50] = 0;
	CHECK_EQ(open_image(), BY_MALFORMED);
}


TEST(whole_file_in_one_segment)
{
	image_make(&image, true);
	image_put(&image, 0, E_PHNUM, 1);
	image_put(&image, image_header(&image, 0), P_FILESZ, IMAGE_SIZE);
	image_put(&image, image_header(&image, 0), P_MEMSZ, IMAGE_SIZE);
	CHECK_EQ(open_image(), BY_OK);
	CHECK_EQ(open_cut(IMAGE_SIZE - 1), BY_MALFORMED);
}


/* A name that ends with the file, without its NUL, is not read beyond. */
TEST(interpreter_at_the_end)
{
	image_make(&image, true);
	image_put(&image, 0, E_PHNUM, 5);
	image_put(&image, image_header(&image, 2), P_TYPE, 0);
	image_put(&image, image_header(&image, 3), P_TYPE, 0);
	image_put(&image, image_header(&image, 4), P_FILESZ, 16);
	image_put(&image, image_header(&image, 4), P_MEMSZ, 16);
	image_put(&image, image_header(&image, 4), P_OFFSET, 0x1300);
	image_put(&image, image_header(&image, 4), P_VADDR, 0x401300);
	memset(image.bytes + 0x1300, 'l', 16);
	CHECK_EQ(open_cut(0x1310), BY_MALFORMED);
	image.bytes[0x130f] = 0;
	CHECK_EQ(open_cut(0x1310), BY_OK);
	CHECK_EQ(strlen(elf.interpreter), 15);
}


TEST(thread_local_places)
{
	struct by_elf_segment s;

	image_make(&image, true);
	image_segment(&image, 3, 7, 4, 0x403008, 0x2008, 0x100, 0x100, 8);
	CHECK_EQ(open_image(), BY_OK);
	image_segment(&image, 3, 7, 4, 0x403007, 0x2007, 0x100, 0x100, 1);
	CHECK_EQ(open_image(), BY_MALFORMED);
	image_segment(&image, 3, 7, 4, 0x500000, 0, 0, 0x100, 8);
	CHECK_EQ(open_image(), BY_OK); /* all zero: nothing to be loaded */
	CHECK_EQ(by_elf_tls(&elf, &s), BY_OK);
	CHECK_EQ(s.file, 0);
}


TEST(machines)
{
	static struct { enum by_elf_machine machine; bool wide; } const all[] = {
		{ BY_ELF_X86_32, false }, { BY_ELF_ARM_32, false }, { BY_ELF_X86_64, true },
		{ BY_ELF_ARM_64, true }, { BY_ELF_RISCV64, true },
	};

	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		for (unsigned k = 0; k < sizeof(all) / sizeof(all[0]); k++) {
			image_make(&image, all[i].wide);
			image_put(&image, 0, E_MACHINE, all[i].machine);
			by_status_t const status = by_elf_open(image.bytes, sizeof(image.bytes),
			                                       all[k].machine, &elf);
			CHECK_EQ(status, i == k ? BY_OK : BY_NOT_SUPPORTED);
		}
	}
}


/* An image that changes after it was opened yields an error, no bad segment. */
TEST(changed_images)
{
	struct by_elf_segment s;

	image_make(&image, true);
	CHECK_EQ(by_elf_open(image.bytes, sizeof(image.bytes), BY_ELF_X86_64, &elf), BY_OK);
	image_put(&image, image_header(&image, 0), P_OFFSET, 0x7000);
	CHECK_EQ(by_elf_first(&elf, &s), BY_MALFORMED);
	image_put(&image, image_header(&image, 0), P_OFFSET, 0);
	CHECK_EQ(by_elf_first(&elf, &s), BY_OK);
	image_put(&image, image_header(&image, 1), P_FLAGS, 7);
	CHECK_EQ(by_elf_next(&elf, &s), BY_DENIED);
	image_put(&image, image_header(&image, 1), P_VADDR, 0x400000);
	image_put(&image, image_header(&image, 1), P_FLAGS, 4);
	CHECK_EQ(by_elf_next(&elf, &s), BY_CONFLICT);
	image_put(&image, image_header(&image, 3), P_FILESZ, 0x10000);
	CHECK_EQ(by_elf_tls(&elf, &s), BY_MALFORMED);
}

UNIT_MAIN("elf")
