/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The recorded ABI: which opcode is whose, what its arguments, results and errors are,
 * and what the declared types consist of.
 *
 * The file and the declarations become lists of records, which are compared by name.
 */
#include <string.h>

#include "rpc.h"


static bool is(const struct record *record, const char *kind)
{
	return !strcmp(record->kind, kind);
}


static bool of_type(const struct record *record)
{
	return is(record, "enum") || is(record, "struct");
}


static struct record *find(struct record *list, const char *name)
{
	while (list && strcmp(list->name, name))
		list = list->next;

	return list;
}


static void append(struct record **list, struct record *record)
{
	while (*list)
		list = &(*list)->next;
	*list = record;
}


/*
 * Reading the file
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


static bool plain(const char *name)
{
	return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}


/* What the words of a line mean, without an opcode. False if they mean nothing. */
static bool parse_words(struct name *word, struct record *record)
{
	if (!word || !word->next)
		return false;

	record->kind  = word->text;
	record->name  = word->next->text;
	record->place = word->next->place;
	record->items = word->next->next;
	for (struct name **end = &record->items; *end; end = &(*end)->next)
		if (!strcmp((*end)->text, "!")) {
			record->errors = (*end)->next;
			*end = NULL;
			break;
		}

	if (is(record, "reserved") || of_type(record))
		return plain(record->name) && !record->errors
		       && of_type(record) == (record->items != NULL);

	return plain(record->name) && (is(record, "call") || is(record, "send"));
}


/* Calls come in the order of their opcodes; types, which have none, stand anywhere. */
static bool read_record(struct job *job, struct place place, struct name *words,
                        unsigned *opcode)
{
	struct record *const  record = arena_alloc(&job->arena, sizeof(*record));
	struct record       **list   = &job->interface.calls;
	bool const            number = words && strspn(words->text, "0123456789");

	if (!parse_words(number ? words->next : words, record) || number == of_type(record))
		return fail(job, words ? words->place : place, DIAGNOSTIC_abi_line);

	if (number && strcmp(words->text, arena_print(&job->arena, "%u", ++*opcode)))
		return fail(job, words->place, DIAGNOSTIC_abi_order, *opcode);

	if (!number)
		list = &job->interface.layouts;
	if (find(*list, record->name))
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
 * What is declared
 */

static void add_fields(struct job *job, struct name **items, const struct block *block)
{
	for (unsigned i = 0; i < block->count; i++) {
		const struct field *const field = &block->field[i];
		const char         *const form  = field->bound ? "%s:%s<%u>" : "%s:%s";

		name_add(job, items, arena_print(&job->arena, form, field->name, field->type->name,
		                                 field->bound), (struct place){ 0 });
	}
}


static struct record *record_of_method(struct job *job, const struct method *method)
{
	struct record *const record = arena_alloc(&job->arena, sizeof(*record));

	record->kind   = method->reserved ? "reserved" : method->send ? "send" : "call";
	record->name   = method->name;
	record->place  = method->place;
	record->errors = method->errors;
	add_fields(job, &record->items, &method->request);
	if (method->reply.count)
		name_add(job, &record->items, "->", method->place);
	add_fields(job, &record->items, &method->reply);

	return record;
}


static struct record *record_of_type(struct job *job, const struct type *type)
{
	struct record *const record = arena_alloc(&job->arena, sizeof(*record));

	record->kind  = type->kind == TYPE_ENUM ? "enum" : "struct";
	record->name  = type->name;
	record->place = type->place;
	record->items = type->items;

	return record;
}


/*
 * Comparing, each record with the declaration of its name; 'now' is NULL without one
 */

/* New things are recorded, or must have been. */
static void note_new(struct job *job, struct place place, const char *name)
{
	if (!job->record)
		fail(job, place, DIAGNOSTIC_abi_new, name);
}


static bool same_items(const struct name *a, const struct name *b)
{
	while (a && b && !strcmp(a->text, b->text)) {
		a = a->next;
		b = b->next;
	}

	return !a && !b;
}


static void match_errors(struct job *job, const struct record *old, const struct record *now)
{
	for (const struct name *error = old->errors; error; error = error->next)
		if (!name_listed(now->errors, error->text))
			fail(job, now->place, DIAGNOSTIC_abi_error, error->text, now->name);
	for (const struct name *error = now->errors; error; error = error->next)
		if (!name_listed(old->errors, error->text))
			note_new(job, error->place, error->text);
}


static void match_call(struct job *job, const struct record *old, const struct record *now)
{
	if (!now && !is(old, "reserved"))
		fail(job, old->place, DIAGNOSTIC_abi_missing, old->name, old->name);
	else if (!now || is(now, "reserved"))
		return;
	else if (is(old, "reserved"))
		fail(job, now->place, DIAGNOSTIC_abi_reserved, now->name);
	else if (!is(old, now->kind) || !same_items(old->items, now->items))
		fail(job, now->place, DIAGNOSTIC_abi_changed, now->name, now->name);
	else
		match_errors(job, old, now);
}


/* An enum may get more values at its end, a struct keeps its fields. */
static void match_items(struct job *job, const struct record *old, const struct record *now)
{
	const struct name *was = old->items, *item = now->items;

	while (was && item && !strcmp(was->text, item->text)) {
		was  = was->next;
		item = item->next;
	}
	if (was)
		fail(job, item ? item->place : now->place, DIAGNOSTIC_abi_item, now->name, was->text);
	else if (item && is(now, "struct"))
		fail(job, item->place, DIAGNOSTIC_abi_grown, now->name);
	else if (item)
		note_new(job, item->place, item->text);
}


static void match_type(struct job *job, const struct record *old, const struct record *now)
{
	if (!now)
		fail(job, old->place, DIAGNOSTIC_abi_type, old->name);
	else if (!is(old, now->kind))
		fail(job, now->place, DIAGNOSTIC_abi_kind, now->name, old->kind);
	else
		match_items(job, old, now);
}


/* Compare, and let the list say from now on what is declared. */
static void match_list(struct job *job, struct record **list, struct record *declared,
                       void (*match)(struct job *job, const struct record *old,
                                     const struct record *now))
{
	for (struct record *old = *list; old; old = old->next) {
		struct record *const next = old->next;
		struct record *const now  = find(declared, old->name);

		match(job, old, now);
		if (now)
			*old = *now;
		old->next = next;
	}
	while (declared) {
		struct record *const now = declared;

		declared  = now->next;
		now->next = NULL;
		if (find(*list, now->name))
			continue;
		if (is(now, "reserved"))
			fail(job, now->place, DIAGNOSTIC_abi_unknown, now->name);
		else
			note_new(job, now->place, now->name);
		append(list, now);
	}
}


static void match_types(struct job *job)
{
	struct interface *const interface = &job->interface;
	struct record          *declared  = NULL;

	if (interface->args && interface->calls && !find(interface->layouts, "args")) {
		fail(job, interface->args->place, DIAGNOSTIC_abi_args);
		return;
	}

	for (const struct type *type = interface->types; type; type = type->next)
		append(&declared, record_of_type(job, type));
	match_list(job, &interface->layouts, declared, match_type);
}


static void match_methods(struct job *job)
{
	struct record *declared = NULL;

	for (const struct method *method = job->interface.methods; method; method = method->next)
		append(&declared, record_of_method(job, method));
	match_list(job, &job->interface.calls, declared, match_call);
}


static void assign_opcodes(struct interface *interface)
{
	for (struct method *method = interface->methods; method; method = method->next) {
		struct record *record = interface->calls;

		for (method->opcode = 1; strcmp(record->name, method->name); method->opcode++)
			record = record->next;
	}
}


void abi_match(struct job *job, const char *file, const char *text, size_t len)
{
	if (len > FILE_MOST) {
		fail(job, (struct place){ file, 1, 1 }, DIAGNOSTIC_too_large);
		return;
	}

	read_records(job, file, text, len);
	if (job->errors)
		return;

	match_types(job);
	match_methods(job);
	assign_opcodes(&job->interface);
}


static void print_record(struct job *job, struct buffer *buffer, const char *opcode,
                         const struct record *record)
{
	const char *text = arena_print(&job->arena, "%s%s %s", opcode, record->kind, record->name);

	for (const struct name *item = record->items; item; item = item->next)
		text = arena_print(&job->arena, "%s %s", text, item->text);
	text = arena_print(&job->arena, record->errors ? "%s !" : "%s", text);
	for (const struct name *error = record->errors; error; error = error->next)
		text = arena_print(&job->arena, "%s %s", text, error->text);
	buffer_add(buffer, text, strlen(text));
	buffer_add(buffer, "\n", 1);
}


void abi_print(struct job *job, struct buffer *buffer)
{
	unsigned opcode = 1;

	for (const struct record *record = job->interface.calls; record; record = record->next)
		print_record(job, buffer, arena_print(&job->arena, "%u ", opcode++), record);
	for (const struct record *record = job->interface.layouts; record; record = record->next)
		print_record(job, buffer, "", record);
}
