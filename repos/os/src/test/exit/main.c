/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component that ends itself with the value that its configuration names.
 */
#include <by/attached.h>
#include <by/env.h>
#include <by/hid.h>
#include <by/log.h>


void component_main(struct by_env *env)
{
	struct by_attached rom;
	struct by_hid_node top;
	int                code = 0;

	if (by_attached_rom_init(env, &rom, "config") == BY_OK) {
		struct by_hid_span const text = { rom.base, rom.size };

		if (by_hid_open(text, &top) == BY_OK)
			code = (int)by_hid_u64(&top, "code", 0);
		by_attached_fini(env, &rom);
	}
	by_log("exit with value %d", code);
	by_exit(env, code);
}
