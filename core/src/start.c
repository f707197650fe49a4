/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first component: the boot module "init" as a PD with everything that is left.
 */
#include "console.h"
#include "kcall.h"
#include "log.h"
#include "services.h"
#include "thread.h"
#include <by/elf.h>
#include <by/region.h>
#include <by/slots.h>

enum { STACK_SIZE = 32 << 10, PRIORITY = BY_PRIORITIES / 2 };

struct load {
	struct pd  *pd;
	struct ds  *rom;    /* the image */
	const char *image;  /* the same, mapped in core */
};


static void must(by_status_t status, const char *what)
{
	if (status == BY_OK)
		return;

	console_emergency("core: cannot start init: ");
	console_emergency(what);
	console_emergency("\n");
	__builtin_trap();
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
	size_t     done = 0;

	must(ds_create_ram(&pd->account, size, PAGE_SHIFT, account_zone_end, 0, &ds),
	     "out of RAM");
	while (done < size >> PAGE_SHIFT) {
		struct kargs args = { { (by_word_t)(ds->pa >> PAGE_SHIFT) + done,
		                        (by_word_t)(size >> PAGE_SHIFT) - done } };
		kcall_must(kcall(BY_CALL_MEM_CLEAR, &args), "MEM_CLEAR");
		done += args.arg[0];
	}

	return ds;
}


/** Read-only parts are attached from the image itself, the others copied. */
static void load_segment(struct load const *load, struct by_elf_segment const *segment)
{
	uint64_t const in_page = segment->addr % PAGE_SIZE;
	uint64_t const base    = segment->addr - in_page;
	uint64_t const size    = (in_page + segment->memory + PAGE_SIZE - 1)
	                         & ~(uint64_t)(PAGE_SIZE - 1);

	if (!segment->write && segment->offset % PAGE_SIZE == in_page) {
		attach(load->pd, load->rom, (struct attach_args) {
			.offset = segment->offset - in_page, .size = size, .at = base,
			.flags = segment->execute ? BY_ATTACH_EXEC : 0 });
		return;
	}
	struct ds *ram  = alloc_ram(load->pd, size);
	char      *copy = window_map(ram->pa, phys_pages(size));
	__builtin_memcpy(copy + (size_t)in_page, load->image + (size_t)segment->offset,
	                 (size_t)segment->file);
	window_unmap(ram->pa, phys_pages(size));
	attach(load->pd, ram, (struct attach_args) {
		.at = base, .flags = segment->execute ? BY_ATTACH_EXEC : BY_ATTACH_WRITE });
}


static uint64_t load_image(struct pd *pd)
{
	struct by_boot_region content;
	struct by_elf_segment segment;
	struct by_elf elf;
	struct load   load = { .pd = pd };
	uint64_t      size;

	must(module_find("init", &content, &size), "no boot module of this name");
	must(ds_create_fixed(&pd->account, content.base, content.size, 0, 0, &load.rom), "ROM");
	load.image = window_map(content.base, phys_pages(content.size));
	by_status_t status = by_elf_open(load.image, (size_t)size, (enum by_elf_machine)BY_ELF_NATIVE, &elf);
	must(status, status == BY_OK ? "" : elf.mistake);
	for (status = by_elf_first(&elf, &segment); status == BY_OK;
	     status = by_elf_next(&elf, &segment))
		load_segment(&load, &segment);
	must(status == BY_EMPTY ? BY_OK : status, "a bad segment");
	window_unmap(content.base, phys_pages(content.size));

	return elf.entry;
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

	must(pd_create(donor, ram, caps, &pd), "protection domain");
	must(parent_create(pd, &parent), "parent");
	must(cpu_create(&pd->account, PRIORITY, BY_WEIGHT_DEFAULT, 0, &cpu), "CPU session");
	must(log_create(&pd->account, "init", &log), "LOG session");
	must(thread_create(cpu, pd, &(struct thread_args){ "init", top - PAGE_SIZE, false },
	                   &thread), "thread");

	uint64_t entry = load_image(pd);
	attach(pd, alloc_ram(pd, STACK_SIZE), (struct attach_args) {
		.at = sp - STACK_SIZE, .flags = BY_ATTACH_WRITE });

	install(pd, BY_SLOT_PARENT, parent);
	install(pd, BY_SLOT_PD, &pd->session);
	install(pd, BY_SLOT_CPU, &cpu->item);
	install(pd, BY_SLOT_LOG, log);
	install(pd, BY_SLOT_SPACE, &pd->map.item);
	install(pd, BY_SLOT_THREAD, &thread->item);
	kcall_must(KCALL(THREAD_START, item_slot(&thread->item), 0, (by_word_t)entry, sp),
	           "THREAD_START");
}
