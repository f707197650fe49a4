/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attachments and what they mean for page tables.
 */
#ifndef CORE_SPACE_H
#define CORE_SPACE_H

#include "ds.h"

/** Remove translations that an attachment gave, in all PDs that see it. */
void attachment_unmap(struct attachment *attachment);

/** Detach. Takes: attachment. */
void attachment_destroy(struct attachment *attachment);

/** Attributes for the kernel. */
uint32_t place_attributes(struct place const *place);

#endif
