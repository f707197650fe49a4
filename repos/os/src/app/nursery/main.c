/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nursery: starts the children that its configuration names, and reports how they end.
 */
#include <by/env.h>
#include <by/log.h>
#include <nursery.h>


static void exited(struct by_child *child, int code)
{
	struct by_env *const env = child->env;

	by_log("child \"%s\" exited with value %d", child->name, code);
	nursery_end(env, nursery_child_of(child));
	by_free(env->heap, nursery_child_of(child), sizeof(struct nursery_child));
}


/* A fault is reported by the child's parent as the library does it; the child stays stopped. */
static struct by_child_ops const ops = { .exited = exited };


static void start(struct by_env *env, struct by_hid_node const *node)
{
	void *child;

	if (by_alloc(env->heap, sizeof(struct nursery_child), &child) != BY_OK) {
		by_error("no RAM for another child");
		return;
	}
	if (nursery_start(env, child, &(struct nursery_args){ node, &ops, NULL }) != BY_OK)
		by_free(env->heap, child, sizeof(struct nursery_child));
}


void component_main(struct by_env *env)
{
	struct by_attached rom;
	struct by_hid_node top, node;

	if (nursery_own_config(env, &rom, &top) != BY_OK)
		return;

	if (by_hid_first_of(&top, "start", &node)) {
		do
			start(env, &node);
		while (by_hid_next_of(&node, "start"));
	}
	by_attached_fini(env, &rom);
}
