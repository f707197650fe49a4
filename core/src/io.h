/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IO_MEM and IO_PORT sessions.
 */
#ifndef CORE_IO_H
#define CORE_IO_H

#include "item.h"
#include "request.h"

by_status_t io_mem_create(struct request const *request, struct item **item);
by_status_t io_port_create(struct request const *request, struct item **item);

/* What is done for items of these types, by the tables in main.c. */
bool     io_reap(struct item *item);
by_tag_t io_mem_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);
by_tag_t io_port_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);

#endif
