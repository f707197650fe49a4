/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of status values, for messages.
 */
#ifndef BY_STATUS_NAME_H
#define BY_STATUS_NAME_H

#include <by/status.h>

/** The name of a status in lower case, "?" if there is none of this value. */
char const *by_status_name(by_status_t status);

#endif
