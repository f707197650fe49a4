/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls with scalars only, whose instructions compile.sh counts.
 */
#define BY_COUNTER_SELF struct server

struct server;

#include <by/session/counter_server.h>

by_status_t call_add(struct by_counter *counter, uint32_t n, uint64_t *total);
by_tag_t dispatch_add(struct server *server, const struct by_counter_ops *ops, by_tag_t tag,
                      struct by_message *msg);


by_status_t call_add(struct by_counter *counter, uint32_t n, uint64_t *total)
{
	return by_counter_add(counter, n, total);
}


by_tag_t dispatch_add(struct server *server, const struct by_counter_ops *ops, by_tag_t tag,
                      struct by_message *msg)
{
	return by_counter__add(server, ops, tag, msg);
}
