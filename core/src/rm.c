/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RM sessions: managed dataspaces.
 */
#define BY_RM_SELF struct rm
#include "rm.h"
#include "ds.h"
#include "work.h"
#include <by/container.h>

struct rm {
	struct item    item;
	struct by_list maps;
	unsigned       repeats; /* see item_freeable() */
};

/** A map of an RM session. */
struct rm_map {
	struct map          map;   /* first: its item is the record */
	struct rm          *rm;
	struct by_list_node node;
};

#include <by/session/rm_server.h>


by_status_t rm_create(struct request const *request, struct item **item)
{
	void       *record;
	by_status_t status = item_create_object(request->account, ITEM_RM, sizeof(struct rm), &record);

	if (status != BY_OK)
		return status;

	struct rm *rm = record;
	by_list_init(&rm->maps);
	*item = &rm->item;

	return BY_OK;
}


/** A doomed map comes first in its session. */
static void doom_map(struct rm_map *rm_map)
{
	if (rm_map->map.item.dying)
		return;

	by_list_remove(&rm_map->node);
	by_list_prepend(&rm_map->rm->maps, &rm_map->node);
	item_doom(&rm_map->map.item);
}


static bool reap_map(struct rm_map *rm_map)
{
	struct map *map = &rm_map->map;

	/* first what leads to it: then nobody sees what is attached in it */
	if (!item_drop_kernel(&map->item) || (map->ds && !ds_reap(&map->ds->item))
	    || !map_reap(map) || !work(WORK_FREE))
		return false;

	by_list_remove(&rm_map->node);
	item_end(&map->item);

	return true;
}


/** Go on with the ends of maps: those that are doomed, or of all. */
static bool reap_maps(struct rm *rm, bool all)
{
	struct by_list_node *node;

	while ((node = by_list_first(&rm->maps))) {
		struct rm_map *rm_map = BY_CONTAINER_OF(node, struct rm_map, node);
		if (!all && !rm_map->map.item.dying)
			break;
		doom_map(rm_map);
		if (!reap_map(rm_map))
			return false;
	}

	return true;
}


bool rm_reap(struct item *item)
{
	if (!item_drop_kernel(item) || !reap_maps(BY_CONTAINER_OF(item, struct rm, item), true)
	    || !work(WORK_FREE))
		return false;

	item_end(item);

	return true;
}


static by_status_t create(struct rm *rm, uint64_t size, by_cap_t *cap)
{
	uint64_t    bytes = phys_round(size);
	void       *record;

	if (!size || bytes < size)
		return BY_INVALID;

	by_status_t status = item_create_object(rm->item.account, ITEM_MAP, sizeof(struct rm_map),
	                                        &record);
	if (status != BY_OK)
		return status;

	struct rm_map *rm_map = record;
	item_subordinate(&rm_map->map.item);
	map_init(&rm_map->map, rm->item.account, NULL, 0, bytes);
	rm_map->rm = rm;
	by_list_append(&rm->maps, &rm_map->node);
	*cap = item_cap(&rm_map->map.item);

	return BY_OK;
}


static by_status_t destroy(struct rm *rm, struct by_cap_arg *arg)
{
	struct map *map = (struct map *)item_of_arg(arg, ITEM_MAP);

	if (map && (map->space || BY_CONTAINER_OF(map, struct rm_map, map)->rm != rm))
		return BY_DENIED;
	if (!item_freeable(map, arg, &rm->repeats))
		return BY_BAD_CAP;
	if (map)
		doom_map(BY_CONTAINER_OF(map, struct rm_map, map));

	return item_freed(map, reap_maps(rm, false), &rm->repeats);
}


static const struct by_rm_ops ops = { .create = create, .destroy = destroy };


by_tag_t rm_dispatch(struct item *item, by_tag_t tag, struct by_message *msg)
{
	return by_rm_dispatch(item, &ops, tag, msg);
}
