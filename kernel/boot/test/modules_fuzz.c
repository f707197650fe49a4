/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target of the check of module archives. Lines of the input with the letter
 * "w" put bytes into an archive of zeros. If the input begins with "s", magic and
 * sums are put right, because nobody finds them by chance.
 *
 * Whatever is accepted can be read to its end.
 */
#include "canary.h"
#include "changes.h"
#include "program.h"
#include "require.h"

#include <string.h>

enum { SIZE = 4 * BY_MODULES_PAGE };

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

static struct by_modules_header *header;


static void put(char letter, unsigned long offset, uint8_t byte)
{
	if (letter == 'w')
		((uint8_t *)header)[offset % SIZE] = byte;
}


static struct by_modules_entry *entries(void)
{
	return (struct by_modules_entry *)(header + 1);
}


static void seal(void)
{
	memcpy(header->magic, BY_MODULES_MAGIC, sizeof(header->magic));
	for (unsigned i = 0; i < header->count && i < 8; i++) {
		struct by_modules_entry *e = &entries()[i];
		if (e->offset <= SIZE && e->size <= SIZE - e->offset && e->offset % 4 == 0)
			e->checksum = by_modules_checksum((char *)header + e->offset, e->size);
	}
	if (header->table_bytes <= SIZE - sizeof(*header))
		header->checksum = by_modules_checksum(entries(), header->table_bytes);
}


static void check(void)
{
	for (unsigned i = 0; i < header->count; i++) {
		struct by_modules_entry const *e = &entries()[i];
		REQUIRE((char const *)(e + 1) <= (char const *)header + SIZE);
		REQUIRE(e->offset <= SIZE && e->size <= SIZE - e->offset);
		REQUIRE(memchr(e->name, 0, sizeof(e->name)) && e->name[0]);
	}
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	char name[BY_MODULES_NAME];

	header = calloc(1, SIZE);
	change_all(data, size, put);
	if (size && data[0] == 's')
		seal();
	const char *error = modules_check(header, SIZE, name);
	REQUIRE(memchr(name, 0, sizeof(name)));
	if (!error)
		check();
	canary(!error && header->count == 1 && entries()->size > 0x100);
	free(header);

	return 0;
}
