/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From one configuration to the next.
 *
 * First all is freed that is not wanted any more, then what is wanted gets it: children that
 * are gone or must be started anew end, others give, then they get, then all that does not run
 * is started, in the order of the configuration.
 */
#include "start.h"
#include <by/clock.h>
#include <by/log.h>
#include <by/mem.h>
#include <by/status_name.h>
#include <by/string.h>

enum { RATE_MS = 1000 }; /* of heartbeats */


/*
 * What has changed for one child
 */

static bool own_rules(struct by_hid_node const *start)
{
	struct by_hid_node route;

	return by_hid_first_of(start, "route", &route);
}


/* Whether rules have changed by which sessions may have been opened. */
static bool rules_differ(struct start const *start, struct by_hid_node const *now,
                         struct by_hid_node const *all)
{
	struct by_hid_node const *before = &start->sandbox->config;

	return config_differs(&start->config, now, "route")
	       || config_differs(before, all, "parent-provides")
	       || config_differs(before, all, "alias")
	       || (!own_rules(now) && config_differs(before, all, "default-route"));
}


static bool attr_differs(struct by_hid_node const *a, struct by_hid_node const *b,
                         char const *tag)
{
	struct by_hid_span in_a = { .size = 0 }, in_b = { .size = 0 };

	(void)by_hid_attr(a, tag, &in_a);
	(void)by_hid_attr(b, tag, &in_b);

	return !by_hid_span_equal(in_a, in_b);
}


/* Whether the child can not go on as it is. */
static bool must_restart(struct start const *start, struct by_hid_node const *now)
{
	static char const *const attrs[] = { "binary", "version", "priority", "stack", "dma" };
	static char const *const nodes[] = { "binary", "provides" };
	struct by_hid_node       node;
	bool const               has_config = by_hid_first_of(now, "config", &node);
	bool const               beats = by_hid_first_of(now, "heartbeat", &node);

	for (size_t i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++)
		if (attr_differs(&start->config, now, attrs[i]))
			return true;
	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
		if (config_differs(&start->config, now, nodes[i]))
			return true;

	return has_config != start_configured(start)
	       || beats != by_hid_first_of(&start->config, "heartbeat", &node);
}


/*
 * By other rules a child can go on if it is none of those who were denied something, and
 * all that it has would still come from where it does.
 */
static bool disturbed(struct start *start)
{
	return start->rerouted
	       && (start->state != START_RUNNING || start->denials || !routes_stay(start));
}


/* A node of the new configuration: note what it means for its child, or make one. */
static void take_over(struct sandbox *sandbox, struct by_hid_node const *node,
                      struct by_hid_node const *all)
{
	struct by_hid_span const given = by_hid_name(node);
	char                     name[BY_CHILD_NAME + 1];
	by_status_t              status = by_hid_copy(node, "name", name, sizeof(name));
	struct start            *start = status == BY_OK ? sandbox_find(sandbox, name) : NULL;

	if (start && !start->kept) {
		start->changed  = must_restart(start, node);
		start->rerouted = rules_differ(start, node, all);
	} else if (status == BY_OK) {
		status = start_create(sandbox, node, &start);
	}
	if (status != BY_OK) {
		by_error("child \"%.*s\" is left out: %s", (int)given.size, given.base,
		         by_status_name(status));
		return;
	}
	start->kept   = true;
	start->config = *node;
	start->rules  = config_part(node, "route");
	by_list_remove(&start->node);
	by_list_append(&sandbox->starts, &start->node);
}


/*
 * The whole
 */

static void set_heartbeat(struct sandbox *sandbox)
{
	struct by_hid_node node;
	uint64_t           ms = 0;

	if (by_hid_first_of(&sandbox->config, "heartbeat", &node))
		ms = by_hid_u64(&node, "rate_ms", RATE_MS);
	if (ms == sandbox->rate_ms)
		return;

	sandbox->rate_ms = ms;
	by_timeout_stop(&sandbox->heartbeat);
	if (ms && by_timeout_repeat(&sandbox->heartbeat, by_us_of_ms(ms)) != BY_OK)
		by_error("no heartbeats: out of RAM or capabilities");
}


/* The parts that each session needs are found once. */
static void set_config(struct sandbox *sandbox, struct by_hid_node const *config)
{
	sandbox->config   = *config;
	sandbox->provided = config_part(config, "parent-provides");
	sandbox->rules    = config_part(config, "default-route");
}


/* End what is gone or changed, and put the others in the new order. */
static void compare(struct sandbox *sandbox, struct by_hid_node const *all)
{
	struct by_hid_node node;

	BY_LIST_EACH(&sandbox->starts, each) {
		struct start *const start = start_of_node(each);

		start->kept = start->changed = start->rerouted = false;
	}
	if (by_hid_first_of(all, "start", &node)) {
		do
			take_over(sandbox, &node, all);
		while (by_hid_next_of(&node, "start"));
	}
	BY_LIST_EACH_SAFE(&sandbox->starts, each)
		if (!start_of_node(each)->kept)
			start_destroy(start_of_node(each));
	set_config(sandbox, all);
	BY_LIST_EACH(&sandbox->starts, each) {
		struct start *start = start_of_node(each);

		if (start->changed || disturbed(start))
			start_end(start);
	}
}


/* What takes less comes first, so that others can have it. */
static void set_quotas(struct sandbox *sandbox)
{
	for (int less = 1; less >= 0; less--)
		BY_LIST_EACH(&sandbox->starts, node) {
			struct start *start = start_of_node(node);

			if ((config_ram(start) < start->ram || config_caps(start) < start->caps)
			    == (less != 0))
				start_set_quota(start);
		}
}


static by_status_t copy(struct sandbox *sandbox, struct by_hid_span document, char **text)
{
	void             *memory;
	by_status_t const status = by_alloc(sandbox->env->heap, document.size, &memory);

	if (status == BY_OK) {
		memcpy(memory, document.base, document.size);
		*text = memory;
	}

	return status;
}


by_status_t sandbox_apply(struct sandbox *sandbox, struct by_hid_span document)
{
	struct by_hid_node config;
	char              *text;

	if (!document.size)
		return BY_MALFORMED;

	by_status_t status = copy(sandbox, document, &text);
	if (status != BY_OK)
		return status;

	status = by_hid_open((struct by_hid_span){ text, document.size }, &config);
	if (status != BY_OK) {
		by_free(sandbox->env->heap, text, document.size);
		return status;
	}
	if (!sandbox->text)
		sandbox->config = config;
	compare(sandbox, &config);
	if (sandbox->text)
		by_free(sandbox->env->heap, sandbox->text, sandbox->size);
	sandbox->text = text;
	sandbox->size = document.size;

	BY_LIST_EACH(&sandbox->starts, node)
		start_set_config(start_of_node(node));
	set_quotas(sandbox);
	set_heartbeat(sandbox);
	offers_apply(sandbox);
	BY_LIST_EACH(&sandbox->starts, node)
		start_begin(start_of_node(node));
	sandbox_changed(sandbox);

	return BY_OK;
}
