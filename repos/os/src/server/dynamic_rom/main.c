/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ROMs that change by a script.
 */
#include <by/clock.h>
#include <by/container.h>
#include <by/env.h>
#include <by/list.h>
#include <by/log.h>
#include <by/status_name.h>
#include <by/string.h>
#include <by/timeout.h>
#include <rom_config.h>
#include <rom_service.h>

enum { NAME = 64, TEXT = 64 * 1024 };

/* A ROM with its script. It stays when its script goes, for those who look at it. */
struct script {
	struct by_list_node node;
	char                name[NAME + 1];
	struct rom_source   source;
	struct by_timeout   timeout;
	struct by_hid_node  rom;   /* of the configuration, */
	struct by_hid_node  step;  /* and the next one in it */
	bool                alive, repeat;
	bool                slept; /* since the first step */
};

static struct {
	struct by_env     *env;
	struct rom_config  config;
	struct rom_service service;
	struct by_list     scripts;
	bool               verbose;
} server;


static struct script *script_of(struct by_list_node *node)
{
	return BY_CONTAINER_OF(node, struct script, node);
}


static struct script *find_script(char const *name)
{
	BY_LIST_EACH(&server.scripts, node)
		if (!by_strcmp(script_of(node)->name, name))
			return script_of(node);

	return NULL;
}


/*
 * Steps
 */

static void write_node(struct by_hid_writer *writer, void *node)
{
	by_hid_write_node(writer, node);
}


/* The quoted lines as they are. */
static by_status_t set_text(struct script *script, struct by_hid_node const *step)
{
	size_t const size = by_hid_quoted(step, NULL, 0);
	void        *text;

	if (size > TEXT)
		return BY_LIMIT;

	by_status_t status = by_alloc(server.env->heap, size + 1, &text);
	if (status != BY_OK)
		return status;

	(void)!by_hid_quoted(step, text, size);
	status = rom_source_set(&script->source, text, size);
	by_free(server.env->heap, text, size + 1);

	return status;
}


static void set_content(struct script *script, struct by_hid_node const *step)
{
	struct by_hid_node       content;
	bool const               document = by_hid_first(step, &content);
	by_status_t const        status   = document
		? rom_source_write(&script->source, write_node, &content) : set_text(script, step);

	if (status != BY_OK)
		by_error("rom \"%s\": content not set: %s", script->name, by_status_name(status));
}


static void describe(struct script const *script, struct by_hid_node const *step)
{
	struct by_hid_span text;

	if (server.verbose && by_hid_attr(step, "description", &text))
		by_log("rom \"%s\": %.*s", script->name, (int)text.size, text.base);
}


/* Do a step; false if it has to wait before the next one. */
static bool do_step(struct script *script)
{
	struct by_hid_node const *const step = &script->step;
	struct by_hid_span const        type = by_hid_type(step);
	uint64_t const                  ms   = by_hid_u64(step, "milliseconds", 0);

	describe(script, step);
	if (by_hid_type_is(step, "inline")) {
		set_content(script, step);
	} else if (by_hid_type_is(step, "empty")) {
		rom_source_clear(&script->source);
	} else if (!by_hid_type_is(step, "sleep")) {
		by_error("rom \"%s\": unknown step \"%.*s\"", script->name, (int)type.size, type.base);
	} else if (ms == 0) {
		by_error("rom \"%s\": sleep without milliseconds", script->name);
	} else {
		/* one that cannot sleep goes on, but not for ever */
		by_status_t const status = by_timeout_start(&script->timeout, by_us_of_ms(ms));

		script->slept = status == BY_OK;
		if (status == BY_OK)
			return false;
		by_error("rom \"%s\": no sleep: %s", script->name, by_status_name(status));
	}

	return true;
}


/* Go on to the next step; false at the end of the script. */
static bool advance(struct script *script)
{
	if (by_hid_next(&script->step))
		return true;

	bool const again = script->repeat && script->slept;

	script->slept = false;

	return again && by_hid_first(&script->rom, &script->step);
}


static void run(struct script *script)
{
	while (do_step(script))
		if (!advance(script))
			return;
}


static void wake(struct by_timeout *timeout)
{
	struct script *const script = BY_CONTAINER_OF(timeout, struct script, timeout);

	if (advance(script))
		run(script);
}


/*
 * Configuration
 */

static by_status_t create(char const *name, struct script **out)
{
	void             *memory;
	by_status_t const status = by_alloc(server.env->heap, sizeof(struct script), &memory);

	if (status != BY_OK)
		return status;

	struct script *const script = memory;

	*script = (struct script){ .alive = false };
	(void)!by_strcopy(script->name, sizeof(script->name), name);
	rom_source_init(&script->source, server.env);
	by_timeout_init(&script->timeout, server.env->endpoint, wake);
	by_list_append(&server.scripts, &script->node);
	*out = script;

	return BY_OK;
}


static void start(struct by_hid_node const *rom, unsigned number)
{
	char           name[NAME + 1];
	by_status_t    status = by_hid_copy(rom, "name", name, sizeof(name));
	struct script *script = status == BY_OK ? find_script(name) : NULL;

	if (status == BY_OK && script && script->alive)
		status = BY_EXISTS;
	if (status == BY_OK && !script)
		status = create(name, &script);
	if (status != BY_OK) {
		by_error("config: rom %u: %s", number, by_status_name(status));
		return;
	}
	script->alive  = true;
	script->rom    = *rom;
	script->repeat = by_hid_bool(rom, "repeat", true);
	script->slept  = false;
	if (by_hid_first(rom, &script->step))
		run(script);
	else
		rom_source_clear(&script->source);
}


static void destroy(struct script *script)
{
	by_list_remove(&script->node);
	rom_source_fini(&script->source);
	by_free(server.env->heap, script, sizeof(*script));
}


static void configure(struct rom_config *config)
{
	struct by_hid_node rom;
	unsigned           number = 0;

	server.verbose = by_hid_bool(&config->top, "verbose", false);
	BY_LIST_EACH(&server.scripts, node) {
		by_timeout_stop(&script_of(node)->timeout);
		script_of(node)->alive = false;
	}
	for (bool more = by_hid_first_of(&config->top, "rom", &rom); more;
	     more = by_hid_next_of(&rom, "rom"))
		start(&rom, ++number);
	BY_LIST_EACH_SAFE(&server.scripts, node)
		if (!script_of(node)->alive)
			destroy(script_of(node));
	rom_service_find_again(&server.service);
}


static by_status_t find(struct rom_service *service, char const *label,
                        struct rom_source **source)
{
	struct script *const script = find_script(by_label_last(label));

	(void)service;
	if (!script)
		return BY_DENIED;

	*source = &script->source;

	return BY_OK;
}


void component_main(struct by_env *env)
{
	server.env     = env;
	server.service = (struct rom_service){ .find = find };
	by_list_init(&server.scripts);
	by_list_init(&server.service.sessions);

	by_status_t status = rom_config_open(&server.config, env, configure);
	if (status == BY_OK)
		status = rom_service_provide(env, &server.service);
	if (status != BY_OK) {
		by_error("no service: %s", by_status_name(status));
		by_exit(env, 1);
	}
}
