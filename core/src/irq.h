/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IRQ sessions.
 */
#ifndef CORE_IRQ_H
#define CORE_IRQ_H

#include "item.h"
#include "request.h"

by_status_t irq_create(struct request const *request, struct item **item);

/* What is done for an item of this type, by the tables in main.c. */
bool     irq_reap(struct item *item);
by_tag_t irq_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);

#endif
