/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Maker of device trees for the tests of fdt.c: tokens are appended one by one,
 * then blob_finish() puts header, reservations, structure and strings together.
 */
#ifndef FDT_BLOB_H
#define FDT_BLOB_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOB_MAX = 4096, BLOB_HEADER = 40 };

struct blob {
	unsigned char structure[BLOB_MAX], strings[BLOB_MAX];
	uint32_t      structure_size, strings_size;
	uint64_t      reserved[8];
	unsigned      reserved_count;
	unsigned char bytes[3 * BLOB_MAX]; /* the result */
	uint32_t      size;
};

static inline void blob_put32(unsigned char *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (unsigned char)(value >> (24 - 8 * i));
}


static inline void blob_cell(struct blob *b, uint32_t value)
{
	blob_put32(b->structure + b->structure_size, value);
	b->structure_size += 4;
}


static inline void blob_bytes(struct blob *b, void const *bytes, uint32_t size)
{
	memcpy(b->structure + b->structure_size, bytes, size);
	b->structure_size += (size + 3) & ~3u;
}


static inline void blob_begin(struct blob *b, char const *name)
{
	blob_cell(b, 1);
	blob_bytes(b, name, (uint32_t)strlen(name) + 1);
}


static inline void blob_end(struct blob *b) { blob_cell(b, 2); }
static inline void blob_nop(struct blob *b) { blob_cell(b, 4); }

static inline void blob_property(struct blob *b, char const *name, void const *value,
                                 uint32_t size)
{
	uint32_t const length = (uint32_t)strlen(name) + 1;

	blob_cell(b, 3);
	blob_cell(b, size);
	blob_cell(b, b->strings_size);
	memcpy(b->strings + b->strings_size, name, length);
	b->strings_size += length;
	blob_bytes(b, value, size);
}


static inline void blob_string(struct blob *b, char const *name, char const *value)
{
	blob_property(b, name, value, (uint32_t)strlen(value) + 1);
}


static inline void blob_cells(struct blob *b, char const *name, uint32_t const *cells,
                              unsigned count)
{
	unsigned char bytes[64];

	for (unsigned i = 0; i < count; i++)
		blob_put32(bytes + 4 * i, cells[i]);
	blob_property(b, name, bytes, 4 * count);
}


#define BLOB_CELLS(b, name, ...) \
	blob_cells((b), (name), (uint32_t const[]){ __VA_ARGS__ }, \
	           sizeof((uint32_t const[]){ __VA_ARGS__ }) / 4)

static inline void blob_reserve(struct blob *b, uint64_t base, uint64_t size)
{
	b->reserved[b->reserved_count++] = base;
	b->reserved[b->reserved_count++] = size;
}


static inline void blob_finish(struct blob *b)
{
	uint32_t const reserved  = BLOB_HEADER;
	uint32_t const structure = reserved + b->reserved_count * 8 + 16;
	uint32_t const strings   = structure + b->structure_size;
	uint32_t const header[10] = { 0xd00dfeed, strings + b->strings_size, structure, strings,
	                              reserved, 17, 16, 0, b->strings_size, b->structure_size };

	memset(b->bytes, 0, sizeof(b->bytes));
	for (unsigned i = 0; i < 10; i++)
		blob_put32(b->bytes + 4 * i, header[i]);
	for (unsigned i = 0; i < b->reserved_count; i++) {
		blob_put32(b->bytes + reserved + 8 * i, (uint32_t)(b->reserved[i] >> 32));
		blob_put32(b->bytes + reserved + 8 * i + 4, (uint32_t)b->reserved[i]);
	}
	memcpy(b->bytes + structure, b->structure, b->structure_size);
	memcpy(b->bytes + strings, b->strings, b->strings_size);
	b->size = header[1];
}

#endif
