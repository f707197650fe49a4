/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Physical memory, accounts, pools and items of core, compiled as one unit; see
 * inside.h. Freed records are poisoned under the address sanitizer.
 */
#include "inside.h"

/* parts of the sanitizer, absent in other builds */
void __asan_poison_memory_region(void const volatile *at, size_t size) __attribute__((weak));
void __asan_unpoison_memory_region(void const volatile *at, size_t size)
	__attribute__((weak));

static void *zero_record(void *at, int value, size_t size);

#define account_alloc        true_account_alloc
#define account_alloc_kernel true_account_alloc_kernel
#define account_charge_cap   true_account_charge_cap
by_status_t account_alloc(struct account *account, size_t pages, unsigned align, uint64_t limit,
                          by_paddr_t *pa);
by_status_t account_alloc_kernel(struct account *account, size_t pages, by_paddr_t *pa);
by_status_t account_charge_cap(struct account *account);
#include "../src/phys.c"
#include "../src/account.c"
#undef account_alloc
#undef account_alloc_kernel
#undef account_charge_cap

#define __builtin_memset zero_record
#define pool_free         true_pool_free
#define pool_alloc        true_pool_alloc
#define pool_alloc_kernel true_pool_alloc_kernel
void pool_free(struct pool *pool, void *record, size_t size);
by_status_t pool_alloc(struct pool *pool, size_t size, void **record);
by_status_t pool_alloc_kernel(struct pool *pool, size_t size, struct block *block);
#include "../src/pool.c"
#undef pool_free
#undef pool_alloc
#undef pool_alloc_kernel
#undef __builtin_memset

#include "../src/item.c"

#define by_rpc_undeclared true_undeclared
void by_rpc_undeclared(const char *interface, unsigned opcode, by_status_t status);
#include "../src/rpc.c"
#undef by_rpc_undeclared

#define work     true_work
#define work_set true_work_set
bool work(unsigned cost);
int  work_set(int units);
#include "../src/work.c"
#undef work
#undef work_set

const char *inside_undeclared;
unsigned    inside_undeclared_opcode, inside_undeclared_status;

static int  countdown = -1;
static bool failed;


void inside_poison(void *at, size_t size)
{
	if (__asan_poison_memory_region)
		__asan_poison_memory_region(at, size);
}


void inside_unpoison(void *at, size_t size)
{
	if (__asan_unpoison_memory_region)
		__asan_unpoison_memory_region(at, size);
}


/*
 * Failures on demand
 */

void inside_fail_at(int n)
{
	countdown = n;
	if (n >= 0)
		failed = false;
}


bool inside_failed(void)
{
	return failed;
}


static bool fails(struct account const *account)
{
	if (account == &account_core || countdown < 0)
		return false;

	failed |= countdown == 0;

	return countdown-- == 0;
}


by_status_t account_alloc(struct account *account, size_t pages, unsigned align, uint64_t limit,
                          by_paddr_t *pa)
{
	return fails(account) ? BY_NO_SPACE : true_account_alloc(account, pages, align, limit, pa);
}


by_status_t account_alloc_kernel(struct account *account, size_t pages, by_paddr_t *pa)
{
	return fails(account) ? BY_OUT_OF_RAM : true_account_alloc_kernel(account, pages, pa);
}


by_status_t account_charge_cap(struct account *account)
{
	return fails(account) ? BY_OUT_OF_CAPS : true_account_charge_cap(account);
}


by_status_t pool_alloc(struct pool *pool, size_t size, void **record)
{
	return fails(pool->account) ? BY_OUT_OF_RAM : true_pool_alloc(pool, size, record);
}


by_status_t pool_alloc_kernel(struct pool *pool, size_t size, struct block *block)
{
	return fails(pool->account) ? BY_OUT_OF_RAM : true_pool_alloc_kernel(pool, size, block);
}


void by_rpc_undeclared(const char *interface, unsigned opcode, by_status_t status)
{
	inside_undeclared        = interface;
	inside_undeclared_opcode = opcode;
	inside_undeclared_status = (unsigned)(uintptr_t)status;
	true_undeclared(interface, opcode, status);
}


/*
 * Work
 */

static int      request_units = WORK_REQUEST;
static unsigned spent;
static bool     halting, halted;


void inside_work(int units)
{
	request_units = units;
}


void inside_work_halting(bool on)
{
	halting = on;
	halted  = false;
}


unsigned inside_work_spent(void)
{
	return spent;
}


bool work(unsigned cost)
{
	halted = halting && !halted;
	if (halted)
		return false;

	bool may = true_work(cost);

	spent += may ? cost : 0;

	return may;
}


int work_set(int units)
{
	if (units == WORK_REQUEST)
		spent = 0;

	return true_work_set(units == WORK_REQUEST ? request_units : units);
}


/*
 * Poison
 */

static void *zero_record(void *at, int value, size_t size)
{
	inside_unpoison(at, size);

	return __builtin_memset(at, value, size);
}


void pool_free(struct pool *pool, void *record, size_t size)
{
	inside_poison(record, (size_t)GRANULE << order_of(size));
	true_pool_free(pool, record, size);
}


/*
 * Views
 */

static struct pool_page *page_of(struct by_list_node *node)
{
	return node ? BY_CONTAINER_OF(node, struct pool_page, node) : NULL;
}


struct pool_page *inside_first_page(struct pool *pool, unsigned class)
{
	return page_of(by_list_first(&pool->pages[class]));
}


struct pool_page *inside_next_page(struct pool *pool, unsigned class, struct pool_page *page)
{
	return page_of(by_list_next(&pool->pages[class], &page->node));
}


unsigned inside_granules(size_t size)
{
	return 1u << order_of(size);
}


size_t inside_kernel_size(unsigned type)
{
	return type < BY_OBJECT_TYPES ? kernel_object[type].size : 0;
}


void inside_warm_window(uint64_t base, uint64_t size)
{
	size_t first = (size_t)(base - window_base) / TABLE_SPAN;
	size_t last  = (size_t)(base - window_base + size - 1) / TABLE_SPAN;

	for (size_t span = first; span <= last; span++)
		donate_table(span);
}


void inside_each_item(void (*visit)(void *, struct item *), void *arg)
{
	by_word_t const mask = ((by_word_t)1 << BY_ID_INDEX_BITS) - 1;

	for (unsigned chunk = 0; chunk < ids.chunks; chunk++)
		for (size_t i = 0; i < ids.chunk[chunk].count; i++) {
			struct by_id_entry const *entry = &ids.chunk[chunk].entries[i];
			by_word_t index = (by_word_t)chunk << BY_ID_SLOT_BITS | i;
			if ((entry->id & mask) == index)
				visit(arg, entry->object);
		}
}


static void each_of_order(unsigned order, void (*visit)(void *, uint64_t, size_t), void *arg)
{
	struct bitmap const *map = &free_blocks[order];

	for (size_t i = 0; i < map->bits; i += WORD_BITS) {
		by_word_t word = map->level[0][i / WORD_BITS];
		for (; word; word &= word - 1) {
			size_t bit = i + (size_t)__builtin_ctzl(word);
			visit(arg, (first_page + (bit << order)) << PAGE_SHIFT, (size_t)1 << order);
		}
	}
}


void inside_phys_each(void (*visit)(void *, uint64_t, size_t), void *arg)
{
	for (unsigned order = 0; order < orders; order++)
		each_of_order(order, visit, arg);
}
