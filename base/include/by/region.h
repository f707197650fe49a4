/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flags of dataspaces and attachments, and the fixed places in a component's
 * address space.
 */
#ifndef BY_REGION_H
#define BY_REGION_H

#include <by/types.h>

/** How a dataspace is attached. */
enum {
	BY_ATTACH_WRITE = 1 << 0,
	BY_ATTACH_EXEC  = 1 << 1, /* never together with WRITE */
	BY_ATTACH_AT    = 1 << 2, /* at the address given */
};

/** What a dataspace is. */
enum {
	BY_DS_WRITE   = 1 << 0, /* can be attached writeable */
	BY_DS_MANAGED = 1 << 1, /* a region map: its content can change at any time */
	BY_DS_DEVICE  = 1 << 2, /* device memory */
	BY_DS_SEALED  = 1 << 3, /* read-only for good */
};

/*
 * The address space of a component, the same on every architecture:
 *
 *     0x01000000  program
 *     0x10000000  areas for stacks: slots of 1 MiB, the first is the main thread's
 *     0x20000000  linker area
 *     0x30000000  attachments without a given address, heap
 *
 * A stack slot holds, from below: unmapped guard, stack, one page that stays
 * unmapped, and the thread's message page as its last page.
 */
#define BY_PROGRAM_BASE    ((by_word_t)0x01000000)
#define BY_STACK_AREA      ((by_word_t)0x10000000)
#define BY_STACK_AREA_SIZE ((by_word_t)0x10000000)
#define BY_STACK_SLOT      ((by_word_t)0x00100000)
#define BY_LINKER_AREA     ((by_word_t)0x20000000)
#define BY_ATTACH_AREA     ((by_word_t)0x30000000)

#endif
