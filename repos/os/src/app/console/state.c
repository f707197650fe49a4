/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What our children are and use, as the library sandbox reports it; and of those among them
 * that are parents themselves, as they report it under the name 'state'.
 */
#include "console.h"
#include <by/container.h>
#include <by/env.h>
#include <by/mem.h>
#include <by/string.h>
#include <report_service.h>

enum { LEAST = 4096, DEPTH = 16, NAME = 26, CLIENT = 20 };

/* The newest report of a session, paid for by it. */
struct reporter {
	struct report_service_session base;
	struct by_list_node           node;
	char                          label[BY_LABEL_SIZE];
	char                         *text;
	size_t                        size;
};

/* Append what a node 'child' of a report tells; its name has the path in front. */
typedef void (*show_t)(struct text *text, char const *path, struct by_hid_node const *child);

static struct by_list reporters;


/*
 * Reports of others
 */

static struct reporter *reporter_of(struct report_service_session *session)
{
	return BY_CONTAINER_OF(session, struct reporter, base);
}


static struct reporter *reporter_of_node(struct by_list_node *node)
{
	return BY_CONTAINER_OF(node, struct reporter, node);
}


static void forget(struct reporter *reporter)
{
	if (reporter->text)
		by_free(&reporter->base.session.heap.alloc, reporter->text, reporter->size);
	reporter->text = NULL;
}


static by_status_t open(struct report_service_session *session, char const *label)
{
	struct reporter *const reporter = reporter_of(session);

	if (!by_strcopy(reporter->label, sizeof(reporter->label), label))
		return BY_INVALID;

	by_list_append(&reporters, &reporter->node);

	return BY_OK;
}


static by_status_t submitted(struct report_service_session *session, char const *text, size_t size)
{
	struct reporter *const reporter = reporter_of(session);
	void                  *copy;

	forget(reporter);
	if (!size)
		return BY_OK;

	by_status_t const status = by_alloc(&session->session.heap.alloc, size, &copy);
	if (status == BY_OK) {
		reporter->text = memcpy(copy, text, size);
		reporter->size = size;
	}

	return status;
}


static void close(struct report_service_session *session)
{
	struct reporter *const reporter = reporter_of(session);

	forget(reporter);
	by_list_remove(&reporter->node);
}


struct by_service *state_service(struct by_env *env)
{
	static struct report_service service = {
		.size = sizeof(struct reporter), .open = open, .submitted = submitted, .close = close,
	};

	by_list_init(&reporters);
	report_service_local(env, &service);

	return &service.service;
}


static struct reporter *find(char const *label)
{
	BY_LIST_EACH(&reporters, node)
		if (!by_strcmp(reporter_of_node(node)->label, label))
			return reporter_of_node(node);

	return NULL;
}


char const *state_report_name(unsigned index)
{
	BY_LIST_EACH(&reporters, node)
		if (!index--)
			return reporter_of_node(node)->label;

	return NULL;
}


void state_reports(struct text *text)
{
	BY_LIST_EACH(&reporters, node)
		text_format(text, "%-*s %6zu bytes\n", NAME, reporter_of_node(node)->label,
		            reporter_of_node(node)->size);
}


/* It is what others have written: only characters are shown. */
bool state_report(struct text *text, char const *name)
{
	struct reporter *const reporter = find(name);

	for (size_t i = 0; reporter && reporter->text && i < reporter->size; i++) {
		char const c = reporter->text[i];

		text_add(text, c == '\n' || (c >= ' ' && c <= '~') ? &c : "?", 1);
	}

	return reporter;
}


/*
 * Our own report
 */

/* Write it into memory that suffices. */
static by_status_t write_own(char **out, size_t *room, struct by_hid_node *state)
{
	static char const  request[] = "report | requested: yes | provided: yes\n-\n";
	struct by_hid_node what;
	by_status_t        status = by_hid_open((struct by_hid_span){ request, sizeof(request) - 1 },
	                                        &what);

	for (*room = LEAST; status == BY_OK; *room *= 2) {
		struct by_hid_writer writer;
		size_t               size = 0;
		void                *text;

		status = by_alloc(console.env->heap, *room, &text);
		if (status != BY_OK)
			return status;
		by_hid_write_init(&writer, text, *room);
		by_hid_write_begin(&writer, "state");
		sandbox_report(&console.sandbox, &writer, &what);
		by_hid_write_end(&writer);
		status = by_hid_write_finish(&writer, &size);
		if (status == BY_OK)
			status = by_hid_open((struct by_hid_span){ text, size }, state);
		if (status == BY_OK) {
			*out = text;
			return BY_OK;
		}
		by_free(console.env->heap, text, *room);
		if (status == BY_NO_SPACE)
			status = BY_OK;
	}

	return status;
}


/*
 * Children, and theirs
 */

static void each_child(struct text *text, struct by_hid_node const *state, char const *path,
                       unsigned depth, show_t show);


/* The label of the report that the child at 'path' makes: 'garden -> flowers -> state'. */
static bool label_of(char const *path, char *label, size_t size)
{
	size_t at = 0;

	for (; *path && at < size; path++)
		at += by_format(label + at, size - at, "%.*s", *path == '/' ? 4 : 1,
		                *path == '/' ? " -> " : path);

	return at < size && by_format(label + at, size - at, " -> state") < size - at;
}


/* What the child at 'path' has reported about its own children. */
static void each_inner(struct text *text, char const *path, unsigned depth, show_t show)
{
	char               label[BY_LABEL_SIZE];
	struct by_hid_node state;

	if (depth == DEPTH || !label_of(path, label, sizeof(label)))
		return;

	struct reporter *const reporter = find(label);
	if (reporter && reporter->text
	    && by_hid_open((struct by_hid_span){ reporter->text, reporter->size }, &state) == BY_OK)
		each_child(text, &state, path, depth, show);
}


static void each_child(struct text *text, struct by_hid_node const *state, char const *path,
                       unsigned depth, show_t show)
{
	struct by_hid_node child;
	char               name[CONSOLE_PATH + 1];

	for (bool more = by_hid_first_of(state, "child", &child); more;
	     more = by_hid_next_of(&child, "child")) {
		struct by_hid_span const own = by_hid_name(&child);

		by_format(name, sizeof(name), "%s%s%.*s", path, *path ? "/" : "", (int)own.size,
		          own.base);
		show(text, name, &child);
		each_inner(text, name, depth + 1, show);
	}
}


static void show_all(struct text *text, show_t show)
{
	struct by_hid_node state;
	char              *own;
	size_t             room;

	if (write_own(&own, &room, &state) != BY_OK) {
		text_format(text, "the memory does not suffice\n");
		return;
	}
	each_child(text, &state, "", 0, show);
	by_free(console.env->heap, own, room);
}


static struct by_hid_span attr(struct by_hid_node const *node, char const *tag)
{
	struct by_hid_span value = { "", 0 };

	(void)!by_hid_attr(node, tag, &value);

	return value;
}


static void show_child(struct text *text, char const *path, struct by_hid_node const *child)
{
	struct by_hid_span const binary = attr(child, "binary"), state = attr(child, "state");
	uint64_t const restarts = by_hid_u64(child, "restarts", 0);

	text_format(text, "%-*s %-16.*s %.*s", NAME, path, (int)binary.size, binary.base,
	            (int)state.size, state.base);
	if (restarts)
		text_format(text, ", restarted %llu times", (unsigned long long)restarts);
	text_add(text, "\n", 1);
}


void state_children(struct text *text)
{
	char const *path;
	bool        on;

	show_all(text, show_child);
	for (unsigned i = 0; (path = plan_path(i, &on)); i++)
		if (!on)
			text_format(text, "%-*s %-16s not started\n", NAME, path, "");
}


static void show_session(struct text *text, char const *path, struct by_hid_node const *child)
{
	struct by_hid_node requested, session;

	if (!by_hid_first_of(child, "requested", &requested))
		return;

	for (bool more = by_hid_first_of(&requested, "session", &session); more;
	     more = by_hid_next_of(&session, "session")) {
		struct by_hid_span const service = attr(&session, "service");
		struct by_hid_span       server  = attr(&session, "child");
		struct by_hid_span const state   = attr(&session, "state");
		struct by_hid_span const label   = attr(&session, "label");

		if (!server.size)
			server = (struct by_hid_span){ "-", 1 }; /* from above, or of ours */
		text_format(text, "%-*s %-9.*s %-10.*s %8llu %4llu %-7.*s %.*s\n", CLIENT, path,
		            (int)service.size, service.base, (int)server.size, server.base,
		            (unsigned long long)by_hid_u64(&session, "ram", 0),
		            (unsigned long long)by_hid_u64(&session, "caps", 0),
		            (int)state.size, state.base, (int)label.size, label.base);
	}
}


void state_sessions(struct text *text)
{
	text_format(text, "%-*s %-9s %-10s %8s %4s %-7s %s\n", CLIENT, "client", "service",
	            "server", "RAM", "caps", "state", "label");
	show_all(text, show_session);
}
