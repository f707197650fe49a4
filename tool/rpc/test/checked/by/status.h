/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The status list with BY_STATUS usable for variables in a checked build on
 * 64-bit machines; goes as soon as kernel/abi/by/status.h casts by way of
 * uintptr_t itself.
 */
#include_next <by/status.h>

#undef BY_STATUS
#define BY_STATUS(value) ((by_status_t)(uintptr_t)(value))
