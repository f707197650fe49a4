/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ELF executables, see by/elf.h.
 *
 *    0            table              offset ... offset + file
 *    | header ... | program headers  ...  | a segment |  ...  | size
 *
 * A program header is copied out of the image and checked in the copy, each
 * time anew. by_elf_open() goes through all of them once.
 */
#include <by/elf.h>

enum {
	TYPE_EXEC = 2, TYPE_DYN = 3,                     /* e_type */
	PT_LOAD = 1, PT_INTERP = 3, PT_TLS = 7,          /* p_type */
	FLAG_EXECUTE = 1, FLAG_WRITE = 2, FLAG_READ = 4, /* p_flags */
	IDENT_CLASS = 4, IDENT_ORDER = 5, IDENT_VERSION = 6,
	IDENT_SIZE = 16,
};

/* Where a field is and how many bytes it has, in the 32-bit and in the 64-bit form. */
struct field {
	uint8_t at[2], bytes[2];
};

static struct field const
	e_type      = { { 16, 16 }, { 2, 2 } },
	e_machine   = { { 18, 18 }, { 2, 2 } },
	e_entry     = { { 24, 24 }, { 4, 8 } },
	e_phoff     = { { 28, 32 }, { 4, 8 } },
	e_phentsize = { { 42, 54 }, { 2, 2 } },
	e_phnum     = { { 44, 56 }, { 2, 2 } },
	p_type      = { {  0,  0 }, { 4, 4 } },
	p_flags     = { { 24,  4 }, { 4, 4 } },
	p_offset    = { {  4,  8 }, { 4, 8 } },
	p_vaddr     = { {  8, 16 }, { 4, 8 } },
	p_filesz    = { { 16, 32 }, { 4, 8 } },
	p_memsz     = { { 20, 40 }, { 4, 8 } },
	p_align     = { { 28, 48 }, { 4, 8 } };

static uint8_t const file_header[2]    = { 52, 64 };
static uint8_t const program_header[2] = { 32, 56 };

/* What an image was objected to for. */
struct verdict {
	by_status_t status;
	char const *text;
	uint64_t    at; /* offset in the image */
};

static struct verdict const fine = { BY_OK, NULL, 0 };


static struct verdict broken(by_status_t status, uint64_t at, char const *text)
{
	return (struct verdict){ status, text, at };
}


/*
 * Read byte by byte: nothing in a file from elsewhere is known to be aligned. Not
 * inlined, because a dozen copies would be most of this file.
 */
__attribute__((noinline))
static uint64_t get(struct by_elf const *elf, uint64_t base, struct field f)
{
	uint8_t const *from  = elf->image + base + f.at[elf->wide];
	uint64_t       value = 0;

	for (unsigned i = f.bytes[elf->wide]; i-- > 0; )
		value = value << 8 | from[i];

	return value;
}


static bool range_inside(uint64_t base, uint64_t length, uint64_t size)
{
	return length <= size && base <= size - length;
}


static uint64_t header_at(struct by_elf const *elf, unsigned i)
{
	return elf->table + (uint64_t)i * program_header[elf->wide];
}


/* Copy a program header out of the image; return its type. */
static uint64_t header_read(struct by_elf const *elf, unsigned i, struct by_elf_segment *s)
{
	uint64_t const at    = header_at(elf, i);
	uint64_t const flags = get(elf, at, p_flags);
	uint64_t const align = get(elf, at, p_align);

	*s = (struct by_elf_segment){
		.addr    = get(elf, at, p_vaddr),
		.memory  = get(elf, at, p_memsz),
		.offset  = get(elf, at, p_offset),
		.file    = get(elf, at, p_filesz),
		.align   = align ? align : 1,
		.read    = flags & FLAG_READ,
		.write   = flags & FLAG_WRITE,
		.execute = flags & FLAG_EXECUTE,
		.next    = (uint16_t)(i + 1),
	};
	return get(elf, at, p_type);
}


static struct verdict segment_check(struct by_elf const *elf, struct by_elf_segment const *s)
{
	uint64_t const at    = header_at(elf, s->next - 1u);
	uint64_t const space = elf->wide ? UINT64_MAX : (uint64_t)UINT32_MAX + 1;

	if (!range_inside(s->offset, s->file, elf->size))
		return broken(BY_MALFORMED, at, "segment lies beyond the end of the file");
	if (s->file > s->memory)
		return broken(BY_MALFORMED, at, "segment is larger in the file than in memory");
	if (s->align & (s->align - 1))
		return broken(BY_MALFORMED, at, "alignment is no power of two");
	if ((s->addr ^ s->offset) & (s->align - 1))
		return broken(BY_MALFORMED, at, "address and offset disagree in alignment");
	if (!range_inside(s->addr, s->memory, space - BY_ELF_PAGE))
		return broken(BY_LIMIT, at, "segment wraps around the address space");
	if (s->write && s->execute)
		return broken(BY_DENIED, at, "segment is writeable and executable");

	return fine;
}


/* Return true if the segment starts on a page behind the last one of the other. */
static bool follows(struct by_elf_segment const *s, struct by_elf_segment const *before)
{
	return s->addr / BY_ELF_PAGE > (before->addr + before->memory - 1) / BY_ELF_PAGE;
}


/* Copy and check the first segment of this type, from 'i' on; 'before' may be NULL. */
static struct verdict segment_find(struct by_elf const *elf, unsigned i, uint64_t type,
                                   struct by_elf_segment const *before,
                                   struct by_elf_segment *s)
{
	for (; i < elf->headers; i++) {
		if (header_read(elf, i, s) != type || s->memory == 0)
			continue;

		struct verdict const v = segment_check(elf, s);

		if (v.status == BY_OK && before && !follows(s, before))
			return broken(BY_CONFLICT, header_at(elf, i),
			              "segments overlap, share a page or descend");
		return v;
	}

	return broken(BY_EMPTY, elf->table, "no such segment");
}


static by_status_t segment_next(struct by_elf const *elf, unsigned i,
                                struct by_elf_segment const *before,
                                struct by_elf_segment *segment)
{
	struct by_elf_segment s;
	struct verdict const  v = segment_find(elf, i, PT_LOAD, before, &s);

	if (v.status == BY_OK)
		*segment = s;

	return v.status;
}


by_status_t by_elf_first(struct by_elf const *elf, struct by_elf_segment *segment)
{
	return segment_next(elf, 0, NULL, segment);
}


by_status_t by_elf_next(struct by_elf const *elf, struct by_elf_segment *segment)
{
	struct by_elf_segment const before = *segment;

	return segment_next(elf, before.next, &before, segment);
}


by_status_t by_elf_tls(struct by_elf const *elf, struct by_elf_segment *segment)
{
	struct by_elf_segment s;
	struct verdict const  v = segment_find(elf, 0, PT_TLS, NULL, &s);

	if (v.status == BY_OK)
		*segment = s;

	return v.status;
}


/* Return the class that goes with a machine, as in the file. */
static uint8_t class_of(enum by_elf_machine machine)
{
	return machine == BY_ELF_X86_32 || machine == BY_ELF_ARM_32 ? 1 : 2;
}


/* The first bytes, whose place does not depend on the class. */
static struct verdict ident_check(struct by_elf const *elf, enum by_elf_machine machine)
{
	uint8_t const *ident = elf->image;

	if (elf->size < IDENT_SIZE || ident[0] != 0x7f || ident[1] != 'E' || ident[2] != 'L'
	    || ident[3] != 'F')
		return broken(BY_MALFORMED, 0, "no ELF file");
	if (ident[IDENT_CLASS] != class_of(machine))
		return broken(BY_NOT_SUPPORTED, IDENT_CLASS,
		              "class (32 or 64 bit) of another machine");
	if (ident[IDENT_ORDER] != 1)
		return broken(BY_NOT_SUPPORTED, IDENT_ORDER, "not little-endian");
	if (ident[IDENT_VERSION] != 1)
		return broken(BY_NOT_SUPPORTED, IDENT_VERSION, "unknown version");

	return fine;
}


static struct verdict header_check(struct by_elf *elf, enum by_elf_machine machine)
{
	bool const w = elf->wide;

	if (elf->size < file_header[w])
		return broken(BY_MALFORMED, elf->size, "file ends within its header");

	uint64_t const type = get(elf, 0, e_type);

	elf->relocatable = type == TYPE_DYN;
	elf->entry       = get(elf, 0, e_entry);
	elf->table       = get(elf, 0, e_phoff);
	elf->headers     = (uint16_t)get(elf, 0, e_phnum);

	if (get(elf, 0, e_machine) != machine)
		return broken(BY_NOT_SUPPORTED, e_machine.at[w], "made for another machine");
	if (type != TYPE_EXEC && type != TYPE_DYN)
		return broken(BY_NOT_SUPPORTED, e_type.at[w], "not an executable");
	if (get(elf, 0, e_phentsize) != program_header[w])
		return broken(BY_MALFORMED, e_phentsize.at[w],
		              "wrong size of a program header");
	if (!range_inside(elf->table, (uint64_t)elf->headers * program_header[w], elf->size))
		return broken(BY_MALFORMED, e_phoff.at[w],
		              "program headers beyond the end of the file");

	return fine;
}


/* Go through all segments to load; is the entry point in an executable one? */
static struct verdict loads_check(struct by_elf const *elf)
{
	struct by_elf_segment before, s;
	struct verdict        v     = segment_find(elf, 0, PT_LOAD, NULL, &s);
	bool                  entry = elf->relocatable && elf->entry == 0;

	if (v.status == BY_EMPTY)
		return broken(BY_MALFORMED, v.at, "nothing to load");

	while (v.status == BY_OK) {
		entry |= s.execute && range_inside(elf->entry - s.addr, 1, s.memory);
		before = s;
		v      = segment_find(elf, before.next, PT_LOAD, &before, &s);
	}
	if (v.status != BY_EMPTY)
		return v;

	return entry ? fine : broken(BY_MALFORMED, e_entry.at[elf->wide],
	                             "entry point not in an executable segment");
}


/* Return true if the template's initial content is part of a segment to load. */
static bool tls_loaded(struct by_elf const *elf, struct by_elf_segment const *tls)
{
	struct by_elf_segment s;

	for (by_status_t r = by_elf_first(elf, &s); r == BY_OK; r = by_elf_next(elf, &s)) {
		if (tls->addr >= s.addr && range_inside(tls->addr - s.addr, tls->file, s.memory))
			return true;
	}

	return false;
}


static struct verdict tls_check(struct by_elf const *elf)
{
	struct by_elf_segment tls, second;
	struct verdict const  v = segment_find(elf, 0, PT_TLS, NULL, &tls);

	if (v.status != BY_OK)
		return v.status == BY_EMPTY ? fine : v;

	uint64_t const at = header_at(elf, tls.next - 1u);

	if (segment_find(elf, tls.next, PT_TLS, NULL, &second).status != BY_EMPTY)
		return broken(BY_MALFORMED, at, "more than one thread-local segment");
	if (tls.file > 0 && !tls_loaded(elf, &tls))
		return broken(BY_MALFORMED, at, "thread-local segment is not loaded");

	return fine;
}


static struct verdict interpreter_check(struct by_elf *elf)
{
	struct by_elf_segment s;
	struct verdict const  v = segment_find(elf, 0, PT_INTERP, NULL, &s);

	if (v.status != BY_OK)
		return v.status == BY_EMPTY ? fine : v;

	uint64_t len = 0;

	for (; len < s.file && len < BY_ELF_NAME; len++) {
		elf->interpreter[len] = (char)elf->image[s.offset + len];
		if (!elf->interpreter[len])
			break;
	}
	if (len == 0 || len == BY_ELF_NAME || len + 1 != s.file)
		return broken(BY_MALFORMED, s.offset,
		              "name of the interpreter is no proper string");

	return fine;
}


static struct verdict image_check(struct by_elf *elf, enum by_elf_machine machine)
{
	struct verdict v = ident_check(elf, machine);

	if (v.status == BY_OK)
		v = header_check(elf, machine);
	if (v.status == BY_OK)
		v = loads_check(elf);
	if (v.status == BY_OK)
		v = tls_check(elf);
	if (v.status == BY_OK)
		v = interpreter_check(elf);

	return v;
}


by_status_t by_elf_open(void const *image, size_t size, enum by_elf_machine machine,
                        struct by_elf *elf)
{
	*elf = (struct by_elf){ .image = image, .size = size, .wide = class_of(machine) == 2 };

	struct verdict const v = image_check(elf, machine);

	elf->mistake    = v.text;
	elf->mistake_at = v.at;

	return v.status;
}
