/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accounts.
 */
#include "account.h"
#include "work.h"
#include <by/assert.h>

uint64_t       account_zone_end;
struct account account_core;
uint64_t       account_all_ram, account_all_caps;

static unsigned moves;


unsigned account_moves(void)
{
	return moves;
}


void account_init(struct account *account, struct account *reference)
{
	*account = (struct account) { .reference = NULL };
	by_list_init(&account->referrers);
	by_list_init(&account->items);
	if (reference)
		account_refer(account, reference);
}


void account_refer(struct account *account, struct account *reference)
{
	moves++;
	if (account->reference)
		by_list_remove(&account->referrer_node);
	account->reference = reference;
	by_list_append(&reference->referrers, &account->referrer_node);
}


static uint64_t free_ram(struct account const *account)
{
	return account->ram_quota - account->ram_used - account->ram_aside;
}


static uint64_t free_caps(struct account const *account)
{
	return account->caps_quota - account->caps_used - account->caps_aside;
}


by_status_t account_charge_ram(struct account *account, size_t pages)
{
	uint64_t amount = (uint64_t)pages << PAGE_SHIFT;

	if (free_ram(account) < amount)
		return BY_OUT_OF_RAM;

	account->ram_used += amount;

	return BY_OK;
}


void account_refund_ram(struct account *account, size_t pages)
{
	uint64_t amount = (uint64_t)pages << PAGE_SHIFT;

	BY_ASSERT(account->ram_used >= amount);
	account->ram_used -= amount;
}


by_status_t account_charge_cap(struct account *account)
{
	if (!free_caps(account))
		return BY_OUT_OF_CAPS;

	account->caps_used++;

	return BY_OK;
}


void account_refund_cap(struct account *account)
{
	BY_ASSERT(account->caps_used);
	account->caps_used--;
}


by_status_t account_donate(struct account *from, struct account *to, uint64_t ram,
                           uint64_t caps)
{
	if (free_ram(from) < ram)
		return BY_OUT_OF_RAM;
	if (free_caps(from) < caps)
		return BY_OUT_OF_CAPS;

	moves++;
	from->ram_quota  -= ram;
	from->caps_quota -= caps;
	to->ram_quota    += ram;
	to->caps_quota   += caps;

	return BY_OK;
}


by_status_t account_transfer(struct account *from, struct account *to, uint64_t ram,
                             uint64_t caps)
{
	if (from->reference != to && to->reference != from)
		return BY_DENIED;

	return account_donate(from, to, ram, caps);
}


by_status_t account_set_aside(struct account *account, uint64_t ram, uint64_t caps)
{
	if (account->ram_quota - account->ram_used < ram)
		return BY_OUT_OF_RAM;
	if (account->caps_quota - account->caps_used < caps)
		return BY_OUT_OF_CAPS;

	account->ram_aside  = ram;
	account->caps_aside = caps;

	return BY_OK;
}


bool account_reap(struct account *account)
{
	struct by_list_node *node;

	while ((node = by_list_first(&account->referrers))) {
		if (!work(WORK_LOOK))
			return false;
		account_refer(BY_CONTAINER_OF(node, struct account, referrer_node), account->reference);
	}

	return true;
}


void account_fini(struct account *account)
{
	struct account *heir = account->reference;

	BY_ASSERT(account->ram_used == 0 && account->caps_used == 0 && heir);
	BY_ASSERT(by_list_empty(&account->referrers));
	moves++;
	heir->ram_quota  += account->ram_quota;
	heir->caps_quota += account->caps_quota;
	by_list_remove(&account->referrer_node);
}


by_status_t account_alloc(struct account *account, size_t pages, unsigned align,
                          uint64_t limit, by_paddr_t *pa)
{
	by_status_t status = account_charge_ram(account, pages);

	if (status != BY_OK)
		return status;

	status = phys_alloc(pages, align, limit, pa);
	if (status != BY_OK)
		account_refund_ram(account, pages);

	return status;
}


by_status_t account_alloc_kernel(struct account *account, size_t pages, by_paddr_t *pa)
{
	unsigned align = PAGE_SHIFT;

	while ((size_t)PAGE_SIZE * pages > (size_t)1 << align)
		align++;

	by_status_t status = account_alloc(account, pages, align, account_zone_end, pa);

	/* to whoever asked for an object, a shortage in the zone is one of RAM */
	return status == BY_NO_SPACE ? BY_OUT_OF_RAM : status;
}


void account_free(struct account *account, by_paddr_t pa, size_t pages)
{
	phys_free(pa, pages);
	account_refund_ram(account, pages);
}
