/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Region maps as RPC objects.
 */
#define BY_REGION_MAP_SELF struct map
#include "region_map.h"
#include "ds.h"
#include <by/object/region_map_server.h>


static by_status_t attach(struct map *map, struct by_cap_arg *ds, uint64_t offset,
                          uint64_t size, uint64_t at, uint32_t flags, uint64_t *address)
{
	struct item *item = item_of_arg(ds, ITEM_DS);
	struct attach_args args = { offset, size, at,
	                            flags & (BY_ATTACH_WRITE | BY_ATTACH_EXEC | BY_ATTACH_AT) };

	if (!item)
		return BY_BAD_CAP;

	return map_attach(map, (struct ds *)item, &args, address);
}


static by_status_t detach(struct map *map, uint64_t address)
{
	return map_detach(map, address);
}


static by_status_t fault_sigh(struct map *map, struct by_cap_arg *sigh)
{
	struct item *item = item_of_signal(sigh);

	if (!item && sigh->kind != BY_CAP_NONE)
		return BY_BAD_CAP;

	map_handle(map, item ? BY_CONTAINER_OF(item, struct signal, item) : NULL);

	return map_retry(map) ? BY_OK : BY_AGAIN;
}


static by_status_t fault(struct map *map, uint64_t *address, uint32_t *access)
{
	if (!map_retry(map))
		return BY_AGAIN;

	struct by_list_node *node = by_list_first(&map->waiters);

	if (!node)
		return BY_EMPTY;

	struct waiter *waiter = BY_CONTAINER_OF(node, struct waiter, node);
	*address = waiter->address;
	*access  = waiter->access;

	return BY_OK;
}


static by_status_t dataspace(struct map *map, by_cap_t *cap)
{
	void *record;

	if (map->space)
		return BY_DENIED;

	if (!map->ds) {
		by_status_t status = item_create_object(map->item.account, ITEM_DS,
		                                        sizeof(struct ds), &record);
		if (status != BY_OK)
			return status;
		struct ds *ds = record;
		item_subordinate(&ds->item);
		ds_init(ds, 0, map->size, BY_DS_WRITE | BY_DS_MANAGED, 0);
		ds->managed = map;
		map->ds = ds;
	}
	*cap = item_cap(&map->ds->item);

	return BY_OK;
}


static const struct by_region_map_ops ops = {
	.attach = attach, .detach = detach, .fault_sigh = fault_sigh, .fault = fault,
	.dataspace = dataspace,
};


by_tag_t region_map_dispatch(struct item *item, by_tag_t tag, struct by_message *msg)
{
	return by_region_map_dispatch(item, &ops, tag, msg);
}
