/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Badges: what arrives with requests and signals of own objects.
 */
#ifndef BASE_LIB_BADGE_H
#define BASE_LIB_BADGE_H

#include <by/types.h>

/** Begin without badges. */
void by_badges_init(void);

/** Give 'target' a badge, which is not 0. Keeps: target. Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS. */
BY_MUST_USE by_status_t by_badge_alloc(void *target, by_word_t *badge);

/** Take a badge back, 0 is left; requests and signals that carry it are dropped. */
void by_badge_free(by_word_t *badge);

/** What a badge stands for, NULL if nothing any more. */
void *by_badge_find(by_word_t badge);

#endif
