/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the sandbox offers to its own parent: services of its children, each by an uplink
 * (by/uplink.h). The configuration is looked at whenever somebody asks, and when it changes.
 */
#include "start.h"
#include <by/log.h>
#include <by/string.h>


static void end(struct offer *offer)
{
	by_uplink_fini(&offer->uplink);
	by_list_remove(&offer->node);
	by_free(offer->sandbox->env->heap, offer, sizeof(*offer));
}


static bool offered(struct sandbox *sandbox, char const *service)
{
	BY_LIST_EACH(&sandbox->offers, node)
		if (!by_strcmp(offer_of_node(node)->service, service))
			return true;

	return false;
}


static by_status_t begin(struct sandbox *sandbox, char const *service)
{
	void             *memory;
	by_status_t const status = by_alloc(sandbox->env->heap, sizeof(struct offer), &memory);

	if (status != BY_OK)
		return status;

	struct offer *offer = memory;

	*offer = (struct offer){ .sandbox = sandbox };
	(void)!by_strcopy(offer->service, sizeof(offer->service), service);
	offer->uplink.service = offer->service;
	offer->uplink.route   = route_offer;
	by_list_append(&sandbox->offers, &offer->node);

	by_status_t const begun = by_uplink_init(sandbox->env, &offer->uplink);

	if (begun != BY_OK)
		end(offer);

	return begun;
}


static void begin_new(struct sandbox *sandbox)
{
	struct by_hid_node node;

	for (bool more = by_hid_first_of(&sandbox->config, "service", &node); more;
	     more = by_hid_next_of(&node, "service")) {
		struct by_hid_span const given = by_hid_name(&node);
		char                     name[BY_SERVICE_NAME + 1];
		by_status_t              status = by_hid_copy(&node, "name", name, sizeof(name));

		if (status == BY_OK && !offered(sandbox, name))
			status = begin(sandbox, name);
		if (status != BY_OK)
			by_error("service \"%.*s\" is not offered: %s", (int)given.size, given.base,
			         by_status_name(status));
	}
}


/* Sessions that others than before are to have, or nobody, end. */
void offers_apply(struct sandbox *sandbox)
{
	struct by_hid_node node;

	begin_new(sandbox);
	BY_LIST_EACH_SAFE(&sandbox->offers, each) {
		struct offer *offer = offer_of_node(each);

		if (!config_find(&sandbox->config, "service", offer->service, &node)) {
			end(offer);
			continue;
		}
		offer->uplink.limit = (unsigned)by_hid_u64(&node, "limit", BY_UPLINK_SESSIONS);
		by_uplink_review(&offer->uplink);
	}
}


void offers_end(struct sandbox *sandbox)
{
	BY_LIST_EACH_SAFE(&sandbox->offers, each)
		end(offer_of_node(each));
}
