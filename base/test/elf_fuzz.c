/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target of the ELF reader. The input is text: each line changes a field of
 * a proper image, "<part> <field> <hexadecimal value>", where the part is a digit
 * (a program header) or h (the file header), and the field one letter of the
 * table below. A line beginning with "w" chooses the 64-bit form, one beginning
 * with "later" lets the following changes happen after the image was opened, as
 * somebody would who shares its memory. Input that begins with the bytes of an
 * ELF file is taken as the image itself.
 *
 * Whatever is accepted must be safe to load.
 */
#include "canary.h"
#include "elf_image.h"
#include "require.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

enum { CUT = 0x2200 }; /* bytes of the image that the reader gets */

static struct image     image;
static volatile uint8_t touched; /* each segment is, so that ASan sees it */



static struct image_field field_of(char letter)
{
	switch (letter) {
	case 't': return P_TYPE;
	case 'f': return P_FLAGS;
	case 'o': return P_OFFSET;
	case 'v': return P_VADDR;
	case 's': return P_FILESZ;
	case 'm': return P_MEMSZ;
	case 'T': return E_TYPE;
	case 'M': return E_MACHINE;
	case 'E': return E_ENTRY;
	case 'P': return E_PHOFF;
	case 'S': return E_PHENTSIZE;
	case 'N': return E_PHNUM;
	default:  return P_ALIGN;
	}
}


/* Apply the changes of the text up to "later" or its end; return what is left. */
static char const *change(char const *text)
{
	while (*text && strncmp(text, "later", 5)) {
		bool const     header = text[0] == 'h';
		unsigned const part   = (unsigned char)text[0] & 7;

		if ((header || (text[0] >= '0' && text[0] <= '7')) && text[1] == ' ' && text[2])
			image_put(&image, header ? 0 : image_header(&image, part), field_of(text[2]),
			          strtoull(text + 3, NULL, 16));
		text += strcspn(text, "\n");
		text += *text == '\n';
	}

	return *text ? text + strcspn(text, "\n") : text;
}


static void safe(struct by_elf const *elf, struct by_elf_segment const *s)
{
	REQUIRE(s->file <= s->memory && s->memory > 0);
	REQUIRE(s->file <= elf->size && s->offset <= elf->size - s->file);
	REQUIRE(s->addr + s->memory > s->addr);
	REQUIRE(elf->wide || s->addr + s->memory <= UINT32_MAX);
	REQUIRE(!(s->write && s->execute));
	REQUIRE(s->align && !(s->align & (s->align - 1)));

	if (s->file > 0) {
		touched = elf->image[s->offset];
		touched = elf->image[s->offset + s->file - 1];
	}
}


/* Go through all segments; return how many there are. */
static unsigned load(struct by_elf const *elf, bool changed)
{
	struct by_elf_segment s;
	by_status_t           status;
	uint64_t              end   = 0;
	unsigned              count = 0;
	bool                  entry = elf->relocatable && !elf->entry;

	for (status = by_elf_first(elf, &s); status == BY_OK; status = by_elf_next(elf, &s)) {
		safe(elf, &s);
		REQUIRE(count == 0 || s.addr >= end);
		end = s.addr + s.memory;
		entry |= s.execute && elf->entry >= s.addr && elf->entry < end;
		REQUIRE(++count <= elf->headers);
	}
	REQUIRE(changed || (status == BY_EMPTY && count > 0 && entry));
	status = by_elf_tls(elf, &s);
	REQUIRE(changed || status == BY_OK || status == BY_EMPTY);
	if (status == BY_OK)
		safe(elf, &s);

	return count;
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	struct by_elf  elf;
	char          *text = calloc(1, size + 1);
	bool const     raw  = size > 4 && memcmp(data, "\177ELF", 4) == 0;
	size_t const   cut  = raw ? size : CUT;
	uint8_t       *copy = malloc(cut);
	bool           shown = false;

	memcpy(text, data, size);
	image_make(&image, raw ? data[4] == 2 : text[0] == 'w');
	char const *later = raw ? text + size : change(text);

	memcpy(copy, raw ? data : image.bytes, cut);
	if (by_elf_open(copy, cut, image_machine(image.wide), &elf) == BY_OK) {
		REQUIRE(!elf.mistake);
		REQUIRE(memchr(elf.interpreter, 0, sizeof(elf.interpreter)));
		unsigned const count = load(&elf, false);

		change(later);
		if (*later)
			memcpy(copy, image.bytes, cut);
		shown = count >= 2 && load(&elf, *later) < count - 1 && elf.relocatable;
	} else {
		REQUIRE(elf.mistake != NULL);
		REQUIRE(elf.mistake_at <= cut);
	}
	canary(shown);
	free(copy);
	free(text);

	return 0;
}
