/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Documents against schemas. The nodes of the schema's own tree are the
 * declarations; a schema is first checked against the schema of schemas below,
 * by the same code.
 */
#include "tree.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* doc/hid.md shows this text; keep both the same. */
static char const schema_of_schemas[] =
	"schema schema\n"
	"+ type word  | : [a-z][a-z0-9_-]*\n"
	"+ type label | : [^ ]+\n"
	"+ type truth | : yes|no\n"
	"+ type any   | : .*\n"
	"+ category content\n"
	"  + node attr\n"
	"    + attr name    | type: word\n"
	"    + attr type    | type: label\n"
	"    + attr default | type: any   | default:\n"
	"  + node | category: nodes\n"
	"  + node quote    | multiple: no\n"
	"  + node anything | multiple: no\n"
	"+ category nodes\n"
	"  + node node\n"
	"    + attr name     | type: word  | default:\n"
	"    + attr category | type: label | default:\n"
	"    + attr multiple | type: truth | default: yes\n"
	"    + attr optional | type: truth | default: yes\n"
	"    + node | category: content\n"
	"+ attr name | type: word\n"
	"+ node type\n"
	"  + attr name | type: label\n"
	"  + quote\n"
	"+ node category\n"
	"  + attr name | type: label\n"
	"  + node | category: nodes\n"
	"+ node | category: content\n"
	"-\n";

enum { CATEGORY_DEPTH = 16 };

struct type {
	struct text name;
	regex_t     regex;
	bool        usable;
};

/* A schema at work. */
struct schema {
	struct document *doc;
	struct type     *types;
	unsigned         count;
};


/*
 * Value types
 */

static struct type const *type_find(struct schema const *s, struct text name)
{
	for (unsigned i = 0; i < s->count; i++) {
		if (text_equal(s->types[i].name, name))
			return &s->types[i];
	}

	return NULL;
}


/* Compile an expression that must match the whole value. */
static int regex_compile(regex_t *regex, struct text text)
{
	size_t const size    = text.size + 5;
	char        *pattern = malloc(size);

	if (!pattern)
		abort();
	snprintf(pattern, size, "^(%.*s)$", TEXT(text));
	int const error = regcomp(regex, pattern, REG_EXTENDED | REG_NOSUB);
	free(pattern);

	return error;
}


static void type_add(struct schema *s, struct node const *node)
{
	struct type *t = &s->types[s->count];
	char         why[128];

	if (type_find(s, node_value(node, "name", "")))
		mistake(s->doc, node->place, "type '%.*s' is declared twice",
		        TEXT(node_value(node, "name", "")));
	if (!node->quotes || node->quotes->next) {
		mistake(s->doc, node->place,
		        "a type needs one quoted line, its regular expression");
		return;
	}

	int const error = regex_compile(&t->regex, node->quotes->text);

	t->name   = node_value(node, "name", "");
	t->usable = error == 0;
	s->count++;
	if (error) {
		regerror(error, &t->regex, why, sizeof(why));
		mistake(s->doc, node->quotes->place, "regular expression: %s", why);
	}
}


static bool type_matches(struct type const *type, struct text value)
{
	char *copy = malloc(value.size + 1);

	if (!copy)
		abort();
	memcpy(copy, value.base, value.size);
	copy[value.size] = 0;
	bool const matches = !type->usable || regexec(&type->regex, copy, 0, NULL, 0) == 0;
	free(copy);

	return matches;
}


static void schema_open(struct schema *s, struct document *doc)
{
	size_t room = 0;

	for (struct node const *n = doc->top->subs; n; n = n->next)
		room++;
	*s = (struct schema){ .doc = doc, .types = calloc(room + 1, sizeof(struct type)) };
	if (!s->types)
		abort();
	for (struct node const *n = doc->top->subs; n; n = n->next) {
		if (text_is(n->type, "type") && !n->disabled)
			type_add(s, n);
	}
}


static void schema_close(struct schema *s)
{
	while (s->count > 0) {
		if (s->types[--s->count].usable)
			regfree(&s->types[s->count].regex);
	}
	free(s->types);
}


/*
 * Declarations
 */

static bool declares(struct node const *decl, char const *kind)
{
	return !decl->disabled && text_is(decl->type, kind);
}


static bool has(struct node const *scope, char const *kind)
{
	for (struct node const *d = scope->subs; d; d = d->next) {
		if (declares(d, kind))
			return true;
	}

	return false;
}


/* Find 'attr', 'node' or 'category' of this name. */
static struct node const *find(struct node const *scope, char const *kind, struct text name)
{
	for (struct node const *d = scope->subs; d; d = d->next) {
		if (declares(d, kind) && node_attr(d, "name")
		    && text_equal(node_value(d, "name", ""), name))
			return d;
	}

	return NULL;
}


static struct node const *category_of(struct schema const *s, struct node const *decl)
{
	struct attr const *a = node_attr(decl, "category");

	return a && a->value.size > 0 ? find(s->doc->top, "category", a->value) : NULL;
}


/*
 * Find what declares nodes of this type in a scope. 'through' becomes the
 * declaration in the scope itself: the node's, or the one that names a category.
 */
static struct node const *find_node(struct schema const *s, struct node const *scope,
                                    struct text type, unsigned depth,
                                    struct node const **through)
{
	struct node const *found = find(scope, "node", type);

	if (through)
		*through = found;
	for (struct node const *d = scope->subs; d && !found && depth > 0; d = d->next) {
		struct node const *category = declares(d, "node") ? category_of(s, d) : NULL;

		if (!category)
			continue;
		found = find_node(s, category, type, depth - 1, NULL);
		if (found && through)
			*through = d;
	}

	return found;
}


/* Count the enabled nodes in 'node' that a declaration stands for. */
static unsigned count_nodes(struct schema const *s, struct node const *scope,
                            struct node const *decl, struct node const *node)
{
	unsigned n = 0;

	for (struct node const *sub = node->subs; sub; sub = sub->next) {
		struct node const *through = NULL;

		if (!sub->disabled && find_node(s, scope, sub->type, CATEGORY_DEPTH, &through))
			n += through == decl;
	}

	return n;
}


/*
 * Checks of one node against its declaration
 */

static void check_attr(struct document *doc, struct schema const *s, struct node const *decl,
                       struct node const *node, struct attr const *a)
{
	struct node const *d = find(decl, "attr", a->tag);

	if (!d && has(decl, "anything"))
		return;
	if (!d) {
		mistake(doc, a->place, "attribute '%.*s' is not allowed in '%.*s'", TEXT(a->tag),
		        TEXT(node->type));
		return;
	}

	struct type const *type = type_find(s, node_value(d, "type", ""));

	if (type && !type_matches(type, a->value))
		mistake(doc, a->value_place, "value '%.*s' of attribute '%.*s' is not of type "
		        "'%.*s'",
		        TEXT(a->value), TEXT(a->tag), TEXT(type->name));
}


static void check_missing(struct document *doc, struct node const *decl, struct node const *node)
{
	for (struct node const *d = decl->subs; d; d = d->next) {
		if (!declares(d, "attr") || node_attr(d, "default"))
			continue;

		struct text const tag  = node_value(d, "name", "");
		struct attr      *attr = node->attrs;

		while (attr && !text_equal(attr->tag, tag))
			attr = attr->next;
		if (!attr)
			mistake(doc, node->place, "'%.*s' lacks the attribute '%.*s'",
			        TEXT(node->type), TEXT(tag));
	}
}


static void describe(struct node const *decl, char const **kind, struct text *name)
{
	bool const category = node_value(decl, "category", "").size > 0;

	*kind = category ? "node of category" : "node";
	*name = node_value(decl, category ? "category" : "name", "");
}


/* Are as many nodes there as the scope's declarations want? */
static void check_counts(struct document *doc, struct schema const *s, struct node const *scope,
                         struct node const *node)
{
	for (struct node const *d = scope->subs; d; d = d->next) {
		char const *kind;
		struct text name;

		if (!declares(d, "node"))
			continue;

		unsigned const n = count_nodes(s, scope, d, node);

		describe(d, &kind, &name);
		if (n == 0 && text_is(node_value(d, "optional", "yes"), "no"))
			mistake(doc, node->place, "'%.*s' lacks a %s '%.*s'",
			        TEXT(node->type), kind, TEXT(name));
		if (n > 1 && text_is(node_value(d, "multiple", "yes"), "no"))
			mistake(doc, node->place, "'%.*s' has more than one %s '%.*s'",
			        TEXT(node->type), kind, TEXT(name));
	}
}


/* The tree is at most as deep as tree_parse() lets it be without a mistake. */
static void check_node(struct document *doc, struct schema const *s, struct node const *decl,
                       struct node const *node)
{
	check_missing(doc, decl, node);
	check_counts(doc, s, decl, node);
	for (struct attr const *a = node->attrs; a; a = a->next)
		check_attr(doc, s, decl, node, a);
	if (node->quotes && !has(decl, "quote") && !has(decl, "anything"))
		mistake(doc, node->quotes->place, "quoted content is not allowed in '%.*s'",
		        TEXT(node->type));

	for (struct node const *sub = node->subs; sub; sub = sub->next) {
		struct node const *d = find_node(s, decl, sub->type, CATEGORY_DEPTH, NULL);

		if (d)
			check_node(doc, s, d, sub);
		else if (!has(decl, "anything"))
			mistake(doc, sub->place, "node '%.*s' is not allowed in '%.*s'",
			        TEXT(sub->type), TEXT(node->type));
	}
}


void schema_check(struct document *doc, struct document *schema)
{
	struct schema     s;
	struct text const name = node_value(schema->top, "name", "");

	schema_open(&s, schema);
	if (!text_equal(doc->top->type, name))
		mistake(doc, doc->top->place, "the top node is '%.*s', the schema describes '%.*s'",
		        TEXT(doc->top->type), TEXT(name));
	else
		check_node(doc, &s, schema->top, doc->top);
	schema_close(&s);
}


/*
 * Checks of a schema that the schema of schemas cannot express
 */

static void check_default(struct schema const *s, struct node const *attr)
{
	struct attr const *type   = node_attr(attr, "type");
	struct attr const *preset = node_attr(attr, "default");
	struct type const *t      = type ? type_find(s, type->value) : NULL;

	if (type && !t)
		mistake(s->doc, type->value_place, "type '%.*s' is not declared",
		        TEXT(type->value));
	if (t && preset && preset->value.size > 0 && !type_matches(t, preset->value))
		mistake(s->doc, preset->value_place, "default '%.*s' is not of type '%.*s'",
		        TEXT(preset->value), TEXT(t->name));
}


static void check_reference(struct schema const *s, struct node const *node)
{
	bool const         named    = node_value(node, "name", "").size > 0;
	struct attr const *category = node_attr(node, "category");

	if (named == (category && category->value.size > 0))
		mistake(s->doc, node->place, "'node' needs either a name or a category");
	else if (!named && !category_of(s, node))
		mistake(s->doc, category->value_place, "category '%.*s' is not declared",
		        TEXT(category->value));
}


static void check_twice(struct schema const *s, struct node const *scope,
                        struct node const *decl)
{
	struct attr const *name = node_attr(decl, "name");

	for (struct node const *d = scope->subs; name && d != decl; d = d->next) {
		if (text_equal(d->type, decl->type) && node_attr(d, "name")
		    && text_equal(node_attr(d, "name")->value, name->value)
		    && !text_is(d->type, "type"))
			mistake(s->doc, decl->place, "%.*s '%.*s' is declared twice",
			        TEXT(decl->type), TEXT(name->value));
	}
}


static void check_declarations(struct schema const *s, struct node const *scope)
{
	for (struct node const *d = scope->subs; d; d = d->next) {
		check_twice(s, scope, d);
		if (text_is(d->type, "attr"))
			check_default(s, d);
		if (text_is(d->type, "node"))
			check_reference(s, d);
		check_declarations(s, d);
	}
}


void schema_check_schema(struct document *schema)
{
	struct document meta = { .quiet = true };
	struct schema   s;

	tree_parse(&meta, "schema of schemas", schema_of_schemas, sizeof(schema_of_schemas) - 1);
	if (meta.mistakes)
		abort();
	schema_check(schema, &meta);
	if (!schema->mistakes) {
		schema_open(&s, schema);
		check_declarations(&s, schema->top);
		schema_close(&s);
	}
	tree_free(&meta);
}
