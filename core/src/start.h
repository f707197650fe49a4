/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first component.
 */
#ifndef CORE_START_H
#define CORE_START_H

#include "account.h"

/** Create, load and start it. */
void start_init(struct account *donor, uint64_t ram, uint64_t caps);

#endif
