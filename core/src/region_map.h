/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interface of region maps.
 */
#ifndef CORE_REGION_MAP_H
#define CORE_REGION_MAP_H

#include "item.h"

/* What is done for an item of type ITEM_MAP, by the table in main.c. */
by_tag_t region_map_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);

#endif
