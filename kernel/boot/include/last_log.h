/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log of the boot before, found in memory that was not cleared by the reset.
 */
#ifndef BOOT_LAST_LOG_H
#define BOOT_LAST_LOG_H

#include <by/log_ring.h>

/** The valid text, if the ring holds any; its size, 0 if it is empty or damaged. */
uint64_t last_log_size(struct by_log_ring const *ring);

/** Copy it, in order; what is no text becomes '?'. */
void last_log_copy(struct by_log_ring const *ring, char *to);

#endif
