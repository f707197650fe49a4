/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of items of all types: below them, and defined above them, in main.c.
 */
#ifndef CORE_REAP_H
#define CORE_REAP_H

#include <by/types.h>

struct item;

/** Go on with the end of a doomed item of any type and what depends on it. */
BY_MUST_USE bool item_reap(struct item *item);

#endif
