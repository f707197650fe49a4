/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Console: runs children and talks about them, and about the whole machine, to whoever sits at
 * a terminal. README has the commands.
 */
#include "console.h"
#include <by/env.h>
#include <by/log.h>
#include <by/status_name.h>
#include <rom_config.h>

struct console console;


/* Those that offer services end the console no more than others do. */
static void exited(struct sandbox *sandbox, char const *child, int code)
{
	(void)sandbox;
	by_log("child \"%s\" has ended with %d", child, code);
}


static void configure(struct rom_config *config)
{
	plan_set((struct by_hid_span){ config->text, config->size });
}


static by_status_t begin(struct by_env *env)
{
	static struct sandbox_ops const  ops = { .exited = exited };
	static struct by_route           local[] = {
		{ .service = "Report" }, { .service = NULL },
	};
	static struct sandbox_args const args = { .ops = &ops, .local = local };
	static struct rom_config         config;

	local[0].local = state_service(env);
	by_status_t status = sandbox_init(&console.sandbox, env, &args);
	if (status == BY_OK)
		status = rom_config_open(&config, env, configure);
	if (status == BY_OK)
		terminals_begin(&config.top);

	return status;
}


void component_main(struct by_env *env)
{
	console.env            = env;
	tree_begin(env);
	log_begin(env);
	console.machine_status = by_machine_open(env, "", &console.machine);

	by_status_t const status = begin(env);

	if (status != BY_OK) {
		by_error("the console cannot begin: %s", by_status_name(status));
		by_exit(env, 1);
	}
}
