/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints a ROM whenever it changes.
 */
#include <by/env.h>
#include <by/log.h>
#include <by/status_name.h>
#include <rom_config.h>

enum { NAME = 128 };

static struct {
	struct by_env    *env;
	struct rom_config config;
	struct rom_watch  watch;
	char              name[NAME + 1];
	uint64_t          left; /* contents until the end, 0: for ever */
} logger;


static void print_lines(struct by_hid_span text)
{
	for (size_t at = 0, end; at < text.size; at = end + 1) {
		for (end = at; end < text.size && text.base[end] != '\n'; end++)
			;
		by_log("  %.*s", (int)(end - at), text.base + at);
	}
}


static void changed(struct rom_watch *watch)
{
	struct by_hid_span const text = rom_watch_content(watch);

	if (watch->status == BY_OK)
		by_log("ROM \"%s\", %zu bytes", logger.name, text.size);
	else
		by_log("ROM \"%s\": %s", logger.name, by_status_name(watch->status));
	print_lines(text);
	if (logger.left && --logger.left == 0)
		by_exit(logger.env, 0);
}


static void configure(struct rom_config *config)
{
	if (by_hid_copy(&config->top, "rom", logger.name, sizeof(logger.name)) != BY_OK) {
		by_error("config: no attribute \"rom\", or too long");
		return;
	}
	logger.left = by_hid_u64(&config->top, "exit_after", 0);
	rom_watch_fini(&logger.watch);
	rom_watch_begin(&logger.watch, logger.env, logger.name, changed);
}


void component_main(struct by_env *env)
{
	logger.env = env;
	if (rom_config_open(&logger.config, env, configure) != BY_OK)
		by_exit(env, 1);
}
