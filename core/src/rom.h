/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ROM sessions, and the boot modules behind them.
 */
#ifndef CORE_ROM_H
#define CORE_ROM_H

#include "item.h"
#include "request.h"
#include <by/boot_info.h>

by_status_t rom_create(struct request const *request, struct item **item);

/** Make what core tells about the machine, in a page of its own. Needs accounts. */
void rom_init(void);

/** Print the last lines of the log before the reset, if there is one. */
void rom_show_previous_log(void);

/** That page. */
by_paddr_t rom_platform(void);

/** A boot module by name. Errors: BY_NOT_FOUND. */
BY_MUST_USE by_status_t rom_module(const char *name, struct by_boot_region *content,
                                   uint64_t *size);

/* What is done for an item of this type, by the tables in main.c. */
bool     rom_reap(struct item *item);
by_tag_t rom_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);

#endif
