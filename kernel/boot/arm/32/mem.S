/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * As ../shared.c.
 */
#include "../../../arch/arm/32/mem.S"
