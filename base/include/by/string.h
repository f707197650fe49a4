/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * NUL-terminated strings, and text that stands for a value; with memory blocks.
 */
#ifndef BY_STRING_H
#define BY_STRING_H

#include <by/mem.h>
#include <by/types.h>

/** Bytes before the NUL. */
size_t by_strlen(char const *text);

/** As by_strlen, at most 'max'; never reads beyond text[max - 1]. */
size_t by_strnlen(char const *text, size_t max);

/** Negative, 0 or positive as 'a' comes before, equals, or comes after 'b', by bytes. */
int by_strcmp(char const *a, char const *b);

/**
 * Copy 'src' with its NUL to 'dst' of 'size' (not 0) bytes. What does not fit
 * is cut off; 'dst' is always terminated. False if something was cut off.
 */
BY_MUST_USE bool by_strcopy(char *dst, size_t size, char const *src);

/**
 * Read a number: decimal or 0x and hexadecimal, then maybe K, M or G (1024
 * each). All 'len' bytes of 'text' must belong to it. Errors: BY_INVALID, also
 * if the number does not fit.
 */
BY_MUST_USE by_status_t by_parse_u64(char const *text, size_t len, uint64_t *value);

/** Read yes, true, on, 1 or no, false, off, 0: all 'len' bytes. Errors: BY_INVALID. */
BY_MUST_USE by_status_t by_parse_bool(char const *text, size_t len, bool *value);

#endif
