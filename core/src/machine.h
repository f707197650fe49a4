/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Machine sessions.
 */
#ifndef CORE_MACHINE_H
#define CORE_MACHINE_H

#include "item.h"
#include "request.h"

by_status_t machine_create(struct request const *request, struct item **item);

/* What is done for an item of this type, by the table in main.c. */
by_tag_t machine_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);

#endif
