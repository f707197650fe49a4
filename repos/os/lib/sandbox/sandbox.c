/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sandbox as a whole: its beginning and end, and what happens to all children.
 */
#include "start.h"
#include <by/log.h>


struct start *sandbox_find(struct sandbox *sandbox, char const *name)
{
	struct by_dict_node *node = by_dict_find(&sandbox->by_name, name);

	return node ? BY_CONTAINER_OF(node, struct start, by_name) : NULL;
}


void sandbox_changed(struct sandbox *sandbox)
{
	if (sandbox->args.ops && sandbox->args.ops->changed)
		sandbox->args.ops->changed(sandbox);
}


/* Something may have become free. */
static void retry(struct by_signal_handler *handler, unsigned count)
{
	struct sandbox *sandbox = BY_CONTAINER_OF(handler, struct sandbox, retry);

	(void)count;
	BY_LIST_EACH(&sandbox->starts, node)
		if (!start_go_on(start_of_node(node)))
			start_begin(start_of_node(node));
}


void sandbox_retry(struct sandbox *sandbox)
{
	BY_LIST_EACH(&sandbox->starts, node)
		if (start_of_node(node)->state == START_STOPPED) {
			by_signal_submit(sandbox->retry.target.cap, 1);
			return;
		}
}


static void heartbeat(struct by_timeout *timeout)
{
	struct sandbox *sandbox = BY_CONTAINER_OF(timeout, struct sandbox, heartbeat);

	BY_LIST_EACH(&sandbox->starts, node)
		start_heartbeat(start_of_node(node));
}


/* Children run below the component itself, or those that never pause could stop it. */
static unsigned own_priority(struct by_env *env)
{
	struct by_cpu_args info;

	return by_cpu_info(&env->cpu, &info) == BY_OK ? info.priority : 0;
}


by_status_t sandbox_init(struct sandbox *sandbox, struct by_env *env,
                         struct sandbox_args const *args)
{
	*sandbox = (struct sandbox){ .env = env, .args = *args, .priority = own_priority(env) };
	by_dict_init(&sandbox->by_name);
	by_list_init(&sandbox->starts);
	by_list_init(&sandbox->offers);
	by_timeout_init(&sandbox->heartbeat, env->endpoint, heartbeat);
	by_status_t const status = by_child_prepare(env);

	return status == BY_OK ? by_signal_handler_init(&sandbox->retry, env->endpoint,
	                                                BY_SIGNAL_APPLICATION, retry) : status;
}


void sandbox_fini(struct sandbox *sandbox)
{
	struct by_list_node *node;

	by_timeout_stop(&sandbox->heartbeat);
	offers_end(sandbox);
	while ((node = by_list_first(&sandbox->starts)))
		start_destroy(start_of_node(node));
	by_signal_handler_fini(&sandbox->retry);
	if (sandbox->text)
		by_free(sandbox->env->heap, sandbox->text, sandbox->size);
	*sandbox = (struct sandbox){ .env = sandbox->env };
}
