/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reports by label.
 */
#include "modules.h"
#include <by/container.h>
#include <by/env.h>
#include <by/log.h>
#include <by/string.h>

enum { PAGE = 4096 };

static struct {
	struct by_env *env;
	struct by_dict dict;
	size_t         keep_limit, kept;
} modules;


void modules_init(struct by_env *env, size_t keep_limit)
{
	modules.env        = env;
	modules.keep_limit = keep_limit;
	modules.kept       = 0;
	by_dict_init(&modules.dict);
}


static struct module *module_of(struct by_dict_node *node)
{
	return BY_CONTAINER_OF(node, struct module, node);
}


by_status_t modules_get(char const *label, struct module **out)
{
	struct by_dict_node *node = by_dict_find(&modules.dict, label);
	void                *memory;

	if (node) {
		*out = module_of(node);
		return BY_OK;
	}
	by_status_t status = by_alloc(modules.env->heap, sizeof(struct module), &memory);
	if (status != BY_OK)
		return status;

	struct module *module = memory;

	*module = (struct module){ .author = NULL };
	(void)!by_strcopy(module->label, sizeof(module->label), label);
	rom_source_init(&module->source, modules.env);
	status = by_dict_insert(&modules.dict, &module->node, module->label);
	if (status != BY_OK) {
		by_free(modules.env->heap, module, sizeof(*module));
		return status;
	}
	*out = module;

	return BY_OK;
}


/* The server pays for the report no more. */
static void stop_keeping(struct module *module)
{
	modules.kept -= module->kept;
	module->kept  = 0;
}


/* The author is gone: keep the report, if it fits. */
static void inherit(struct module *module, bool keep)
{
	struct by_hid_span const content = rom_source_content(&module->source);
	size_t const pages = (content.size / PAGE + 1) * PAGE + PAGE; /* and for its records */

	module->author = NULL;
	if (keep && pages > modules.keep_limit - modules.kept)
		by_warning("report \"%s\" of %zu bytes vanishes: too much to keep", module->label,
		           content.size);
	if (!keep || pages > modules.keep_limit - modules.kept) {
		rom_source_clear(&module->source);
		return;
	}
	module->kept  = pages;
	modules.kept += pages;
}


static bool useless(struct module const *module)
{
	return !module->reporters && !module->source.current
	       && by_list_empty(&module->source.sessions);
}


static void module_free(struct module *module)
{
	by_dict_remove(&modules.dict, &module->node);
	rom_source_fini(&module->source);
	by_free(modules.env->heap, module, sizeof(*module));
}


void modules_sweep(bool (*keep)(char const *label))
{
	struct by_dict_node *next;

	for (struct by_dict_node *node = by_dict_first(&modules.dict); node; node = next) {
		struct module *const module = module_of(node);

		next = by_dict_next(node);
		if (module->kept && !keep(module->label)) {
			stop_keeping(module);
			rom_source_clear(&module->source);
		}
		if (useless(module))
			module_free(module);
	}
}


/*
 * Reporters
 */

by_status_t reporter_init(struct reporter *reporter, char const *label)
{
	by_status_t const status = modules_get(label, &reporter->module);

	if (status == BY_OK)
		reporter->module->reporters++;

	return status;
}


by_status_t reporter_submit(struct reporter *reporter, void const *content, size_t size)
{
	struct module *const module = reporter->module;
	by_status_t const    status = rom_source_set(&module->source, content, size);

	if (status == BY_OK) {
		stop_keeping(module);
		module->author = reporter;
	}

	return status;
}


void reporter_fini(struct reporter *reporter, bool keep)
{
	struct module *const module = reporter->module;

	module->reporters--;
	if (module->author == reporter)
		inherit(module, keep);
	if (useless(module))
		module_free(module);
	reporter->module = NULL;
}
