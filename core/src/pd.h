/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Protection domains as sessions.
 */
#ifndef CORE_PD_H
#define CORE_PD_H

#include "map.h"
#include "request.h"

/** Bytes of a PD's name: as many as a child's has, see by/child.h. */
enum { PD_NAME = 32 };

/** Place in the list of all PDs: of a PD, or of somebody who reads the list in parts. */
struct pd_place {
	struct by_list_node node;
	struct pd          *pd;   /* NULL: a reader's */
};

struct pd {
	struct item       item;     /* the kernel object, charged to its own account */
	struct item       session;  /* the RPC object */
	struct account    account;
	struct pool       records, kernel;
	struct pool_page *home;     /* page that this record lives in */
	struct map        map;
	struct by_list    pages;    /* given to the kernel for it */
	struct space      space;
	unsigned          repeats;  /* see item_freeable() */
	uint32_t          leaves;   /* pages of its capability table */
	uint16_t          lacks;    /* tables that it is still to get at its creation, */
	uint16_t          part;     /* and how many of them at a time */
	bool              dma;      /* it may know where its RAM is */
	uint8_t           pending_cache, pending_align; /* of the allocation below */
	struct ds        *pending;  /* being cleared by an allocation that answered 'again', */
	uint64_t          pending_done, pending_size, pending_limit; /* with these arguments */
	struct pd_place   place;    /* among all PDs */
	char              name[PD_NAME]; /* for people: the last element of its label; no NUL if full */
};

/**
 * Create a PD paid with the donation, which comes from the account. BY_AGAIN gives the PD
 * as well: pd_complete() goes on.
 */
BY_MUST_USE by_status_t pd_create(struct request const *request, struct pd **pd);

/** Go on creating a PD. After any other error than BY_AGAIN its session is to be closed. */
BY_MUST_USE by_status_t pd_complete(struct pd *pd);

/** Number of PDs but core's. */
size_t pd_count(void);

/**
 * Read the list of them, in the order of their creation and in parts: PDs can come and go
 * meanwhile. pd_next() goes on by one place, 'pd' is NULL if that is another reader's;
 * false at the end. Keeps: reader, until it leaves.
 */
void             pd_begin(struct pd_place *reader);
BY_MUST_USE bool pd_next(struct pd_place *reader, struct pd **pd);
void             pd_leave(struct pd_place *reader);

/** PD whose session a received capability names, or NULL. */
struct pd *pd_of_arg(struct by_cap_arg const *arg);

/** Put a capability of core's table into a slot of the PD. */
BY_MUST_USE by_status_t pd_install(struct pd *pd, by_word_t slot, by_word_t core_slot);

/* What is done for items of these types, by the tables in main.c. */
bool     pd_reap(struct item *item);
bool     part_reap(struct item *item);
by_tag_t pd_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);

#endif
