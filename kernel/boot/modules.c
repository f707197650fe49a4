/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The archive of boot modules, see by/modules.h.
 */
#include "program.h"


static bool name_valid(const char *name)
{
	unsigned length = 0;

	while (length < BY_MODULES_NAME && name[length])
		length++;

	return length && length < BY_MODULES_NAME;
}


static const char *check_header(struct by_modules_header const *header, uint64_t size)
{
	static char const magic[] = BY_MODULES_MAGIC;

	if (size < sizeof(*header))
		return "it is truncated";
	for (unsigned i = 0; i < sizeof(header->magic); i++)
		if (header->magic[i] != magic[i])
			return "it is no archive";
	if (header->total_bytes > size)
		return "it is truncated";
	if (header->total_bytes % BY_MODULES_PAGE
	    || header->table_bytes != (uint64_t)header->count * sizeof(struct by_modules_entry)
	    || sizeof(*header) + (uint64_t)header->table_bytes > header->total_bytes)
		return "its header is damaged";
	if (by_modules_checksum(header + 1, header->table_bytes) != header->checksum)
		return "its table is damaged";

	return NULL;
}


static const char *check_entry(struct by_modules_header const *header,
                               struct by_modules_entry const *entry)
{
	uint64_t first = sizeof(*header) + header->table_bytes;

	if (entry->offset % BY_MODULES_PAGE || entry->offset < first
	    || entry->offset > header->total_bytes
	    || entry->size > header->total_bytes - entry->offset)
		return "its place is wrong";

	char const *content = (char const *)header + entry->offset;

	return by_modules_checksum(content, (size_t)entry->size) == entry->checksum
	       ? NULL : "it is damaged";
}


const char *modules_check(void const *archive, uint64_t size, char name[BY_MODULES_NAME])
{
	struct by_modules_header const *header = archive;
	struct by_modules_entry const  *entry  = (struct by_modules_entry const *)(header + 1);
	const char *error = check_header(header, size);

	name[0] = 0;
	for (uint32_t i = 0; !error && i < header->count; i++, entry++) {
		if (!name_valid(entry->name))
			return "a module has no name";
		error = check_entry(header, entry);
		if (error)
			__builtin_memcpy(name, entry->name, BY_MODULES_NAME);
	}

	return error;
}
