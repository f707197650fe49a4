/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * @NAME@_client: a client of the service @SERVICE@.
 */
#include <by/env.h>
#include <by/log.h>
#include <by/session/@NAME@.h>
#include <by/status_name.h>


static by_status_t use(struct by_@NAME@ *session)
{
	uint64_t total;

	by_status_t status = by_@NAME@_add(session, 3, &total);
	if (status == BY_OK)
		status = by_@NAME@_add(session, 4, &total);
	if (status != BY_OK)
		return status;

	by_log("3 and 4 are %llu", (unsigned long long)total);
	status = by_@NAME@_add(session, 1000, &total);
	by_log("1000 more: %s", by_status_name(status));

	return status == BY_LIMIT ? BY_OK : BY_INVALID;
}


void component_main(struct by_env *env)
{
	static struct by_@NAME@ session;

	by_status_t status = by_@NAME@_open(env, "first", &session);
	if (status == BY_OK) {
		status = use(&session);
		by_@NAME@_close(env, &session);
	}
	if (status != BY_OK)
		by_error("@NAME@ does not work: %s", by_status_name(status));
	by_exit(env, status == BY_OK ? 0 : 1);
}
