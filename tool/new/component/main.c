/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * @NAME@: says what its configuration wants it to say, and ends.
 */
#include <by/attached.h>
#include <by/env.h>
#include <by/hid.h>
#include <by/log.h>
#include <by/status_name.h>


/* The schema, config.hsd, has made sure of the attributes and their form. */
static by_status_t work(struct by_hid_span config)
{
	struct by_hid_node top;
	struct by_hid_span text = { "nothing", 7 };

	by_status_t const status = by_hid_open(config, &top);
	if (status != BY_OK)
		return status;

	(void)by_hid_attr(&top, "say", &text);
	uint64_t const times = by_hid_u64(&top, "times", 1);
	for (uint64_t i = 1; i <= times; i++)
		by_log("%llu: %.*s", (unsigned long long)i, (int)text.size, text.base);

	return BY_OK;
}


void component_main(struct by_env *env)
{
	struct by_attached rom;

	by_status_t status = by_attached_rom_init(env, &rom, "config");
	if (status == BY_OK) {
		status = work((struct by_hid_span){ rom.base, rom.size });
		by_attached_fini(env, &rom);
	}
	if (status != BY_OK)
		by_error("@NAME@ cannot work: %s", by_status_name(status));
	by_exit(env, status == BY_OK ? 0 : 1);
}
