/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The recorded ABI: which opcode is whose, what its signature and its errors were,
 * and what the declared types consisted of.
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


static bool plain(const char *name)
{
	return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}


static bool is(const struct record *record, const char *kind)
{
	return !strcmp(record->kind, kind);
}


static bool of_type(const struct record *record)
{
	return is(record, "enum") || is(record, "struct");
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


static struct type *find_type(const struct interface *interface, const char *name)
{
	struct type *type = interface->types;

	while (type && strcmp(type->name, name))
		type = type->next;

	return type;
}


static void append(struct record **list, struct record *record)
{
	while (*list)
		list = &(*list)->next;
	*list = record;
}


/*
 * Reading
 */

/* The blank-separated words of a line. */
static struct name *split(struct job *job, struct place place, const char *line,
                          const char *end)
{
	struct name *words = NULL;
	const char  *at    = line;

	while (at < end) {
		size_t len = 0;

		while (at + len < end && at[len] != ' ')
			len++;
		place.column = (unsigned)(at - line) + 1;
		if (len)
			name_add(job, &words, arena_print(&job->arena, "%.*s", (int)len, at), place);
		at += len + (at + len < end);
	}

	return words;
}


static bool hex(const char *text, uint64_t *value)
{
	if (strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
		return false;

	return sscanf(text, "%" SCNx64, value) == 1;
}


/* What the words of a line mean. False if they mean nothing. */
static bool parse_words(const struct name *word, struct record *record)
{
	bool const type = word && (!strcmp(word->text, "enum") || !strcmp(word->text, "struct"));

	if (!word || !word->next || !word->next->next)
		return false;

	record->kind = type ? word->text : "call";
	word         = word->next;
	if (!type && !strcmp(word->text, "reserved")) {
		record->kind = word->text;
		word         = word->next;
	}
	record->name  = word->text;
	record->place = word->place;
	record->items = word->next;
	if (!is(record, "call"))
		return plain(record->name) && type == (record->items != NULL);

	record->items = word->next->next;

	return plain(record->name) && hex(word->next->text, &record->hash);
}


/* Calls come in the order of their opcodes; types may stand anywhere. */
static bool read_record(struct job *job, struct place place, const struct name *words,
                        unsigned *opcode)
{
	struct record *const  record = arena_alloc(&job->arena, sizeof(*record));
	struct record       **list   = &job->interface.calls;

	if (!parse_words(words, record))
		return fail(job, words ? words->place : place, DIAGNOSTIC_abi_line);

	if (of_type(record))
		list = &job->interface.layouts;
	else if (strcmp(words->text, arena_print(&job->arena, "%u", ++*opcode)))
		return fail(job, words->place, DIAGNOSTIC_abi_order, *opcode);

	if (find_record(*list, record->name))
		return fail(job, record->place, DIAGNOSTIC_abi_declared, record->name);

	append(list, record);

	return true;
}


static void read_records(struct job *job, const char *file, const char *text, size_t len)
{
	struct place      place  = { file, 1, 1 };
	const char *const end    = text + len;
	unsigned          opcode = 0;

	for (; text < end; place.line++) {
		const char *const newline  = memchr(text, '\n', (size_t)(end - text));
		const char *const line_end = newline ? newline : end;

		if (!read_record(job, place, split(job, place, text, line_end), &opcode))
			return;
		text = newline ? newline + 1 : end;
	}
}


/*
 * Comparing; with 'rewrite' the records take over what is new
 */

static void unrecorded(struct job *job, struct place place, const char *name, bool rewrite)
{
	if (!rewrite)
		fail(job, place, DIAGNOSTIC_abi_new, name);
}


static void match_errors(struct job *job, struct record *record, const struct method *method,
                         bool rewrite)
{
	for (const struct name *old = record->items; old; old = old->next)
		if (!name_listed(method->errors, old->text))
			fail(job, method->place, DIAGNOSTIC_abi_error, old->text, method->name);
	for (const struct name *now = method->errors; now; now = now->next)
		if (!name_listed(record->items, now->text))
			unrecorded(job, now->place, now->text, rewrite);
	if (rewrite)
		record->items = method->errors;
}


/* Compare a recorded opcode with what is declared under its name. */
static void match_call(struct job *job, struct record *record, bool rewrite)
{
	const struct method *const method   = find_method(&job->interface, record->name);
	bool const                 reserved = is(record, "reserved");

	if (!method && !reserved)
		fail(job, record->place, DIAGNOSTIC_abi_missing, record->name, record->name);
	else if (method && reserved && !method->reserved)
		fail(job, method->place, DIAGNOSTIC_abi_reserved, method->name);
	else if (method && method->reserved && rewrite)
		record->kind = "reserved";
	else if (method && !method->reserved && method->hash != record->hash)
		fail(job, method->place, DIAGNOSTIC_abi_changed, method->name, method->name);
	else if (method && !method->reserved)
		match_errors(job, record, method, rewrite);
}


/* An enum may get more values at its end, a struct keeps its fields. */
static void match_items(struct job *job, struct record *record, const struct type *type,
                        bool rewrite)
{
	const struct name *old = record->items, *now = type->items;

	for (; old && now; old = old->next, now = now->next)
		if (strcmp(old->text, now->text)) {
			fail(job, now->place, DIAGNOSTIC_abi_item, type->name, old->text);
			return;
		}
	if (old)
		fail(job, type->place, DIAGNOSTIC_abi_item, type->name, old->text);
	else if (now && type->kind == TYPE_STRUCT)
		fail(job, now->place, DIAGNOSTIC_abi_grown, type->name);
	else if (now)
		unrecorded(job, now->place, now->text, rewrite);
	if (rewrite)
		record->items = type->items;
}


static const char *kind_of(const struct type *type)
{
	return type->kind == TYPE_ENUM ? "enum" : "struct";
}


static void match_layout(struct job *job, struct record *record, bool rewrite)
{
	struct type *const type = find_type(&job->interface, record->name);

	if (!type)
		fail(job, record->place, DIAGNOSTIC_abi_type, record->name);
	else if (!is(record, kind_of(type)))
		fail(job, type->place, DIAGNOSTIC_abi_kind, type->name, record->kind);
	else
		match_items(job, record, type, rewrite);
}


static void new_record(struct job *job, struct record **list, struct record record,
                       struct place place, bool rewrite)
{
	struct record *const copy = arena_alloc(&job->arena, sizeof(*copy));

	*copy = record;
	append(list, copy);
	unrecorded(job, place, record.name, rewrite);
}


static void match_method(struct job *job, const struct method *method, bool rewrite)
{
	if (find_record(job->interface.calls, method->name))
		return;

	if (method->reserved)
		fail(job, method->place, DIAGNOSTIC_abi_unknown, method->name);
	else
		new_record(job, &job->interface.calls, (struct record){
			.kind = "call", .name = method->name, .hash = method->hash,
			.items = method->errors }, method->place, rewrite);
}


static void match_type(struct job *job, const struct type *type, bool rewrite)
{
	struct interface *const interface = &job->interface;

	if (find_record(interface->layouts, type->name))
		return;

	if (type == interface->args && interface->calls)
		fail(job, type->place, DIAGNOSTIC_abi_args);
	else
		new_record(job, &interface->layouts, (struct record){
			.kind = kind_of(type), .name = type->name, .items = type->items },
			type->place, rewrite);
}


static void assign_opcodes(struct interface *interface)
{
	for (struct method *method = interface->methods; method; method = method->next) {
		struct record *record = interface->calls;

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

	for (struct record *record = interface->layouts; record; record = record->next)
		match_layout(job, record, rewrite);
	for (struct record *record = interface->calls; record; record = record->next)
		match_call(job, record, rewrite);
	for (const struct type *type = interface->types; type; type = type->next)
		match_type(job, type, rewrite);
	for (const struct method *method = interface->methods; method; method = method->next)
		match_method(job, method, rewrite);
	if (!job->errors)
		assign_opcodes(interface);
}


static void print_words(struct job *job, struct buffer *buffer, const char *start,
                        const struct name *words)
{
	buffer_add(buffer, start, strlen(start));
	for (; words; words = words->next) {
		const char *const text = arena_print(&job->arena, " %s", words->text);

		buffer_add(buffer, text, strlen(text));
	}
	buffer_add(buffer, "\n", 1);
}


void abi_print(struct job *job, struct buffer *buffer)
{
	struct arena *const arena  = &job->arena;
	unsigned            opcode = 1;

	for (const struct record *record = job->interface.calls; record; record = record->next)
		if (is(record, "reserved"))
			print_words(job, buffer, arena_print(arena, "%u reserved %s", opcode++,
			                                     record->name), NULL);
		else
			print_words(job, buffer, arena_print(arena, "%u %s %016" PRIx64, opcode++,
			                                     record->name, record->hash),
			            record->items);
	for (const struct record *record = job->interface.layouts; record; record = record->next)
		print_words(job, buffer, arena_print(arena, "%s %s", record->kind, record->name),
		            record->items);
}
