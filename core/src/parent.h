/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core as the parent of the first component.
 */
#ifndef CORE_PARENT_H
#define CORE_PARENT_H

#include "pd.h"

/** Make the parent interface for the first component. Errors: BY_OUT_OF_RAM. */
BY_MUST_USE by_status_t parent_create(struct pd *client, struct item **item);

/* What is done for an item of this type, by the tables in main.c. */
bool     parent_reap(struct item *item);
by_tag_t parent_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);

#endif
