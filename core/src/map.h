/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Region maps: what is attached where, and what that means for page tables.
 *
 *     map (of a PD) ── attachment ── dataspace: RAM, module, device memory
 *                  └── attachment ── dataspace: managed ── map ── attachment ── ...
 */
#ifndef CORE_MAP_H
#define CORE_MAP_H

#include "item.h"
#include <by/region.h>
#include <by/tree.h>

struct map;

/** A dataspace; see ds.h. */
struct ds {
	struct item    item;
	by_paddr_t     pa;          /* of all but managed ones */
	uint64_t       size;        /* bytes, whole pages */
	uint32_t       flags;       /* BY_DS_... */
	uint32_t       cache;       /* BY_MAP_UNCACHED, BY_MAP_COMBINE or 0 */
	struct map    *managed;
	struct by_list attachments;
	bool           owned;       /* its memory goes back to the account */
	bool           estate;      /* of a dead PD's: it ends with its last attachment */
};

/** Part of a dataspace at a place in a map. */
struct attachment {
	struct by_tree_node node;
	uint64_t            at, size, offset;
	uint64_t            gap;      /* free bytes in front of it */
	uint64_t            max_gap;  /* largest gap in its subtree */
	struct map         *map;
	struct ds          *ds;       /* NULL: the end of the map */
	struct by_list_node ds_node;  /* in the dataspace; writeable ones come first */
	uint32_t            flags;    /* BY_ATTACH_... */

	/* while its translations are removed */
	uint64_t done;    /* bytes of it */
	uint64_t stamp;   /* threads that were listed before hear of its end */
};

/** A region map; that of a PD belongs to the PD's record. */
struct map {
	struct item       item;
	struct account   *account;    /* that pays for attachments */
	struct space     *space;      /* if it is the address space of a PD, or NULL */
	struct ds        *ds;         /* the map as a dataspace, or NULL */
	uint64_t          base, size;
	struct by_tree    attachments;
	struct attachment end;
	struct signal    *handler;    /* for faults, or NULL */
	struct by_list_node handler_node; /* in its 'maps' */
	struct by_list    waiters;    /* for an attachment, */
	uint64_t          retry;      /* those listed before this to be announced again */

	/* while translations are removed; see map.c */
	struct by_list_node walk_node;
	uint64_t          walk;       /* the last one that saw the map, */
	uint64_t          walk_first, walk_end; /* and the range in question */
};

/** What belongs to the map of a PD. */
struct space {
	struct item   *pd;      /* the kernel's object */
	struct by_list threads; /* of the PD */
	struct by_list waiters; /* those that wait in some map, the oldest first */
};

/** A thread whose fault waits for an attachment; part of its record. */
struct waiter {
	struct item        *thread;
	struct by_list_node node;       /* in a map's 'waiters' */
	struct by_list_node space_node; /* in those of the thread's space, while a map lists it */
	uint64_t            stamp;      /* of when the map listed it */
	uint64_t            address;    /* of the fault, in that map */
	uint32_t            access;
};

/** A signal of a PD. */
struct signal {
	struct item    item;
	struct by_list maps; /* whose handler it is */
};

/** Where an address leads. */
struct place {
	struct ds *ds;        /* not a managed one */
	uint64_t   offset;    /* within it */
	uint64_t   before;    /* bytes of the same run in front of the address, */
	uint64_t   behind;    /* and from it on */
	uint32_t   flags;     /* BY_ATTACH_... that hold on the whole way */
	struct map *map;      /* where nothing was found, if status is not BY_OK */
	uint64_t   address;   /* the address in that map */
};

void map_init(struct map *map, struct account *account, struct space *space, uint64_t base,
              uint64_t size);

/**
 * Name the signal for faults (NULL: none). Keeps: signal, until it is another one.
 * Without one, waiting threads are to be announced again: see map_retry().
 */
void map_handle(struct map *map, struct signal *signal);

/**
 * Let a thread of 'space' wait where an address led to nothing; false if the map there has
 * no handler. Keeps: waiter, until it is taken off the lists.
 */
BY_MUST_USE bool map_wait(struct place const *place, struct space *space,
                          struct waiter *waiter);

/** Take it off the lists, if it is in any. */
void map_unwait(struct waiter *waiter);

/** Go on announcing the threads that are to try again. */
BY_MUST_USE bool map_retry(struct map *map);

/** Go on with the end: detach everything, let waiting threads be reported elsewhere. */
BY_MUST_USE bool map_reap(struct map *map);

/** A stamp for things that happen one after the other. */
uint64_t map_stamp(void);

enum {
	ATTACH_PINNED = 1 << 16, /* only core detaches it: a message page */
	ATTACH_ENDED  = 1 << 17, /* it is being detached, and leads nowhere */
	ATTACH_CLEAN  = 1 << 18, /* its translations are gone; see map.c */
};

struct attach_args { uint64_t offset, size, at; uint32_t flags; };

/**
 * Attach a dataspace; 'at' tells where. Errors: BY_INVALID, BY_DENIED (not writeable),
 * BY_CONFLICT, BY_NO_SPACE, BY_OUT_OF_RAM.
 */
BY_MUST_USE by_status_t map_attach(struct map *map, struct ds *ds,
                                   struct attach_args const *args, uint64_t *at);

/** Go on detaching what is attached at 'address'. Errors: BY_NOT_FOUND, BY_AGAIN. */
BY_MUST_USE by_status_t map_detach(struct map *map, uint64_t address);

/**
 * Follow an address through nested maps. Errors: BY_NOT_FOUND nothing is attached
 * (at 'place->address' of 'place->map'); BY_LIMIT nested too deep.
 */
BY_MUST_USE by_status_t map_lookup(struct map *map, uint64_t address, struct place *place);

/** Go on removing the translations that an attachment gave, in all PDs that see it. */
BY_MUST_USE bool attachment_unmap(struct attachment *attachment);

/** Go on detaching; true when it is gone. */
BY_MUST_USE bool attachment_reap(struct attachment *attachment);

/** Attributes for the kernel. */
uint32_t place_attributes(struct place const *place);

/** What was written to memory becomes visible as code. */
void make_code_visible(by_paddr_t pa, by_word_t pages);

/** The PD of this map has ended: forget that translations of it are being removed. */
void walk_forget(struct map const *map);

#endif
