/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Session labels: "init -> shell -> log" tells the way of a request through the
 * tree. Each parent puts the name of the asking child in front.
 */
#ifndef BY_LABEL_H
#define BY_LABEL_H

#include <by/types.h>

enum {
	BY_LABEL_MAX  = 160,              /* bytes of a label */
	BY_LABEL_SIZE = BY_LABEL_MAX + 1, /* room for one, with its NUL */
};

/**
 * True if 'label' may be accepted from an untrusted component, be it as label
 * or as name: at most BY_LABEL_MAX bytes of valid UTF-8, without control
 * characters (C0, DEL, C1) and '|', neither beginning nor ending with a blank.
 * The empty label is valid. Never reads more than BY_LABEL_SIZE bytes.
 */
bool by_label_valid(char const *label);

/**
 * Put "child -> label", or just the child's name if 'label' is empty, into
 * 'out' of BY_LABEL_SIZE bytes, apart from both. Errors: BY_LIMIT if too long.
 */
BY_MUST_USE by_status_t by_label_prefix(char *out, char const *child, char const *label);

/** The last element: the end of 'label' (borrowed) behind its last arrow, or all of it. */
char const *by_label_last(char const *label);

/** Bytes of all but the last element, which is what precedes the last arrow; 0 without one. */
size_t by_label_parent_len(char const *label);

#endif
