/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * LOG sessions: each line goes to core's log with the session's label in front.
 */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include "item.h"

BY_MUST_USE by_status_t log_create(struct account *account, const char *label,
                                   struct item **item);

/* What is done for an item of this type, by the tables in main.c. */
by_tag_t log_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);

#endif
