/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Children from configuration nodes.
 */
#include <by/container.h>
#include <by/log.h>
#include <by/status_name.h>
#include <nursery.h>

/* What every child can have: of the devices, nothing. */
static char const *const services[] = { "ROM", "LOG", "RM", "PD", "CPU" };

_Static_assert(sizeof(services) / sizeof(services[0]) + 2 + NURSERY_OWN <= NURSERY_ROUTES,
               "room for the configuration and the end of the table");


struct nursery_child *nursery_child_of(struct by_child *child)
{
	return BY_CONTAINER_OF(child, struct nursery_child, child);
}


static by_status_t set_routes(struct nursery_child *child, struct by_route const *own)
{
	struct by_route *route = child->routes;

	for (; own && own->service; own++) {
		if (route == child->routes + NURSERY_OWN)
			return BY_LIMIT;
		*route++ = *own;
	}
	*route++ = (struct by_route){
		.service = "ROM", .last = "config", .local = &child->config.service,
	};
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		*route++ = (struct by_route){ .service = services[i] };
	*route = (struct by_route){ .service = NULL };

	return BY_OK;
}


/* The module's name, in a sub node or an attribute, or else the child's. */
static by_status_t copy_binary(struct by_hid_node const *node, char *name, size_t size)
{
	struct by_hid_node sub;

	if (by_hid_first_of(node, "binary", &sub))
		return by_hid_copy(&sub, "name", name, size);

	by_status_t const status = by_hid_copy(node, "binary", name, size);

	return status == BY_NOT_FOUND ? by_hid_copy(node, "name", name, size) : status;
}


static by_status_t create(struct by_env *env, struct nursery_child *child,
                          struct nursery_args const *wanted, char const *name,
                          char const *binary)
{
	struct by_hid_node const  *node = wanted->node;
	struct by_child_args const args = {
		.name       = name,
		.program    = binary,
		.binary     = &child->binary,
		.ram        = (size_t)by_hid_u64(node, "ram", NURSERY_RAM),
		.caps       = (size_t)by_hid_u64(node, "caps", NURSERY_CAPS),
		.stack_size = (size_t)by_hid_u64(node, "stack", 0),
		.priority   = (uint32_t)by_hid_u64(node, "priority", NURSERY_PRIORITY),
		.routes     = child->routes,
		.ops        = wanted->ops,
	};
	struct by_hid_node config;
	bool const         has_config = by_hid_first_of(node, "config", &config);
	by_status_t        status = nursery_rom_init(env, &child->config,
	                                             has_config ? &config : NULL);

	if (status != BY_OK)
		return status;

	status = set_routes(child, wanted->own);
	if (status == BY_OK)
		status = by_child_create(env, &child->child, &args);

	return status == BY_OK ? by_child_start(&child->child) : status;
}


by_status_t nursery_start(struct by_env *env, struct nursery_child *child,
                          struct nursery_args const *args)
{
	struct by_hid_span const given = by_hid_name(args->node);
	char        name[BY_CHILD_NAME + 1], binary[BY_CHILD_NAME + 1] = "?";
	by_status_t status = BY_INVALID;

	*child = (struct nursery_child){ .child.env = env };
	if (by_hid_copy(args->node, "name", name, sizeof(name)) == BY_OK
	    && copy_binary(args->node, binary, sizeof(binary)) == BY_OK)
		status = by_attached_rom_init(env, &child->binary, binary);
	if (status == BY_OK)
		status = create(env, child, args, name, binary);
	if (status != BY_OK) {
		by_error("child \"%.*s\" (binary \"%s\") could not be started: %s", (int)given.size,
		         given.base, binary, by_status_name(status));
		nursery_end(env, child);
	}

	return status;
}


void nursery_end(struct by_env *env, struct nursery_child *child)
{
	by_child_destroy(&child->child);
	nursery_rom_fini(env, &child->config);
	by_attached_fini(env, &child->binary);
}


struct by_pd_balance nursery_balance(struct by_env *env)
{
	struct by_pd_balance result = { .ram_quota = 0 };

	if (by_pd_account(&env->pd, &result) != BY_OK)
		by_error("the account does not answer");

	return result;
}


by_status_t nursery_own_config(struct by_env *env, struct by_attached *rom,
                               struct by_hid_node *top)
{
	by_status_t status = by_attached_rom_init(env, rom, "config");

	if (status != BY_OK) {
		by_error("no configuration: %s", by_status_name(status));
		return status;
	}
	struct by_hid_span const text = { rom->base, rom->size };

	status = by_hid_open(text, top);
	if (status != BY_OK)
		by_error("the configuration is no HID document: %s", by_status_name(status));

	return status;
}
