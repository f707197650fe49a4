/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attachments and what they mean for page tables.
 */
#ifndef CORE_SPACE_H
#define CORE_SPACE_H

#include "ds.h"

/** Go on removing the translations that an attachment gave, in all PDs that see it. */
BY_MUST_USE bool attachment_unmap(struct attachment *attachment);

/** Go on detaching; true when it is gone. */
BY_MUST_USE bool attachment_reap(struct attachment *attachment);

/** Attributes for the kernel. */
uint32_t place_attributes(struct place const *place);

/** What was written to memory becomes visible as code. */
void make_code_visible(by_paddr_t pa, by_word_t pages);

/** The PD is about to end: forget that translations of it are being removed. */
void walk_forget(struct pd const *pd);

#endif
