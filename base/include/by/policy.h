/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which part of a configuration is meant for which client: servers look at the labels of
 * sessions, parents at those of requests.
 *
 *     config
 *     + policy | label: init -> shell         | report: a
 *     + policy | label_prefix: init -> apps   | report: b
 *     + policy | label_suffix: -> log         | report: c
 *     + default-policy                        | report: d
 *     -
 *
 * A node fits if all of its attributes 'label' (the whole), 'label_prefix', 'label_suffix' and
 * 'label_last' (the last element) do; without any it fits every label. Of those that fit, an
 * exact label is better than a prefix, a longer prefix better than a shorter one, a prefix
 * better than a suffix, a longer suffix better than a shorter one; of equals the first.
 * Prefixes and suffixes are taken as text, arrows have no meaning there.
 */
#ifndef BY_POLICY_H
#define BY_POLICY_H

#include <by/hid.h>

/** Whether the attributes of a node that are about labels fit this one. */
bool by_policy_fits(struct by_hid_node const *node, char const *label);

/**
 * Find the best of the sub nodes 'policy' of 'config' for a label, or else 'default-policy'.
 * Errors: BY_DENIED if there is neither. A 'policy' without an attribute about labels is for
 * nobody.
 */
BY_MUST_USE by_status_t by_policy_find(struct by_hid_node const *config, char const *label,
                                       struct by_hid_node *policy);

#endif
