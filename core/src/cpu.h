/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPU sessions.
 */
#ifndef CORE_CPU_H
#define CORE_CPU_H

#include "thread.h"

/** Create a CPU session with its share. Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS. */
BY_MUST_USE by_status_t cpu_create(struct account *account, unsigned priority,
                                   unsigned weight, unsigned cpu, struct cpu **out);

/* What is done for an item of this type, by the tables in main.c. */
bool     cpu_reap(struct item *item);
by_tag_t cpu_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);

#endif
