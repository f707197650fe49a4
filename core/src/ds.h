/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dataspaces.
 */
#ifndef CORE_DS_H
#define CORE_DS_H

#include "map.h"

/** Initialise a dataspace's record, whose item exists. */
void ds_init(struct ds *ds, by_paddr_t pa, uint64_t size, uint32_t flags, uint32_t cache);

/** Allocate RAM as a dataspace, not yet cleared. */
BY_MUST_USE by_status_t ds_create_ram(struct account *account, uint64_t size,
                                      unsigned align, uint64_t limit, uint32_t cache,
                                      struct ds **ds);

/** Clear its memory from byte 'from' up to 'end', which are whole pages. */
void ds_clear(struct ds const *ds, uint64_t from, uint64_t end);

/** A dataspace over memory that nobody allocated: a module, device memory. */
BY_MUST_USE by_status_t ds_create_fixed(struct account *account, by_paddr_t pa,
                                        uint64_t size, uint32_t flags, uint32_t cache,
                                        struct ds **ds);

/** Go on making it read-only for good. It cannot be mapped writeable from the first call on. */
BY_MUST_USE bool ds_seal(struct ds *ds);

/** Whether others still use RAM whose owner ends. */
bool ds_shared(struct ds const *ds);

/**
 * Leave RAM whose owner ends to another account, which gets the quota for it, too, until
 * nobody has it attached any more. Not what is attached in more than DS_HEIRS places, nor
 * if something is lacking.
 */
void ds_bequeath(struct ds *ds, struct account *heir);

enum { DS_HEIRS = 8 };

/** Go on detaching a dataspace everywhere and freeing it; true when it is gone. */
BY_MUST_USE bool ds_reap(struct item *item);

/* What is done for an item of this type, by the table in main.c. */
by_tag_t ds_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);

#endif
