/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interface of allocators. They are parameters, never globals, and whoever
 * allocates finds the allocator again when it frees.
 */
#ifndef BY_ALLOC_H
#define BY_ALLOC_H

#include <by/types.h>

/** Every allocation is aligned to this; its content is undefined. */
enum { BY_ALLOC_ALIGN = 16 };

/** Embedded in each allocator, whose functions find it by BY_CONTAINER_OF. */
struct by_alloc {
	by_status_t (*alloc)(struct by_alloc *self, size_t size, void **out);
	void        (*free)(struct by_alloc *self, void *ptr, size_t size);
	size_t      (*consumed)(struct by_alloc const *self);
};

/** Allocate 'size' bytes. Gives: out. Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS. */
BY_MUST_USE static inline by_status_t by_alloc(struct by_alloc *self, size_t size,
                                               void **out)
{
	return self->alloc(self, size, out);
}

/** Free what by_alloc gave for the same 'size'. Takes: ptr. */
static inline void by_free(struct by_alloc *self, void *ptr, size_t size)
{
	self->free(self, ptr, size);
}

/** What the allocator has taken from its source at the moment, in bytes. */
static inline size_t by_consumed(struct by_alloc const *self)
{
	return self->consumed(self);
}

#endif
