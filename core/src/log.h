/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * LOG sessions, and readable reports of what nobody else reports.
 */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include "thread.h"

BY_MUST_USE by_status_t log_create(struct account *account, const char *label,
                                   struct item **item);

/** Report a fault that has no handler. */
void log_fault(struct thread const *thread);

/* What is done for an item of this type, by the tables in main.c. */
by_tag_t log_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);

#endif
