/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dataspaces.
 */
#define BY_DATASPACE_SELF struct ds
#include "ds.h"
#include "console.h"
#include "kcall.h"
#include "work.h"
#include <by/assert.h>
#include <by/object/dataspace_server.h>


void ds_init(struct ds *ds, by_paddr_t pa, uint64_t size, uint32_t flags, uint32_t cache)
{
	ds->pa    = pa;
	ds->size  = size;
	ds->flags = flags;
	ds->cache = cache;
	by_list_init(&ds->attachments);
}


by_status_t ds_create_fixed(struct account *account, by_paddr_t pa, uint64_t size,
                            uint32_t flags, uint32_t cache, struct ds **ds)
{
	void       *record;
	by_status_t status = item_create_object(account, ITEM_DS, sizeof(struct ds), &record);

	if (status != BY_OK)
		return status;

	ds_init(record, pa, size, flags, cache);
	*ds = record;

	return BY_OK;
}


by_status_t ds_create_ram(struct account *account, uint64_t size, unsigned align,
                          uint64_t limit, uint32_t cache, struct ds **ds)
{
	size_t      pages = phys_pages(size);
	by_paddr_t  pa;

	/* more than a machine can count is more than anybody has */
	if (pages != size >> PAGE_SHIFT)
		return BY_OUT_OF_RAM;

	by_status_t status = account_alloc(account, pages, align, limit, &pa);
	if (status != BY_OK)
		return status;

	status = ds_create_fixed(account, pa, size, BY_DS_WRITE, cache, ds);
	if (status != BY_OK) {
		account_free(account, pa, pages);
		return status;
	}
	(*ds)->owned = true;

	return BY_OK;
}


void ds_clear(struct ds const *ds, uint64_t from, uint64_t end)
{
	while (from < end) {
		struct kargs args = { { (by_word_t)((ds->pa + from) >> PAGE_SHIFT),
		                        (by_word_t)((end - from) >> PAGE_SHIFT) } };
		console_must(kcall(BY_CALL_MEM_CLEAR, &args), "MEM_CLEAR");
		from += (uint64_t)args.arg[0] << PAGE_SHIFT;
	}
}


static struct attachment *first_attachment(struct ds *ds)
{
	struct by_list_node *node = by_list_first(&ds->attachments);

	return node ? BY_CONTAINER_OF(node, struct attachment, ds_node) : NULL;
}


bool ds_shared(struct ds const *ds)
{
	return ds->owned && !ds->item.dying && !by_list_empty(&ds->attachments);
}


static unsigned count_attachments(struct ds const *ds)
{
	unsigned count = 0;

	BY_LIST_EACH(&ds->attachments, node)
		if (++count > DS_HEIRS)
			break;

	return count;
}


/** A record for the same memory, charged to the heir, with the quota that pays for both. */
static struct ds *create_estate(struct ds const *ds, struct account *heir)
{
	struct account *const from  = ds->item.account;
	size_t const          pages = phys_pages(ds->size);
	void                 *record;

	account_refund_ram(from, pages);
	by_status_t status = account_donate(from, heir, ds->size + PAGE_SIZE, 1);
	if (status == BY_OK) {
		status = item_create(heir, ITEM_DS, sizeof(struct ds), &record);
		if (status == BY_OK) {
			console_must(account_charge_ram(heir, pages), "inherited pages");
			return record;
		}
		console_must(account_donate(heir, from, ds->size + PAGE_SIZE, 1), "donated quota");
	}
	console_must(account_charge_ram(from, pages), "refunded pages");

	return NULL;
}


void ds_bequeath(struct ds *ds, struct account *heir)
{
	struct by_list_node *node;
	struct ds           *estate;

	if (count_attachments(ds) > DS_HEIRS || !(estate = create_estate(ds, heir)))
		return;

	ds_init(estate, ds->pa, ds->size, ds->flags, ds->cache);
	estate->owned  = true;
	estate->estate = true;
	while ((node = by_list_take(&ds->attachments))) {
		BY_CONTAINER_OF(node, struct attachment, ds_node)->ds = estate;
		by_list_append(&estate->attachments, node);
	}
	ds->owned = ds->estate = false;
}


bool ds_reap(struct item *item)
{
	struct ds         *ds = BY_CONTAINER_OF(item, struct ds, item);
	struct attachment *attachment;

	item_doom(item);
	ds->estate = false; /* it does not end with an attachment any more */
	if (!item_drop_kernel(item))
		return false;
	while ((attachment = first_attachment(ds)))
		if (!attachment_reap(attachment))
			return false;
	if (!work(WORK_FREE))
		return false;

	if (ds->managed)
		ds->managed->ds = NULL;
	if (ds->owned)
		account_free(item->account, ds->pa, phys_pages(ds->size));
	item_end(item);

	return true;
}


bool ds_seal(struct ds *ds)
{
	struct attachment *attachment;

	ds->flags = (ds->flags & ~(uint32_t)BY_DS_WRITE) | BY_DS_SEALED;

	/* what was mapped writeable is mapped anew, read-only, when it is used */
	while ((attachment = first_attachment(ds)) && attachment->flags & BY_ATTACH_WRITE) {
		if (!attachment_unmap(attachment))
			return false;
		attachment->flags &= ~(uint32_t)BY_ATTACH_WRITE;
		by_list_remove(&attachment->ds_node);
		by_list_append(&ds->attachments, &attachment->ds_node);
	}

	return true;
}


static by_status_t info(struct ds *ds, uint64_t *size, uint32_t *flags)
{
	*size  = ds->size;
	*flags = ds->flags;

	return BY_OK;
}


static const struct by_dataspace_ops ops = { .info = info };


by_tag_t ds_dispatch(struct item *item, by_tag_t tag, struct by_message *msg)
{
	return by_dataspace_dispatch(item, &ops, tag, msg);
}
