/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ROM core_accounts.
 *
 * All quotas with what no account ever had are the machine's RAM. The text is made in
 * parts: if quota has moved in between it is begun anew, but not for ever.
 */
#include "accounts.h"
#include "boot.h"
#include "ds.h"
#include "work.h"
#include <by/format.h>
#include <by/string.h>

enum {
	LINE   = 256, /* bytes of a line at most, */
	HEADS  = 4,   /* and number of lines about the whole, */
	TAIL   = 4,   /* behind which the text ends */
	EXTRA  = 8,   /* accounts that there may be more than when the room was found */
	PASSES = 8,   /* how often it is tried to catch one moment */
	CLEAR  = 8 << 10, /* bytes that are cleared at a time */
};

#define NUMBER(value) ((unsigned long long)(value))


uint64_t accounts_room(void)
{
	return phys_round((HEADS + pd_count() + EXTRA) * LINE + TAIL);
}


static void begin_pass(struct accounts *accounts)
{
	pd_begin(&accounts->reader);
	accounts->moves = account_moves();
	accounts->heads = 0;
	accounts->used  = accounts->cleared = 0;
	accounts->passes++;
}


void accounts_begin(struct accounts *accounts)
{
	accounts->passes = 0;
	begin_pass(accounts);
}


/*
 * Lines; each gives its length
 */

static size_t put_title(char *at, struct accounts const *accounts)
{
	return by_format(at, LINE, "core_accounts | exact: %s\n",
	                 accounts->passes <= PASSES ? "yes" : "no");
}


static size_t put_ram(char *at, struct accounts const *accounts)
{
	(void)accounts;

	return by_format(at, LINE,
	                 "+ ram | total: %llu | kernel: %llu | core: %llu | core_used: %llu | spare: %llu\n",
	                 NUMBER(boot_ram()), NUMBER(boot_ram() - account_all_ram),
	                 NUMBER(account_core.ram_quota), NUMBER(account_core.ram_used),
	                 NUMBER(phys_avail()) << PAGE_SHIFT);
}


/** What the kernel's share consists of. */
static size_t put_kernel(char *at, struct accounts const *accounts)
{
	struct by_boot_info const *info = boot_info();
	uint64_t const log   = info->log.size + phys_round(info->previous_log.size);
	uint64_t       image = 0;

	(void)accounts;
	for (unsigned i = 0; i < BY_BOOT_SEGMENTS; i++)
		image += info->core[i].size;

	return by_format(at, LINE,
	                 "+ kernel | kernel: %llu | core: %llu | modules: %llu | log: %llu | other: %llu\n",
	                 NUMBER(info->kernel.size), NUMBER(image), NUMBER(info->modules.size),
	                 NUMBER(log), NUMBER(boot_ram() - account_all_ram - info->kernel.size - image
	                                     - info->modules.size - log));
}


static size_t put_caps(char *at, struct accounts const *accounts)
{
	(void)accounts;

	return by_format(at, LINE, "+ caps | total: %llu | core: %llu | core_used: %llu\n",
	                 NUMBER(account_all_caps), NUMBER(account_core.caps_quota),
	                 NUMBER(account_core.caps_used));
}


/** Number of an account, the same during its life; core's is 0. */
static unsigned long number(struct account const *account)
{
	if (account == &account_core)
		return 0;

	struct pd const *pd = BY_CONTAINER_OF((struct account *)(uintptr_t)account, struct pd, account);

	return item_slot(&pd->item);
}


static size_t put_account(char *at, struct pd const *pd)
{
	struct account const *account = &pd->account;

	return by_format(at, LINE,
	                 "+ account %.*s | id: %lu | parent: %lu | ram_quota: %llu | ram_used: %llu"
	                 " | caps_quota: %llu | caps_used: %llu\n",
	                 (int)by_strnlen(pd->name, PD_NAME), pd->name, number(account),
	                 number(account->reference),
	                 NUMBER(account->ram_quota), NUMBER(account->ram_used + account->ram_aside),
	                 NUMBER(account->caps_quota), NUMBER(account->caps_used + account->caps_aside));
}


/*
 * The text
 */

/** A part of the dataspace that is mapped. */
struct part { char *at; uint64_t begin, size; };

static size_t (*const heads[HEADS])(char *, struct accounts const *) = {
	put_title, put_ram, put_kernel, put_caps,
};


static by_status_t put_lines(struct accounts *accounts, struct part const *part)
{
	struct pd *pd;

	for (; accounts->heads < HEADS; accounts->heads++) {
		if (!work(WORK_TEXT))
			return BY_AGAIN;
		accounts->used += heads[accounts->heads](part->at + (accounts->used - part->begin), accounts);
	}
	for (;;) {
		if (!work(WORK_TEXT))
			return BY_AGAIN;
		if (!pd_next(&accounts->reader, &pd))
			break;
		if (pd && part->begin + part->size - accounts->used < LINE + TAIL)
			return BY_NO_SPACE;
		if (pd)
			accounts->used += put_account(part->at + (accounts->used - part->begin), pd);
	}
	accounts->used += by_format(part->at + (accounts->used - part->begin), TAIL, "-\n");

	return BY_OK;
}


/** What a request may spend on lines fits into a page, and so into two from any place on. */
static by_status_t put_part(struct accounts *accounts, struct ds const *ds)
{
	uint64_t const begin = phys_floor(accounts->used);
	size_t const   pages = ds->size - begin > PAGE_SIZE ? 2 : 1;
	struct part    part  = { window_map(ds->pa + begin, pages), begin, pages * PAGE_SIZE };

	_Static_assert(WORK_REQUEST / WORK_TEXT * LINE <= PAGE_SIZE, "see above");
	by_status_t status = put_lines(accounts, &part);
	window_unmap(ds->pa + begin, pages);

	return status;
}


by_status_t accounts_fill(struct accounts *accounts, struct ds const *ds, uint64_t *size)
{
	if (accounts->moves != account_moves() && accounts->passes <= PASSES)
		begin_pass(accounts);
	while (accounts->cleared < ds->size) {
		uint64_t const left = ds->size - accounts->cleared;
		uint64_t const end  = accounts->cleared + (left < CLEAR ? left : CLEAR);
		if (!work(WORK_PAGE))
			return BY_AGAIN;
		ds_clear(ds, accounts->cleared, end);
		accounts->cleared = end;
	}

	by_status_t status = put_part(accounts, ds);
	if (status == BY_OK)
		*size = accounts->used;
	if (status != BY_AGAIN)
		pd_leave(&accounts->reader);

	return status;
}
