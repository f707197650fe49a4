/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What must hold in a fuzz target, whatever the input.
 */
#ifndef REQUIRE_H
#define REQUIRE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define REQUIRE(fact) require(fact, #fact)

static inline void require(bool fact, char const *text)
{
	if (!fact) {
		fprintf(stderr, "ERROR: %s\n", text);
		abort();
	}
}

#endif
