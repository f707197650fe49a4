/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The recorded ABI: which opcode is whose, and what its signature was.
 */
#include <inttypes.h>
#include <string.h>

#include "rpc.h"


/* FNV-1a, including the terminating zero. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
	do
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	while (*text++);

	return hash;
}


static uint64_t hash_number(uint64_t hash, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIx64, number);

	return hash_text(hash, text);
}


static uint64_t hash_start(const char *text)
{
	return hash_text(0xcbf29ce484222325, text);
}


static uint64_t type_hash(const struct type *type)
{
	return type->c_name ? hash_start(type->name) : type->hash;
}


uint64_t abi_hash_type(const struct type *type)
{
	uint64_t hash = hash_start(type->kind == TYPE_ENUM ? "enum" : "struct");

	hash = hash_text(hash, type->name);
	for (const struct member *member = type->members; member; member = member->next)
		hash = hash_number(hash, type_hash(member->type));

	return hash;
}


static uint64_t hash_block(uint64_t hash, const struct block *block)
{
	for (unsigned i = 0; i < block->count; i++) {
		hash = hash_number(hash, type_hash(block->field[i].type));
		hash = hash_number(hash, block->field[i].bound);
	}

	return hash;
}


uint64_t abi_hash_method(const struct method *method)
{
	uint64_t const hash = hash_start(method->send ? "send" : "call");

	return hash_block(hash_text(hash_block(hash, &method->request), "->"), &method->reply);
}


/* The blank-separated words of a line of the ABI file, one more than it may have. */
struct row {
	const char  *word[4];
	struct place place[4];
};


static struct row split(struct job *job, struct place place, const char *line,
                        const char *end)
{
	struct row  row = { { NULL }, { place, place, place, place } };
	const char *at  = line;

	for (unsigned i = 0; i < 4; i++) {
		const char *start;

		while (at < end && *at == ' ')
			at++;
		start = at;
		while (at < end && *at != ' ')
			at++;
		if (at == start)
			break;
		row.word[i] = arena_print(&job->arena, "%.*s", (int)(at - start), start);
		row.place[i].column = (unsigned)(start - line) + 1;
	}

	return row;
}


static bool hex(const char *text, uint64_t *value)
{
	if (strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
		return false;

	return sscanf(text, "%" SCNx64, value) == 1;
}


static bool plain(const char *name)
{
	return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}


static struct record *find_record(struct record *records, const char *name)
{
	while (records && strcmp(records->name, name))
		records = records->next;

	return records;
}


static const struct method *find_method(const struct interface *interface, const char *name)
{
	const struct method *method = interface->methods;

	while (method && strcmp(method->name, name))
		method = method->next;

	return method;
}


static bool read_record(struct job *job, struct row row, unsigned opcode,
                        struct record *record)
{
	bool const reserved = row.word[1] && !strcmp(row.word[1], "reserved");
	bool const complete = row.word[2] && !row.word[3];

	if (!complete || !plain(row.word[1 + reserved])
	    || (!reserved && !hex(row.word[2], &record->hash)))
		return fail(job, row.place[0], DIAGNOSTIC_abi_line);

	if (strcmp(row.word[0], arena_print(&job->arena, "%u", opcode)))
		return fail(job, row.place[0], DIAGNOSTIC_abi_order, opcode);

	record->reserved = reserved;
	record->name     = row.word[1 + reserved];
	record->place    = row.place[1 + reserved];

	return !find_record(job->interface.records, record->name)
	       || fail(job, record->place, DIAGNOSTIC_abi_declared, record->name);
}


static void read_records(struct job *job, const char *file, const char *text, size_t len)
{
	struct place      place  = { file, 0, 1 };
	const char *const end    = text + len;
	struct record   **last   = &job->interface.records;
	unsigned          opcode = 1;

	while (text < end) {
		const char *const newline  = memchr(text, '\n', (size_t)(end - text));
		const char *const line_end = newline ? newline : end;
		struct record    *record   = arena_alloc(&job->arena, sizeof(*record));

		place.line++;
		if (!read_record(job, split(job, place, text, line_end), opcode, record))
			return;
		*last = record;
		last  = &record->next;
		text  = newline ? newline + 1 : end;
		opcode++;
	}
}


/* Compare a recorded opcode with what is declared under its name. */
static void match_record(struct job *job, struct record *record, bool rewrite)
{
	const struct method *const method = find_method(&job->interface, record->name);

	if (!method && !record->reserved)
		fail(job, record->place, DIAGNOSTIC_abi_missing, record->name, record->name);
	else if (method && record->reserved && !method->reserved)
		fail(job, method->place, DIAGNOSTIC_abi_reserved, method->name);
	else if (method && !method->reserved && method->hash != record->hash)
		fail(job, method->place, DIAGNOSTIC_abi_changed, method->name, method->name);
	else if (method && method->reserved && rewrite)
		record->reserved = true;
}


static void append_record(struct job *job, const struct method *method)
{
	struct record *const record = arena_alloc(&job->arena, sizeof(*record));
	struct record      **last   = &job->interface.records;

	record->name = method->name;
	record->hash = method->hash;
	while (*last)
		last = &(*last)->next;
	*last = record;
}


static void match_method(struct job *job, const struct method *method, bool rewrite)
{
	if (find_record(job->interface.records, method->name))
		return;

	if (method->reserved)
		fail(job, method->place, DIAGNOSTIC_abi_unknown, method->name);
	else if (rewrite)
		append_record(job, method);
	else
		fail(job, method->place, DIAGNOSTIC_abi_new, method->name);
}


static void assign_opcodes(struct interface *interface)
{
	for (struct method *method = interface->methods; method; method = method->next) {
		struct record *record = interface->records;

		for (method->opcode = 1; strcmp(record->name, method->name); method->opcode++)
			record = record->next;
	}
}


void abi_match(struct job *job, const char *file, const char *text, size_t len, bool rewrite)
{
	struct interface *const interface = &job->interface;

	if (len > FILE_MOST) {
		fail(job, (struct place){ file, 1, 1 }, DIAGNOSTIC_too_large);
		return;
	}

	read_records(job, file, text, len);
	if (job->errors)
		return;

	for (struct record *record = interface->records; record; record = record->next)
		match_record(job, record, rewrite);
	for (const struct method *method = interface->methods; method; method = method->next)
		match_method(job, method, rewrite);
	if (!job->errors)
		assign_opcodes(interface);
}


void abi_print(struct job *job, struct buffer *buffer)
{
	unsigned opcode = 1;

	for (const struct record *record = job->interface.records; record;
	     record = record->next, opcode++) {
		const char *const line = record->reserved
			? arena_print(&job->arena, "%u reserved %s\n", opcode, record->name)
			: arena_print(&job->arena, "%u %s %016" PRIx64 "\n", opcode,
			              record->name, record->hash);

		buffer_add(buffer, line, strlen(line));
	}
}
