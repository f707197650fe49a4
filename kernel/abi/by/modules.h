/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The archive of boot modules inside an image, made by tool/image/pack.c.
 *
 *    0     header
 *    32    one entry per module
 *    ...   zeros up to a multiple of BY_MODULES_PAGE
 *    page  content of the first module, padded with zeros to whole pages
 *    page  content of the second one, ...
 *
 * Little-endian. Offsets count from the start of the archive. See doc/build.md.
 */
#ifndef BY_MODULES_H
#define BY_MODULES_H

#include <stddef.h>
#include <stdint.h>

#define BY_MODULES_MAGIC "BYMODS01"

enum {
	BY_MODULES_PAGE = 4096,
	BY_MODULES_NAME = 40, /* size of a name with its terminating NUL */
};

struct by_modules_header {
	char     magic[8];    /* BY_MODULES_MAGIC without its NUL */
	uint32_t count;       /* number of entries */
	uint32_t table_bytes; /* size of all entries */
	uint64_t total_bytes; /* size of the archive, a multiple of BY_MODULES_PAGE */
	uint64_t checksum;    /* of the entries */
};

struct by_modules_entry {
	uint64_t offset;      /* of the content, a multiple of BY_MODULES_PAGE */
	uint64_t size;        /* of the content, without padding */
	uint64_t checksum;    /* of the content */
	char     name[BY_MODULES_NAME];
};

_Static_assert(sizeof(struct by_modules_header) == 32, "part of the format");
_Static_assert(sizeof(struct by_modules_entry) == 64, "part of the format");

/**
 * Checksum of 'size' bytes at 'data', which is aligned to four bytes: two
 * running sums over 32-bit words, the last one filled up with zeros. It finds
 * truncated, exchanged and damaged words at two additions a word.
 */
static inline uint64_t by_modules_checksum(const void *data, size_t size)
{
	const uint32_t *word = data;
	const unsigned char *tail = (const unsigned char *)data + (size & ~(size_t)3);
	uint64_t a = 0, b = 0;
	uint32_t last = 0;

	for (size_t i = 0; i < size / 4; i++) {
		a += word[i];
		b += a;
	}
	for (size_t i = 0; i < (size & 3); i++)
		last |= (uint32_t)tail[i] << 8 * i;
	if (size & 3) {
		a += last;
		b += a;
	}

	return b ^ (a << 32 | a >> 32);
}

#endif
