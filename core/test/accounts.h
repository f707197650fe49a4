/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the ROM core_accounts says, read as somebody would who does not know core.
 */
#ifndef CORE_TEST_ACCOUNTS_H
#define CORE_TEST_ACCOUNTS_H

#include <stdbool.h>
#include <stdint.h>

enum { ACCOUNTS_ROWS = 6000, ACCOUNTS_NAME = 32 };

/** The lines of the text. */
struct accounts_row { char name[ACCOUNTS_NAME + 1]; unsigned long id, parent;
                      unsigned long long ram_quota, ram_used, caps_quota, caps_used; };
struct accounts_text {
	bool               exact;
	unsigned long long total, kernel, core, core_used, spare; /* RAM */
	unsigned long long part[5];                               /* of the kernel's */
	unsigned long long caps, core_caps, core_caps_used;
	unsigned           count;
	struct accounts_row row[ACCOUNTS_ROWS];
};

/** NULL, or what is wrong with the text: above all, that it does not sum up. */
const char *accounts_read(const char *text, struct accounts_text *read);

/** The same for all complete texts that core has in memory. */
const char *accounts_check_all(void);

#endif
