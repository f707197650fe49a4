/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A request for a session, as the parent interface delivers it.
 */
#ifndef CORE_REQUEST_H
#define CORE_REQUEST_H

#include "account.h"

struct request {
	const char     *label;
	uint64_t        ram, caps;   /* donation */
	const void     *args;
	size_t          args_len;
	struct account *account;     /* that pays */
};

#endif
