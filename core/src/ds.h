/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dataspaces and region maps.
 *
 *     map (of a PD) ── attachment ── dataspace: RAM, module, device memory
 *                  └── attachment ── dataspace: managed ── map ── attachment ── ...
 */
#ifndef CORE_DS_H
#define CORE_DS_H

#include "item.h"
#include <by/region.h>
#include <by/tree.h>

struct map;
struct pd;
struct thread;

/** A dataspace. */
struct ds {
	struct item    item;
	by_paddr_t     pa;          /* of all but managed ones */
	uint64_t       size;        /* bytes, whole pages */
	uint32_t       flags;       /* BY_DS_... */
	uint32_t       cache;       /* BY_MAP_UNCACHED, BY_MAP_COMBINE or 0 */
	struct map    *managed;
	struct by_list attachments;
	bool           owned;       /* its memory goes back to the account */
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
	struct pd        *pd;         /* whose address space it is, or NULL */
	struct ds        *ds;         /* the map as a dataspace, or NULL */
	uint64_t          base, size;
	struct by_tree    attachments;
	struct attachment end;
	struct signal    *handler;    /* for faults, or NULL */
	struct by_list_node handler_node; /* in its 'maps' */
	struct by_list    faulted;    /* threads that wait for an attachment, */
	uint64_t          retry;      /* those listed before this to be announced again */

	/* while translations are removed; see map.c */
	struct by_list_node walk_node;
	uint64_t          walk;       /* the last one that saw the map, */
	uint64_t          walk_first, walk_end; /* and the range in question */
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

/** Initialise a dataspace's record, whose item exists. */
void ds_init(struct ds *ds, by_paddr_t pa, uint64_t size, uint32_t flags, uint32_t cache);

/** Allocate RAM as a dataspace, not yet cleared. */
BY_MUST_USE by_status_t ds_create_ram(struct account *account, uint64_t size,
                                      unsigned align, uint64_t limit, uint32_t cache,
                                      struct ds **ds);

/** Clear its memory from byte 'from' up to 'end', which are whole pages. */
void ds_clear(struct ds const *ds, uint64_t from, uint64_t end);

/** A dataspace over memory that nobody allocated: a module, device memory. */
BY_MUST_USE by_status_t ds_create_fixed(struct account *account, by_paddr_t pa,
                                        uint64_t size, uint32_t flags, uint32_t cache,
                                        struct ds **ds);

/** Go on detaching a dataspace everywhere and freeing it; true when it is gone. */
BY_MUST_USE bool ds_reap(struct item *item);

/** Go on making it read-only for good. It cannot be mapped writeable from the first call on. */
BY_MUST_USE bool ds_seal(struct ds *ds);

void map_init(struct map *map, struct account *account, struct pd *pd, uint64_t base,
              uint64_t size);

/**
 * Name the signal for faults (NULL: none). Keeps: signal, until it is another one.
 * Without one, waiting threads are to be announced again: see map_retry().
 */
void map_handle(struct map *map, struct signal *signal);

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

/* What is done for items of these types, by the tables in main.c; ds_reap() is above. */
by_tag_t ds_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);
by_tag_t map_dispatch(struct item *item, by_tag_t tag, struct by_message *msg);

#endif
