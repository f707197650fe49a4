/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ROM sessions: the boot modules, and what core tells about the machine.
 */
#define BY_ROM_SELF struct rom
#include "rom.h"
#include "accounts.h"
#include "boot.h"
#include "console.h"
#include "ds.h"
#include "kcall.h"
#include "work.h"
#include <by/format.h>
#include <by/label.h>
#include <by/modules.h>
#include <by/string.h>

/** Contents: in memory since the boot, or made for each session and update. */
enum source { MODULE, LOG, CENSUS, ACCOUNTS };

/** What core's log shows of the previous one. */
enum { SHOWN_LINES = 20, SHOWN_LINE = 200 };

struct rom {
	struct item item;
	uint8_t     source;   /* enum source */
	by_paddr_t  pa;       /* of a module */
	uint64_t    size;
	struct ds  *ds;       /* content, once it was asked for */

	bool        filling;  /* the content is being made, */
	bool        small;    /* or would not fit: there is to be a larger dataspace */

	/* while core's log is copied, */
	uint64_t    from, end, done;

	/* or accounts are listed */
	struct accounts accounts;
};

#include <by/session/rom_server.h>


static struct { by_paddr_t pa; uint64_t size; } platform;


static struct by_modules_header const *modules(void)
{
	return (struct by_modules_header const *)BY_CORE_MODULES;
}


static struct by_modules_entry const *find_module(const char *name)
{
	struct by_modules_entry const *entry = (void const *)(modules() + 1);

	for (uint32_t i = 0; i < modules()->count; i++)
		if (!by_strcmp(name, entry[i].name))
			return &entry[i];

	return NULL;
}


by_status_t rom_module(const char *name, struct by_boot_region *content, uint64_t *size)
{
	struct by_modules_entry const *entry = find_module(name);

	if (!entry)
		return BY_NOT_FOUND;

	*content = (struct by_boot_region) { boot_info()->modules.base + entry->offset,
	                                     phys_round(entry->size) };
	*size    = entry->size;

	return BY_OK;
}


static by_status_t find(const char *name, struct rom *rom)
{
	static const char *const made[] = {
		[LOG] = "core_log", [CENSUS] = "core_census", [ACCOUNTS] = "core_accounts",
	};
	struct by_boot_region content;

	for (unsigned i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		if (made[i] && !by_strcmp(name, made[i])) {
			rom->source = (uint8_t)i;
			return BY_OK;
		}
	if (!by_strcmp(name, "previous_log") && boot_info()->previous_log.size) {
		rom->pa   = boot_info()->previous_log.base;
		rom->size = boot_info()->previous_log.size;
		return BY_OK;
	}
	if (!by_strcmp(name, "platform_info")) {
		rom->pa   = platform.pa;
		rom->size = platform.size;
		return BY_OK;
	}
	by_status_t status = rom_module(name, &content, &rom->size);
	if (status != BY_OK)
		return BY_DENIED;

	rom->pa = content.base;

	return BY_OK;
}


by_status_t rom_create(struct request const *request, struct item **item)
{
	struct rom  content = { .source = MODULE };
	void       *record;
	by_status_t status = find(by_label_last(request->label), &content);

	if (status == BY_OK)
		status = item_create_object(request->account, ITEM_ROM, sizeof(struct rom), &record);
	if (status != BY_OK)
		return status;

	struct rom *rom = record;
	rom->source = content.source;
	rom->pa     = content.pa;
	rom->size   = content.size;
	*item = &rom->item;

	return BY_OK;
}


/** Go on with the end of the content. */
static bool drop_content(struct rom *rom)
{
	pd_leave(&rom->accounts.reader);
	if (rom->ds && !ds_reap(&rom->ds->item))
		return false;

	rom->ds    = NULL;
	rom->small = false;

	return true;
}


bool rom_reap(struct item *item)
{
	struct rom *rom = BY_CONTAINER_OF(item, struct rom, item);

	if (!item_drop_kernel(item) || !drop_content(rom) || !work(WORK_FREE))
		return false;

	item_end(item);

	return true;
}


/*
 * What core tells: about the machine, in a page made at boot; its log, as a copy; and a
 * census
 */

static size_t platform_text(char *text, size_t size)
{
	struct by_boot_info const *info = boot_info();
	struct by_boot_framebuffer const *fb = &info->framebuffer;

	return by_format(text, size,
	                 "platform_info | board: %s | cpus: %u | ram: %llu\n"
	                 "+ command_line | text: %s\n"
	                 "+ clock | frequency: %llu\n"
	                 "+ acpi | rsdp: 0x%llx\n"
	                 "+ framebuffer | base: 0x%llx | width: %u | height: %u | pitch: %u | bits: %u\n"
	                 "-\n",
	                 info->board, info->cpu_count, (unsigned long long)boot_ram(),
	                 info->command_line, (unsigned long long)info->clock_frequency,
	                 (unsigned long long)info->acpi_rsdp, (unsigned long long)fb->base,
	                 fb->width, fb->height, fb->pitch, fb->bits);
}


void rom_init(void)
{
	console_must(account_alloc_kernel(&account_core, 1, &platform.pa), "platform_info");
	char *text = window_map(platform.pa, 1);
	__builtin_memset(text, 0, PAGE_SIZE);
	platform.size = platform_text(text, PAGE_SIZE);
	window_unmap(platform.pa, 1);
}


/** Where the last lines of a text begin. */
static const char *last_lines(const char *text, uint64_t size, unsigned lines)
{
	const char *at = text + size - (text[size - 1] == '\n');

	while (at > text && (at[-1] != '\n' || --lines))
		at--;

	return at;
}


void rom_show_previous_log(void)
{
	struct by_boot_region const *log = &boot_info()->previous_log;
	size_t const pages = phys_pages(phys_round(log->size));

	if (!log->size)
		return;

	const char *text = window_map(log->base, pages);
	const char *end  = text + log->size;
	console_print("core: before the reset, the log ended with\n");
	for (const char *at = last_lines(text, log->size, SHOWN_LINES), *next; at < end; at = next) {
		for (next = at; next < end && *next != '\n' && next - at < SHOWN_LINE; )
			next++;
		console_print("core: | %.*s\n", (int)(next - at), at);
		next += next < end && *next == '\n';
	}
	console_print("core: end of the log before the reset\n");
	window_unmap(log->base, pages);
}


by_paddr_t rom_platform(void)
{
	return platform.pa;
}


/** Copy more of the log; BY_AGAIN: there is more. */
static by_status_t fill_log(struct rom *rom)
{
	if (!rom->filling) {
		rom->size = console_range(&rom->from, &rom->end);
		rom->done = 0;
	}
	for (; rom->done < rom->ds->size; rom->done += PAGE_SIZE) {
		if (!work(WORK_PAGE))
			return BY_AGAIN;
		char  *page = window_map(rom->ds->pa + rom->done, 1);
		size_t size = console_copy(page, PAGE_SIZE, rom->from + rom->done, rom->end);
		__builtin_memset(page + size, 0, PAGE_SIZE - size);
		window_unmap(rom->ds->pa + rom->done, 1);
	}

	return BY_OK;
}


static unsigned long objects(enum by_object_type type)
{
	struct kargs args = { { type } };

	console_must(kcall(BY_CALL_CENSUS, &args), "CENSUS");

	return args.arg[0];
}


/**
 * What there is, as those know it who hand it out, and not by anybody's account. Spare is
 * what is free, or a table of core's window, which stays where records have been once.
 */
static by_status_t fill_census(struct rom *rom)
{
	char  *page  = window_map(rom->ds->pa, 1);
	size_t spare = phys_avail() + window_table_pages();

	__builtin_memset(page, 0, PAGE_SIZE);
	rom->size = by_format(page, PAGE_SIZE,
	                      "core_census\n"
	                      "+ ram | spare: %llu\n"
	                      "+ objects | pd: %lu | thread: %lu | share: %lu | endpoint: %lu"
	                      " | gate: %lu | signal: %lu | irq: %lu\n"
	                      "-\n",
	                      (unsigned long long)spare << PAGE_SHIFT,
	                      objects(BY_OBJECT_PD), objects(BY_OBJECT_THREAD),
	                      objects(BY_OBJECT_SHARE), objects(BY_OBJECT_ENDPOINT),
	                      objects(BY_OBJECT_GATE), objects(BY_OBJECT_SIGNAL),
	                      objects(BY_OBJECT_IRQ));
	window_unmap(rom->ds->pa, 1);

	return BY_OK;
}


static by_status_t fill_accounts(struct rom *rom)
{
	if (!rom->filling)
		accounts_begin(&rom->accounts);

	return accounts_fill(&rom->accounts, rom->ds, &rom->size);
}


static by_status_t fill(struct rom *rom)
{
	static by_status_t (*const fill_source[])(struct rom *) = {
		[LOG] = fill_log, [CENSUS] = fill_census, [ACCOUNTS] = fill_accounts,
	};

	by_status_t status = rom->source == MODULE ? BY_OK : fill_source[rom->source](rom);
	rom->filling = status == BY_AGAIN;
	rom->small   = status == BY_NO_SPACE;

	return status;
}


static uint64_t room(enum source source)
{
	if (source == ACCOUNTS)
		return accounts_room();

	return source == LOG ? CONSOLE_RING : PAGE_SIZE;
}


static by_status_t make_content(struct rom *rom)
{
	struct account *account = rom->item.account;
	uint64_t        bytes   = phys_round(rom->size);
	by_status_t     status  = rom->source == MODULE
	                          ? ds_create_fixed(account, rom->pa, bytes, 0, 0, &rom->ds)
	                          : ds_create_ram(account, room((enum source)rom->source), PAGE_SHIFT,
	                                          account_zone_end, 0, &rom->ds);

	if (status != BY_OK)
		return status == BY_NO_SPACE ? BY_OUT_OF_RAM : status;

	item_subordinate(&rom->ds->item);
	rom->ds->flags = 0;

	return fill(rom);
}


static by_status_t dataspace(struct rom *rom, by_cap_t *ds, uint64_t *size)
{
	if (rom->small && !drop_content(rom))
		return BY_AGAIN;

	by_status_t status = !rom->ds ? make_content(rom) : rom->filling ? fill(rom) : BY_OK;
	if (status != BY_OK)
		return rom->small ? BY_AGAIN : status;

	*ds   = item_cap(&rom->ds->item);
	*size = rom->size;

	return BY_OK;
}


static by_status_t update(struct rom *rom, uint64_t *size)
{
	if (!rom->ds)
		return BY_NOT_FOUND;
	if (rom->small)
		return BY_NO_SPACE;

	by_status_t status = fill(rom);
	if (status == BY_OK)
		*size = rom->size;

	return status;
}


/** What core provides never changes by itself, but for what is to be polled. */
static by_status_t sigh(struct rom *rom, struct by_cap_arg *arg)
{
	(void)rom;

	return item_of_signal(arg) || arg->kind == BY_CAP_NONE ? BY_OK : BY_BAD_CAP;
}


static const struct by_rom_ops ops = { .dataspace = dataspace, .update = update, .sigh = sigh };


by_tag_t rom_dispatch(struct item *item, by_tag_t tag, struct by_message *msg)
{
	return by_rom_dispatch(item, &ops, tag, msg);
}
