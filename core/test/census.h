/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The census of core: everything that exists is found by walking core's table and the
 * records, each page of RAM and each capability is given to its owner, and only then
 * the accounts are asked. Record memory that nobody uses is poisoned on the way.
 *
 * Checked on the way: no page has two owners, none has none; pools have exactly the
 * granules in use that records and objects take; each attachment is in one map and
 * one dataspace, ordered, with its gaps; translations in page tables and TLBs are what
 * the maps say; threads are listed where they belong; references form a tree.
 */
#ifndef CORE_TEST_CENSUS_H
#define CORE_TEST_CENSUS_H

#include "host.h"

/** What exists. */
struct census {
	size_t   free_pages;
	uint64_t free_set;              /* a hash of it */
	size_t   items[ITEM_TYPES];
	size_t   objects[BY_OBJECT_TYPES];
	size_t   accounts, attachments, translations;
	size_t   dying;                 /* items whose end is not over yet */
	size_t   ended;                 /* attachments that are being detached */
	size_t   ended_inside;          /* those in managed dataspaces */
	size_t   waiting;               /* threads that wait in maps */
	size_t   sessions;              /* records of init's parent that are no items */
	uint64_t core_ram, core_caps, init_ram, init_caps;     /* used */
	uint64_t init_ram_quota, init_caps_quota;
};

/** Count everything; NULL, or the first contradiction. */
const char *census_take(struct census *census);

/** NULL if both are equal, or the first difference; translations do not count. */
const char *census_differ(struct census const *a, struct census const *b);

/** Fail the test if something is wrong. */
#define CHECK_CENSUS(census) CHECK_TEXT(census_take(census))
#define CHECK_SAME(a, b)     CHECK_TEXT(census_differ(a, b))
#define CHECK_TEXT(expression) \
	do { \
		const char *unit_error = (expression); \
		if (unit_error) { \
			unit_fail(__FILE__, __LINE__, unit_error); \
			return; \
		} \
	} while (0)

#endif
