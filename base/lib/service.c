/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Services.
 */
#include <by/env.h>
#include <by/service.h>


by_status_t by_service_provide(struct by_env *env, struct by_service *service,
                               struct by_rpc_interface const *interface, void const *ops)
{
	service->env       = env;
	service->interface = interface;
	service->ops       = ops;
	if (!service->endpoint)
		service->endpoint = env->endpoint;

	return BY_OK;
}


by_status_t by_service_publish(struct by_service *service, struct by_object *session,
                               void *self)
{
	return by_object_publish(service->endpoint, session, service->interface, service->ops,
	                         self);
}
