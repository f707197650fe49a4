/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Protection domains as sessions.
 */
#define BY_PD_SELF struct pd
#include "pd.h"
#include "console.h"
#include "kcall.h"
#include "reap.h"
#include "thread.h"
#include "work.h"
#include <by/assert.h>
#include <by/label.h>
#include <by/session/pd_server.h>
#include <by/string.h>

enum {
	CLEAR_MAX  = 256 << 10,  /* bytes that one request clears */
	REFERENCES_MAX = 500,    /* accounts in a chain of references that is made longer */
	TABLES_MAX = 16,         /* of one tables_add */
};

/** Pages given to the kernel for a PD: tables and parts of its capability table. */
struct donated {
	struct by_list_node node;
	by_paddr_t          pa;
	size_t              pages;
};


static struct by_list places = { { &places.head, &places.head } };
static size_t         place_count;


/*
 * All PDs
 */

size_t pd_count(void)
{
	return place_count;
}


void pd_begin(struct pd_place *reader)
{
	pd_leave(reader);
	by_list_prepend(&places, &reader->node);
}


void pd_leave(struct pd_place *reader)
{
	if (by_list_linked(&reader->node))
		by_list_remove(&reader->node);
}


bool pd_next(struct pd_place *reader, struct pd **pd)
{
	struct by_list_node *next = by_list_next(&places, &reader->node);

	if (!next)
		return false;

	pd_leave(reader);
	by_list_insert_before(next->next, &reader->node);
	*pd = BY_CONTAINER_OF(next, struct pd_place, node)->pd;

	return true;
}


/** The beginning of a label's last element, in whole characters. */
static void set_name(struct pd *pd, const char *label)
{
	const char *name = by_label_last(label);
	size_t      len  = by_strnlen(name, PD_NAME + 1);

	if (len > PD_NAME)
		for (len = PD_NAME; ((unsigned char)name[len] & 0xc0) == 0x80; )
			len--;
	__builtin_memcpy(pd->name, name, len);
}


/*
 * Life
 */

/** Allocate pages for the kernel and remember them for the PD's end. */
static by_status_t donate(struct pd *pd, size_t pages, by_paddr_t *pa)
{
	void       *record;
	by_status_t status = account_alloc_kernel(&pd->account, pages, pa);

	if (status != BY_OK)
		return status;

	status = pool_alloc(&pd->records, sizeof(struct donated), &record);
	if (status != BY_OK) {
		account_free(&pd->account, *pa, pages);
		return status;
	}
	struct donated *donated = record;
	donated->pa    = *pa;
	donated->pages = pages;
	by_list_append(&pd->pages, &donated->node);

	return BY_OK;
}


/** Take back the pages that were donated last. */
static void take_back(struct pd *pd)
{
	struct donated *donated = BY_CONTAINER_OF(by_list_last(&pd->pages), struct donated, node);

	by_list_remove(&donated->node);
	account_free(&pd->account, donated->pa, donated->pages);
	pool_free(&pd->records, donated, sizeof(*donated));
}


static by_status_t give_tables(struct pd *pd, by_paddr_t pa, size_t count)
{
	return KCALL(PD_TABLES, item_slot(&pd->item), (by_word_t)pa, count);
}


static by_status_t add_tables(struct pd *pd, size_t count)
{
	by_paddr_t  pa;
	by_status_t status = donate(pd, count, &pa);

	if (status != BY_OK)
		return status;

	status = give_tables(pd, pa, count);
	if (status != BY_OK)
		take_back(pd);

	return status;
}


by_status_t pd_complete(struct pd *pd)
{
	while (pd->lacks) {
		if (!work(WORK_TABLES))
			return BY_AGAIN;
		pd->part = pd->part < pd->lacks ? pd->part : pd->lacks;
		by_status_t status = add_tables(pd, pd->part);
		if (status == BY_OK)
			pd->lacks = (uint16_t)(pd->lacks - pd->part);
		else if (pd->part > 1)
			pd->part /= 2;
		else
			return status;
	}

	return BY_OK;
}


static void give_leaf(struct pd *pd, by_paddr_t pa)
{
	console_must(KCALL(PD_LEAF, item_slot(&pd->item), pd->leaves, (by_word_t)pa), "PD_LEAF");
	pd->leaves++;
}


static by_status_t add_leaf(struct pd *pd)
{
	by_paddr_t pa;

	if (pd->leaves == BY_LEAVES)
		return BY_LIMIT;

	by_status_t status = donate(pd, 1, &pa);
	if (status != BY_OK)
		return status;

	give_leaf(pd, pa);

	return BY_OK;
}


static void give_object(struct pd *pd, by_paddr_t object, by_paddr_t root)
{
	console_must(KCALL(PD_CREATE, item_slot(&pd->item), pd->item.id, (by_word_t)object,
	                   (by_word_t)root), "PD_CREATE");
	item_has_kernel(&pd->item, BY_OBJECT_PD);
}


/** What the kernel needs for a PD at least, in pages; the larger parts come first. */
enum {
	OBJECT_PAGES = (BY_PD_SIZE + PAGE_SIZE - 1) / PAGE_SIZE,
	ROOT_PAGES   = (BY_ROOT_SIZE + PAGE_SIZE - 1) / PAGE_SIZE,
	KERNEL_PAGES = OBJECT_PAGES + ROOT_PAGES + 1 + BY_TABLE_RESERVE,
};

_Static_assert(ROOT_PAGES == 1, "naturally aligned behind the object");


/**
 * The kernel's object with what it needs at least; in one piece, unless free memory is in
 * parts: then tables are still lacking.
 */
static by_status_t create_kernel_pd(struct pd *pd)
{
	by_paddr_t  object, root;
	by_status_t status = donate(pd, KERNEL_PAGES, &object);

	if (status == BY_OK) {
		root = object + OBJECT_PAGES * PAGE_SIZE;
		give_object(pd, object, root);
		give_leaf(pd, root + PAGE_SIZE);
		return give_tables(pd, root + 2 * PAGE_SIZE, BY_TABLE_RESERVE);
	}
	status = donate(pd, OBJECT_PAGES, &object);
	if (status == BY_OK)
		status = donate(pd, ROOT_PAGES, &root);
	if (status != BY_OK)
		return status;

	give_object(pd, object, root);
	pd->lacks = pd->part = BY_TABLE_RESERVE;
	work(WORK_PD);

	return add_leaf(pd);
}


/** The PD's session and region map: both items of their own account. */
static by_status_t create_items(struct pd *pd)
{
	by_status_t status = item_register(&pd->item, &pd->account, ITEM_PD);

	if (status != BY_OK)
		return status;

	status = create_kernel_pd(pd);
	if (status == BY_OK)
		status = item_register(&pd->session, &pd->account, ITEM_PD_SESSION);
	if (status == BY_OK)
		status = item_publish(&pd->session);
	if (status == BY_OK)
		status = item_register(&pd->map.item, &pd->account, ITEM_MAP);
	if (status == BY_OK)
		status = item_publish(&pd->map.item);

	return status;
}


/** The PD's account, which pays for the page that it lives in, and what is empty at first. */
static void init_record(struct pd *pd, struct pool_page *page, const char *label)
{
	console_must(account_charge_ram(&pd->account, 1), "first page");
	pd->home = page;
	pool_init(&pd->records, &pd->account, &pd->records);
	pool_init(&pd->kernel, &pd->account, &pd->records);
	pool_adopt(&pd->records, page);
	pd->account.records = &pd->records;
	pd->account.kernel  = &pd->kernel;
	by_list_init(&pd->pages);
	by_list_init(&pd->space.threads);
	by_list_init(&pd->space.waiters);
	pd->space.pd = &pd->item;
	pd->session.type = ITEM_PD_SESSION; /* by which it is undone, if need be */
	map_init(&pd->map, &pd->account, &pd->space, BY_USER_FIRST, BY_USER_LAST + 1 - BY_USER_FIRST);
	set_name(pd, label);
	pd->place.pd = pd;
	by_list_append(&places, &pd->place.node);
	place_count++;
}


by_status_t pd_create(struct request const *request, struct pd **out)
{
	struct account   *donor = request->account;
	struct pool_page *page;
	void             *record;

	if (request->ram < PAGE_SIZE)
		return BY_OUT_OF_RAM;

	by_status_t status = pool_begin(donor, sizeof(struct pd), &record, &page);
	if (status != BY_OK)
		return status;

	/* the page was charged to the donor: let the new account pay for it */
	struct pd *pd = record;
	account_init(&pd->account, donor);
	account_refund_ram(donor, 1);
	status = account_transfer(donor, &pd->account, request->ram, request->caps);
	if (status != BY_OK) {
		by_list_remove(&pd->account.referrer_node);
		console_must(account_charge_ram(donor, 1), "refunded page");
		pool_end(donor, page);
		return status;
	}
	init_record(pd, page, request->label);
	status = create_items(pd);
	if (status != BY_OK) {
		item_close(&pd->session);
		return status;
	}
	*out = pd;

	return pd_complete(pd);
}


static bool reap_threads(struct pd *pd)
{
	struct by_list_node *node;

	while ((node = by_list_first(&pd->space.threads))) {
		struct thread *thread = BY_CONTAINER_OF(node, struct thread, pd_node);
		if (!thread_reap(&thread->item))
			return false;
	}

	return true;
}


/** What others have attached stays with them: they do not fault because the PD has ended. */
static bool leave_to_heir(struct item *item)
{
	struct ds *ds = item->type == ITEM_DS ? BY_CONTAINER_OF(item, struct ds, item) : NULL;

	if (!ds || !ds_shared(ds))
		return true;
	if (!work(WORK_BEQUEST))
		return false;
	ds_bequeath(ds, item->account->reference);

	return true;
}


/** What is charged to the account, but for the PD's own items. */
static bool reap_items(struct pd *pd)
{
	struct by_list_node *node;

	while ((node = by_list_first(&pd->account.items))) {
		struct item *item = BY_CONTAINER_OF(node, struct item, node);
		if (!leave_to_heir(item))
			return false;
		item_doom(item);
		if (!item_reap(item))
			return false;
	}

	return true;
}


static bool reap_pages(struct pd *pd)
{
	while (!by_list_empty(&pd->pages)) {
		if (!work(WORK_FREE))
			return false;
		take_back(pd);
	}

	return true;
}


/** Of an item of the PD, unless it was never made. */
static bool reap_own(struct item *item)
{
	return !item->id || item_drop_kernel(item);
}


static void end_own(struct item *item)
{
	if (item->id)
		item_end(item);
}


bool pd_reap(struct item *item)
{
	struct pd *pd = BY_CONTAINER_OF(item, struct pd, session);

	if (!reap_own(&pd->session) || !reap_own(&pd->map.item) || !reap_threads(pd))
		return false;
	/* the kernel's PD goes before what it has mapped, which then need not be unmapped */
	pd->item.dying = true;
	if (!reap_own(&pd->item))
		return false;
	walk_forget(&pd->map);
	pd->account.ram_aside = pd->account.caps_aside = 0;
	if (!map_reap(&pd->map) || !reap_items(pd) || !reap_pages(pd)
	    || !account_reap(&pd->account) || !work(WORK_FREE))
		return false;

	end_own(&pd->map.item);
	end_own(&pd->session);
	end_own(&pd->item);

	struct account   *account = &pd->account;
	struct account   *heir    = account->reference;
	struct pool_page *home    = pd->home;

	pd_leave(&pd->place);
	place_count--;
	/* the account lives in the page that is charged to it last */
	account_refund_ram(account, 1);
	account_fini(account);
	console_must(account_charge_ram(heir, 1), "last page");
	pool_end(heir, home);

	return true;
}


by_status_t pd_install(struct pd *pd, by_word_t slot, by_word_t core_slot)
{
	return KCALL(PD_INSTALL, item_slot(&pd->item), slot, core_slot);
}


/*
 * RPC: account and RAM
 */

static by_status_t account(struct pd *pd, struct by_pd_balance *balance)
{
	*balance = (struct by_pd_balance) {
		.ram_quota  = pd->account.ram_quota,
		.ram_used   = pd->account.ram_used + pd->account.ram_aside,
		.caps_quota = pd->account.caps_quota,
		.caps_used  = pd->account.caps_used + pd->account.caps_aside,
	};

	return BY_OK;
}


struct pd *pd_of_arg(struct by_cap_arg const *arg)
{
	struct item *item = item_of_arg(arg, ITEM_PD_SESSION);

	return item ? BY_CONTAINER_OF(item, struct pd, session) : NULL;
}


static by_status_t transfer(struct pd *pd, struct by_cap_arg *to, uint64_t ram, uint64_t caps)
{
	struct pd *other = pd_of_arg(to);

	return other ? account_transfer(&pd->account, &other->account, ram, caps) : BY_BAD_CAP;
}


static by_status_t set_aside(struct pd *pd, uint64_t ram, uint64_t caps)
{
	return account_set_aside(&pd->account, ram, caps);
}


static by_status_t reference(struct pd *pd, struct by_cap_arg *to)
{
	struct pd *other = pd_of_arg(to);

	if (!other)
		return BY_BAD_CAP;
	if (other == pd || pd->account.reference == NULL)
		return BY_DENIED;

	/* no circles: quota could never leave one; and no chains that are too long to tell */
	struct account *a = &other->account;
	for (unsigned i = 0; a && a != &pd->account && i < REFERENCES_MAX; i++)
		a = a->reference;
	if (a)
		return BY_DENIED;

	account_refer(&pd->account, &other->account);

	return BY_OK;
}


/** Clear more of the pending RAM; BY_OK when it is all clear. */
static by_status_t clear_pending(struct pd *pd)
{
	struct ds *ds = pd->pending;
	uint64_t   end = pd->pending_done + CLEAR_MAX;

	if (end > ds->size)
		end = ds->size;
	ds_clear(ds, pd->pending_done, end);
	pd->pending_done = end;

	return end == ds->size ? BY_OK : BY_AGAIN;
}


/** Give up an allocation that its client did not repeat. */
static void drop_pending(struct pd *pd)
{
	struct ds *ds = pd->pending;

	pd->pending = NULL;
	if (ds)
		item_close(&ds->item);
}


static by_status_t ram_alloc(struct pd *pd, uint64_t size, uint32_t cache, uint32_t align,
                             uint64_t limit, by_cap_t *cap)
{
	static uint32_t const attribute[] = { 0, BY_MAP_UNCACHED, BY_MAP_COMBINE };
	uint64_t    bytes = phys_round(size);
	bool        repeated = pd->pending && pd->pending_size == size
	                       && pd->pending_cache == cache
	                       && pd->pending_align == align
	                       && pd->pending_limit == limit;
	by_status_t status;

	if (!repeated) {
		if (!item_reap_doomed(&pd->account))
			return BY_AGAIN;
		drop_pending(pd);
		if (!size || bytes < size || align < PAGE_SHIFT || align > 30)
			return BY_INVALID;
		status = ds_create_ram(&pd->account, bytes, align, limit, attribute[cache],
		                       &pd->pending);
		if (status != BY_OK)
			return status;
		pd->pending_done = 0;
		pd->pending_size  = size;
		pd->pending_limit = limit;
		pd->pending_cache = (uint8_t)cache;
		pd->pending_align = (uint8_t)align;
	}
	status = clear_pending(pd);
	if (status != BY_OK)
		return status;

	*cap = item_cap(&pd->pending->item);
	pd->pending = NULL;

	return BY_OK;
}


/** RAM dataspace of this PD that an argument names; NULL and why not. */
static struct ds *own_ram(struct pd *pd, struct by_cap_arg const *arg, by_status_t *status)
{
	struct ds *ds = (struct ds *)item_of_arg(arg, ITEM_DS);

	*status = !ds ? BY_BAD_CAP
	          : ds->item.account != &pd->account || !ds->owned || !item_independent(&ds->item)
	          ? BY_DENIED : BY_OK;

	return *status == BY_OK ? ds : NULL;
}


static by_status_t ram_free(struct pd *pd, struct by_cap_arg *arg)
{
	by_status_t status;
	struct ds  *ds = own_ram(pd, arg, &status);

	if (!item_freeable(ds, arg, &pd->repeats))
		return status;
	if (ds)
		item_doom(&ds->item);

	return item_freed(ds, item_reap_doomed(&pd->account), &pd->repeats);
}


static by_status_t ram_seal(struct pd *pd, struct by_cap_arg *arg)
{
	by_status_t status;
	struct ds  *ds = own_ram(pd, arg, &status);

	if (ds && !ds_seal(ds))
		status = BY_AGAIN;

	return status;
}


static by_status_t dma_grant(struct pd *pd, struct by_cap_arg *to)
{
	struct pd *other = pd_of_arg(to);

	if (!other)
		return BY_BAD_CAP;
	if (!pd->dma || other->account.reference != &pd->account)
		return BY_DENIED;

	other->dma = true;

	return BY_OK;
}


static by_status_t dma_address(struct pd *pd, struct by_cap_arg *arg, uint64_t *address)
{
	by_status_t status;
	struct ds  *ds = own_ram(pd, arg, &status);

	if (!ds)
		return status;
	if (!pd->dma)
		return BY_DENIED;

	*address = ds->pa;

	return BY_OK;
}


static by_status_t space(struct pd *pd, by_cap_t *map)
{
	*map = item_cap(&pd->map.item);

	return BY_OK;
}


/*
 * RPC: endpoints, gates, signals, slots, tables
 */

/** A kernel object as an item of the PD; 'args' as for item_create_kernel(). */
static by_status_t create_part(struct pd *pd, enum by_object_type type, struct kargs args,
                               by_cap_t *cap)
{
	bool const  signal = type == BY_OBJECT_SIGNAL;
	void       *record;
	by_status_t status = item_create(&pd->account, ITEM_PART,
	                                 signal ? sizeof(struct signal) : sizeof(struct item),
	                                 &record);

	if (status != BY_OK)
		return status;

	struct item *item = record;
	status = item_create_kernel(item, type, args);
	if (status != BY_OK) {
		item_destroy(item);
		return status;
	}
	if (signal)
		by_list_init(&BY_CONTAINER_OF(item, struct signal, item)->maps);
	*cap = item_cap(item);

	return BY_OK;
}


/** Maps whose handler a signal is have none without it. */
static bool forget_maps(struct signal *signal)
{
	struct by_list_node *node;

	while ((node = by_list_first(&signal->maps))) {
		struct map *map = BY_CONTAINER_OF(node, struct map, handler_node);
		map->retry = map_stamp();
		if (!map_retry(map) || !work(WORK_LOOK))
			return false;
		map_handle(map, NULL);
	}

	return true;
}


bool part_reap(struct item *item)
{
	bool const signal = item->size == sizeof(struct signal);

	if (!item_drop_kernel(item)
	    || (signal && !forget_maps(BY_CONTAINER_OF(item, struct signal, item)))
	    || !work(WORK_FREE))
		return false;

	item_end(item);

	return true;
}


static by_status_t endpoint_create(struct pd *pd, struct by_cap_arg *arg, by_cap_t *endpoint)
{
	struct thread *thread = (struct thread *)item_of_arg(arg, ITEM_THREAD);

	if (!thread || thread->map != &pd->map)
		return BY_BAD_CAP;

	return create_part(pd, BY_OBJECT_ENDPOINT,
	                   (struct kargs){ { 0, 0, 0, item_slot(&thread->item) } }, endpoint);
}


/** Create a gate or a signal at an endpoint of this PD. */
static by_status_t create_at(struct pd *pd, enum by_object_type type,
                             struct by_cap_arg const *endpoint, uint64_t badge, bool io,
                             by_cap_t *out)
{
	struct item *item = item_of_arg(endpoint, ITEM_PART);

	if (!item || item->kernel != BY_OBJECT_ENDPOINT || item->account != &pd->account)
		return BY_BAD_CAP;
	if (badge != (by_word_t)badge)
		return BY_INVALID;

	return create_part(pd, type, (struct kargs){ { 0, 0, 0, item_slot(item),
	                                               (by_word_t)badge, io } }, out);
}


static by_status_t gate_create(struct pd *pd, struct by_cap_arg *endpoint, uint64_t badge,
                               by_cap_t *gate)
{
	return create_at(pd, BY_OBJECT_GATE, endpoint, badge, false, gate);
}


static by_status_t signal_create(struct pd *pd, struct by_cap_arg *endpoint, uint64_t badge,
                                 bool io, by_cap_t *signal)
{
	return create_at(pd, BY_OBJECT_SIGNAL, endpoint, badge, io, signal);
}


static by_status_t object_free(struct pd *pd, struct by_cap_arg *arg)
{
	struct item *item = item_of_arg(arg, ITEM_PART);

	if (item && item->account != &pd->account)
		return BY_DENIED;
	if (!item_freeable(item, arg, &pd->repeats))
		return BY_BAD_CAP;
	if (item)
		item_doom(item);

	return item_freed(item, item_reap_doomed(&pd->account), &pd->repeats);
}


static by_status_t slots_add(struct pd *pd, uint32_t *slots)
{
	by_status_t status = add_leaf(pd);

	if (status == BY_OK)
		*slots = pd->leaves * BY_LEAF_SLOTS;

	return status;
}


static by_status_t tables_add(struct pd *pd, uint32_t count)
{
	return count && count <= TABLES_MAX ? add_tables(pd, count) : BY_INVALID;
}


static by_status_t assign(struct pd *pd, uint32_t slot, struct by_cap_arg *object)
{
	if (object->kind == BY_CAP_FOREIGN)
		return pd_install(pd, slot, object->cap.slot);
	if (object->kind != BY_CAP_OWN)
		return BY_BAD_CAP;

	struct item *item = item_find(object->badge);

	return item ? pd_install(pd, slot, item_slot(item)) : BY_BAD_CAP;
}


static const struct by_pd_ops ops = {
	.account = account, .transfer = transfer, .set_aside = set_aside,
	.reference = reference,
	.ram_alloc = ram_alloc, .ram_free = ram_free, .ram_seal = ram_seal,
	.dma_grant = dma_grant, .dma_address = dma_address, .space = space,
	.endpoint_create = endpoint_create, .gate_create = gate_create,
	.signal_create = signal_create, .object_free = object_free,
	.slots_add = slots_add, .tables_add = tables_add, .assign = assign,
};


by_tag_t pd_dispatch(struct item *item, by_tag_t tag, struct by_message *msg)
{
	struct pd *pd = BY_CONTAINER_OF(item, struct pd, session);

	return by_pd_dispatch(pd, &ops, tag, msg);
}
