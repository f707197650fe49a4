/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first component: the boot module "init" as a PD with everything that is left.
 */
#include "start.h"
#include "console.h"
#include "cpu.h"
#include "kcall.h"
#include "log.h"
#include "parent.h"
#include "rom.h"
#include <by/elf.h>
#include <by/region.h>
#include <by/slots.h>

enum {
	STACK_SIZE = 32 << 10,
	OTHER_RAM  = 128 << 10, /* tables of the PD, its thread, what init does first */
	PRIORITY   = BY_PRIORITIES / 2,
};

struct load {
	struct by_boot_region content; /* the boot module */
	const char   *image;           /* the same, mapped in core */
	struct by_elf elf;
	struct pd    *pd;
	struct ds    *rom;
};


static void must(by_status_t status, const char *what)
{
	if (status != BY_OK)
		console_stop("core: cannot start init: %s\n", what);
}


static void attach(struct pd *pd, struct ds *ds, struct attach_args args)
{
	uint64_t at;

	args.flags |= BY_ATTACH_AT;
	must(map_attach(&pd->map, ds, &args, &at), "no place for a segment");
}


static struct ds *alloc_ram(struct pd *pd, uint64_t size)
{
	struct ds *ds;

	must(ds_create_ram(&pd->account, size, PAGE_SHIFT, account_zone_end, 0, &ds),
	     "out of RAM");
	ds_clear(ds, 0, size);

	return ds;
}


/** First page of a segment, and size of its pages. */
static uint64_t base_of(struct by_elf_segment const *segment)
{
	return phys_floor(segment->addr);
}


static uint64_t size_of(struct by_elf_segment const *segment)
{
	uint64_t const in_page = segment->addr % PAGE_SIZE;

	return phys_round(in_page + segment->memory);
}


/** Read-only parts are attached from the image itself, the others copied. */
static bool in_place(struct by_elf_segment const *segment)
{
	return !segment->write && (segment->offset ^ segment->addr) % PAGE_SIZE == 0;
}


static void load_segment(struct load const *load, struct by_elf_segment const *segment)
{
	uint64_t const in_page = segment->addr % PAGE_SIZE;
	uint64_t const size    = size_of(segment);

	if (in_place(segment)) {
		attach(load->pd, load->rom, (struct attach_args) {
			.offset = segment->offset - in_page, .size = size,
			.at = base_of(segment), .flags = segment->execute ? BY_ATTACH_EXEC : 0 });
		return;
	}
	struct ds *ram  = alloc_ram(load->pd, size);
	char      *copy = window_map(ram->pa, phys_pages(size));
	__builtin_memcpy(copy + (size_t)in_page, load->image + (size_t)segment->offset,
	                 (size_t)segment->file);
	window_unmap(ram->pa, phys_pages(size));
	attach(load->pd, ram, (struct attach_args) { .at = base_of(segment),
	       .flags = segment->execute ? BY_ATTACH_EXEC : BY_ATTACH_WRITE });
}


static void open_image(struct load *load)
{
	uint64_t size;

	must(rom_module("init", &load->content, &size), "there is no boot module 'init'");
	load->image = window_map(load->content.base, phys_pages(load->content.size));
	by_status_t status = by_elf_open(load->image, (size_t)size,
	                                 (enum by_elf_machine)BY_ELF_NATIVE, &load->elf);
	must(status, status == BY_OK ? "" : load->elf.mistake);
}


/** Stop with numbers, rather than somewhere on the way. */
static void check_ram(struct load const *load, uint64_t ram)
{
	struct by_elf_segment segment;
	uint64_t need = STACK_SIZE + OTHER_RAM;

	for (by_status_t status = by_elf_first(&load->elf, &segment); status == BY_OK;
	     status = by_elf_next(&load->elf, &segment))
		need += in_place(&segment) ? 0 : size_of(&segment);
	if (ram < need)
		console_stop("core: too little RAM: init needs %llu KiB, %llu KiB are left\n",
		             (unsigned long long)need >> 10, (unsigned long long)ram >> 10);
}


static void load_image(struct load *load)
{
	struct by_elf_segment segment;
	by_status_t           status;

	must(ds_create_fixed(&load->pd->account, load->content.base, load->content.size, 0, 0,
	                     &load->rom), "ROM");
	for (status = by_elf_first(&load->elf, &segment); status == BY_OK;
	     status = by_elf_next(&load->elf, &segment))
		load_segment(load, &segment);
	must(status == BY_EMPTY ? BY_OK : status, "a bad segment");
	window_unmap(load->content.base, phys_pages(load->content.size));
}


static void install(struct pd *pd, enum by_env_slot slot, struct item const *item)
{
	must(pd_install(pd, slot, item_slot(item)), "environment");
}


void start_init(struct account *donor, uint64_t ram, uint64_t caps)
{
	by_word_t const top = BY_STACK_AREA + BY_STACK_SLOT;
	by_word_t const sp  = top - 2 * PAGE_SIZE;
	struct item    *parent, *log;
	struct thread  *thread;
	struct cpu     *cpu;
	struct pd      *pd;
	struct load     load;

	open_image(&load);
	check_ram(&load, ram);
	must(pd_create(&(struct request){ .label = "init", .ram = ram, .caps = caps, .account = donor },
	               &pd), "protection domain");
	pd->dma = true;
	load.pd = pd;
	must(parent_create(pd, &parent), "parent");
	must(cpu_create(&pd->account, PRIORITY, BY_WEIGHT_DEFAULT, 0, &cpu), "CPU session");
	must(log_create(&pd->account, "init", &log), "LOG session");
	must(thread_create(cpu, &pd->map, &(struct thread_args){ "init", top - PAGE_SIZE, false },
	                   &thread), "thread");

	load_image(&load);
	attach(pd, alloc_ram(pd, STACK_SIZE), (struct attach_args) {
		.at = sp - STACK_SIZE, .flags = BY_ATTACH_WRITE });

	install(pd, BY_SLOT_PARENT, parent);
	install(pd, BY_SLOT_PD, &pd->session);
	install(pd, BY_SLOT_CPU, &cpu->item);
	install(pd, BY_SLOT_LOG, log);
	install(pd, BY_SLOT_SPACE, &pd->map.item);
	install(pd, BY_SLOT_THREAD, &thread->item);
	console_must(KCALL(THREAD_START, item_slot(&thread->item), 0, (by_word_t)load.elf.entry, sp),
	             "THREAD_START");
}
