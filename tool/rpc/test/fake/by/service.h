/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What generated server headers need of base, for tests without base.
 */
#ifndef BY_SERVICE_H
#define BY_SERVICE_H

#include <by/rpc.h>

struct by_env;
struct by_service;

void by_service_init(struct by_env *env, struct by_service *service,
                     const struct by_rpc_interface *interface, const void *ops);

BY_MUST_USE by_status_t by_service_provide(struct by_env *env, struct by_service *service,
                                           const struct by_rpc_interface *interface,
                                           const void *ops);

#endif
