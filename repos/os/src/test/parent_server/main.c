/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenario parent: the server, which a client can kill by asking for the wrong session.
 */
struct counter;
#define BY_COUNTER_SELF struct counter

#include <by/container.h>
#include <by/label.h>
#include <by/service.h>
#include <by/session/counter_server.h>
#include <by/string.h>
#include <check.h>

struct counter {
	struct by_service_session session;
	uint64_t                  total;
};


static by_status_t add(struct counter *counter, uint32_t n, uint64_t *total)
{
	*total = counter->total += n;

	return BY_OK;
}


static by_status_t open(struct by_service_session *session,
                        struct by_service_request const *request)
{
	char const *const last = by_label_last(request->label);

	(void)session;
	if (!by_strcmp(last, "poison"))
		__builtin_trap();

	return by_strcmp(last, "nothing") ? BY_OK : BY_LIMIT;
}


void component_main(struct by_env *env)
{
	static struct by_counter_ops const ops = { .add = add };
	static struct by_service service = { .size = sizeof(struct counter), .open = open };

	check_need(env, by_counter_provide(env, &service, &ops), "service");
}
