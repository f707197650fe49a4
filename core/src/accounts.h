/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ROM core_accounts: who has which RAM and capabilities.
 */
#ifndef CORE_ACCOUNTS_H
#define CORE_ACCOUNTS_H

#include "pd.h"

/** A text about all accounts that is being made. */
struct accounts {
	struct pd_place reader;
	unsigned        moves;    /* of quota, when it was begun, */
	unsigned        passes;   /* which has happened so many times */
	unsigned        heads;    /* lines before those of PDs that are there */
	uint64_t        used;     /* bytes of it */
	uint64_t        cleared;  /* bytes of the dataspace */
};

/** Bytes for the text as it is now, and for some more accounts. */
uint64_t accounts_room(void);

void accounts_begin(struct accounts *accounts);

/**
 * Go on, with a dataspace that stays the same; then its size. A text that says 'exact' is
 * about one moment. Errors: BY_AGAIN, BY_NO_SPACE.
 */
BY_MUST_USE by_status_t accounts_fill(struct accounts *accounts, struct ds const *ds,
                                      uint64_t *size);

#endif
