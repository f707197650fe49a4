/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The types of a machine whose words have 32 bits, for tests on a 64-bit host:
 * put this folder in front of kernel/abi.
 */
#define by_word_t by_host_word_t
#include_next <by/types.h>
#undef by_word_t

#ifndef NARROW_TYPES_H
#define NARROW_TYPES_H

typedef uint32_t by_word_t;

#endif
