/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dispatchers of core's interfaces, by item type; see main.c.
 */
#ifndef CORE_SERVER_H
#define CORE_SERVER_H

#include "item.h"

by_tag_t pd_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);
by_tag_t cpu_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);
by_tag_t map_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);
by_tag_t ds_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);
by_tag_t rm_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);
by_tag_t rom_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);
by_tag_t log_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);
by_tag_t io_mem_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);
by_tag_t io_port_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);
by_tag_t irq_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);
by_tag_t parent_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);

/* Functions that go on with the end of items of a type, see item_doom(). */
bool pd_reap(struct item *item);
bool cpu_reap(struct item *item);
bool thread_reap(struct item *item);
bool rm_reap(struct item *item);
bool rom_reap(struct item *item);
bool io_reap(struct item *item);
bool irq_reap(struct item *item);
bool part_reap(struct item *item);
bool parent_reap(struct item *item);

#endif
