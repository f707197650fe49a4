/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The census of core; see census.h.
 */
#include "census.h"
#include "inside.h"
#include <by/core.h>
#include <stdarg.h>

enum {
	PAGES = SIM_RAM_SIZE / PAGE_SIZE, SLOTS = BY_LEAVES * BY_LEAF_SLOTS,
	ITEM_FIRST = ITEM_RECEIVE_FIRST + BY_MSG_CAPS,
	ITEMS_MAX = SLOTS, ACCOUNTS_MAX = 1024, MAPS_MAX = 8192,
	GRANULES = PAGE_SIZE / GRANULE,
	NOBODY = 0, FREE = 1, FIRST_ACCOUNT = 2, /* owners of a page */
};

/** As in pd.c. */
struct donated {
	struct by_list_node node;
	by_paddr_t          pa;
	size_t              pages;
};

static struct item    *items[ITEMS_MAX];
static struct item    *item_in[SLOTS];           /* by slot of core's table */
static size_t          item_count;
static struct account *accounts[ACCOUNTS_MAX];
static struct pd      *account_pd[ACCOUNTS_MAX]; /* NULL: core's */
static uint64_t        pages_used[ACCOUNTS_MAX], caps_used[ACCOUNTS_MAX];
static size_t          account_count;
static size_t          page_count;                /* up to the end of RAM */
static uint16_t        owner[PAGES];
static uint64_t        granules_used[PAGES];      /* of pages in pools, as counted here */
static bool            managed[PAGES];
static bool            managed_known;
static uint64_t        all_ram, all_caps;
static char            error[400];
static struct census  *result;


static void wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void wrong(const char *format, ...)
{
	va_list args;

	if (error[0])
		return;
	va_start(args, format);
	vsnprintf(error, sizeof(error), format, args);
	va_end(args);
}


/*
 * Pages
 */

static void own_page(by_paddr_t pa, uint16_t who)
{
	uint64_t page = (pa - SIM_RAM) / PAGE_SIZE;

	if (page >= page_count || (managed_known && !managed[page])) {
		wrong("page %llx, which is not core's to give, belongs to %u",
		      (unsigned long long)pa, who);
		return;
	}
	if (owner[page] != NOBODY)
		wrong("page %llx belongs to %u and %u", (unsigned long long)pa, owner[page], who);
	owner[page] = who;
	if (who >= FIRST_ACCOUNT)
		pages_used[who - FIRST_ACCOUNT]++;
}


static void own(by_paddr_t pa, size_t pages, size_t account)
{
	for (size_t i = 0; i < pages; i++)
		own_page(pa + i * PAGE_SIZE, (uint16_t)(FIRST_ACCOUNT + account));
}


static void own_free(void *arg, uint64_t pa, size_t pages)
{
	(void)arg;
	result->free_pages += pages;
	for (size_t i = 0; i < pages; i++)
		own_page(pa + i * PAGE_SIZE, FREE);
}


static size_t account_index(struct account const *account)
{
	for (size_t i = 0; i < account_count; i++)
		if (accounts[i] == account)
			return i;
	wrong("an account that does not exist");

	return 0;
}


/*
 * Items
 */

static bool of_core(by_word_t slot)
{
	return slot < ITEM_FIRST || slot >= SLOTS - 4;
}


/** ... and each object of the kernel its item. */
static void take_slot(by_word_t slot)
{
	struct sim_object object;

	if (!sim_object(slot, &object))
		return;

	result->objects[object.type]++;
	if (of_core(slot)) {
		if (slot >= ITEM_RECEIVE_FIRST && slot < ITEM_FIRST)
			wrong("core kept a received capability, in slot %lu", (unsigned long)slot);
		return;
	}
	struct item *item = item_in[slot];
	if (!item || item->id != object.id || item->kernel != object.type)
		wrong("slot %lu: object of type %u without its item", (unsigned long)slot, object.type);
}


static struct pd *pd_of(struct item *item)
{
	return BY_CONTAINER_OF(item, struct pd, item);
}


static struct ds *ds_of(struct item *item)
{
	return BY_CONTAINER_OF(item, struct ds, item);
}


static struct thread *thread_of(struct item *item)
{
	return BY_CONTAINER_OF(item, struct thread, item);
}


static struct cpu *cpu_of(struct item *item)
{
	return BY_CONTAINER_OF(item, struct cpu, item);
}


static bool object_alive(struct item *item, struct sim_object *object)
{
	return sim_object(item_slot(item), object) && object->id == item->id;
}


/** Whether the end of an item has begun; of an inner one that cannot be told. */
static bool may_be_dead(struct item *item)
{
	if (item->type == ITEM_PD)
		return pd_of(item)->session.dying;
	if (item->type == ITEM_MAP && BY_CONTAINER_OF(item, struct map, item)->space)
		return pd_of(BY_CONTAINER_OF(item, struct map, item)->space->pd)->session.dying;

	/* what a PD has left behind has attachments only */
	if (item->type == ITEM_DS && ds_of(item)->estate)
		return true;

	return item->dying || item->type == ITEM_INNER;
}


/** Each item has its object, unless it is being destroyed, ... */
static void take_item(void *arg, struct item *item)
{
	struct sim_object object;

	(void)arg;
	if (!object_alive(item, &object)) {
		result->objects[item->kernel] += item->kernel != BY_OBJECT_NONE;
		if (!may_be_dead(item))
			wrong("item %lu of type %u without its object", (unsigned long)item->id, item->type);
	}
	items[item_count++] = item;
	item_in[item_slot(item)] = item;
	result->items[item->type]++;
	result->dying += item->dying;
}


static void collect(void)
{
	item_count = account_count = 0;
	memset(item_in, 0, sizeof(item_in));
	inside_each_item(take_item, NULL);
	/* core's table is full from its beginning on, and has a last page */
	for (by_word_t slot = 1; slot < sim_slots(BY_CORE_SLOT_PD); slot++)
		take_slot(slot);
	for (by_word_t slot = SLOTS - BY_LEAF_SLOTS; slot < SLOTS; slot++)
		take_slot(slot);

	accounts[account_count++] = &account_core;
	for (size_t i = 0; i < item_count; i++) {
		if (items[i]->type != ITEM_PD)
			continue;
		account_pd[account_count] = pd_of(items[i]);
		accounts[account_count++] = &pd_of(items[i])->account;
	}
}


static bool exists(struct item const *item, enum item_type type)
{
	for (size_t i = 0; i < item_count; i++)
		if (items[i] == item)
			return item->type == type;

	return false;
}


/*
 * Granules
 */

static uint64_t mask(unsigned at, unsigned count)
{
	return (count < 64 ? ((uint64_t)1 << count) - 1 : ~(uint64_t)0) << at;
}


static void use_granules(by_paddr_t pa, size_t size)
{
	size_t   page  = (pa - SIM_RAM) / PAGE_SIZE;
	unsigned first = (unsigned)(pa % PAGE_SIZE) / GRANULE;
	uint64_t bits  = mask(first, inside_granules(size));

	if (page >= page_count || pa % GRANULE) {
		wrong("a block at %llx", (unsigned long long)pa);
		return;
	}
	if (granules_used[page] & bits)
		wrong("two blocks share granules at %llx", (unsigned long long)pa);
	granules_used[page] |= bits;
}


/** The page that a record lies in, by its description at the page's beginning. */
static struct pool_page *record_page(void const *record)
{
	return (void *)((uintptr_t)record & ~(uintptr_t)(PAGE_SIZE - 1));
}


static void use_record(void const *record, size_t size)
{
	use_granules(record_page(record)->pa + (uintptr_t)record % PAGE_SIZE, size);
}


static void poison_free(struct pool_page *page)
{
	for (unsigned i = 0; i < GRANULES; i++)
		if (!(page->used >> i & 1))
			inside_poison((char *)page + i * GRANULE, GRANULE);
}


static void pool_pages(struct pool *pool, size_t account, bool records)
{
	POOL_EACH_PAGE(pool, page) {
		own(page->pa, 1, account);
		use_record(page, sizeof(*page));
		if (records)
			poison_free(page);
	}
}


/** What is in use in a pool's pages and was not found: 0, but for sessions of init. */
static size_t pool_unknown(struct pool *pool, size_t account)
{
	size_t unknown = 0;

	POOL_EACH_PAGE(pool, page) {
		uint64_t found = granules_used[(page->pa - SIM_RAM) / PAGE_SIZE];
		if (found & ~page->used)
			wrong("account %zu: a block in free granules of page %llx", account,
			      (unsigned long long)page->pa);
		unknown += (size_t)__builtin_popcountll(page->used & ~found);
	}

	return unknown;
}


/*
 * Owners
 */

static void own_core_page(void *arg, by_paddr_t pa)
{
	(void)arg;
	if (!managed_known || managed[(pa - SIM_RAM) / PAGE_SIZE])
		own(pa, 1, 0);
}


/** The thread that drains the log: its message page, and the page of its objects. */
static void own_drain(void)
{
	struct sim_object object;
	struct sim_thread thread;

	for (by_word_t slot = SLOTS - 4; slot < SLOTS; slot++) {
		if (!sim_object(slot, &object) || object.type != BY_OBJECT_THREAD)
			continue;
		sim_thread(slot, &thread);
		own(object.pa & ~(by_paddr_t)(PAGE_SIZE - 1), 1, 0);
		own(thread.message, 1, 0);
	}
}


static void own_pd(size_t account)
{
	struct pd *pd = account_pd[account];

	pool_pages(&pd->records, account, true);
	pool_pages(&pd->kernel, account, false);
	use_record(pd, sizeof(*pd));
	BY_LIST_EACH(&pd->pages, node) {
		struct donated *donated = BY_CONTAINER_OF(node, struct donated, node);
		own(donated->pa, donated->pages, account);
		use_record(donated, sizeof(*donated));
	}
}


static void kernel_page(void *arg, by_paddr_t pa)
{
	size_t page = (pa - SIM_RAM) / PAGE_SIZE;

	if (page >= page_count || owner[page] != FIRST_ACCOUNT + *(size_t *)arg)
		wrong("the kernel uses page %llx for a PD that does not own it", (unsigned long long)pa);
}


static void own_block(struct item *item, size_t account)
{
	struct sim_object object;

	if (!object_alive(item, &object)) {
		if (item->block.page)
			use_granules(item->block.pa, sim_object_size(item->kernel));
		return;
	}
	if (item->type == ITEM_PD) {
		sim_pd_pages(item_slot(item), kernel_page, &account);
		return;
	}
	if (!item->block.page || item->block.pa != object.pa)
		wrong("an object at %llx, whose memory is at %llx", (unsigned long long)object.pa,
		      (unsigned long long)item->block.pa);
	else if (owner[(object.pa - SIM_RAM) / PAGE_SIZE] != FIRST_ACCOUNT + account)
		wrong("an object in memory of somebody else");
	use_granules(object.pa, sim_object_size(object.type));
}


static void own_thread(struct thread *thread)
{
	struct sim_thread kernel;
	size_t            account = account_index(thread->item.account);

	if (thread->item.account != thread->map->account)
		wrong("a thread that somebody else pays for");
	if (!thread->item.dying && (!sim_thread(item_slot(&thread->item), &kernel)
	                            || kernel.message != thread->message.pa
	                            || kernel.fpu != thread->fpu))
		wrong("a thread that kernel and core see differently");
	if (thread->message.size)
		own(thread->message.pa, 1, account);
	if (thread->fpu && (size_t)BY_FPU_SIZE > POOL_MAX)
		own(thread->fpu, (BY_FPU_SIZE + PAGE_SIZE - 1) / PAGE_SIZE, account);
	else if (thread->fpu)
		use_granules(thread->fpu, BY_FPU_SIZE);
}


static void own_item(struct item *item)
{
	size_t account = account_index(item->account);

	caps_used[account]++;
	own_block(item, account);
	if (item->size)
		use_record(item, item->size);
	if (item->type == ITEM_DS && ds_of(item)->owned)
		own(ds_of(item)->pa, ds_of(item)->size / PAGE_SIZE, account);
	if (item->type == ITEM_THREAD)
		own_thread(thread_of(item));
}


/*
 * Maps
 */

static struct attachment *attachment_of(struct by_tree_node *node)
{
	return BY_CONTAINER_OF(node, struct attachment, node);
}


static uint64_t max_gap(struct by_tree_node *node)
{
	return node ? attachment_of(node)->max_gap : 0;
}


static bool listed(struct by_list const *list, struct by_list_node const *wanted)
{
	BY_LIST_EACH(list, node)
		if (node == wanted)
			return true;

	return false;
}


static void check_gaps(struct attachment *a, uint64_t before)
{
	uint64_t most = a->gap, left = max_gap(a->node.child[0]), right = max_gap(a->node.child[1]);

	if (left > most)
		most = left;
	if (right > most)
		most = right;
	if (a->at < before || a->gap != a->at - before)
		wrong("attachment at %llx: overlap, or a wrong gap", (unsigned long long)a->at);
	if (a->max_gap != most)
		wrong("attachment at %llx: a wrong largest gap", (unsigned long long)a->at);
}


/** Whether a dataspace exists: as an item, or as a thread's message page. */
static bool ds_exists(struct ds *ds)
{
	if (ds->item.id)
		return exists(&ds->item, ITEM_DS);

	for (size_t i = 0; i < item_count; i++)
		if (items[i]->type == ITEM_THREAD && &thread_of(items[i])->message == ds)
			return true;

	return false;
}


static void check_attachment(struct map *map, struct attachment *a)
{
	if (a->map != map || !ds_exists(a->ds)) {
		wrong("attachment at %llx: of another map, or of nothing", (unsigned long long)a->at);
		return;
	}
	if (!a->size || a->size % PAGE_SIZE || a->at % PAGE_SIZE || a->offset % PAGE_SIZE
	    || a->offset > a->ds->size || a->size > a->ds->size - a->offset)
		wrong("attachment at %llx: more than the dataspace", (unsigned long long)a->at);
	if (!listed(&a->ds->attachments, &a->ds_node))
		wrong("attachment at %llx: its dataspace does not know it", (unsigned long long)a->at);
	if (a->flags & BY_ATTACH_WRITE && a->flags & BY_ATTACH_EXEC)
		wrong("attachment at %llx: writeable code", (unsigned long long)a->at);
	use_record(a, sizeof(*a));
	result->attachments++;
	result->ended += (a->flags & ATTACH_ENDED) != 0;
	result->ended_inside += (a->flags & ATTACH_ENDED) != 0 && !map->space;
}


static void check_listed_threads(struct map *map)
{
	BY_LIST_EACH(&map->waiters, node) {
		struct thread *thread = BY_CONTAINER_OF(node, struct thread, waiter.node);
		struct sim_thread kernel;
		result->waiting++;
		if (!listed(&thread->map->space->waiters, &thread->waiter.space_node))
			wrong("a thread waits in a map, and its PD does not know");
		if (!exists(&thread->item, ITEM_THREAD) || thread->faulted || thread->item.dying
		    || !sim_thread(item_slot(&thread->item), &kernel) || !kernel.faulted)
			wrong("a thread listed in a map that does not wait");
	}
}


static void check_map(struct map *map)
{
	uint64_t before = map->base;
	struct by_tree_node *node = by_tree_first(&map->attachments);

	for (; node && node != &map->end.node; node = by_tree_next(node)) {
		struct attachment *a = attachment_of(node);
		check_gaps(a, before);
		check_attachment(map, a);
		before = a->at + a->size;
	}
	if (!node || map->end.at != map->base + map->size || by_tree_next(node))
		wrong("a map without its end");
	else
		check_gaps(&map->end, before);
	check_listed_threads(map);
	if (map->ds && (!exists(&map->ds->item, ITEM_DS) || map->ds->managed != map))
		wrong("a managed dataspace that is not of its map");
}


static size_t attachments_of(struct ds *ds)
{
	size_t count = 0;

	BY_LIST_EACH(&ds->attachments, node)
		count++;

	return count;
}


static void check_maps(void)
{
	size_t in_dataspaces = 0;

	for (size_t i = 0; i < item_count; i++) {
		struct item *item = items[i];
		if (item->type == ITEM_MAP)
			check_map(BY_CONTAINER_OF(item, struct map, item));
		if (item->type == ITEM_DS)
			in_dataspaces += attachments_of(ds_of(item));
		if (item->type == ITEM_THREAD)
			in_dataspaces += attachments_of(&thread_of(item)->message);
	}
	if (in_dataspaces != result->attachments)
		wrong("%zu attachments in dataspaces, %zu in maps", in_dataspaces, result->attachments);
}


/** Attachments of sealed memory are not writeable once that is done. */
static bool being_sealed(struct place const *place)
{
	return place->ds->flags & BY_DS_SEALED && place->flags & BY_ATTACH_WRITE;
}


static bool check_translation(void *arg, by_word_t va, by_paddr_t pa, unsigned attributes)
{
	struct pd   *pd = arg;
	struct place place;

	result->translations++;
	if (map_lookup(&pd->map, va, &place) != BY_OK) {
		if (!result->ended)
			wrong("page %lx is mapped, and nothing attached", (unsigned long)va);
	} else if (place.ds->pa + place.offset != pa)
		wrong("page %lx is mapped to %llx, not %llx", (unsigned long)va, (unsigned long long)pa,
		      (unsigned long long)(place.ds->pa + place.offset));
	else if (attributes & ~place_attributes(&place) && !being_sealed(&place))
		wrong("page %lx is mapped with too many rights", (unsigned long)va);

	return !error[0];
}


/*
 * Threads, sessions, accounts
 */

static void check_thread(struct thread *thread)
{
	struct space *space = thread->map->space;

	if (!exists(space->pd, ITEM_PD) || !listed(&space->threads, &thread->pd_node))
		wrong("a thread without its PD");
	if (!exists(&thread->cpu->item, ITEM_CPU)
	    || !listed(&thread->cpu->threads, &thread->cpu_node))
		wrong("a thread without its CPU session");
}


static void check_thread_list(struct by_list *list, size_t offset)
{
	BY_LIST_EACH(list, node) {
		struct thread *thread = (void *)((char *)node - offset);
		if (!exists(&thread->item, ITEM_THREAD))
			wrong("a list has a thread that does not exist");
	}
}


static void check_owners(void)
{
	struct sim_object object;

	for (size_t i = 0; i < item_count; i++) {
		struct item *item = items[i];
		if (item->type == ITEM_THREAD)
			check_thread(thread_of(item));
		if (item->type == ITEM_CPU) {
			check_thread_list(&cpu_of(item)->threads, offsetof(struct thread, cpu_node));
			check_thread_list(&cpu_of(item)->faults, offsetof(struct thread, fault_node));
		}
		if (item->type == ITEM_PD) {
			check_thread_list(&pd_of(item)->space.threads, offsetof(struct thread, pd_node));
			check_thread_list(&pd_of(item)->space.waiters,
			                  offsetof(struct thread, waiter.space_node));
		}
		if (item->type == ITEM_PD && object_alive(item, &object)) {
			sim_translations(item_slot(item), check_translation, pd_of(item));
		}
	}
}


static void check_reference(size_t i)
{
	struct account *account = accounts[i];
	size_t          steps   = 0;

	for (struct account *a = account; a; a = a->reference, steps++) {
		size_t at = account_index(a);
		if (error[0] || steps > account_count) {
			wrong("account %zu: its references lead nowhere", i);
			return;
		}
		if (!a->reference && at != 0)
			wrong("account %zu: no reference", at);
	}
	if (account->reference && !listed(&account->reference->referrers, &account->referrer_node))
		wrong("account %zu: its reference does not know it", i);
}


static void check_items_list(size_t i)
{
	bool dying = false;

	BY_LIST_EACH(&accounts[i]->items, node) {
		struct item *item = BY_CONTAINER_OF(node, struct item, node);
		bool known = false;
		for (size_t n = 0; n < item_count; n++)
			known |= items[n] == item;
		if (!known || item->account != accounts[i])
			wrong("account %zu: a listed item that does not exist, or is of another", i);
		if (!item->dying && dying)
			wrong("account %zu: a doomed item in front of one that is not", i);
		dying = item->dying;
	}
}


static void check_account(size_t i)
{
	struct account *account = accounts[i];

	if (account->ram_used != pages_used[i] * PAGE_SIZE)
		wrong("account %zu: %llu pages used, %llu found", i,
		      (unsigned long long)account->ram_used / PAGE_SIZE,
		      (unsigned long long)pages_used[i]);
	if (account->caps_used != caps_used[i])
		wrong("account %zu: %llu capabilities used, %llu found", i,
		      (unsigned long long)account->caps_used, (unsigned long long)caps_used[i]);
	if (account->ram_used + account->ram_aside > account->ram_quota
	    || account->caps_used + account->caps_aside > account->caps_quota)
		wrong("account %zu: more used than its quota", i);
	check_reference(i);
	check_items_list(i);
	if (!account_pd[i])
		return;

	size_t unknown = pool_unknown(&account_pd[i]->records, i);
	if (account_pd[i] == host_init_pd)
		result->sessions = unknown;
	else if (unknown)
		wrong("account %zu: %zu granules of records that are nobody's", i, unknown);
	if (pool_unknown(&account_pd[i]->kernel, i))
		wrong("account %zu: kernel memory that no object is in", i);
}


static void check_sums(void)
{
	uint64_t ram = 0, caps = 0;

	for (size_t i = 0; i < account_count; i++) {
		ram  += accounts[i]->ram_quota;
		caps += accounts[i]->caps_quota;
		check_account(i);
	}
	if (managed_known && (ram != all_ram || caps != all_caps))
		wrong("quotas: %llu bytes and %llu capabilities, not %llu and %llu",
		      (unsigned long long)ram, (unsigned long long)caps, (unsigned long long)all_ram,
		      (unsigned long long)all_caps);
	all_ram  = ram;
	all_caps = caps;
}


static void check_pages(void)
{
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < page_count; i++) {
		if (managed_known && managed[i] && owner[i] == NOBODY)
			wrong("page %llx is lost", (unsigned long long)(SIM_RAM + i * PAGE_SIZE));
		managed[i] = owner[i] != NOBODY;
		hash = (hash ^ (owner[i] == FREE)) * 1099511628211u;
	}
	result->free_set = hash;
	managed_known = true;
	if (phys_avail() != result->free_pages)
		wrong("%zu free pages, %zu found", phys_avail(), result->free_pages);
}


static void check_objects(void)
{
	for (unsigned type = 1; type < BY_OBJECT_TYPES; type++)
		if (sim_census(type) != result->objects[type])
			wrong("%zu objects of type %u, %zu found", sim_census(type), type,
			      result->objects[type]);
}


/**
 * Memory that the kernel gave to core before there were accounts is not in the first
 * count: pages of core's PD in managed memory are those that core donated.
 */
static bool donated_by_core(by_paddr_t pa)
{
	struct by_boot_info const *info = boot_info();

	for (uint32_t i = 0; i < info->free_count; i++)
		if (pa - info->free[i].base < info->free[i].size)
			return true;

	return false;
}


static void know_managed(void)
{
	for (size_t i = 0; i < PAGES; i++)
		managed[i] = donated_by_core(SIM_RAM + i * PAGE_SIZE);
	managed_known = true;
	all_ram = all_caps = 0;
	for (size_t i = 0; i < account_count; i++) {
		all_ram  += accounts[i]->ram_quota;
		all_caps += accounts[i]->caps_quota;
	}
	for (size_t i = 0, pages = 0; i <= PAGES; i++) {
		if (i < PAGES)
			pages += managed[i];
		else if (pages * PAGE_SIZE != all_ram)
			wrong("%zu pages managed, %llu in quotas", pages,
			      (unsigned long long)all_ram / PAGE_SIZE);
	}
}


static size_t ram_pages(void)
{
	struct by_boot_info const *info = boot_info();
	uint64_t end = 0;

	for (uint32_t i = 0; i < info->ram_count; i++)
		end = info->ram[i].base + info->ram[i].size > end ? info->ram[i].base + info->ram[i].size : end;

	return (size_t)((end - SIM_RAM) / PAGE_SIZE);
}


const char *census_take(struct census *census)
{
	static struct census unused;

	result   = census ? census : &unused;
	*result  = (struct census) { .accounts = 0 };
	error[0] = 0;
	page_count = ram_pages();
	memset(owner, 0, page_count * sizeof(owner[0]));
	memset(granules_used, 0, page_count * sizeof(granules_used[0]));
	memset(pages_used, 0, sizeof(pages_used));
	memset(caps_used, 0, sizeof(caps_used));

	collect();
	if (!managed_known)
		know_managed();
	sim_pd_pages(BY_CORE_SLOT_PD, own_core_page, NULL);
	own_drain();
	own(rom_platform(), 1, 0);
	for (size_t i = 1; i < account_count; i++)
		own_pd(i);
	for (size_t i = 0; i < item_count; i++)
		own_item(items[i]);
	inside_phys_each(own_free, NULL);
	check_maps();
	check_owners();
	check_sums();
	check_pages();
	check_objects();

	const char *tlb = sim_check();
	if (tlb)
		wrong("%s", tlb);
	result->accounts        = account_count;
	result->core_ram        = account_core.ram_used;
	result->core_caps       = account_core.caps_used;
	result->init_ram        = host_init_pd->account.ram_used;
	result->init_caps       = host_init_pd->account.caps_used;
	result->init_ram_quota  = host_init_pd->account.ram_quota;
	result->init_caps_quota = host_init_pd->account.caps_quota;

	return error[0] ? error : NULL;
}


const char *census_differ(struct census const *a, struct census const *b)
{
	static char text[200];
	static const struct { const char *name; size_t offset, size; } field[] = {
#define FIELD(name) { #name, offsetof(struct census, name), sizeof(a->name) }
		FIELD(accounts), FIELD(attachments), FIELD(sessions), FIELD(free_pages),
		FIELD(core_ram), FIELD(core_caps), FIELD(init_ram), FIELD(init_caps),
		FIELD(init_ram_quota), FIELD(init_caps_quota), FIELD(free_set),
#undef FIELD
	};

	for (unsigned i = 0; i < ITEM_TYPES; i++) {
		if (a->items[i] == b->items[i])
			continue;
		snprintf(text, sizeof(text), "items of type %u: %zu, %zu", i, a->items[i], b->items[i]);
		return text;
	}
	for (size_t i = 0; i < sizeof(field) / sizeof(field[0]); i++) {
		uint64_t one = 0, two = 0;
		memcpy(&one, (const char *)a + field[i].offset, field[i].size);
		memcpy(&two, (const char *)b + field[i].offset, field[i].size);
		if (one == two)
			continue;
		snprintf(text, sizeof(text), "%s: %llu, %llu", field[i].name, (unsigned long long)one,
		         (unsigned long long)two);
		return text;
	}

	return memcmp(a->objects, b->objects, sizeof(a->objects)) ? "kernel objects" : NULL;
}
