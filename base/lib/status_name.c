/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of status values, from the one list in by/status.h.
 */
#include <by/status_name.h>
#include <by/types.h>

static char const *const names[] = {
#include <status_names.inc>
};


char const *by_status_name(by_status_t status)
{
	uintptr_t const value = (uintptr_t)status;

	return value < sizeof(names) / sizeof(names[0]) && names[value] ? names[value] : "?";
}
