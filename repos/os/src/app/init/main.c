/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Init: the children that its configuration, which may change, describes.
 */
#include <by/env.h>
#include <by/log.h>
#include <by/status_name.h>
#include <rom_watch.h>
#include <sandbox.h>

static struct rom_watch config;
static struct sandbox   sandbox;


/* End with the child, as its configuration says. */
static void exited(struct sandbox *self, char const *child, int code)
{
	(void)child;
	by_exit(self->env, code);
}


/* An incomplete document is one that somebody is still writing: the one before stays. */
static void config_changed(struct rom_watch *watch)
{
	by_status_t const status = sandbox_apply(&sandbox, rom_watch_content(watch));

	if (status != BY_OK)
		by_error("the configuration is not applied: %s", by_status_name(status));
}


void component_main(struct by_env *env)
{
	static struct sandbox_ops const ops = { .exited = exited };

	by_status_t status = sandbox_init(&sandbox, env, &(struct sandbox_args){ .ops = &ops });

	if (status == BY_OK)
		status = rom_watch_open(&config, env, "config", config_changed);
	if (status != BY_OK)
		by_error("init cannot begin: %s", by_status_name(status));
}
