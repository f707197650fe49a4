/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Children of tests.
 */
#include <by/string.h>
#include <test_child.h>

/* What every child can have: of the devices, nothing. */
static char const *const services[] = { "ROM", "LOG", "RM", "PD", "CPU" };

_Static_assert(sizeof(services) / sizeof(services[0]) + 3 == TEST_CHILD_ROUTES,
               "room for a service of ours, the configuration and the end of the table");


static void set_routes(struct test_child *child, struct test_child_args const *args)
{
	struct by_route *route = child->routes;

	if (args->service)
		*route++ = (struct by_route){ .service = args->service, .local = args->local };
	*route++ = (struct by_route){
		.service = "ROM", .last = "config", .local = &child->config_service.service,
	};
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		*route++ = (struct by_route){ .service = services[i] };
	*route = (struct by_route){ .service = NULL };
}


static by_status_t create(struct by_env *env, struct test_child *child,
                          struct test_child_args const *args)
{
	struct by_cpu_args own;
	by_status_t        status = by_cpu_info(&env->cpu, &own);

	if (status == BY_OK)
		status = by_attached_rom_init(env, &child->binary, args->binary);
	if (status == BY_OK && args->config)
		status = rom_source_set(&child->config, args->config, by_strlen(args->config));
	if (status == BY_OK)
		status = by_child_create(env, &child->child, &(struct by_child_args){
			.name = args->name, .program = args->binary, .binary = &child->binary,
			.ram = args->ram, .caps = args->caps, .priority = own.priority ? own.priority - 1 : 0,
			.routes = child->routes, .ops = args->ops });

	return status == BY_OK ? by_child_start(&child->child) : status;
}


by_status_t test_child_start(struct by_env *env, struct test_child *child,
                             struct test_child_args const *args)
{
	*child = (struct test_child){
		.child.env = env,
		.config_service = { .only = &child->config, .free_of_charge = true },
	};
	rom_source_init(&child->config, env);
	rom_service_local(env, &child->config_service);
	set_routes(child, args);
	by_status_t const status = create(env, child, args);

	if (status != BY_OK)
		test_child_end(child);

	return status;
}


void test_child_end(struct test_child *child)
{
	by_child_destroy(&child->child);
	rom_source_fini(&child->config);
	by_attached_fini(child->child.env, &child->binary);
}
