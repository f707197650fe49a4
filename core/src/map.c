/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Region maps: attachments ordered by address. Each knows the gap in front of it,
 * and its subtree the largest one, so that a free place is found in O(log n). The
 * last node stands for the end of the map.
 */
#include "map.h"
#include "console.h"
#include "kcall.h"
#include "work.h"

enum {
	NESTING_MAX = 8,        /* maps in maps */
	EAGER_MAX   = 2 << 20,  /* bytes that are mapped at once when attached */
	CODE_MAX    = 64,       /* pages of code of them */
	LARGE       = 2 << 20,
};


static struct attachment *attachment_of(struct by_tree_node const *node)
{
	return BY_CONTAINER_OF((struct by_tree_node *)(uintptr_t)node, struct attachment, node);
}


static uint64_t subtree_gap(struct by_tree_node const *node)
{
	return node ? attachment_of(node)->max_gap : 0;
}


static void update_gap(struct by_tree_node *node)
{
	struct attachment *a = attachment_of(node);
	uint64_t left = subtree_gap(node->child[0]), right = subtree_gap(node->child[1]);

	a->max_gap = a->gap;
	if (left > a->max_gap)
		a->max_gap = left;
	if (right > a->max_gap)
		a->max_gap = right;
}


static int compare(void const *key, struct by_tree_node const *node)
{
	uint64_t at = *(uint64_t const *)key;
	struct attachment const *a = attachment_of(node);

	return at < a->at ? -1 : at > a->at;
}


/** End of what lies in front of 'a'. */
static uint64_t end_before(struct map *map, struct attachment *a)
{
	struct by_tree_node *prev = by_tree_prev(&a->node);

	return prev ? attachment_of(prev)->at + attachment_of(prev)->size : map->base;
}


static void refresh_gap(struct map *map, struct attachment *a)
{
	a->gap = a->at - end_before(map, a);
	by_tree_update(&map->attachments, &a->node);
}


void map_init(struct map *map, struct account *account, struct space *space, uint64_t base,
              uint64_t size)
{
	map->account = account;
	map->space   = space;
	map->base    = base;
	map->size    = size;
	map->end     = (struct attachment) { .at = base + size, .map = map };
	by_tree_init(&map->attachments, update_gap);
	by_list_init(&map->waiters);
	console_must(by_tree_insert(&map->attachments, &map->end.node, &map->end.at, compare),
	             "empty map");
	refresh_gap(map, &map->end);
}


/** Attachment that contains 'address', or NULL; one that is being detached, too. */
static struct attachment *find_any(struct map *map, uint64_t address)
{
	struct by_tree_node *node = by_tree_floor(&map->attachments, &address, compare);
	struct attachment   *a    = node ? attachment_of(node) : NULL;

	return a && a->ds && address - a->at < a->size ? a : NULL;
}


static struct attachment *find(struct map *map, uint64_t address)
{
	struct attachment *a = find_any(map, address);

	return a && !(a->flags & ATTACH_ENDED) ? a : NULL;
}


/** First attachment whose gap has at least 'need' bytes, or NULL. */
static struct attachment *find_gap(struct map *map, uint64_t need)
{
	struct by_tree_node *node = map->attachments.root;

	if (subtree_gap(node) < need)
		return NULL;

	for (;;) {
		if (subtree_gap(node->child[0]) >= need)
			node = node->child[0];
		else if (attachment_of(node)->gap >= need)
			return attachment_of(node);
		else
			node = node->child[1];
	}
}


/** Free place for 'size' bytes at the given alignment. */
static by_status_t find_place(struct map *map, uint64_t size, uint64_t align, uint64_t *at)
{
	struct attachment *a = find_gap(map, size + align - PAGE_SIZE);

	if (!a && align > PAGE_SIZE) {
		align = PAGE_SIZE;
		a = find_gap(map, size);
	}
	if (!a)
		return BY_NO_SPACE;

	*at = (a->at - a->gap + align - 1) & ~(align - 1);

	return BY_OK;
}


/** Whether [at, at + size) is free and within the map. */
static by_status_t check_place(struct map *map, uint64_t at, uint64_t size)
{
	if (at % PAGE_SIZE || at < map->base || at - map->base > map->size
	    || size > map->size - (at - map->base))
		return BY_INVALID;

	uint64_t last = at + size - 1;
	struct by_tree_node *node = by_tree_floor(&map->attachments, &last, compare);
	struct attachment   *a    = node ? attachment_of(node) : NULL;

	return a && a->at + a->size > at ? BY_CONFLICT : BY_OK;
}


/*
 * Page tables
 */

uint32_t place_attributes(struct place const *place)
{
	uint32_t attributes = place->ds->cache;

	if (place->flags & BY_ATTACH_WRITE && place->ds->flags & BY_DS_WRITE)
		attributes |= BY_MAP_WRITE;
	if (place->flags & BY_ATTACH_EXEC)
		attributes |= BY_MAP_EXEC;

	return attributes;
}


/** Go on removing translations of a PD, which a dying one without threads does not need. */
static bool unmap_pages(struct item *pd, uint64_t at, uint64_t size, uint64_t *done)
{
	while (pd->kernel && !pd->dying && *done < size) {
		uint64_t pages = (size - *done) >> PAGE_SHIFT;
		if (!work(work_of_pages(WORK_UNMAP, pages)))
			return false;
		struct kargs args = { { item_slot(pd), (by_word_t)(at + *done),
		                        (by_word_t)pages } };
		console_must(kcall(BY_CALL_PD_UNMAP, &args), "PD_UNMAP");
		*done += (uint64_t)args.arg[0] << PAGE_SHIFT;
	}

	return true;
}


uint64_t map_stamp(void)
{
	static uint64_t stamps;

	return ++stamps;
}


void map_unwait(struct waiter *waiter)
{
	if (by_list_linked(&waiter->node))
		by_list_remove(&waiter->node);
	if (by_list_linked(&waiter->space_node))
		by_list_remove(&waiter->space_node);
}


/** Announce the fault of a thread that waits once more. */
static void retry(struct waiter *waiter)
{
	map_unwait(waiter);
	console_must(KCALL(FAULT_REPEAT, item_slot(waiter->thread)), "FAULT_REPEAT");
}


/** Maps behind an attachment that ends may be out of reach of the PD's threads that wait. */
static bool retry_behind(struct attachment const *a, struct space *space)
{
	bool const           leads = a->flags & ATTACH_ENDED && a->ds->managed;
	struct by_list_node *node;

	while (leads && (node = by_list_first(&space->waiters))) {
		struct waiter *waiter = BY_CONTAINER_OF(node, struct waiter, space_node);
		if (waiter->stamp >= a->stamp)
			break;
		if (!work(WORK_RETRY))
			return false;
		retry(waiter);
	}

	return true;
}


/*
 * The way from an attachment within a managed dataspace up to all PDs that see it. There
 * can be many more ways than attachments, and circles. So each map is gone through twice
 * at most: for the range that is met first, and, if another one is met, as a whole. What
 * is removed in excess is mapped again when it is used.
 *
 * One walk is under way at a time, over several requests if need be. Who needs another
 * one completes it first.
 */
static struct {
	struct attachment *of;     /* whose translations go; NULL: no walk is under way */
	bool               ended;  /* it was being detached already */
	uint64_t           number;
	struct by_list     maps;   /* still to go through */
	struct map        *map;    /* is gone through */
	struct attachment *next;   /* of its dataspace, to look at */
	struct space      *space;  /* where translations are being removed, or NULL */
	uint64_t           at, size, done;
} walk;


void walk_forget(struct map const *map)
{
	if (walk.space == map->space)
		walk.space = NULL;
}


static void walk_to(struct map *map, uint64_t first, uint64_t end)
{
	if (map->space) {
		walk.space = map->space;
		walk.at    = first;
		walk.size  = end - first;
		walk.done  = 0;
		return;
	}
	bool seen = map->walk == walk.number;
	if (seen && first >= map->walk_first && end <= map->walk_end)
		return;

	map->walk       = walk.number;
	map->walk_first = seen ? map->base : first;
	map->walk_end   = seen ? map->base + map->size : end;
	if (!by_list_linked(&map->walk_node))
		by_list_append(&walk.maps, &map->walk_node);
}


static struct attachment *attachment_behind(struct attachment *a)
{
	struct by_list_node *node = by_list_next(&a->ds->attachments, &a->ds_node);

	return node ? BY_CONTAINER_OF(node, struct attachment, ds_node) : NULL;
}


/** Look where the map that is gone through is attached next. */
static void walk_attachment(void)
{
	struct attachment *a = walk.next;
	struct map        *map = walk.map;
	uint64_t behind = a->offset + a->size;
	uint64_t first  = map->walk_first > a->offset ? map->walk_first : a->offset;
	uint64_t end    = map->walk_end < behind ? map->walk_end : behind;

	walk.next = attachment_behind(a);
	if (first < end)
		walk_to(a->map, first - a->offset + a->at, end - a->offset + a->at);
}


static bool walk_map(void)
{
	struct by_list_node *node = by_list_take(&walk.maps);

	if (!node)
		return false;

	walk.map = BY_CONTAINER_OF(node, struct map, walk_node);
	node = walk.map->ds ? by_list_first(&walk.map->ds->attachments) : NULL;
	walk.next = node ? BY_CONTAINER_OF(node, struct attachment, ds_node) : NULL;

	return true;
}


static bool walk_on(void)
{
	do {
		while (walk.next || walk.space) {
			if (walk.space && (!unmap_pages(walk.space->pd, walk.at, walk.size, &walk.done)
			                   || !retry_behind(walk.of, walk.space)))
				return false;
			walk.space = NULL;
			if (!work(WORK_LOOK))
				return false;
			if (walk.next)
				walk_attachment();
		}
	} while (walk_map());
	/* a walk for less, begun before the end, does not count */
	if (walk.ended == (bool)(walk.of->flags & ATTACH_ENDED))
		walk.of->flags |= ATTACH_CLEAN;
	walk.of = NULL;

	return true;
}


static void walk_begin(struct attachment *a)
{
	walk.of     = a;
	walk.ended  = a->flags & ATTACH_ENDED;
	walk.number = map_stamp();
	walk.next   = NULL;
	walk.space  = NULL;
	by_list_init(&walk.maps);
	walk_to(a->map, a->at, a->at + a->size);
}


static bool unmap_behind(struct attachment *a)
{
	while (!(a->flags & ATTACH_CLEAN)) {
		if (walk.of && !walk_on())
			return false;
		if (!(a->flags & ATTACH_CLEAN))
			walk_begin(a);
	}

	return true;
}


static bool unmap(struct attachment *a)
{
	struct space *space = a->map->space;

	if (!space)
		return unmap_behind(a);

	return unmap_pages(space->pd, a->at, a->size, &a->done) && retry_behind(a, space);
}


bool attachment_unmap(struct attachment *a)
{
	if (!unmap(a))
		return false;

	a->done   = 0;
	a->flags &= ~(uint32_t)ATTACH_CLEAN;

	return true;
}


/** Enter what was just attached, as far as that is cheaper than to wait for the faults. */
static void map_eagerly(struct map *map, struct attachment *a)
{
	if (!map->space || a->ds->managed || a->size > EAGER_MAX)
		return;

	struct place place = { .ds = a->ds, .flags = a->flags };
	uint64_t     pa    = a->ds->pa + a->offset;
	by_word_t    pages = (by_word_t)(a->size >> PAGE_SHIFT), done = 0;

	if (a->flags & BY_ATTACH_EXEC) {
		pages = pages < CODE_MAX ? pages : CODE_MAX;
		make_code_visible(pa, pages);
	}
	while (done < pages && work(work_of_pages(WORK_MAP, pages - done))) {
		struct kargs args = { { item_slot(map->space->pd),
		                        (by_word_t)a->at + done * PAGE_SIZE,
		                        (by_word_t)(pa >> PAGE_SHIFT) + done, pages - done,
		                        place_attributes(&place) } };
		console_must(kcall(BY_CALL_PD_MAP, &args), "PD_MAP");
		done += args.arg[0];
	}
}


/*
 * Attachments
 */

/** With its last attachment the memory of a dead PD goes back to who has inherited it. */
static void end_estate(struct ds *ds)
{
	account_free(ds->item.account, ds->pa, phys_pages(ds->size));
	item_end(&ds->item);
}


bool attachment_reap(struct attachment *a)
{
	struct map *map = a->map;
	struct ds  *ds  = a->ds;

	if (!(a->flags & ATTACH_ENDED)) {
		a->flags = (a->flags & ~(uint32_t)ATTACH_CLEAN) | ATTACH_ENDED;
		a->done  = 0;
		a->stamp = map_stamp();
	}
	if (!unmap(a) || !work(ds->estate ? 2 * WORK_FREE : WORK_FREE))
		return false;

	struct by_tree_node *next = by_tree_next(&a->node);
	if (walk.next == a)
		walk.next = attachment_behind(a);
	by_tree_remove(&map->attachments, &a->node);
	by_list_remove(&a->ds_node);
	refresh_gap(map, attachment_of(next));
	pool_free(map->account->records, a, sizeof(*a));
	if (ds->estate && by_list_empty(&ds->attachments))
		end_estate(ds);

	return true;
}


static uint64_t alignment(struct ds const *ds, uint64_t offset, uint64_t size)
{
	bool large = size >= LARGE && !ds->managed && (ds->pa + offset) % LARGE == 0;

	return large ? LARGE : PAGE_SIZE;
}


/** Check what does not depend on the place; fill in the size if it is 0. */
static by_status_t check_attach(struct ds const *ds, struct attach_args *args)
{
	if (args->offset % PAGE_SIZE || args->offset >= ds->size)
		return BY_INVALID;
	if (!args->size)
		args->size = ds->size - args->offset;
	args->size = phys_round(args->size);
	if (!args->size || args->size > ds->size - args->offset)
		return BY_INVALID;
	if (args->flags & BY_ATTACH_WRITE && args->flags & BY_ATTACH_EXEC)
		return BY_INVALID;
	if (args->flags & BY_ATTACH_WRITE && !(ds->flags & BY_DS_WRITE))
		return BY_DENIED;
	if (args->flags & BY_ATTACH_EXEC && ds->flags & BY_DS_DEVICE)
		return BY_DENIED;

	return BY_OK;
}


bool map_retry(struct map *map)
{
	struct by_list_node *node;

	while ((node = by_list_first(&map->waiters))) {
		struct waiter *waiter = BY_CONTAINER_OF(node, struct waiter, node);
		if (waiter->stamp >= map->retry)
			break;
		if (!work(WORK_RETRY))
			return false;
		retry(waiter);
	}

	return true;
}


/** Let threads that waited for something here try again; the handler sees to the rest. */
static void retry_waiters(struct map *map)
{
	map->retry = map_stamp();
	if (!map_retry(map) && map->handler)
		item_submit(map->handler->item.id);
}


void map_handle(struct map *map, struct signal *signal)
{
	if (map->handler)
		by_list_remove(&map->handler_node);
	map->handler = signal;
	if (signal)
		by_list_append(&signal->maps, &map->handler_node);

	/* without a handler they are reported to their parents */
	if (!signal)
		map->retry = map_stamp();
	else if (!by_list_empty(&map->waiters))
		item_submit(signal->item.id);
}


bool map_wait(struct place const *place, struct space *space, struct waiter *waiter)
{
	struct map *map = place->map;

	if (!map->handler || map->handler->item.dying || map->item.dying)
		return false;

	waiter->address = place->address;
	waiter->stamp   = map_stamp();
	by_list_append(&map->waiters, &waiter->node);
	by_list_append(&space->waiters, &waiter->space_node);
	item_submit(map->handler->item.id);

	return true;
}


void make_code_visible(by_paddr_t pa, by_word_t pages)
{
	by_word_t done = 0;

	while (done < pages) {
		struct kargs args = { { (by_word_t)(pa >> PAGE_SHIFT) + done, pages - done,
		                        BY_CACHE_CODE } };
		console_must(kcall(BY_CALL_MEM_CACHE, &args), "MEM_CACHE");
		done += args.arg[0];
	}
}


by_status_t map_attach(struct map *map, struct ds *ds, struct attach_args const *wanted,
                       uint64_t *at)
{
	struct attach_args args   = *wanted;
	by_status_t        status = check_attach(ds, &args);
	void              *record;

	if (status == BY_OK)
		status = args.flags & BY_ATTACH_AT
		         ? check_place(map, args.at, args.size)
		         : find_place(map, args.size, alignment(ds, args.offset, args.size), &args.at);
	if (status != BY_OK)
		return status;

	status = pool_alloc(map->account->records, sizeof(struct attachment), &record);
	if (status != BY_OK)
		return status;

	struct attachment *a = record;
	*a = (struct attachment) { .at = args.at, .size = args.size, .offset = args.offset,
	                           .map = map, .ds = ds, .flags = args.flags };
	console_must(by_tree_insert(&map->attachments, &a->node, &a->at, compare), "free place");
	if (args.flags & BY_ATTACH_WRITE)
		by_list_prepend(&ds->attachments, &a->ds_node);
	else
		by_list_append(&ds->attachments, &a->ds_node);
	refresh_gap(map, a);
	refresh_gap(map, attachment_of(by_tree_next(&a->node)));
	map_eagerly(map, a);
	retry_waiters(map);
	*at = args.at;

	return BY_OK;
}


by_status_t map_detach(struct map *map, uint64_t address)
{
	struct attachment *a = find_any(map, address);

	if (!a || a->flags & ATTACH_PINNED)
		return BY_NOT_FOUND;

	return attachment_reap(a) ? BY_OK : BY_AGAIN;
}


bool map_reap(struct map *map)
{
	struct by_tree_node *node;

	while ((node = by_tree_first(&map->attachments)) != &map->end.node)
		if (!attachment_reap(attachment_of(node)))
			return false;

	map_handle(map, NULL);
	if (!map_retry(map))
		return false;
	if (by_list_linked(&map->walk_node))
		by_list_remove(&map->walk_node);

	return true;
}


/** Narrow the run around the address to what an attachment shows of it. */
static void narrow(struct place *place, struct attachment const *a, uint64_t address)
{
	uint64_t before = address - a->at, behind = a->size - before;

	if (before < place->before)
		place->before = before;
	if (behind < place->behind)
		place->behind = behind;
	place->flags &= a->flags;
}


by_status_t map_lookup(struct map *map, uint64_t address, struct place *place)
{
	*place = (struct place) { .before = UINT64_MAX, .behind = UINT64_MAX,
	                          .flags = BY_ATTACH_WRITE | BY_ATTACH_EXEC };

	for (unsigned depth = 0; depth < NESTING_MAX; depth++) {
		struct attachment *a = find(map, address);
		place->map     = map;
		place->address = address;
		if (!a)
			return BY_NOT_FOUND;

		narrow(place, a, address);
		address = address - a->at + a->offset;
		if (!a->ds->managed) {
			place->ds     = a->ds;
			place->offset = address;
			return BY_OK;
		}
		map = a->ds->managed;
	}

	return BY_LIMIT;
}
