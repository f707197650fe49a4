/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Init: the children that its configuration, which may change, describes.
 */
#include <by/attached.h>
#include <by/env.h>
#include <by/log.h>
#include <by/status_name.h>
#include <sandbox.h>

static struct {
	struct by_env           *env;
	struct by_attached       config;
	struct by_signal_handler changed;
	struct sandbox           sandbox;
} init;


/* End with the child, as its configuration says. */
static void exited(struct sandbox *sandbox, char const *child, int code)
{
	(void)child;
	by_exit(sandbox->env, code);
}


/* An incomplete document is one that somebody is still writing: the next one counts. */
static void apply(void)
{
	by_status_t const status = sandbox_apply(&init.sandbox, (struct by_hid_span){
	                                         init.config.base, init.config.size });
	if (status != BY_OK)
		by_error("the configuration is not applied: %s", by_status_name(status));
}


static void config_changed(struct by_signal_handler *handler, unsigned count)
{
	(void)handler, (void)count;
	if (by_attached_rom_update(init.env, &init.config) == BY_OK)
		apply();
}


void component_main(struct by_env *env)
{
	static struct sandbox_ops const ops = { .exited = exited };

	struct sandbox_args const args = { .ops = &ops };
	by_status_t               status = sandbox_init(&init.sandbox, env, &args);

	init.env = env;
	if (status == BY_OK)
		status = by_attached_rom_init(env, &init.config, "config");
	if (status == BY_OK)
		status = by_signal_handler_init(&init.changed, env->endpoint,
		                                BY_SIGNAL_APPLICATION, config_changed);
	if (status == BY_OK)
		status = by_rom_sigh(&init.config.rom, init.changed.target.cap);
	if (status == BY_OK)
		apply();
	else
		by_error("init cannot begin: %s", by_status_name(status));
}
