/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Protection domains: page tables as a cache, and their end.
 */
#include "pd.h"
#include "cap.h"
#include "cpu.h"
#include "panic.h"
#include "thread.h"

enum {
	MAP_BATCH = 64, /* entries written at once */
	MAP_RUNS  = 4,  /* tables touched by one call */
};

struct pd    *core_pd;


void pd_init(struct pd *pd, word_t id, pte_t *root)
{
	memset(pd, 0, sizeof(*pd));
	object_init(&pd->obj, BY_OBJECT_PD, id);
	space_init(&pd->space, root);
}


static struct pool_entry *pool_entry(struct pd *pd, uint32_t i)
{
	if (i < POOL_FIRST)
		return &pd->pool_first[i];

	i -= POOL_FIRST;

	return &pd->pool_page[i / POOL_PAGE][i % POOL_PAGE];
}


bool pd_pool_add(struct pd *pd, pte_t *table)
{
	if (pd->pool_count == POOL_MAX)
		return false;

	memset(table, 0, PAGE_SIZE);

	/* a donated page describes the next ones when the entries are used up */
	uint32_t beyond = pd->pool_count - POOL_FIRST;
	if (pd->pool_count >= POOL_FIRST && !pd->pool_page[beyond / POOL_PAGE]) {
		pd->pool_page[beyond / POOL_PAGE] = (struct pool_entry *)table;
		return true;
	}
	*pool_entry(pd, pd->pool_count++) = (struct pool_entry) { .table = table };

	return true;
}


/** Invalidate translations on every CPU that may have them. */
static void pd_flush(struct pd *pd, word_t va, word_t pages)
{
	uint64_t self = 1ull << smp_self()->id;
	/* not just a load: it must not be done before the tables are written */
	uint64_t mask = atomic_fetch_or(&pd->cpus, 0); /* pairs with load_space() */

	if (mask & self)
		tlb_flush(&pd->space, va, pages);

	if (mask & ~self) {
		cpu_flush = (struct flush) { pd, va, pages };
		cpu_broadcast(mask & ~self, WORK_FLUSH);
	}
}


/**
 * Take a table from the pool, the oldest in use if none is free, and enter it.
 *
 * Its former place forgets it. Tables below the recycled one stay in the pool,
 * unreachable until their own turn comes: 'parent' is believed only if the entry
 * still refers to the table.
 */
static void pool_take(struct pd *pd, pte_t *parent)
{
	ASSERT(pd->pool_count);

	struct pool_entry *entry = pool_entry(pd, pd->pool_next);
	pte_t const        link  = pte_make_table(mem_physical(entry->table));

	pd->pool_next = (pd->pool_next + 1) % pd->pool_count;
	if (entry->parent) {
		if (*entry->parent == link)
			pte_store(entry->parent, 0);
		pd_flush(pd, 0, ~(word_t)0);
		memset(entry->table, 0, PAGE_SIZE);
		pd->pool_recycled++;
	}
	entry->parent = parent;
	atomic_fence(); /* its zeros are seen before it is; pairs with table walkers */
	pte_store(parent, link);
}


/**
 * Entry for 'va' at 'level', or at a lower level where a table exists already.
 * Makes the tables above.
 */
static pte_t *walk_create(struct pd *pd, word_t va, unsigned *level)
{
	uint32_t recycled;
	unsigned at;
	pte_t   *table, *entry;

again:
	recycled = pd->pool_recycled;
	table    = pd->space.root;
	for (at = PT_LEVELS - 1; ; at--) {
		entry = &table[pt_index(va, at)];
		if (at <= *level && !pte_is_table(*entry, at))
			break;

		if (!pte_is_table(*entry, at)) {
			/* a page goes before a table comes: TLBs must not see both */
			if (pte_present(*entry)) {
				pte_store(entry, 0);
				pd_flush(pd, va, ~(word_t)0);
			}
			pool_take(pd, entry);
			/* the recycled table can be one of those above: begin anew */
			if (pd->pool_recycled != recycled)
				goto again;
		}
		table = mem_kernel(pte_address(*entry));
	}
	*level = at;

	return entry;
}


static word_t level_pages(unsigned level)
{
	return (word_t)1 << (pt_shift(level) - PAGE_SHIFT);
}


/** Largest page level that fits to the addresses and the size. */
static unsigned map_level(word_t va, paddr_t pa, word_t pages)
{
	unsigned level = PT_LEVELS - 1;

	while (level && (!pt_page_level(level) || pages < level_pages(level)
	                 || ((va | pa) & (level_pages(level) * PAGE_SIZE - 1))))
		level--;

	return level;
}


/** Clear entries up to the first that is a table; returns how many there are. */
static word_t clear_entries(pte_t *entry, word_t count, unsigned level, bool *found)
{
	word_t i;

	for (i = 0; i < count && !pte_is_table(entry[i], level); i++) {
		if (pte_present(entry[i])) {
			pte_store(&entry[i], 0);
			*found = true;
		}
	}

	return i;
}


/** Write entries of one table, as many as fit; returns the number of pages. */
static word_t map_run(struct pd *pd, word_t va, paddr_t pa, word_t pages, unsigned attr)
{
	unsigned     level = map_level(va, pa, pages);
	pte_t       *entry = walk_create(pd, va, &level);
	word_t const size  = level_pages(level) * PAGE_SIZE;
	word_t       count = pt_entries(level) - pt_index(va, level);
	bool         replaced = false;

	if (count > MAP_BATCH)
		count = MAP_BATCH;
	if (count > pages / level_pages(level))
		count = pages / level_pages(level);

	/* what was there goes first: TLBs must not see old and new at once */
	count = clear_entries(entry, count, level, &replaced);
	if (replaced)
		pd_flush(pd, va, count * level_pages(level));

	atomic_fence(); /* content is seen before its mapping; pairs with table walkers */
	pte_t       pte  = pte_make_page(pa, attr, level);
	pte_t const step = pte_make_page(pa + size, attr, level) - pte;
	for (word_t i = 0; i < count; i++, pte += step)
		pte_store(&entry[i], pte);

	return count * level_pages(level);
}


word_t pd_map(struct pd *pd, word_t va, paddr_t pa, word_t pages, unsigned attr)
{
	word_t done = 0;

	for (unsigned runs = 0; done < pages && runs < MAP_RUNS; runs++)
		done += map_run(pd, va + done * PAGE_SIZE, pa + done * PAGE_SIZE, pages - done,
		                attr);

	return done;
}


/** Entry of the lowest level that exists for 'va'. */
static pte_t *walk_find(struct pd *pd, word_t va, unsigned *level)
{
	pte_t *table = pd->space.root;

	for (unsigned at = PT_LEVELS - 1; ; at--) {
		pte_t *entry = &table[pt_index(va, at)];
		if (!pte_is_table(*entry, at)) {
			*level = at;
			return entry;
		}
		table = mem_kernel(pte_address(*entry));
	}
}


/** Clear entries of one table; returns the number of pages up to where it looked. */
static word_t unmap_run(struct pd *pd, word_t va, word_t pages, bool *found)
{
	unsigned     level;
	pte_t       *entry = walk_find(pd, va, &level);
	word_t const size  = level_pages(level);
	word_t const skip  = (va / PAGE_SIZE) % size; /* into what the first entry covers */
	word_t       count = pt_entries(level) - pt_index(va, level);

	if (count > MAP_BATCH)
		count = MAP_BATCH;
	if (count > (skip + pages + size - 1) / size)
		count = (skip + pages + size - 1) / size;

	return clear_entries(entry, count, level, found) * size - skip;
}


word_t pd_unmap(struct pd *pd, word_t va, word_t pages)
{
	word_t done  = 0;
	bool   found = false;

	for (unsigned runs = 0; done < pages && runs < MAP_RUNS; runs++)
		done += unmap_run(pd, va + done * PAGE_SIZE, pages - done, &found);
	if (done > pages)
		done = pages;
	if (found)
		pd_flush(pd, va, done);

	return done;
}


/** Empty the capability table in bounded steps. */
static bool pd_empty_table(struct pd *pd, struct teardown *td)
{
	while (pd->destroy_slot < BY_LEAVES * BY_LEAF_SLOTS) {
		if (!td->budget)
			return false;
		if (!pd->leaf[pd->destroy_slot / BY_LEAF_SLOTS]) {
			pd->destroy_slot += BY_LEAF_SLOTS;
			continue;
		}
		cap_drop(pd, pd->destroy_slot++);
		td->budget--;
	}

	return true;
}


/** Stop the threads of the PD: they keep their objects, and never run again. */
static bool pd_stop_threads(struct pd *pd, struct teardown *td)
{
	while (!ring_empty(&pd->threads)) {
		struct thread *thread = container_of(pd->threads.first, struct thread, pd_link);

		if (!td->budget || !thread_expel(thread, td))
			return false;
		ring_remove(&pd->threads, &thread->pd_link);
		thread->pd = NULL;
		td->budget--;
	}

	return true;
}


bool pd_destroy(struct pd *pd, struct teardown *td)
{
	object_kill(&pd->obj);
	/* then nobody is on the way to fill a slot any more */
	if (!pd_stop_threads(pd, td) || !object_quiesced(&pd->obj, 1)
	    || !pd_empty_table(pd, td) || !object_unlink(&pd->obj, td))
		return false;

	cpu_unload(pd);
	space_fini(&pd->space);

	return object_quiesced(&pd->obj, 2);
}
