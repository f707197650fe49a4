/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RM sessions.
 */
#ifndef CORE_RM_H
#define CORE_RM_H

#include "item.h"
#include "request.h"

by_status_t rm_create(struct request const *request, struct item **item);

/* What is done for an item of this type, by the tables in main.c. */
bool     rm_reap(struct item *item);
by_tag_t rm_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);

#endif
