/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pack ARCHIVE NAME=FILE...: join boot modules into the archive that an image
 * carries; its format is described in kernel/abi/by/modules.h.
 * pack --sum FILE: print a file's checksum, as the archive has it for modules.
 *
 * The result depends on names, order and contents only.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <by/modules.h>


__attribute__((noreturn, format(printf, 1, 2)))
static void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("pack: error: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	exit(1);
}


static size_t padded(size_t size)
{
	return (size + BY_MODULES_PAGE - 1) & ~(size_t)(BY_MODULES_PAGE - 1);
}


/* Read the file to the end of 'archive', which grows by whole pages of zeros. */
static void append(const char *path, char **archive, size_t *total, size_t *size)
{
	FILE *file = fopen(path, "rb");
	if (!file || fseek(file, 0, SEEK_END))
		fail("%s: %s", path, strerror(errno));

	long const length = ftell(file);
	rewind(file);
	*size = (size_t)length;
	*archive = realloc(*archive, *total + padded(*size) + 1);
	if (!*archive)
		fail("out of memory");
	memset(*archive + *total, 0, padded(*size));
	if (fread(*archive + *total, 1, *size, file) != *size)
		fail("%s: read error", path);
	fclose(file);
	*total += padded(*size);
}


static void set_name(struct by_modules_entry *entry, const char *name, size_t length,
                     const struct by_modules_entry *first)
{
	if (length == 0 || length >= sizeof(entry->name))
		fail("module name '%.*s' is not of 1 to %d bytes", (int)length, name,
		     BY_MODULES_NAME - 1);
	memcpy(entry->name, name, length);
	for (; first < entry; first++)
		if (!strcmp(first->name, entry->name))
			fail("two modules are called '%s'", entry->name);
}


static int print_sum(const char *path)
{
	char *content = NULL;
	size_t total = 0, size;

	append(path, &content, &total, &size);
	printf("0x%llx\n", (unsigned long long)by_modules_checksum(content, size));
	free(content);

	return 0;
}


int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: pack ARCHIVE NAME=FILE... | --sum FILE\n");
		return 2;
	}
	if (argc == 3 && !strcmp(argv[1], "--sum"))
		return print_sum(argv[2]);

	size_t const count = (size_t)argc - 2;
	size_t const table = count * sizeof(struct by_modules_entry);
	struct by_modules_header header = { .count = (uint32_t)count };
	struct by_modules_entry *entries = calloc(count + 1, sizeof(*entries));
	size_t total = padded(sizeof(header) + table);
	char *archive = calloc(1, total);
	if (!entries || !archive)
		fail("out of memory");

	for (size_t i = 0; i < count; i++) {
		const char *name = argv[i + 2], *equals = strchr(name, '=');
		size_t offset = total, size;
		if (!equals)
			fail("'%s' is not of the form NAME=FILE", name);
		set_name(&entries[i], name, (size_t)(equals - name), entries);
		append(equals + 1, &archive, &total, &size);
		entries[i].offset   = offset;
		entries[i].size     = size;
		entries[i].checksum = by_modules_checksum(archive + offset, size);
	}
	memcpy(header.magic, BY_MODULES_MAGIC, sizeof(header.magic));
	header.table_bytes = (uint32_t)table;
	header.total_bytes = total;
	header.checksum    = by_modules_checksum(entries, table);
	memcpy(archive, &header, sizeof(header));
	memcpy(archive + sizeof(header), entries, table);

	FILE *out = fopen(argv[1], "wb");
	if (!out || fwrite(archive, 1, total, out) != total || fclose(out))
		fail("%s: %s", argv[1], strerror(errno));
	free(entries);
	free(archive);

	return 0;
}
