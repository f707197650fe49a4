/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, at most U+10FFFF.
 */
#ifndef BY_UTF8_H
#define BY_UTF8_H

#include <by/types.h>

/**
 * Decode the character at the beginning of 'text', of which 'len' bytes may be
 * read. Returns its bytes (1 to 4), 0 if 'len' is 0 or it is not valid.
 */
size_t by_utf8_decode(char const *text, size_t len, uint32_t *code);

/** True if all 'len' bytes are valid UTF-8. */
bool by_utf8_valid(char const *text, size_t len);

#endif
