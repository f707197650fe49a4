/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loading a child's program.
 *
 *     file:     | headers, text | constants |  data  |
 *                     │ attached      │          │ copied into RAM of the child
 *     memory:   | headers, text | constants |  data  | zeros |
 */
#include "child.h"
#include "page.h"
#include <by/arch/elf.h>
#include <by/cap.h>
#include <by/log.h>
#include <by/string.h>

/* A segment in whole pages. */
struct pages {
	by_word_t at;
	size_t    size;
	size_t    skip; /* bytes in front of its first byte */
};


static struct pages pages_of(struct by_elf_segment const *segment)
{
	by_word_t const at   = page_floor((by_word_t)segment->addr);
	size_t    const skip = (size_t)segment->addr % PAGE;
	size_t    const size = page_ceil(skip + (size_t)segment->memory);

	return (struct pages){ .at = at, .size = size, .skip = skip };
}


/* Whether the file's pages can serve as the segment's. */
static bool attachable(struct by_elf_segment const *segment, struct pages const *pages)
{
	size_t const file = page_ceil(pages->skip + (size_t)segment->file);

	return !segment->write && segment->offset % PAGE == pages->skip && file == pages->size;
}


static by_status_t attach_file(struct by_child *child, struct by_elf_segment const *segment,
                               struct pages const *pages, by_cap_t file)
{
	uint32_t const flags = BY_ATTACH_AT | (segment->execute ? BY_ATTACH_EXEC : 0);
	uint64_t       at;

	return by_region_map_attach(&child->space, file, segment->offset - pages->skip,
	                            pages->size, pages->at, flags, &at);
}


/* Fill RAM through an attachment of our own. */
static by_status_t fill(struct by_child *child, by_cap_t ds, size_t skip, void const *data,
                        size_t size)
{
	struct by_attached window;
	by_status_t const  status = by_attached_ds_init(child->env, &window, ds, BY_ATTACH_WRITE);

	if (status != BY_OK)
		return status;

	memcpy((char *)window.base + skip, data, size);
	by_attached_fini(child->env, &window);

	return BY_OK;
}


static by_status_t copy_segment(struct by_child *child, struct by_elf_segment const *segment,
                                struct pages const *pages, struct by_elf const *elf)
{
	uint32_t const flags = segment->write ? BY_ATTACH_WRITE
	                       : segment->execute ? BY_ATTACH_EXEC : 0;
	by_cap_t       ds;

	by_status_t status = by_child_ram(child, pages->size, &ds);
	if (status != BY_OK)
		return status;

	status = fill(child, ds, pages->skip, elf->image + segment->offset,
	              (size_t)segment->file);
	if (status == BY_OK)
		status = by_child_attach(child, ds, pages->at, flags);
	by_cap_drop(ds);

	return status;
}


static by_status_t load_segment(struct by_child *child, struct by_elf_segment const *segment,
                                struct by_elf const *elf, by_cap_t file)
{
	struct pages const pages = pages_of(segment);

	if (pages.size == 0)
		return BY_OK;

	return attachable(segment, &pages) ? attach_file(child, segment, &pages, file)
	                                   : copy_segment(child, segment, &pages, elf);
}


by_status_t by_child_load(struct by_child *child, struct by_attached const *binary)
{
	struct by_elf         elf;
	struct by_elf_segment segment;

	by_status_t status = by_elf_open(binary->base, binary->size, BY_ARCH_ELF, &elf);
	if (status != BY_OK) {
		by_error("child \"%s\": %s, at 0x%llx of its binary", child->name, elf.mistake,
		         (unsigned long long)elf.mistake_at);
		return status;
	}
	if (elf.relocatable || elf.interpreter[0])
		return BY_NOT_SUPPORTED;

	status = by_elf_first(&elf, &segment);
	while (status == BY_OK) {
		status = load_segment(child, &segment, &elf, binary->ds);
		if (status == BY_OK)
			status = by_elf_next(&elf, &segment);
	}
	child->entry = (by_word_t)elf.entry;

	return status == BY_EMPTY ? BY_OK : status;
}
