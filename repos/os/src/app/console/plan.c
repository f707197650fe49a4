/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which children there are to be: those of the configuration, and in the configurations of those
 * that have children themselves, less what is switched off. So a child of a child ends because its
 * parent gets another configuration; the console has no power over it.
 */
#include "console.h"
#include <by/env.h>
#include <by/log.h>
#include <by/status_name.h>
#include <by/string.h>

enum { OFF = 32, TAG = 64 };

static struct {
	char              *text;    /* of the configuration */
	size_t             size;
	struct by_hid_node top;     /* of it */
	char               off[OFF][CONSOLE_PATH + 1];
	unsigned           offs;
	char               path[CONSOLE_PATH + 1]; /* of the node that is looked at */
	size_t             length;
} plan;


/*
 * Paths
 */

/* Put a name behind the path. Returns the length that it had, for leave(). */
static size_t enter(struct by_hid_node const *node)
{
	struct by_hid_span const name   = by_hid_name(node);
	size_t const             before = plan.length;
	size_t const             slash  = before != 0;

	if (name.size + slash > CONSOLE_PATH - before)
		return before; /* nobody can name it, and it does not hide its parent */

	if (slash)
		plan.path[plan.length++] = '/';
	memcpy(plan.path + plan.length, name.base, name.size);
	plan.length += name.size;
	plan.path[plan.length] = 0;

	return before;
}


static void leave(size_t before)
{
	plan.length       = before;
	plan.path[before] = 0;
}


static char *find_off(char const *path)
{
	for (unsigned i = 0; i < plan.offs; i++)
		if (!by_strcmp(plan.off[i], path))
			return plan.off[i];

	return NULL;
}


/* The configuration of a child that has children itself. */
static bool has_children(struct by_hid_node const *start, struct by_hid_node *config)
{
	struct by_hid_node node;

	return by_hid_first_of(start, "config", config) && by_hid_first_of(config, "start", &node);
}


/* Look for the (*index)-th path below; it stands in plan.path then. */
static bool walk(struct by_hid_node const *config, unsigned *index)
{
	struct by_hid_node start, inner;

	if (!by_hid_first_of(config, "start", &start))
		return false;

	do {
		size_t const before = enter(&start);

		if (plan.length == before)
			continue;
		if (!(*index)--)
			return true;
		if (has_children(&start, &inner) && walk(&inner, index))
			return true;
		leave(before);
	} while (by_hid_next_of(&start, "start"));

	return false;
}


char const *plan_path(unsigned index, bool *on)
{
	leave(0);
	if (!plan.text || !walk(&plan.top, &index))
		return NULL;

	*on = !find_off(plan.path);

	return plan.path;
}


static bool known(char const *path)
{
	char const *other;
	bool        on;

	for (unsigned i = 0; (other = plan_path(i, &on)); i++)
		if (!by_strcmp(other, path))
			return true;

	return false;
}


/*
 * The configuration that the sandbox gets
 */

static void write_begin(struct by_hid_writer *writer, struct by_hid_node const *node)
{
	struct by_hid_span const type = by_hid_type(node);
	struct by_hid_attr       attr;
	struct by_hid_span       first;
	char                     name[TAG];

	by_format(name, sizeof(name), "%.*s", (int)type.size, type.base);
	by_hid_write_begin(writer, name);
	for (bool more = by_hid_first_attr(node, &attr); more; more = by_hid_next_attr(&attr)) {
		by_format(name, sizeof(name), "%.*s", (int)attr.tag.size, attr.tag.base);
		/* of several with one tag the first counts */
		if (by_hid_attr(node, name, &first) && first.base == attr.value.base)
			by_hid_write_span(writer, name, attr.value);
	}
}


static void write_config(struct by_hid_writer *writer, struct by_hid_node const *config);


/* A child that is to be, whose children perhaps are not. */
static void write_start(struct by_hid_writer *writer, struct by_hid_node const *start)
{
	struct by_hid_node config, node;

	if (!has_children(start, &config)) {
		by_hid_write_node(writer, start);
		return;
	}
	write_begin(writer, start);
	for (bool more = by_hid_first(start, &node); more; more = by_hid_next(&node)) {
		if (by_hid_type_is(&node, "config"))
			write_config(writer, &node);
		else
			by_hid_write_node(writer, &node);
	}
	by_hid_write_end(writer);
}


static void write_config(struct by_hid_writer *writer, struct by_hid_node const *config)
{
	struct by_hid_node node;

	write_begin(writer, config);
	for (bool more = by_hid_first(config, &node); more; more = by_hid_next(&node)) {
		if (!by_hid_type_is(&node, "start")) {
			by_hid_write_node(writer, &node);
			continue;
		}
		size_t const before = enter(&node);

		if (plan.length == before || !find_off(plan.path))
			write_start(writer, &node);
		leave(before);
	}
	by_hid_write_end(writer);
}


/* What there is to be cannot take more text than what there can be. */
static by_status_t apply(void)
{
	struct by_hid_writer writer;
	size_t const         room = plan.size + 1024;
	size_t               size = 0;
	void                *text;
	by_status_t          status = by_alloc(console.env->heap, room, &text);

	if (status != BY_OK)
		return status;

	leave(0);
	by_hid_write_init(&writer, text, room);
	write_config(&writer, &plan.top);
	status = by_hid_write_finish(&writer, &size);
	if (status == BY_OK)
		status = sandbox_apply(&console.sandbox, (struct by_hid_span){ text, size });
	by_free(console.env->heap, text, room);

	return status;
}


/*
 * Changes
 */

static by_status_t set_off(char const *path)
{
	if (find_off(path))
		return BY_OK;
	if (plan.offs == OFF || !by_strcopy(plan.off[plan.offs], sizeof(plan.off[0]), path))
		return BY_LIMIT;

	plan.offs++;

	return BY_OK;
}


static void set_on(char const *path)
{
	char *const off = find_off(path);

	if (off)
		memmove(off, plan.off[--plan.offs], sizeof(plan.off[0]));
}


by_status_t plan_switch(char const *path, bool on)
{
	by_status_t status = BY_OK;

	if (!known(path))
		return BY_NOT_FOUND;

	if (on)
		set_on(path);
	else
		status = set_off(path);

	return status == BY_OK ? apply() : status;
}


/* What is not to run from the start on. */
static void note_later(void)
{
	struct by_hid_node node;
	char               path[CONSOLE_PATH + 1];

	for (bool more = by_hid_first_of(&plan.top, "later", &node); more;
	     more = by_hid_next_of(&node, "later"))
		if (by_hid_copy(&node, "name", path, sizeof(path)) != BY_OK || !known(path)
		    || set_off(path) != BY_OK)
			by_warning("config: no child for \"later\" is called \"%s\"", path);
}


void plan_set(struct by_hid_span document)
{
	struct by_alloc *const heap  = console.env->heap;
	bool const             first = !plan.text;
	void                  *text;
	by_status_t            status = by_alloc(heap, document.size, &text);

	if (status == BY_OK) {
		if (plan.text)
			by_free(heap, plan.text, plan.size);
		memcpy(text, document.base, document.size);
		plan.text = text;
		plan.size = document.size;
		status = by_hid_open((struct by_hid_span){ text, document.size }, &plan.top);
	}
	if (first && status == BY_OK)
		note_later();
	if (status == BY_OK)
		status = apply();
	if (status != BY_OK)
		by_error("the configuration is not applied: %s", by_status_name(status));
}
