/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accounts: who pays for RAM and capabilities, and with how much.
 *
 * Every page of memory and every capability is charged to exactly one account at
 * any moment. Quota is what an account may use at most; the quotas of all accounts
 * and what core keeps for itself are all there is.
 */
#ifndef CORE_ACCOUNT_H
#define CORE_ACCOUNT_H

#include "phys.h"
#include <by/list.h>

struct account {
	uint64_t ram_quota, ram_used;   /* bytes, always whole pages used */
	uint64_t caps_quota, caps_used;
	uint64_t ram_aside, caps_aside; /* of the quota, neither used nor to be used */
	struct account     *reference;  /* transfers go to it and to those who refer here */
	struct by_list      referrers;  /* accounts whose reference this is */
	struct by_list_node referrer_node;
	struct by_list      items;      /* everything charged here: latest first, what is doomed last */
	struct pool        *records;    /* see pool.h */
	struct pool        *kernel;
};

/** Make an account without quota. Keeps: reference (NULL: none). */
void account_init(struct account *account, struct account *reference);

/** Charge 'pages' pages. Errors: BY_OUT_OF_RAM. */
BY_MUST_USE by_status_t account_charge_ram(struct account *account, size_t pages);
void account_refund_ram(struct account *account, size_t pages);

/** Charge one capability. Errors: BY_OUT_OF_CAPS. */
BY_MUST_USE by_status_t account_charge_cap(struct account *account);
void account_refund_cap(struct account *account);

/**
 * Move quota from one account to another; all of it or nothing.
 *
 * Errors: BY_DENIED unless one is the other's reference; BY_OUT_OF_RAM,
 * BY_OUT_OF_CAPS if it is in use.
 */
BY_MUST_USE by_status_t account_transfer(struct account *from, struct account *to,
                                         uint64_t ram, uint64_t caps);

/** The same for the opener of a session, which may donate to it in any case. */
BY_MUST_USE by_status_t account_donate(struct account *from, struct account *to, uint64_t ram,
                                       uint64_t caps);

/** Set quota aside instead of what was so far. Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS. */
BY_MUST_USE by_status_t account_set_aside(struct account *account, uint64_t ram,
                                          uint64_t caps);

/** Make 'reference' the one that 'account' trades with. */
void account_refer(struct account *account, struct account *reference);

/** Go on making those who refer to an account refer to its reference. See work.h. */
BY_MUST_USE bool account_reap(struct account *account);

/** End an account that uses nothing, after account_reap(): its reference gets its quota. */
void account_fini(struct account *account);

/**
 * Allocate pages and charge them, not cleared. 'align' and 'limit' as in phys_alloc().
 * Errors: BY_OUT_OF_RAM, BY_NO_SPACE, BY_INVALID.
 */
BY_MUST_USE by_status_t account_alloc(struct account *account, size_t pages,
                                      unsigned align, uint64_t limit, by_paddr_t *pa);

/** Allocate pages for the kernel: in its zone and naturally aligned. Errors: BY_OUT_OF_RAM. */
BY_MUST_USE by_status_t account_alloc_kernel(struct account *account, size_t pages,
                                             by_paddr_t *pa);
void account_free(struct account *account, by_paddr_t pa, size_t pages);

/** Last byte of the kernel's zone. Set once at boot. */
extern uint64_t account_zone_end;

/** What core itself uses and keeps. */
extern struct account account_core;

/** What all accounts have together, core's included. Set once at boot. */
extern uint64_t account_all_ram, account_all_caps;

/** Changes whenever quota has moved, or somebody has another reference. */
unsigned account_moves(void);

#endif
