/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ELF executables (System V ABI, chapters 4 and 5).
 */
#include "program.h"
#include "regions.h"

enum {
	TYPE_EXECUTABLE = 2, SEGMENT_LOAD = 1,
	FLAG_EXEC = 1, FLAG_WRITE = 2,
	IDENT_CLASS = 4, IDENT_ORDER = 5,
};

/** Offset and size of each field, in files of 32 and of 64 bit. */
struct field { uint8_t at[2], bytes[2]; };

static struct field const
	file_type       = { { 16, 16 }, { 2, 2 } },
	file_machine    = { { 18, 18 }, { 2, 2 } },
	file_entry      = { { 24, 24 }, { 4, 8 } },
	file_table      = { { 28, 32 }, { 4, 8 } },
	file_entry_size = { { 42, 54 }, { 2, 2 } },
	file_entries    = { { 44, 56 }, { 2, 2 } },
	part_type       = { {  0,  0 }, { 4, 4 } },
	part_flags      = { { 24,  4 }, { 4, 4 } },
	part_offset     = { {  4,  8 }, { 4, 8 } },
	part_address    = { {  8, 16 }, { 4, 8 } },
	part_file       = { { 16, 32 }, { 4, 8 } },
	part_memory     = { { 20, 40 }, { 4, 8 } };

static uint8_t const header_size[2] = { 52, 64 }, entry_size[2] = { 32, 56 };

/** An ELF file; 'wide' tells whether its fields are those of 64 bit. */
struct file { uint8_t const *image; uint64_t size; unsigned wide; };


static uint64_t get(struct file const *file, uint64_t base, struct field field)
{
	uint8_t const *from  = file->image + base + field.at[file->wide];
	uint64_t       value = 0;

	for (unsigned i = field.bytes[file->wide]; i--; )
		value = value << 8 | from[i];

	return value;
}


static const char *check_header(struct file *file, unsigned machine)
{
	static uint8_t const magic[] = { 0x7f, 'E', 'L', 'F' };
	uint8_t const *image = file->image;

	if (file->size < header_size[0])
		return "it is truncated";
	for (unsigned i = 0; i < sizeof(magic); i++)
		if (image[i] != magic[i])
			return "it is no ELF file";
	if (image[IDENT_CLASS] < 1 || image[IDENT_CLASS] > 2 || image[IDENT_ORDER] != 1)
		return "it is an ELF file of an unknown kind";

	file->wide = image[IDENT_CLASS] == 2;
	if (file->size < header_size[file->wide])
		return "it is truncated";
	if (get(file, 0, file_type) != TYPE_EXECUTABLE || get(file, 0, file_machine) != machine)
		return "it is not executable on this machine";
	if (get(file, 0, file_entry_size) != entry_size[file->wide])
		return "its program headers are of an unknown kind";

	return NULL;
}


static struct program_segment read_segment(struct file const *file, uint64_t at)
{
	uint64_t flags = get(file, at, part_flags);

	return (struct program_segment) {
		.address = get(file, at, part_address),
		.memory  = get(file, at, part_memory),
		.offset  = get(file, at, part_offset),
		.file    = get(file, at, part_file),
		.attributes = (flags & FLAG_WRITE ? BY_MAP_WRITE : 0u)
		              | (flags & FLAG_EXEC ? BY_MAP_EXEC : 0u),
	};
}


static const char *check_segment(struct file const *file, struct program_segment const *s,
                                 uint64_t free_from)
{
	if (s->file > s->memory || s->file > file->size || s->offset > file->size - s->file)
		return "a segment is truncated";
	if (s->memory > UINT64_MAX - BOOT_PAGE - s->address)
		return "a segment is beyond all addresses";
	if (page_down(s->address) < free_from)
		return "its segments overlap or are not in order";
	if ((s->attributes & BY_MAP_WRITE) && (s->attributes & BY_MAP_EXEC))
		return "a segment is both writeable and executable";

	return NULL;
}


static bool entry_valid(struct program const *program)
{
	for (unsigned i = 0; i < program->count; i++) {
		struct program_segment const *s = &program->segment[i];
		if (s->attributes & BY_MAP_EXEC && program->entry >= s->address
		    && program->entry - s->address < s->file)
			return true;
	}

	return false;
}


const char *program_parse(void const *image, uint64_t size, unsigned machine,
                          struct program *program)
{
	struct file file  = { image, size, 0 };
	const char *error = check_header(&file, machine);

	if (error)
		return error;

	uint64_t at = get(&file, 0, file_table), count = get(&file, 0, file_entries);
	uint64_t free_from = 0;
	if (at > size || count * entry_size[file.wide] > size - at)
		return "it is truncated";

	*program = (struct program) { .entry = get(&file, 0, file_entry) };
	for (; count--; at += entry_size[file.wide]) {
		struct program_segment segment = read_segment(&file, at);

		if (get(&file, at, part_type) != SEGMENT_LOAD || !segment.memory)
			continue;
		if (program->count == BY_BOOT_SEGMENTS)
			return "it has too many segments";
		error = check_segment(&file, &segment, free_from);
		if (error)
			return error;
		free_from = page_up(segment.address + segment.memory);
		program->segment[program->count++] = segment;
	}

	return entry_valid(program) ? NULL : "its entry is not in its code";
}
