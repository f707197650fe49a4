/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component that does what its configuration says, and writes a report in the same
 * notation.
 */
#include <by/attached.h>
#include <by/env.h>
#include <by/hid.h>
#include <by/log.h>
#include <by/status_name.h>


static unsigned greet(struct by_hid_node const *node)
{
	struct by_hid_span const name  = by_hid_name(node);
	unsigned const           times = (unsigned)by_hid_u64(node, "times", 1);

	for (unsigned i = 0; i < times; i++)
		by_log("Hello, %.*s!", (int)name.size, name.base);

	return times;
}


/* A report is a document, too. */
static by_status_t report(unsigned greetings, char *text, size_t size)
{
	struct by_hid_writer writer;
	size_t               used;

	by_hid_write_init(&writer, text, size);
	by_hid_write_begin(&writer, "report");
	by_hid_write_u64(&writer, "greetings", greetings);
	by_hid_write_end(&writer);

	by_status_t const status = by_hid_write_finish(&writer, &used);
	if (status == BY_OK)
		text[used < size ? used : size - 1] = 0;

	return status;
}


static by_status_t run(struct by_hid_span config)
{
	struct by_hid_node top, node;
	char               text[100];
	unsigned           greetings = 0;

	by_status_t status = by_hid_open(config, &top);
	if (status != BY_OK)
		return status;

	if (by_hid_first_of(&top, "greet", &node)) {
		do
			greetings += greet(&node);
		while (by_hid_next_of(&node, "greet"));
	}

	status = report(greetings, text, sizeof(text));
	if (status == BY_OK && by_hid_bool(&top, "report", false))
		by_log("%s", text);

	return status;
}


void component_main(struct by_env *env)
{
	struct by_attached rom;

	by_status_t status = by_attached_rom_init(env, &rom, "config");
	if (status == BY_OK) {
		status = run((struct by_hid_span){ rom.base, rom.size });
		by_attached_fini(env, &rom);
	}
	if (status != BY_OK)
		by_error("no greetings: %s", by_status_name(status));
	by_exit(env, status == BY_OK ? 0 : 1);
}
