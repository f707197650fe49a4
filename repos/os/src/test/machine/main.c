/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Resets the machine, and switches it off when it has come up again, which the log of the
 * boot before tells. Before that it waits for a child that may do neither, and so was denied.
 */
#include <by/attached.h>
#include <by/session/machine.h>
#include <by/session/probe.h>
#include <check.h>


static bool booted_again(struct by_env *env)
{
	struct by_attached log;

	if (by_attached_rom_init(env, &log, "previous_log") != BY_OK)
		return false;

	by_attached_fini(env, &log);

	return true;
}


void component_main(struct by_env *env)
{
	struct by_machine machine;
	struct by_probe   probe;

	check_need(env, by_probe_open(env, "", &probe), "Probe");
	CHECK_STATUS(by_machine_open(env, "not this one", &machine), BY_DENIED);
	check_need(env, by_machine_open(env, "this one", &machine), "Machine");
	if (!booted_again(env)) {
		by_log("the first boot");
		by_log("reset: %s", by_status_name(by_machine_reset(&machine)));
	} else {
		by_log("the next boot");
		by_log("power off: %s", by_status_name(by_machine_poweroff(&machine)));
	}

	/* there was no way to do that */
	by_machine_close(env, &machine);
	by_probe_close(env, &probe);
	check_finish(env, "machine");
}
