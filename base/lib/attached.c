/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attached dataspaces.
 */
#include "page.h"
#include <by/attached.h>
#include <by/assert.h>
#include <by/cap.h>
#include <by/object/dataspace.h>

enum { DONATE = 16 * 1024 }; /* for a ROM that costs more than its session at first */


/* Attach so many bytes, in pages; 0: all. */
static by_status_t attach(struct by_env *env, struct by_attached *attached, size_t size,
                          uint32_t flags)
{
	uint64_t          at;
	by_status_t const status = by_region_map_attach(&env->space, attached->ds, 0,
	                                                page_ceil(size), 0, flags, &at);
	if (status == BY_OK)
		attached->base = (char *)(by_word_t)at;

	return status;
}


/* Note how large what a call gave is; refuse what no pointer reaches. */
static by_status_t set_size(struct by_attached *attached, uint64_t size)
{
	attached->size = (size_t)size;

	return size <= SIZE_MAX - PAGE ? BY_OK : BY_NO_SPACE;
}


/* Attach the dataspace that a call gave with 'status', or undo what was done before. */
static by_status_t finish(struct by_env *env, struct by_attached *attached,
                          by_status_t status, uint32_t flags)
{
	if (status == BY_OK)
		status = attach(env, attached, 0, flags);
	if (status != BY_OK)
		by_attached_fini(env, attached);

	return status;
}


/*
 * Ask for the content. If it costs more than the session's donation, which only its server
 * knows, donate more and more, until the component has nothing left.
 */
static by_status_t rom_dataspace(struct by_env *env, struct by_attached *attached, by_cap_t *ds,
                                 uint64_t *size)
{
	by_status_t status;

	for (size_t more = DONATE; ; more *= 2) {
		status = by_rom_dataspace(&attached->rom, ds, size);
		if (status != BY_OUT_OF_RAM)
			return status;
		status = by_session_donate(env, &attached->session, more, 0);
		if (status != BY_OK)
			return status;
	}
}


/*
 * Attach a ROM's content. How large it is says its server; core attaches no more than there is,
 * so that who believes the server never reads where nothing is.
 */
static by_status_t attach_rom(struct by_env *env, struct by_attached *attached, uint64_t size)
{
	by_status_t status = set_size(attached, size);

	if (status == BY_OK)
		status = attach(env, attached, attached->size, 0);

	return status == BY_INVALID ? BY_MALFORMED : status;
}


/* What is attached is not the ROM's content any more; its server may have freed it. */
static void rom_forget(struct by_env *env, struct by_attached *attached)
{
	by_word_t const at = page_floor((by_word_t)attached->base);

	if (at) {
		by_status_t const status = by_region_map_detach(&env->space, at);

		(void)status;
	}
	by_cap_drop(attached->ds);
	attached->ds   = BY_NO_CAP;
	attached->base = NULL;
	attached->size = 0;
}


by_status_t by_attached_ram_init(struct by_env *env, struct by_attached *attached, size_t size,
                                 enum by_pd_cache cache)
{
	*attached = (struct by_attached){ .owned = true, .size = size };
	by_status_t const status = by_pd_ram_alloc(&env->pd, size, cache, PAGE_LOG2, 0,
	                                           &attached->ds);

	return finish(env, attached, status, BY_ATTACH_WRITE);
}


by_status_t by_attached_rom_init(struct by_env *env, struct by_attached *attached,
                                 char const *label)
{
	by_status_t status;
	uint64_t    size;

	*attached = (struct by_attached){ .base = NULL };
	status = by_rom_open(env, label, &attached->rom);
	if (status != BY_OK)
		return status;

	status = rom_dataspace(env, attached, &attached->ds, &size);
	if (status == BY_OK)
		status = attach_rom(env, attached, size);
	if (status != BY_OK)
		by_attached_fini(env, attached);

	return status;
}


by_status_t by_attached_rom_update(struct by_env *env, struct by_attached *attached)
{
	by_cap_t    ds;
	uint64_t    size;
	by_status_t status = by_rom_update(&attached->rom, &size);

	/* more than is attached has to be attached anew */
	if (status == BY_OK && attached->base && size <= page_ceil(attached->size))
		return set_size(attached, size);
	if (status != BY_OK && status != BY_NO_SPACE && status != BY_NOT_FOUND)
		return status;

	status = rom_dataspace(env, attached, &ds, &size);
	if (status == BY_OK || status == BY_NOT_FOUND)
		rom_forget(env, attached);
	if (status != BY_OK)
		return status;

	attached->ds = ds;
	status = attach_rom(env, attached, size);
	if (status != BY_OK)
		rom_forget(env, attached);

	return status;
}


by_status_t by_attached_io_mem_init(struct by_env *env, struct by_attached *attached,
                                    uint64_t base, size_t size, bool combined)
{
	struct by_io_mem_args const args = { .base = base, .size = size, .combined = combined };
	by_status_t status;

	*attached = (struct by_attached){ .size = size };
	status = by_io_mem_open(env, "", &args, &attached->io_mem);
	if (status != BY_OK)
		return status;

	status = by_io_mem_dataspace(&attached->io_mem, &attached->ds);
	status = finish(env, attached, status, BY_ATTACH_WRITE);
	if (status == BY_OK)
		attached->base = (char *)attached->base + base % PAGE;

	return status;
}


by_status_t by_attached_ds_init(struct by_env *env, struct by_attached *attached, by_cap_t ds,
                                uint32_t flags)
{
	struct by_dataspace handle = { ds };
	uint64_t            size;
	uint32_t            ds_flags;

	*attached = (struct by_attached){ .ds = ds };
	by_status_t status = by_dataspace_info(&handle, &size, &ds_flags);
	if (status == BY_OK)
		status = set_size(attached, size);
	if (status == BY_OK)
		status = attach(env, attached, 0, flags);
	if (status != BY_OK)
		*attached = (struct by_attached){ .base = NULL };

	return status;
}


void by_attached_fini(struct by_env *env, struct by_attached *attached)
{
	by_word_t const at     = page_floor((by_word_t)attached->base);
	by_status_t     status = BY_OK;

	/* whoever gave the dataspace may have taken it away, and what was attached with it */
	if (at && by_region_map_detach(&env->space, at) != BY_OK)
		BY_ASSERT(!attached->owned);
	if (attached->owned && by_cap_valid(attached->ds))
		status = by_pd_ram_free(&env->pd, attached->ds);
	BY_ASSERT(status == BY_OK);
	if (attached->owned || attached->session.id)
		by_cap_drop(attached->ds);
	by_session_close(env, &attached->session);
	*attached = (struct by_attached){ .base = NULL };
}
