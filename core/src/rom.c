/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ROM sessions: the boot modules, and what core tells about the machine.
 */
#define BY_ROM_SELF struct rom
#include "console.h"
#include "kcall.h"
#include "server.h"
#include "services.h"
#include <by/format.h>
#include <by/label.h>
#include <by/modules.h>
#include <by/string.h>

enum rom_kind { ROM_MODULE, ROM_PLATFORM, ROM_LOG };

struct rom {
	struct item   item;
	enum rom_kind kind;
	by_paddr_t    pa;       /* of the module */
	uint64_t      size;
	struct ds    *ds;       /* content, once it was asked for */
};

#include <by/session/rom_server.h>


static struct by_modules_header const *modules(void)
{
	return (struct by_modules_header const *)BY_CORE_MODULES;
}


static bool name_equal(const char *name, const char *module)
{
	return by_strnlen(module, BY_MODULES_NAME) < BY_MODULES_NAME && !by_strcmp(name, module);
}


by_status_t module_find(const char *name, struct by_boot_region *content, uint64_t *size)
{
	struct by_modules_entry const *entry = (void const *)(modules() + 1);

	for (uint32_t i = 0; i < modules()->count; i++) {
		if (!name_equal(name, entry[i].name))
			continue;
		uint64_t pages = (entry[i].size + PAGE_SIZE - 1) & ~(uint64_t)(PAGE_SIZE - 1);
		*content = (struct by_boot_region) { boot_info()->modules.base + entry[i].offset, pages };
		*size    = entry[i].size;
		return BY_OK;
	}

	return BY_NOT_FOUND;
}


static by_status_t find(const char *name, struct rom *rom)
{
	struct by_boot_region content;

	if (!by_strcmp(name, "platform_info")) {
		rom->kind = ROM_PLATFORM;
		return BY_OK;
	}
	if (!by_strcmp(name, "core_log")) {
		rom->kind = ROM_LOG;
		return BY_OK;
	}
	by_status_t status = module_find(name, &content, &rom->size);
	if (status == BY_OK)
		rom->pa = content.base;

	return status == BY_OK ? BY_OK : BY_DENIED;
}


by_status_t rom_create(struct request const *request, struct item **item)
{
	void       *record;
	by_status_t status = item_create(request->account, ITEM_ROM, sizeof(struct rom), &record);

	if (status != BY_OK)
		return status;

	struct rom *rom = record;
	status = find(by_label_last(request->label), rom);
	if (status == BY_OK)
		status = item_publish(&rom->item);
	if (status != BY_OK) {
		item_destroy(&rom->item);
		return status;
	}
	*item = &rom->item;

	return BY_OK;
}


void rom_destroy(struct item *item)
{
	struct rom *rom = (struct rom *)item;

	if (rom->ds)
		ds_destroy(rom->ds);
	item_destroy(item);
}


/*
 * Content that core makes: a page or more of RAM, paid by the session
 */

static size_t platform_text(char *text, size_t size)
{
	struct by_boot_info const *info = boot_info();
	struct by_boot_framebuffer const *fb = &info->framebuffer;
	uint64_t ram = 0;

	for (uint32_t i = 0; i < info->ram_count; i++)
		ram += info->ram[i].size;

	return by_format(text, size,
	                 "platform_info | board: %s | cpus: %u | ram: %llu\n"
	                 "+ command_line | text: %s\n"
	                 "+ clock | frequency: %llu\n"
	                 "+ acpi | rsdp: 0x%llx\n"
	                 "+ framebuffer | base: 0x%llx | width: %u | height: %u | pitch: %u | bits: %u\n"
	                 "-\n",
	                 info->board, info->cpu_count, (unsigned long long)ram,
	                 info->command_line, (unsigned long long)info->clock_frequency,
	                 (unsigned long long)info->acpi_rsdp, (unsigned long long)fb->base,
	                 fb->width, fb->height, fb->pitch, fb->bits);
}


static void fill(struct rom *rom)
{
	char  *text = window_map(rom->ds->pa, phys_pages(rom->ds->size));
	size_t room = (size_t)rom->ds->size;

	__builtin_memset(text, 0, room);
	rom->size = rom->kind == ROM_PLATFORM ? platform_text(text, room)
	                                      : console_last(text, room);
	window_unmap(rom->ds->pa, phys_pages(rom->ds->size));
}


static by_status_t make_content(struct rom *rom)
{
	struct account *account = rom->item.account;
	uint64_t        pages   = (rom->size + PAGE_SIZE - 1) & ~(uint64_t)(PAGE_SIZE - 1);
	uint64_t        size    = rom->kind == ROM_LOG ? CONSOLE_RING : PAGE_SIZE;
	by_status_t     status  = rom->kind == ROM_MODULE
	                          ? ds_create_fixed(account, rom->pa, pages, 0, 0, &rom->ds)
	                          : ds_create_ram(account, size, PAGE_SHIFT, account_zone_end, 0,
	                                          &rom->ds);

	if (status != BY_OK)
		return status == BY_NO_SPACE ? BY_OUT_OF_RAM : status;

	item_subordinate(&rom->ds->item);
	rom->ds->flags = 0;
	if (rom->kind != ROM_MODULE)
		fill(rom);

	return BY_OK;
}


static by_status_t dataspace(struct rom *rom, by_cap_t *ds, uint64_t *size)
{
	if (!rom->ds) {
		by_status_t status = make_content(rom);
		if (status != BY_OK)
			return status;
	}
	*ds   = item_cap(&rom->ds->item);
	*size = rom->size;

	return BY_OK;
}


static by_status_t update(struct rom *rom, uint64_t *size)
{
	if (!rom->ds)
		return BY_NOT_FOUND;
	if (rom->kind == ROM_LOG)
		fill(rom);
	*size = rom->size;

	return BY_OK;
}


/** What core provides never changes by itself, but for its log, which is polled. */
static by_status_t sigh(struct rom *rom, struct by_cap_arg *arg)
{
	(void)rom;

	return item_signal_id(arg) || arg->kind == BY_CAP_NONE ? BY_OK : BY_BAD_CAP;
}


static const struct by_rom_ops ops = { .dataspace = dataspace, .update = update, .sigh = sigh };


by_tag_t rom_dispatch(struct item *item, by_tag_t tag, struct by_message *msg)
{
	return by_rom_dispatch(item, &ops, tag, msg);
}
