/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ROM made out of others.
 */
#include "filter.h"
#include <by/container.h>
#include <by/env.h>
#include <by/list.h>
#include <by/log.h>
#include <by/status_name.h>
#include <by/string.h>
#include <rom_config.h>
#include <rom_service.h>

enum { NAME = 64 };

/* A ROM that is looked at, for one or more inputs. */
struct rom {
	struct by_list_node node;
	char                label[NAME + 1];
	struct rom_watch    watch;
	bool                used; /* by the present configuration */
};

static struct {
	struct by_env     *env;
	struct rom_config  config;
	struct rom_source  output;
	struct rom_service service;
	struct by_list     roms;
	bool               configuring;
} server;


static struct rom *rom_of(struct by_list_node *node)
{
	return BY_CONTAINER_OF(node, struct rom, node);
}


static struct rom *find(char const *label)
{
	BY_LIST_EACH(&server.roms, node)
		if (!by_strcmp(rom_of(node)->label, label))
			return rom_of(node);

	return NULL;
}


/* The ROM of an input is called as the input, unless the latter says otherwise. */
static by_status_t label_of(struct by_hid_node const *input, char label[NAME + 1])
{
	by_status_t const status = by_hid_copy(input, "rom", label, NAME + 1);

	return status == BY_NOT_FOUND ? by_hid_copy(input, "name", label, NAME + 1) : status;
}


/*
 * Output
 */

/* Each look reads the document again: its text is only borrowed while nothing changes. */
static bool top_of(struct filter const *filter, struct by_hid_span name, struct by_hid_node *top)
{
	struct by_hid_node input;
	struct rom        *rom;
	char               label[NAME + 1];

	if (!filter_input(filter->config, name, &input) || label_of(&input, label) != BY_OK)
		return false;

	rom = find(label);
	if (!rom || rom->watch.status != BY_OK)
		return false;

	return by_hid_open(rom_watch_content(&rom->watch), top) == BY_OK;
}


static void write(struct by_hid_writer *writer, void *arg)
{
	struct filter const filter = { .config = &server.config.top, .rom = top_of };

	filter_write(&filter, arg, writer);
}


static void evaluate(void)
{
	struct by_hid_node output;
	struct by_hid_span type;
	by_status_t        status;

	if (!by_hid_first_of(&server.config.top, "output", &output)
	    || !by_hid_attr(&output, "node", &type)) {
		rom_source_clear(&server.output);
		return;
	}
	status = rom_source_write(&server.output, write, &output);
	if (status != BY_OK)
		by_error("output not written: %s", by_status_name(status));
}


/* Inputs come one by one while the configuration is read: then it waits for all. */
static void changed(struct rom_watch *watch)
{
	struct rom *const rom = BY_CONTAINER_OF(watch, struct rom, watch);

	if (watch->status != BY_OK && watch->status != BY_NOT_FOUND)
		by_warning("input ROM \"%s\": %s", rom->label, by_status_name(watch->status));
	if (!server.configuring)
		evaluate();
}


/*
 * Configuration
 */

static void complain(unsigned node, char const *what, struct by_hid_span detail)
{
	by_error("config: node %u: %s \"%.*s\"", node, what, (int)detail.size, detail.base);
}


static void use(struct by_hid_node const *input)
{
	char        label[NAME + 1];
	void       *memory;
	by_status_t status = label_of(input, label);
	struct rom *rom    = status == BY_OK ? find(label) : NULL;

	if (status == BY_OK && !rom)
		status = by_alloc(server.env->heap, sizeof(struct rom), &memory);
	if (status != BY_OK) {
		struct by_hid_span const name = by_hid_name(input);

		by_error("config: input \"%.*s\": %s", (int)name.size, name.base,
		         by_status_name(status));
		return;
	}
	if (!rom) {
		rom  = memory;
		*rom = (struct rom){ .used = true };
		(void)!by_strcopy(rom->label, sizeof(rom->label), label);
		by_list_append(&server.roms, &rom->node);
		rom_watch_begin(&rom->watch, server.env, rom->label, changed);
	}
	rom->used = true;
}


static void forget(struct rom *rom)
{
	by_list_remove(&rom->node);
	rom_watch_fini(&rom->watch);
	by_free(server.env->heap, rom, sizeof(*rom));
}


static void configure(struct rom_config *config)
{
	struct by_hid_node input;

	server.configuring = true;
	filter_check(&config->top, complain);
	BY_LIST_EACH(&server.roms, node)
		rom_of(node)->used = false;
	for (bool more = by_hid_first_of(&config->top, "input", &input); more;
	     more = by_hid_next_of(&input, "input"))
		use(&input);
	BY_LIST_EACH_SAFE(&server.roms, node)
		if (!rom_of(node)->used)
			forget(rom_of(node));
	server.configuring = false;
	evaluate();
}


void component_main(struct by_env *env)
{
	server.env     = env;
	server.service = (struct rom_service){ .only = &server.output };
	by_list_init(&server.roms);
	rom_source_init(&server.output, env);

	by_status_t status = rom_config_open(&server.config, env, configure);
	if (status == BY_OK)
		status = rom_service_provide(env, &server.service);
	if (status != BY_OK) {
		by_error("no service: %s", by_status_name(status));
		by_exit(env, 1);
	}
}
