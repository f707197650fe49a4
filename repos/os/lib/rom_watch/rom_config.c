/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Configurations that change. What is read is a copy, so that a broken successor does no harm.
 */
#include <by/alloc.h>
#include <by/container.h>
#include <by/env.h>
#include <by/log.h>
#include <by/mem.h>
#include <by/status_name.h>
#include <rom_config.h>


static by_status_t copy(struct by_env *env, struct by_hid_span from, char **to)
{
	void             *memory;
	by_status_t const status = by_alloc(env->heap, from.size, &memory);

	if (status == BY_OK) {
		memcpy(memory, from.base, from.size);
		*to = memory;
	}

	return status;
}


static by_status_t take_over(struct rom_config *config)
{
	struct by_env *const     env     = config->watch.env;
	struct by_hid_span const content = rom_watch_content(&config->watch);
	struct by_hid_node       top;
	char                    *text;

	if (config->watch.status != BY_OK)
		return config->watch.status;

	by_status_t status = copy(env, content, &text);
	if (status != BY_OK)
		return status;

	status = by_hid_open((struct by_hid_span){ text, content.size }, &top);
	if (status != BY_OK) {
		by_free(env->heap, text, content.size);
		return status;
	}
	if (config->text)
		by_free(env->heap, config->text, config->size);
	config->text = text;
	config->size = content.size;
	config->top  = top;

	return BY_OK;
}


static void look(struct rom_watch *watch)
{
	struct rom_config *const config = BY_CONTAINER_OF(watch, struct rom_config, watch);
	by_status_t const        status = take_over(config);

	if (status == BY_OK)
		config->changed(config);
	else if (config->text)
		by_error("config: %s; the last one stays", by_status_name(status));
}


by_status_t rom_config_open(struct rom_config *config, struct by_env *env,
                            void (*changed)(struct rom_config *config))
{
	*config = (struct rom_config){ .changed = changed };
	by_status_t status = rom_watch_open(&config->watch, env, "config", look);

	if (status == BY_OK && !config->text) {
		status = config->watch.status == BY_OK ? BY_MALFORMED : config->watch.status;
		rom_watch_fini(&config->watch);
	}
	if (status == BY_MALFORMED)
		by_error("config: no complete HID document");
	else if (status != BY_OK)
		by_error("config: %s", by_status_name(status));

	return status;
}
