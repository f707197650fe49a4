/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accounts, pools and items.
 */
#include "census.h"
#include "inside.h"
#include <stdlib.h>

UNIT_MAIN("core-memory")

static struct account payer;
static struct pool    records, kernel;


/** An account with pools, which init's account gives its quota. */
static void open_account(uint64_t ram, uint64_t caps)
{
	struct account *donor = &host_init_pd->account;

	account_init(&payer, donor);
	if (account_transfer(donor, &payer, ram, caps) != BY_OK)
		host_die("init is too poor");
	pool_init(&records, &payer, &records);
	pool_init(&kernel, &payer, &records);
	payer.records = &records;
	payer.kernel  = &kernel;
}


/*
 * Accounts
 */

enum { ACCOUNTS = 12 };

static struct account tree[ACCOUNTS];
static unsigned       parent[ACCOUNTS];  /* of the model */
static uint64_t       ram[ACCOUNTS], caps[ACCOUNTS];
static bool           alive[ACCOUNTS];


static void grow_tree(void)
{
	memset(alive, 0, sizeof(alive));
	for (unsigned i = 0; i < ACCOUNTS; i++) {
		parent[i] = i ? host_random(i) : 0;
		account_init(&tree[i], i ? &tree[parent[i]] : NULL);
		alive[i] = true;
		ram[i] = caps[i] = 0;
	}
	tree[0].ram_quota  = ram[0]  = 1000000;
	tree[0].caps_quota = caps[0] = 1000;
}


static bool tree_agrees(void)
{
	for (unsigned i = 0; i < ACCOUNTS; i++)
		if (alive[i] && (tree[i].ram_quota != ram[i] || tree[i].caps_quota != caps[i]
		                 || tree[i].reference != (i ? &tree[parent[i]] : NULL)))
			return false;

	return true;
}


static by_status_t model_transfer(unsigned from, unsigned to, uint64_t r, uint64_t c)
{
	bool related = from != to && ((from && parent[from] == to) || (to && parent[to] == from));

	if (!related)
		return BY_DENIED;
	if (ram[from] < r)
		return BY_OUT_OF_RAM;
	if (caps[from] < c)
		return BY_OUT_OF_CAPS;
	ram[from] -= r, caps[from] -= c;
	ram[to]   += r, caps[to]   += c;

	return BY_OK;
}


static void end_account(unsigned i)
{
	if (account_reap(&tree[i]))
		account_fini(&tree[i]);
	alive[i] = false;
	ram[parent[i]]  += ram[i];
	caps[parent[i]] += caps[i];
	for (unsigned n = 1; n < ACCOUNTS; n++)
		if (alive[n] && parent[n] == i)
			parent[n] = parent[i];
}


CORE_TEST(transfers_agree_with_the_model)
{
	for (unsigned round = 0; round < 20; round++) {
		grow_tree();
		for (unsigned i = 0; i < 2000; i++) {
			unsigned from = host_random(ACCOUNTS), to = host_random(ACCOUNTS);
			uint64_t r = host_random(3) ? host_random(100000) : UINT64_MAX - host_random(3);
			uint64_t c = host_random(3) ? host_random(100) : 0;
			if (!alive[from] || !alive[to])
				continue;
			by_status_t wanted = model_transfer(from, to, r, c);
			CHECK_STATUS(account_transfer(&tree[from], &tree[to], r, c), wanted);
			if (from && host_random(200) == 0)
				end_account(from);
			CHECK(tree_agrees());
		}
	}
}


CORE_TEST(quota_in_use_cannot_be_transferred)
{
	open_account(3 * PAGE_SIZE + 100, 2);
	CHECK_STATUS(account_charge_ram(&payer, 3), BY_OK);
	CHECK_STATUS(account_charge_ram(&payer, 1), BY_OUT_OF_RAM);
	CHECK_STATUS(account_charge_ram(&payer, SIZE_MAX), BY_OUT_OF_RAM);
	CHECK_STATUS(account_charge_ram(&payer, SIZE_MAX >> PAGE_SHIFT), BY_OUT_OF_RAM);
	CHECK_STATUS(account_transfer(&payer, payer.reference, 101, 0), BY_OUT_OF_RAM);
	CHECK_STATUS(account_transfer(&payer, payer.reference, 100, 0), BY_OK);
	CHECK_STATUS(account_charge_cap(&payer), BY_OK);
	CHECK_STATUS(account_transfer(&payer, payer.reference, 0, 2), BY_OUT_OF_CAPS);
	CHECK_STATUS(account_charge_cap(&payer), BY_OK);
	CHECK_STATUS(account_charge_cap(&payer), BY_OUT_OF_CAPS);
	account_refund_ram(&payer, 3);
	CHECK_EQ(payer.ram_used, 0);
}


CORE_TEST(a_refused_allocation_costs_nothing)
{
	by_paddr_t pa;
	size_t     avail = phys_avail();

	open_account(8 * PAGE_SIZE, 0);
	CHECK_STATUS(account_alloc(&payer, 9, PAGE_SHIFT, 0, &pa), BY_OUT_OF_RAM);
	CHECK_STATUS(account_alloc(&payer, 1, 40, 0, &pa), BY_NO_SPACE);
	CHECK_STATUS(account_alloc(&payer, 1, PAGE_SHIFT, 4096, &pa), BY_NO_SPACE);
	CHECK_EQ(payer.ram_used, 0);
	CHECK_EQ(phys_avail(), avail);
	CHECK_STATUS(account_alloc_kernel(&payer, 3, &pa), BY_OK);
	CHECK_EQ(pa % (4 * PAGE_SIZE), 0);
	CHECK_EQ(payer.ram_used, 3 * PAGE_SIZE);
	account_free(&payer, pa, 3);
	CHECK_EQ(payer.ram_used, 0);
	CHECK_EQ(phys_avail(), avail);
}


/** Memory for the kernel comes from its zone, and what it costs is RAM like all. */
CORE_TEST_ON(kernel_memory_is_in_the_zone, .ram = 8 * MIB, .zone = 2 * MIB)
{
	by_paddr_t  pa = 0;
	by_status_t status;
	unsigned    count = 0;

	while ((status = account_alloc_kernel(&host_init_pd->account, 1, &pa)) == BY_OK) {
		CHECK(pa < SIM_RAM + 2 * MIB);
		count++;
	}
	/* the zone is exhausted, the quota is not: for a client it is a shortage of RAM */
	CHECK(count > 100 && count < 512);
	CHECK_STATUS(status, BY_OUT_OF_RAM);
}


/*
 * Pools
 */

enum { BLOCKS = 3000 };

static struct { void *record; struct block block; size_t size; } held[BLOCKS];
static unsigned held_count;


/** Pages that a pool has, and whether their granules in use are those of the blocks held. */
static size_t pages_of(struct pool *pool, bool own, size_t *granules)
{
	size_t count = 0;

	*granules = 0;
	POOL_EACH_PAGE(pool, page) {
		count++;
		*granules += (size_t)__builtin_popcountll(page->used) - own;
	}

	return count;
}


static struct pool_page *record_page(void *record)
{
	return (void *)((uintptr_t)record & ~(uintptr_t)(PAGE_SIZE - 1));
}


static size_t sum_granules(void)
{
	size_t sum = 0;

	for (unsigned i = 0; i < held_count; i++)
		sum += inside_granules(held[i].size);

	return sum;
}


static bool record_has(unsigned i, unsigned char value)
{
	unsigned char const *at = held[i].record;

	for (size_t n = 0; n < held[i].size; n++)
		if (at[n] != value)
			return false;

	return true;
}


static void free_record(unsigned i)
{
	pool_free(&records, held[i].record, held[i].size);
	held[i] = held[--held_count];
}


static size_t random_size(void)
{
	return host_random(4) ? 1 + host_random(200) : 1 + host_random(POOL_MAX);
}


CORE_TEST(records_are_zero_disjoint_and_accounted)
{
	size_t granules, avail = phys_avail();

	open_account(2 * MIB, 0);
	for (unsigned i = 0; i < 20000; i++) {
		if (held_count && host_random(100) < (i < 10000 ? 45 : 55)) {
			unsigned which = host_random(held_count);
			CHECK(record_has(which, (unsigned char)held[which].size));
			free_record(which);
		} else if (held_count < BLOCKS) {
			held[held_count].size = random_size();
			CHECK_STATUS(pool_alloc(&records, held[held_count].size, &held[held_count].record),
			             BY_OK);
			CHECK(record_has(held_count, 0));
			CHECK_EQ((uintptr_t)held[held_count].record % GRANULE, 0);
			memset(held[held_count].record, (int)held[held_count].size & 0xff,
			       held[held_count].size);
			held_count++;
		}
		if (i % 64)
			continue;
		CHECK_EQ(pages_of(&records, true, &granules) * PAGE_SIZE, payer.ram_used);
		CHECK_EQ(granules, sum_granules());
	}
	while (held_count)
		free_record(host_random(held_count));
	CHECK_EQ(payer.ram_used, 0);
	CHECK_EQ(phys_avail(), avail);
}


static bool blocks_disjoint(void)
{
	static unsigned char taken[SIM_RAM_SIZE / GRANULE];

	memset(taken, 0, sizeof(taken));
	for (unsigned i = 0; i < held_count; i++) {
		size_t first = (held[i].block.pa - SIM_RAM) / GRANULE;
		for (size_t n = 0; n < inside_granules(held[i].size); n++)
			if (taken[first + n]++)
				return false;
	}

	return true;
}


CORE_TEST(kernel_blocks_are_aligned_disjoint_and_accounted)
{
	size_t granules, of_records;

	open_account(2 * MIB, 0);
	for (unsigned i = 0; i < 8000; i++) {
		if (held_count && host_random(100) < (i < 4000 ? 45 : 55)) {
			unsigned which = host_random(held_count);
			pool_free_kernel(&kernel, held[which].block, held[which].size);
			held[which] = held[--held_count];
		} else {
			held[held_count].size = (size_t)32 << host_random(7);
			CHECK_STATUS(pool_alloc_kernel(&kernel, held[held_count].size,
			                               &held[held_count].block), BY_OK);
			CHECK_EQ(held[held_count].block.pa % held[held_count].size, 0);
			held_count++;
		}
		if (i % 512)
			continue;
		size_t pages = pages_of(&kernel, false, &granules);
		CHECK_EQ(granules, sum_granules());
		pages += pages_of(&records, true, &of_records);
		CHECK_EQ(payer.ram_used, pages * PAGE_SIZE);
		CHECK(blocks_disjoint());
	}
	while (held_count--)
		pool_free_kernel(&kernel, held[held_count].block, held[held_count].size);
	CHECK_EQ(payer.ram_used, 0);
}


CORE_TEST(a_pool_takes_no_more_than_its_account_has)
{
	struct block block;
	void        *record;

	open_account(3 * PAGE_SIZE, 0);
	/* two pages of records; the third cannot be used: a kernel page needs a description */
	for (unsigned i = 0; i < 2; i++)
		CHECK_STATUS(pool_alloc(&records, POOL_MAX, &record), BY_OK);
	CHECK_EQ(payer.ram_used, 2 * PAGE_SIZE);
	CHECK_STATUS(pool_alloc_kernel(&kernel, 64, &block), BY_OK);
	CHECK_EQ(payer.ram_used, 3 * PAGE_SIZE);
	CHECK_STATUS(pool_alloc(&records, POOL_MAX, &record), BY_OUT_OF_RAM);
	CHECK_STATUS(pool_alloc_kernel(&kernel, POOL_MAX, &block), BY_OK);
	CHECK_STATUS(pool_alloc_kernel(&kernel, POOL_MAX, &block), BY_OUT_OF_RAM);
	CHECK_EQ(payer.ram_used, 3 * PAGE_SIZE);
}


/** Without a record to describe it, no page is taken; and the other way round. */
CORE_TEST(a_kernel_pool_that_cannot_grow_gives_everything_back)
{
	struct block block;
	size_t       avail = phys_avail();

	for (uint64_t pages = 0; pages < 2; pages++) {
		open_account(pages * PAGE_SIZE, 0);
		CHECK_STATUS(pool_alloc_kernel(&kernel, 64, &block), BY_OUT_OF_RAM);
		CHECK_EQ(payer.ram_used, 0);
		CHECK_EQ(phys_avail(), avail);
	}
}


/** Pages with small holes are not looked at for something larger. */
CORE_TEST(pools_do_not_search_their_pages)
{
	static void *record[400][63];
	void        *large;

	open_account(4 * MIB, 0);
	for (unsigned i = 0; i < 400; i++)
		for (unsigned n = 0; n < 63; n++)
			CHECK_STATUS(pool_alloc(&records, GRANULE, &record[i][n]), BY_OK);
	for (unsigned i = 0; i < 400; i++)
		pool_free(&records, record[i][2 * (i % 30)], GRANULE);
	/* all but the links must not be touched */
	for (unsigned i = 0; i < 400; i++)
		inside_poison(&record_page(record[i][1])->used, 16);
	for (unsigned i = 0; i < 40; i++)
		CHECK_STATUS(pool_alloc(&records, 2 * GRANULE, &large), BY_OK);
}


/*
 * Items
 */

CORE_TEST(items_cost_one_capability_each)
{
	struct census before, after;
	void         *record[5];

	CHECK_CENSUS(&before);
	open_account(16 * PAGE_SIZE, 3);
	for (unsigned i = 0; i < 3; i++) {
		CHECK_STATUS(item_create(&payer, ITEM_LOG, 100, &record[i]), BY_OK);
		CHECK_STATUS(item_publish(record[i]), BY_OK);
	}
	CHECK_STATUS(item_create(&payer, ITEM_LOG, 100, &record[3]), BY_OUT_OF_CAPS);
	CHECK_EQ(payer.caps_used, 3);
	item_destroy(record[1]);
	CHECK_EQ(payer.caps_used, 2);
	item_destroy(record[0]);
	item_destroy(record[2]);
	CHECK_EQ(payer.caps_used, 0);
	CHECK_EQ(payer.ram_used, 0);
	account_fini(&payer);
	CHECK_CENSUS(&after);
	CHECK_SAME(&before, &after);
}


CORE_TEST(ids_are_stale_when_their_item_is_gone)
{
	by_word_t id[100];
	void     *record;

	open_account(16 * PAGE_SIZE, 3);
	for (unsigned i = 0; i < 100; i++) {
		CHECK_STATUS(item_create(&payer, ITEM_LOG, 100, &record), BY_OK);
		id[i] = ((struct item *)record)->id;
		CHECK(item_find(id[i]) == record);
		CHECK(item_find_type(id[i], ITEM_LOG) == record);
		CHECK(!item_find_type(id[i], ITEM_ROM));
		item_destroy(record);
		for (unsigned n = 0; n <= i; n++)
			CHECK(!item_find(id[n]));
	}
	CHECK(!item_find(0) && !item_find(~(by_word_t)0));
}


/** All capabilities of the system can be used, and then core itself is not affected. */
CORE_TEST(all_ids_can_be_used_and_reused)
{
	struct account *account = &host_init_pd->account;
	uint64_t        room = account->caps_quota - account->caps_used;
	static void    *record[16384];

	for (unsigned round = 0; round < 2; round++) {
		for (uint64_t i = 0; i < room; i++) {
			CHECK_STATUS(item_create(account, ITEM_LOG, 64, &record[i]), BY_OK);
			CHECK_STATUS(item_publish(record[i]), BY_OK);
		}
		void *more;
		CHECK_STATUS(item_create(account, ITEM_LOG, 64, &more), BY_OUT_OF_CAPS);
		for (uint64_t i = 0; i < room; i++)
			item_destroy(record[i]);
		CHECK_CENSUS(NULL);
	}
}


CORE_TEST(failures_while_creating_an_item_leave_nothing)
{
	struct census before, after;
	void         *record;

	CHECK_CENSUS(&before);
	for (int n = 0; ; n++) {
		inside_fail_at(n);
		by_status_t status = item_create(&host_init_pd->account, ITEM_LOG, POOL_MAX, &record);
		if (status == BY_OK) {
			status = item_publish(record);
			item_destroy(record);
		}
		inside_fail_at(-1);
		CHECK_CENSUS(&after);
		CHECK_SAME(&before, &after);
		if (status == BY_OK)
			break;
	}
}
