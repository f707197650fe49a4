/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine of core's host tests; see sim.h. The kernel is compiled as one unit,
 * under other names where core has functions of the same name.
 */
#define _GNU_SOURCE
#pragma GCC diagnostic ignored "-Wshadow"

#define console_init    kernel_console_init
#define irq_destroy     kernel_irq_destroy
#define pd_destroy      kernel_pd_destroy
#define thread_destroy  kernel_thread_destroy
#define thread_fault    kernel_thread_fault
#define set_status      ipc_set_status
#include "../../kernel/src/ipc.c"
#undef  set_status
#include "../../kernel/src/asid.c"
#include "../../kernel/src/call.c"
#include "../../kernel/src/cap.c"
#include "../../kernel/src/corecall.c"
#include "../../kernel/src/cpu.c"
#include "../../kernel/src/endpoint.c"
#include "../../kernel/src/entry.c"
#include "../../kernel/src/irq.c"
#include "../../kernel/src/main.c"
#include "../../kernel/src/object.c"
#include "../../kernel/src/panic.c"
#include "../../kernel/src/pd.c"
#include "../../kernel/src/print.c"
#include "../../kernel/src/sched.c"
#include "../../kernel/src/share.c"
#include "../../kernel/src/tables.c"
#include "../../kernel/src/thread.c"
#include "../../kernel/src/timer.c"
status_t stub_port_io(word_t port, unsigned width, bool out, word_t *value);
#define machine_port_io stub_port_io
#include "../../kernel/arch/stub/stub.c"
#undef  machine_port_io
#include "../../kernel/arch/stub/memory.c"

#include "sim.h"
#include <by/boot_info.h>
#include <by/core.h>
#include <sys/mman.h>
#include <unistd.h>

_Static_assert((int)SIM_RAM_SIZE == (int)STUB_RAM_SIZE, "the stub's RAM");

uint32_t sim_port_value;


/** Locks are not checked here. */
void stub_lock_reset(void) { }


static int ram_file = -1;


size_t sim_object_size(unsigned type)
{
	static size_t const size[BY_OBJECT_TYPES] = {
		[BY_OBJECT_PD] = BY_PD_SIZE, [BY_OBJECT_THREAD] = BY_THREAD_SIZE,
		[BY_OBJECT_SHARE] = BY_SHARE_SIZE, [BY_OBJECT_ENDPOINT] = BY_ENDPOINT_SIZE,
		[BY_OBJECT_GATE] = BY_GATE_SIZE, [BY_OBJECT_SIGNAL] = BY_SIGNAL_SIZE,
		[BY_OBJECT_IRQ] = BY_IRQ_SIZE,
	};

	return type < BY_OBJECT_TYPES ? size[type] : 0;
}


void *sim_memory(by_paddr_t pa)
{
	return pa - SIM_RAM < SIM_RAM_SIZE ? mem_kernel(pa) : NULL;
}


static void die(const char *what)
{
	perror(what);
	abort();
}


/*
 * What core sees
 */

static void map_fixed(word_t va, word_t size, int protection, int flags, int file, word_t offset)
{
	void *at = mmap((void *)va, size, protection, flags | MAP_FIXED, file, (off_t)offset);

	if (at == MAP_FAILED)
		die("mmap at an address of core");
	if (protection != PROT_NONE)
		unpoison(at, size);
}


static void reserve(word_t from, word_t to)
{
	map_fixed(from, to - from, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}


static void show(word_t va, paddr_t pa, word_t pages, bool write)
{
	if (va < BY_CORE_IMAGE || va >= BY_CORE_HEAP)
		map_fixed(va, pages * PAGE_SIZE, write ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED,
		          ram_file, pa - STUB_RAM_BASE);
}


static void hide(word_t va, word_t pages)
{
	reserve(va, va + pages * PAGE_SIZE);
}


/** Do in this program what a call of core did to its address space. */
static void follow(struct by_call const *call, struct frame const *frame)
{
	if (call->cap != BY_CORE_SLOT_PD || frame->tag != (word_t)(uintptr_t)BY_OK)
		return;
	if (call->op == BY_CALL_PD_MAP)
		show(call->tag, (paddr_t)call->word[0] << PAGE_SHIFT, frame->word[0],
		     call->word[2] & BY_MAP_WRITE);
	if (call->op == BY_CALL_PD_UNMAP)
		hide(call->tag, frame->word[0]);
}


/*
 * Life
 */

void sim_reset(unsigned count)
{
	if (ram_file < 0) {
		ram_file = memfd_create("ram", 0);
		if (ram_file < 0 || ftruncate(ram_file, STUB_RAM_SIZE))
			die("RAM");
		stub_ram = mmap(NULL, STUB_RAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, ram_file, 0);
		if (stub_ram == MAP_FAILED)
			die("RAM");
	}
	stub_reset(count);
	memset(counts, 0, sizeof(counts));
	memset(irqs, 0, sizeof(irqs));
	reserve(BY_CORE_MESSAGE, BY_CORE_IMAGE);
	reserve(BY_CORE_HEAP, BY_CORE_HEAP + STUB_RAM_SIZE + (4 << 20));
}


static void serve_others(void)
{
	struct cpu *self = stub_cpu;

	for (unsigned i = 0; i < cpu_count; i++) {
		stub_cpu = &cpus[i];
		if (stub_cpu == self || !irqc_pending())
			continue;
		while (irqc_pending())
			irqc_take();
		kernel_leave(stub_cpu);
	}
	stub_cpu = self;
}


static void leave_kernel(void)
{
	kernel_leave(stub_cpu);
	for (unsigned i = 0; i < cpu_count; i++) {
		stub_cpu = &cpus[i];
		while (irqc_pending()) {
			irqc_take();
			kernel_leave(stub_cpu);
		}
	}
	serve_others();
}


static bool show_page(void *arg, word_t va, paddr_t pa, unsigned attributes)
{
	(void)arg;
	show(va, pa, 1, attributes & BY_MAP_WRITE);

	return true;
}


void sim_start(struct by_boot_info *info)
{
	kernel_main(info);
	sim_translations(BY_CORE_SLOT_PD, show_page, NULL);
	stub_on_relax = serve_others;
	leave_kernel();
}


static struct cpu *cpu_running(by_word_t id)
{
	for (unsigned i = 0; i < cpu_count; i++)
		if (cpus[i].current && cpus[i].current->obj.id == id)
			return &cpus[i];

	return NULL;
}


static struct thread *enter(by_word_t id)
{
	struct cpu *cpu = cpu_running(id);

	if (!cpu)
		panic("sim: the thread does not run");
	stub_cpu = cpu;

	return cpu->current;
}


bool sim_runs(by_word_t id)
{
	return cpu_running(id) != NULL;
}


by_word_t sim_runs_user(void)
{
	for (unsigned i = 0; i < cpu_count; i++)
		if (cpus[i].current && cpus[i].current->pd != core_pd)
			return cpus[i].current->obj.id;

	return 0;
}


static unsigned calls_made, most_calls, waits;


unsigned sim_calls(void)
{
	return most_calls;
}


unsigned sim_waits(void)
{
	return waits;
}


void sim_calls_reset(void)
{
	calls_made = most_calls = waits = 0;
}


static void count_call(unsigned op)
{
	bool wait = (op & 0xff) == BY_CALL_IPC_WAIT;

	calls_made = wait ? 0 : calls_made + 1;
	most_calls = calls_made > most_calls ? calls_made : most_calls;
	waits     += wait;
}


void sim_call(by_word_t id, struct by_call const *call)
{
	struct thread *thread = enter(id);
	struct frame  *frame  = &thread->frame;
	bool           core   = thread->pd == core_pd;

	frame->op  = call->op;
	frame->cap = call->cap;
	frame->tag = call->tag;
	memcpy(frame->word, call->word, sizeof(frame->word));
	kernel_call(stub_cpu);
	if (core) {
		if (thread == core_ep->thread)
			count_call((unsigned)call->op);
		follow(call, frame);
	}
	leave_kernel();
}


void sim_result(by_word_t id, struct by_call *call)
{
	struct frame const *frame = &enter(id)->frame;

	call->cap = frame->cap;
	call->tag = frame->tag;
	memcpy(call->word, frame->word, sizeof(call->word));
}


void sim_fault(by_word_t id, enum by_fault_cause cause, by_word_t address, unsigned access)
{
	enter(id);
	kernel_fault(stub_cpu, cause, address, access);
	leave_kernel();
}


bool sim_access(by_word_t id, by_word_t address, unsigned access, by_paddr_t *pa)
{
	enter(id);

	return stub_access(stub_cpu, address, access, pa);
}


void sim_cancel_core(void)
{
	struct thread *core = core_ep->thread;

	stub_cpu = core->cpu;
	if (!thread_abort(core, BY_CANCELLED))
		panic("sim: core does not wait");
	leave_kernel();
}


void sim_interrupt(unsigned number)
{
	stub_irq_raised[number] = true;
	leave_kernel();
}


void sim_pass(by_ticks_t ticks)
{
	stub_now += ticks;
	leave_kernel();
}


/*
 * Facts
 */

bool sim_object(by_word_t slot, struct sim_object *out)
{
	struct object *object = cap_object(core_pd, slot);

	if (!object || object->type == BY_OBJECT_NONE)
		return false;

	bool    in_ram = (uintptr_t)object - (uintptr_t)stub_ram < STUB_RAM_SIZE;
	paddr_t pa     = in_ram ? mem_physical(object) : 0;
	if (object->type == BY_OBJECT_THREAD)
		pa -= in_ram ? offsetof(struct thread, obj) : 0;
	*out = (struct sim_object) { object->type, object->id, pa };

	return true;
}


static struct thread *thread_in(by_word_t slot)
{
	struct object *object = cap_lookup(core_pd, slot, BY_OBJECT_THREAD);

	return object ? container_of(object, struct thread, obj) : NULL;
}


bool sim_thread(by_word_t slot, struct sim_thread *out)
{
	struct thread const *thread = thread_in(slot);

	if (!thread)
		return false;

	*out = (struct sim_thread) {
		.started  = thread->state != THREAD_INACTIVE,
		.parked   = thread->state == THREAD_PARKED,
		.faulting = thread->state == THREAD_FAULTING,
		.faulted  = thread->state == THREAD_FAULTED,
		.paused   = thread->paused,
		.message  = mem_physical(thread->msg),
		.fpu      = thread->fpu ? mem_physical(thread->fpu) : 0,
		.pd       = thread->pd ? thread->pd->obj.id : 0,
	};

	return true;
}


void sim_unpark(by_word_t slot)
{
	struct thread *thread = thread_in(slot);

	if (!thread)
		return;

	stub_cpu = thread->cpu;
	thread_unpark(thread);
	leave_kernel();
}


static struct pd *pd_in(by_word_t slot)
{
	struct object *object = cap_lookup(core_pd, slot, BY_OBJECT_PD);

	if (!object)
		panic("sim: no PD in slot %lu", (unsigned long)slot);

	return container_of(object, struct pd, obj);
}


by_word_t sim_cap(by_word_t pd_slot, by_word_t index)
{
	struct object *pd     = cap_lookup(core_pd, pd_slot, BY_OBJECT_PD);
	struct object *object = pd && index ? cap_object(container_of(pd, struct pd, obj), index) : NULL;

	return object && object->type != BY_OBJECT_NONE ? object->id : 0;
}


by_word_t sim_slots(by_word_t pd_slot)
{
	struct pd *pd   = pd_in(pd_slot);
	word_t     leaf = 0;

	while (leaf < BY_LEAVES && pd->leaf[leaf])
		leaf++;

	return leaf * BY_LEAF_SLOTS;
}


void sim_cap_drop(by_word_t pd_slot, by_word_t index)
{
	if (cap_lookup(core_pd, pd_slot, BY_OBJECT_PD))
		cap_drop(pd_in(pd_slot), index);
}


void sim_pd_pages(by_word_t pd_slot, void (*visit)(void *, by_paddr_t), void *arg)
{
	struct pd *pd = pd_in(pd_slot);

	visit(arg, mem_physical(pd));
	visit(arg, mem_physical(pd->space.root));
	for (unsigned i = 0; i < BY_LEAVES; i++)
		if (pd->leaf[i])
			visit(arg, mem_physical(pd->leaf[i]));
	for (uint32_t i = 0; i < pd->pool_count; i++)
		visit(arg, mem_physical(pool_entry(pd, i)->table));
	for (unsigned i = 0; i < POOL_PAGES; i++)
		if (pd->pool_page[i])
			visit(arg, mem_physical(pd->pool_page[i]));
}


static unsigned attributes_of(pte_t pte)
{
	return (pte & PTE_WRITE ? BY_MAP_WRITE : 0u) | (pte & PTE_EXEC ? BY_MAP_EXEC : 0u);
}


static bool visit_table(pte_t const *table, word_t va, unsigned level, sim_visit_t visit,
                        void *arg)
{
	for (word_t i = 0; i < pt_entries(level); i++) {
		word_t at = va + (i << pt_shift(level));
		if (!pte_present(table[i]))
			continue;
		if (pte_is_table(table[i], level)) {
			if (!visit_table(mem_kernel(pte_address(table[i])), at, level - 1, visit, arg))
				return false;
			continue;
		}
		for (word_t page = 0; page < level_pages(level); page++)
			if (!visit(arg, at + page * PAGE_SIZE, pte_address(table[i]) + page * PAGE_SIZE,
			           attributes_of(table[i])))
				return false;
	}

	return true;
}


void sim_translations(by_word_t pd_slot, sim_visit_t visit, void *arg)
{
	visit_table(pd_in(pd_slot)->space.root, 0, PT_LEVELS - 1, visit, arg);
}


const char *sim_check(void)
{
	return stub_tlb_check();
}


size_t sim_census(unsigned type)
{
	return object_census((enum by_object_type)type);
}


const char *sim_console(void)
{
	stub_console[stub_console_count] = 0;

	return stub_console;
}


const char *sim_screen(void)
{
	stub_screen[stub_screen_count] = 0;

	return stub_screen;
}


void sim_console_clear(void)
{
	stub_console_count = 0;
	stub_console_room  = sizeof(stub_console) - 1;
}


void sim_console_busy(void)
{
	stub_console_room = 0;
}


unsigned sim_console_inits(void)
{
	return stub_console_inits;
}


unsigned sim_machine_asked(unsigned operation)
{
	return stub_machine_asked[operation];
}


status_t machine_port_io(word_t port, unsigned width, bool out, word_t *value)
{
	(void)width;
	if (port != 0x60)
		return BY_NOT_SUPPORTED;
	if (out)
		sim_port_value = (uint32_t)*value;
	else
		*value = sim_port_value;

	return BY_OK;
}
