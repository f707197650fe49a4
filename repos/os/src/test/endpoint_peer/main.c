/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The other component of the scenario 'endpoint': has a relay of its own, makes it the
 * next one of the relay that its session is, and does what its configuration says:
 *
 *     config | role: server       wait for calls
 *     config | role: client       hold in a call until it ends
 */
#include <by/attached.h>
#include <by/env.h>
#include <by/hid.h>
#include <by/log.h>
#include <by/status_name.h>
#include <relay.h>


static void need(struct by_env *env, by_status_t status, char const *what)
{
	if (status == BY_OK)
		return;

	by_error("%s: %s", what, by_status_name(status));
	by_exit(env, 1);
}


static bool is_client(struct by_env *env)
{
	struct by_attached rom;
	struct by_hid_node top;
	struct by_hid_span role = { "", 0 };

	need(env, by_attached_rom_init(env, &rom, "config"), "config");
	struct by_hid_span const text = { rom.base, rom.size };

	need(env, by_hid_open(text, &top), "HID");
	by_hid_attr(&top, "role", &role);
	bool const client = by_hid_span_is(role, "client");

	by_attached_fini(env, &rom);

	return client;
}


void component_main(struct by_env *env)
{
	static struct relay own;
	struct by_relay     above;

	need(env, by_relay_open(env, "", &above), "session");
	need(env, relay_init(&own, env->endpoint, 0xe), "relay");
	own.next = above;
	if (is_client(env)) {
		by_error("the call ended: %s", by_status_name(by_relay_hold(&above)));
		by_exit(env, 1);
	}
	need(env, by_relay_join(&above, own.object.target.cap), "join");
}
