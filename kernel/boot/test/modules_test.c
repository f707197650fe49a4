/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The check of the archive of boot modules.
 */
#include "program.h"
#include "unit.h"

enum { PAGE = BY_MODULES_PAGE, SIZE = 4 * PAGE };

static struct {
	struct by_modules_header header;
	struct by_modules_entry  entry[2];
	char rest[SIZE - sizeof(struct by_modules_header) - 2 * sizeof(struct by_modules_entry)];
} archive;

static char *const bytes = (char *)&archive;
static char        name[BY_MODULES_NAME];


static void seal_table(void)
{
	archive.header.checksum = by_modules_checksum(archive.entry, archive.header.table_bytes);
}


/** Two modules of 5000 and 3 bytes. */
static void make(void)
{
	memset(&archive, 0, sizeof(archive));
	archive.header = (struct by_modules_header) {
		.magic = "BYMODS0", .count = 2, .table_bytes = 128, .total_bytes = SIZE };
	archive.header.magic[7] = '1';
	for (unsigned i = PAGE; i < PAGE + 5000; i++)
		bytes[i] = (char)(i * 7);
	memcpy(bytes + 3 * PAGE, "abc", 3);
	archive.entry[0] = (struct by_modules_entry) { PAGE, 5000, 0, "first" };
	archive.entry[1] = (struct by_modules_entry) { 3 * PAGE, 3, 0, "second" };
	for (unsigned i = 0; i < 2; i++)
		archive.entry[i].checksum = by_modules_checksum(bytes + archive.entry[i].offset,
		                                                archive.entry[i].size);
	seal_table();
}


static const char *check(uint64_t size)
{
	const char *error = modules_check(&archive, size, name);

	return error ? error : "fine";
}


TEST(proper)
{
	make();
	CHECK_STR(check(SIZE), "fine");
	CHECK_STR(check(SIZE + 1), "fine");
	CHECK_STR(name, "");
	archive.header.count = archive.header.table_bytes = 0;
	seal_table();
	CHECK_STR(check(SIZE), "fine");
}


TEST(truncated)
{
	make();
	CHECK_STR(check(0), "it is truncated");
	CHECK_STR(check(31), "it is truncated");
	CHECK_STR(check(SIZE - 1), "it is truncated");
}


TEST(damaged_header)
{
	make();
	archive.header.magic[7] = '2';
	CHECK_STR(check(SIZE), "it is no archive");
	make();
	archive.header.total_bytes = SIZE - 8;
	CHECK_STR(check(SIZE), "its header is damaged");
	make();
	archive.header.count = 3;
	CHECK_STR(check(SIZE), "its header is damaged");
	make();
	archive.header.count       = SIZE / 64;
	archive.header.table_bytes = SIZE / 64 * 64;
	CHECK_STR(check(SIZE), "its header is damaged");
	make();
	archive.header.total_bytes = 0;
	CHECK_STR(check(SIZE), "its header is damaged");
}


TEST(damaged_table)
{
	make();
	archive.entry[1].name[3] ^= 1;
	CHECK_STR(check(SIZE), "its table is damaged");
	CHECK_STR(name, "");
}


TEST(every_damaged_byte_of_content_is_found)
{
	for (unsigned i = PAGE; i < PAGE + 5000; i++) {
		make();
		bytes[i] ^= 1;
		CHECK_STR(check(SIZE), "it is damaged");
		CHECK_STR(name, "first");
	}
	make();
	bytes[3 * PAGE + 2] ^= 64;
	CHECK_STR(check(SIZE), "it is damaged");
	CHECK_STR(name, "second");
}


TEST(exchanged_words_are_found)
{
	uint32_t word[2];

	make();
	memcpy(word, bytes + PAGE + 8, 8);
	memcpy(bytes + PAGE + 8, &word[1], 4);
	memcpy(bytes + PAGE + 12, &word[0], 4);
	CHECK_STR(check(SIZE), "it is damaged");
}


static const char *with_entry(uint64_t offset, uint64_t size)
{
	make();
	archive.entry[1].offset = offset;
	archive.entry[1].size   = size;
	seal_table();

	return check(SIZE);
}


TEST(places_outside)
{
	CHECK_STR(with_entry(3 * PAGE + 4, 3), "its place is wrong");
	CHECK_STR(with_entry(0, 3), "its place is wrong");
	CHECK_STR(with_entry(SIZE, 1), "its place is wrong");
	CHECK_STR(with_entry(SIZE + PAGE, 0), "its place is wrong");
	CHECK_STR(with_entry(UINT64_MAX - PAGE + 1, 3), "its place is wrong");
	CHECK_STR(with_entry(3 * PAGE, PAGE + 1), "its place is wrong");
	CHECK_STR(with_entry(3 * PAGE, UINT64_MAX), "its place is wrong");
	CHECK_STR(name, "second");
}


TEST(names)
{
	make();
	archive.entry[0].name[0] = 0;
	seal_table();
	CHECK_STR(check(SIZE), "a module has no name");
	make();
	memset(archive.entry[0].name, 'x', BY_MODULES_NAME);
	seal_table();
	CHECK_STR(check(SIZE), "a module has no name");
	CHECK_STR(name, "");
}


UNIT_MAIN("boot_modules")
