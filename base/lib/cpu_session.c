/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPU sessions, whose open call has arguments.
 */
#include <by/session/cpu.h>
#include <by/thread.h>

enum { RAM = 16 * 1024, CAPS = 4 }; /* as in cpu.rpc */


by_status_t by_cpu_obtain(struct by_env *env, char const *label, struct by_cpu_args const *args,
                          struct by_cpu *cpu)
{
	struct by_session_args const session = {
		.service = "CPU", .label = label, .ram = RAM, .caps = CAPS,
		.args = args, .args_len = sizeof(*args),
	};

	return by_session_obtain(env, &session, &cpu->session);
}
