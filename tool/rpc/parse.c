/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Grammar of the interface language, a declaration per line. Functions yield
 * false once a mistake is reported; the line is then skipped.
 */
#include <string.h>

#include "rpc.h"

struct parser {
	struct job    *job;
	struct lexer   lexer;
	struct word    word;      /* the next one */
	const char    *file_name; /* demanded name of the interface */
	bool           started;   /* the line of the interface was seen */
	struct name   *properties; /* that were given */
	struct type  **types_end;
	struct method **methods_end;
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))


/* Words that mean something to a C compiler in its GNU mode. */
static bool c_word(const char *text)
{
	static const char *const words[] = {
		"asm", "auto", "bool", "break", "case", "char", "const", "continue", "default",
		"do", "double", "else", "enum", "extern", "false", "float", "for", "goto", "i386",
		"if", "inline", "int", "linux", "long", "register", "restrict", "return", "short",
		"signed", "sizeof", "static", "struct", "switch", "true", "typedef", "typeof",
		"union", "unix", "unsigned", "void", "volatile", "while",
	};

	for (size_t i = 0; i < COUNT(words); i++)
		if (!strcmp(text, words[i]))
			return true;

	return false;
}


static bool valid_name(const char *text)
{
	size_t const len = strlen(text);

	if (text[0] < 'a' || text[0] > 'z' || text[len - 1] == '_' || strstr(text, "__"))
		return false;

	if (!strncmp(text, "by_", 3) || (len > 2 && !strcmp(text + len - 2, "_t")))
		return false;

	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == len;
}


static void advance(struct parser *p)
{
	p->word = lex_next(&p->lexer);
}


static bool at_mark(const struct parser *p, const char *mark)
{
	return p->word.kind == WORD_MARK && !strcmp(p->word.text, mark);
}


static bool at_end(const struct parser *p)
{
	return p->word.kind == WORD_END;
}


static bool accept(struct parser *p, const char *mark)
{
	bool const found = at_mark(p, mark);

	if (found)
		advance(p);

	return found;
}


static bool wrong(struct parser *p, enum diagnostic diagnostic, struct word word)
{
	return fail(p->job, word.place, diagnostic, word.text, word.text);
}


static bool expected(struct parser *p, const char *what)
{
	bool const        visible = p->word.kind == WORD_NAME || p->word.kind == WORD_MARK;
	const char *const found   = arena_print(&p->job->arena, visible ? "'%s'" : "%s",
	                                        p->word.text);

	if (p->word.kind != WORD_WRONG)
		fail(p->job, p->word.place, DIAGNOSTIC_expected, what, found);

	return false;
}


static bool expect(struct parser *p, const char *mark)
{
	return accept(p, mark) || expected(p, arena_print(&p->job->arena, "'%s'", mark));
}


static bool take_word(struct parser *p, const char *what, struct word *word)
{
	*word = p->word;
	if (word->kind != WORD_NAME)
		return expected(p, what);

	advance(p);

	return true;
}


static bool take_name(struct parser *p, struct word *word)
{
	if (!take_word(p, "a name", word))
		return false;

	if (c_word(word->text))
		return wrong(p, DIAGNOSTIC_c_word, *word);

	return valid_name(word->text) || wrong(p, DIAGNOSTIC_name, *word);
}


/* Claim a name of the generated code: 'format' of the interface's and another name. */
static bool claim(struct parser *p, struct place place, bool tag, const char *format,
                  const char *other)
{
	struct job   *const job   = p->job;
	struct claim *const claim = arena_alloc(&job->arena, sizeof(*claim));
	const char   *const name  = job->interface.name ? job->interface.name : "";
	char         *const text  = arena_print(&job->arena, format, name, other);

	*claim = (struct claim){ format[0] == 'B' ? arena_upper(&job->arena, text) : text, tag,
	                         place, job->claims };
	for (const struct claim *old = job->claims; old; old = old->next)
		if (old->tag == tag && !strcmp(old->text, claim->text))
			return fail(job, place, DIAGNOSTIC_generated, claim->text,
			            old->place.file, old->place.line);

	job->claims = claim;

	return true;
}


/* Digits, at most 'digits' of them, up to the first other character. */
static bool number(const char *text, size_t digits, uint64_t *value, const char **rest)
{
	size_t const len = strspn(text, "0123456789");

	*value = 0;
	for (size_t i = 0; i < len && len <= digits; i++)
		*value = *value * 10 + (uint64_t)(text[i] - '0');
	*rest = text + len;

	return len > 0 && len <= digits;
}


static bool set_service(struct parser *p, struct word value)
{
	p->job->interface.service = value.text;

	return true;
}


static bool set_ram(struct parser *p, struct word value)
{
	const char *rest;
	uint64_t    size;
	bool        good = number(value.text, 9, &size, &rest);

	if (*rest == 'K' || *rest == 'M')
		size <<= *rest++ == 'K' ? 10 : 20;
	good &= !*rest && size <= UINT32_MAX;
	p->job->interface.ram = (unsigned)size;

	return good || wrong(p, DIAGNOSTIC_size, value);
}


static bool set_caps(struct parser *p, struct word value)
{
	const char *rest;
	uint64_t    caps;
	bool const  good = number(value.text, 4, &caps, &rest) && !*rest;

	p->job->interface.caps = (unsigned)caps;

	return good || wrong(p, DIAGNOSTIC_number, value);
}


static bool set_core(struct parser *p, struct word value)
{
	p->job->interface.core = !strcmp(value.text, "yes");

	return p->job->interface.core || !strcmp(value.text, "no")
	       || wrong(p, DIAGNOSTIC_yes, value);
}


static const struct property {
	const char *name;
	bool        of_object;
	bool      (*set)(struct parser *p, struct word value);
} properties[] = {
	{ "service", false, set_service },
	{ "ram",     false, set_ram },
	{ "caps",    false, set_caps },
	{ "core",    true,  set_core },
};


static const struct property *find_property(const char *name)
{
	for (size_t i = 0; i < COUNT(properties); i++)
		if (!strcmp(properties[i].name, name))
			return &properties[i];

	return NULL;
}


static bool parse_property(struct parser *p)
{
	struct word name, value;

	if (!take_word(p, "a property", &name))
		return false;

	const struct property *const property = find_property(name.text);

	if (!property)
		return wrong(p, DIAGNOSTIC_property, name);

	if (p->job->interface.object && !property->of_object)
		return wrong(p, DIAGNOSTIC_property_object, name);

	if (name_listed(p->properties, name.text))
		return wrong(p, DIAGNOSTIC_property_twice, name);

	name_add(p->job, &p->properties, name.text, name.place);

	return expect(p, ":") && take_word(p, "a value", &value) && property->set(p, value);
}


static const char *capitalized(struct job *job, const char *text)
{
	char *const copy = arena_print(&job->arena, "%s", text);

	copy[0] = (char)(copy[0] - 'a' + 'A');

	return copy;
}


/* What is generated for every interface, and for every session. */
static bool claim_interface(struct parser *p, struct place place)
{
	static const struct { const char *format; bool tag, object; } names[] = {
		{ "by_%s", true, true },            { "by_%s_ops", true, true },
		{ "by_%s_opcode", true, true },     { "by_%s_dispatch", false, true },
		{ "by_%s_interface", false, true }, { "BY_%s_OPCODES", false, true },
		{ "BY_%s_SELF", false, true },      { "BY_%s_H_", false, true },
		{ "BY_%s_SERVER_H_", false, true }, { "by_%s_open", false, false },
		{ "by_%s_begin", false, false },    { "by_%s_close", false, false },
		{ "by_%s_local", false, false },    { "by_%s_provide", false, false },
		{ "by_%s_args_read", false, false },
		{ "BY_%s_RAM", false, false },      { "BY_%s_CAPS", false, false },
	};
	bool good = true;

	for (size_t i = 0; i < COUNT(names) && good; i++)
		if (names[i].object || !p->job->interface.object)
			good = claim(p, place, names[i].tag, names[i].format, "");

	return good;
}


static bool parse_interface(struct parser *p, struct word keyword)
{
	struct interface *const interface = &p->job->interface;
	struct word             name;

	if (p->started)
		return wrong(p, DIAGNOSTIC_second, keyword);

	p->started        = true;
	interface->object = !strcmp(keyword.text, "object");
	interface->doc    = p->lexer.doc;
	if (!take_name(p, &name))
		return false;

	if (strcmp(name.text, p->file_name))
		return fail(p->job, name.place, DIAGNOSTIC_file_name, p->file_name);

	interface->name    = name.text;
	interface->service = interface->object ? NULL : capitalized(p->job, name.text);
	if (!claim_interface(p, name.place))
		return false;

	while (!at_end(p))
		if (!expect(p, "|") || !parse_property(p))
			return false;

	return true;
}


static const struct type *find_type(const struct parser *p, const char *name)
{
	for (unsigned i = 0; i < layout_builtin_count; i++)
		if (!strcmp(layout_builtin[i].name, name))
			return &layout_builtin[i];

	for (const struct type *type = p->job->interface.types; type; type = type->next)
		if (!strcmp(type->name, name))
			return type;

	return NULL;
}


static bool declare_type(struct parser *p, struct type *type)
{
	struct word name;

	type->doc = p->lexer.doc;
	if (!take_name(p, &name))
		return false;

	type->name  = name.text;
	type->place = name.place;
	if (find_type(p, name.text))
		return wrong(p, DIAGNOSTIC_declared, name);

	return claim(p, name.place, true, "by_%s_%s", name.text);
}


/* Known from now on, even if its line was wrong, to spare its users an error. */
static void add_type(struct parser *p, struct type *type)
{
	type->source  = lex_source(&p->lexer);
	*p->types_end = type;
	p->types_end  = &type->next;
}


static void add_item(struct parser *p, struct type *type, const char *text, struct place place)
{
	name_add(p->job, &type->items, text, place);
	type->count++;
}


/* The format for the names BY_<INTERFACE>_<A>_... */
static const char *upper_format(struct parser *p, const char *a, const char *rest)
{
	return arena_print(&p->job->arena, "BY_%%s_%s_%s", a, rest);
}


static bool parse_value(struct parser *p, struct type *type)
{
	struct word value;

	if (!expect(p, "|") || !take_name(p, &value)
	    || !claim(p, value.place, false, upper_format(p, type->name, "%s"), value.text))
		return false;

	add_item(p, type, value.text, value.place);

	return true;
}


static bool parse_enum(struct parser *p, struct word keyword)
{
	struct type *const type = arena_alloc(&p->job->arena, sizeof(*type));
	bool               good = true;

	(void)keyword;
	type->kind = TYPE_ENUM;
	type->size = type->align = 4;
	if (!declare_type(p, type))
		return false;

	do
		good = parse_value(p, type);
	while (good && !at_end(p));

	add_type(p, type);

	return good;
}


static bool parse_type(struct parser *p, const struct type **type, struct word *word)
{
	if (!take_word(p, "a type", word))
		return false;

	*type = find_type(p, word->text);

	return *type || wrong(p, DIAGNOSTIC_type, *word);
}


static bool parse_member(struct parser *p, struct type *type)
{
	struct member *const member = arena_alloc(&p->job->arena, sizeof(*member));
	struct word          name, kind;

	if (!take_name(p, &name) || !expect(p, ":") || !parse_type(p, &member->type, &kind))
		return false;

	member->name = name.text;
	if (type_variable(member->type) || member->type->kind == TYPE_CAP)
		return wrong(p, DIAGNOSTIC_field_type, kind);

	for (const struct member *other = type->members; other; other = other->next)
		if (!strcmp(other->name, name.text))
			return wrong(p, DIAGNOSTIC_declared, name);

	add_item(p, type, arena_print(&p->job->arena, "%s:%s", name.text, kind.text), name.place);

	return layout_member(p->job, type, member)
	       || fail(p->job, name.place, DIAGNOSTIC_struct_size, type->name);
}


static bool parse_struct(struct parser *p, struct word keyword)
{
	struct type *const type = arena_alloc(&p->job->arena, sizeof(*type));
	bool               good = true;

	(void)keyword;
	type->kind = TYPE_STRUCT;
	if (!declare_type(p, type))
		return false;

	do
		good = expect(p, "|") && parse_member(p, type);
	while (good && !at_end(p));

	layout_struct(type);
	add_type(p, type);
	if (!p->job->interface.object && !strcmp(type->name, "args"))
		p->job->interface.args = type;

	return good;
}


/* Whether 'name' is the parameter for the length of 'field'. */
static bool length_of(const struct field *field, const char *name)
{
	size_t const len = strlen(field->name);

	return type_variable(field->type) && !strncmp(name, field->name, len)
	       && !strcmp(name + len, "_len");
}


static bool clash(const struct block *block, const struct field *field)
{
	for (unsigned i = 0; i < block->count; i++) {
		const struct field *const other = &block->field[i];

		if (!strcmp(other->name, field->name) || length_of(other, field->name)
		    || length_of(field, other->name))
			return true;
	}

	return false;
}


static bool parse_bound(struct parser *p, struct field *field)
{
	struct word bound;
	const char *rest;
	uint64_t    value;

	if (!expect(p, "<") || !take_word(p, "a bound", &bound))
		return false;

	if (!number(bound.text, 3, &value, &rest) || *rest || value < 1 || value > BOUND_MOST)
		return wrong(p, DIAGNOSTIC_bound, bound);

	field->bound = (unsigned)value;

	return expect(p, ">");
}


static bool check_field(struct parser *p, const struct method *method,
                        const struct block *block, const struct field *field,
                        struct word name)
{
	if (!strcmp(name.text, "self"))
		return wrong(p, DIAGNOSTIC_handle, name);

	if (clash(&method->request, field) || clash(&method->reply, field))
		return wrong(p, DIAGNOSTIC_declared, name);

	if (block->count == FIELDS_MOST)
		return wrong(p, DIAGNOSTIC_too_many, name);

	if (field->type->kind == TYPE_CAP && block->caps == CAPS_MOST)
		return wrong(p, DIAGNOSTIC_too_many_caps, name);

	return !type_variable(field->type)
	       || claim(p, name.place, false, upper_format(p, method->name, "%s_MAX"), name.text);
}


static bool parse_field(struct parser *p, const struct method *method, struct block *block)
{
	struct field field = { 0 };
	struct word  name, kind;

	if (!take_name(p, &name) || !expect(p, ":") || !parse_type(p, &field.type, &kind))
		return false;

	if (type_variable(field.type) && !parse_bound(p, &field))
		return false;

	field.name = name.text;
	if (!check_field(p, method, block, &field, name))
		return false;

	block->field[block->count++] = field;
	block->caps += field.type->kind == TYPE_CAP;

	return true;
}


static bool parse_fields(struct parser *p, const struct method *method, struct block *block)
{
	bool more = p->word.kind == WORD_NAME;

	while (more) {
		if (!parse_field(p, method, block))
			return false;
		more = accept(p, "|") || p->word.kind == WORD_NAME;
	}

	return true;
}


static bool parse_errors(struct parser *p, struct method *method)
{
	struct word error;

	do {
		if (!take_word(p, "a status", &error))
			return false;

		if (!name_listed(p->job->statuses, error.text))
			return wrong(p, DIAGNOSTIC_status, error);

		if (name_listed(method->errors, error.text))
			return wrong(p, DIAGNOSTIC_declared, error);

		name_add(p->job, &method->errors, error.text, error.place);
	} while (!at_end(p));

	return true;
}


static bool declare_method(struct parser *p, struct method *method)
{
	struct word name;

	if (!take_name(p, &name))
		return false;

	if (!strcmp(name.text, "reserved"))
		return wrong(p, DIAGNOSTIC_reserved, name);

	if (!claim(p, name.place, false, "by_%s_%s", name.text))
		return false;

	method->name    = name.text;
	method->place   = name.place;
	method->doc     = p->lexer.doc;
	*p->methods_end = method;
	p->methods_end  = &method->next;

	return claim(p, name.place, false, upper_format(p, "OPCODE", "%s"), name.text);
}


static bool complete_method(struct parser *p, struct method *method)
{
	method->source = lex_source(&p->lexer);
	layout_block(&method->request, 0);
	layout_block(&method->reply, 4);

	if (method->request.most > BLOCK_MOST)
		return fail(p->job, method->place, DIAGNOSTIC_request_size, method->name);

	return method->reply.most <= BLOCK_MOST
	       || fail(p->job, method->place, DIAGNOSTIC_reply_size, method->name);
}


static bool parse_method(struct parser *p, struct word keyword)
{
	struct method *const method = arena_alloc(&p->job->arena, sizeof(*method));

	method->send = !strcmp(keyword.text, "send");
	if (!declare_method(p, method) || !parse_fields(p, method, &method->request))
		return false;

	if (method->send && (at_mark(p, "->") || at_mark(p, "!")))
		return wrong(p, DIAGNOSTIC_send, p->word);

	if (accept(p, "->") && !parse_fields(p, method, &method->reply))
		return false;

	if (accept(p, "!") && !parse_errors(p, method))
		return false;

	return complete_method(p, method) && (at_end(p) || expected(p, "the end of the line"));
}


static bool parse_reserved(struct parser *p, struct word keyword)
{
	struct method *const method = arena_alloc(&p->job->arena, sizeof(*method));

	(void)keyword;
	method->reserved = true;

	return declare_method(p, method) && (at_end(p) || expected(p, "the end of the line"));
}


static const struct declaration {
	const char *keyword;
	bool      (*parse)(struct parser *p, struct word keyword);
} declarations[] = {
	{ "session",  parse_interface },
	{ "object",   parse_interface },
	{ "enum",     parse_enum },
	{ "struct",   parse_struct },
	{ "call",     parse_method },
	{ "send",     parse_method },
	{ "reserved", parse_reserved },
};


static bool parse_line(struct parser *p)
{
	struct word const         keyword = p->word;
	const struct declaration *found   = NULL;

	if (!take_word(p, "a declaration", &(struct word){ 0 }))
		return false;

	for (size_t i = 0; i < COUNT(declarations); i++)
		if (!strcmp(declarations[i].keyword, keyword.text))
			found = &declarations[i];

	if (!found)
		return wrong(p, DIAGNOSTIC_declaration, keyword);

	if (!p->started && found->parse != parse_interface)
		return wrong(p, DIAGNOSTIC_first, keyword);

	return found->parse(p, keyword);
}


void parse(struct job *job, const char *file, const char *name, const char *text, size_t len)
{
	struct parser p = {
		.job         = job,
		.file_name   = name,
		.types_end   = &job->interface.types,
		.methods_end = &job->interface.methods,
	};

	lex_init(&p.lexer, job, file, text, len);
	if (len > FILE_MOST) {
		fail(job, p.lexer.place, DIAGNOSTIC_too_large);
		return;
	}

	for (advance(&p); p.word.kind != WORD_FILE; advance(&p)) {
		/* without an interface every further line would be an error, too */
		if (!parse_line(&p) && !p.started)
			return;
		lex_skip_line(&p.lexer);
	}
	if (!p.started)
		wrong(&p, DIAGNOSTIC_first, p.word);
}


void parse_statuses(struct job *job, const char *text, size_t len)
{
	static const char start[] = "#define BY_";
	char       *const copy    = arena_print(&job->arena, "%.*s", (int)len, text);

	for (char *line = strtok(copy, "\n"); line; line = strtok(NULL, "\n")) {
		char *const name = line + sizeof(start) - 1;

		if (strncmp(line, start, sizeof(start) - 1) || !strstr(line, " BY_STATUS("))
			continue;
		name[strcspn(name, " ")] = 0;
		for (char *c = name; *c; c++)
			if (*c >= 'A' && *c <= 'Z')
				*c = (char)(*c - 'A' + 'a');
		if (strcmp(name, "ok"))
			name_add(job, &job->statuses, name, (struct place){ 0 });
	}
}
