/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small world on the stub architecture; see world.h.
 */
#include "world.h"
#include "share.h"
#include <arch/irqc.h>
#include <by/boot_info.h>
#include <by/core.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static struct by_boot_info info;
static word_t next_slot, next_id;


static void leave(unsigned id)
{
	stub_cpu = &cpus[id];
	kernel_leave(stub_cpu);
}


static void donate_leaf(word_t pd_slot, word_t index)
{
	if (CORE(PD_LEAF, pd_slot, index, stub_alloc(PAGE_SIZE)) != BY_OK)
		abort();
}


void world_boot(unsigned count)
{
	enum { BOOT_RAM = 1 << 20 };

	stub_reset(count);
	info = (struct by_boot_info) { .magic = BY_BOOT_MAGIC, .free_count = 1 };
	info.free[0] = (struct by_boot_region) { stub_alloc(BOOT_RAM), BOOT_RAM };
	info.core[0] = (struct by_boot_segment) { BY_CORE_IMAGE, stub_alloc(PAGE_SIZE),
	                                          PAGE_SIZE, BY_MAP_EXEC, 0 };
	info.modules = (struct by_boot_region) { stub_alloc(PAGE_SIZE), PAGE_SIZE };
	next_slot = BY_CORE_SLOT_FREE;
	next_id   = 100;
	kernel_main(&info);
	leave(0);

	/* core's thread enters its loop */
	if (!USER(core_ep->thread, BY_CALL_IPC_WAIT | BY_WAIT_REQUESTS | BY_WAIT_SIGNALS, 0, 0))
		abort();
	for (word_t i = 1; i < 8; i++)
		donate_leaf(BY_CORE_SLOT_PD, i);
}


status_t world_core(unsigned number, ...)
{
	struct thread *core = core_ep->thread;
	struct frame   saved = core->frame;
	va_list args;

	va_start(args, number);
	(void)va_arg(args, int);
	frame_set_cap(&core->frame, va_arg(args, word_t));
	frame_set_tag(&core->frame, va_arg(args, word_t));
	for (unsigned i = 0; i < BY_MSG_REGS; i++)
		frame_set_word(&core->frame, i, va_arg(args, word_t));
	va_end(args);

	core_call(stub_cpu, core, number);

	status_t status = BY_STATUS(frame_tag(&core->frame));
	for (unsigned i = 0; i < BY_MSG_REGS; i++)
		core->msg->send_cap[i] = frame_word(&core->frame, i);
	core->frame = saved;

	return status;
}


word_t world_result(unsigned i)
{
	return core_ep->thread->msg->send_cap[i];
}


static void must(status_t status, const char *what)
{
	if (status != BY_OK) {
		printf("world: %s: status %u\n", what, (unsigned)status);
		abort();
	}
}


struct pd *world_pd(struct made *made)
{
	paddr_t mem = stub_alloc(BY_PD_SIZE);

	*made = (struct made) { next_slot++, mem_kernel(mem) };
	must(CORE(PD_CREATE, made->slot, next_id++, mem, stub_alloc(BY_ROOT_SIZE)), "pd");
	must(CORE(PD_TABLES, made->slot, stub_alloc(8 * PAGE_SIZE), (word_t)8), "tables");
	donate_leaf(made->slot, 0);

	return made->object;
}


struct thread *world_thread(struct made *made, struct made pd, bool passive)
{
	paddr_t mem = stub_alloc(BY_THREAD_SIZE);

	*made = (struct made) { next_slot++, mem_kernel(mem) };
	must(CORE(THREAD_CREATE, made->slot, next_id++, mem, stub_alloc(PAGE_SIZE), pd.slot,
	          (word_t)passive), "thread");

	return made->object;
}


struct share *world_share(struct made *made, unsigned cpu, unsigned priority)
{
	paddr_t mem = stub_alloc(BY_SHARE_SIZE);

	*made = (struct made) { next_slot++, mem_kernel(mem) };
	must(CORE(SHARE_CREATE, made->slot, next_id++, mem, (word_t)cpu, (word_t)priority,
	          (word_t)BY_WEIGHT_DEFAULT), "share");

	return made->object;
}


struct endpoint *world_endpoint(struct made *made, struct made thread)
{
	paddr_t mem = stub_alloc(BY_ENDPOINT_SIZE);

	*made = (struct made) { next_slot++, mem_kernel(mem) };
	must(CORE(ENDPOINT_CREATE, made->slot, next_id++, mem, thread.slot), "endpoint");

	return made->object;
}


struct gate *world_gate(struct made *made, struct made ep, word_t badge)
{
	paddr_t mem = stub_alloc(BY_GATE_SIZE);

	*made = (struct made) { next_slot++, mem_kernel(mem) };
	must(CORE(GATE_CREATE, made->slot, next_id++, mem, ep.slot, badge), "gate");

	return made->object;
}


struct signal *world_signal(struct made *made, struct made ep, word_t badge, bool io)
{
	paddr_t mem = stub_alloc(BY_SIGNAL_SIZE);

	*made = (struct made) { next_slot++, mem_kernel(mem) };
	must(CORE(SIGNAL_CREATE, made->slot, next_id++, mem, ep.slot, badge, (word_t)io), "signal");

	return made->object;
}


struct thread *world_run(struct made *made, struct made pd, unsigned priority)
{
	struct made    share;
	struct thread *thread = world_thread(made, pd, false);

	world_share(&share, stub_cpu->id, priority);
	must(CORE(THREAD_BIND, made->slot, share.slot), "bind");
	must(CORE(THREAD_START, made->slot, (word_t)0, (word_t)0x1000, (word_t)0x2000), "start");
	leave(stub_cpu->id);

	return thread;
}


struct thread *world_server(struct made *made, struct made *ep, struct made pd, bool passive)
{
	struct made    share;
	struct thread *thread = world_thread(made, pd, passive);

	world_endpoint(ep, *made);
	world_share(&share, stub_cpu->id, BY_PRIORITIES - 2);
	must(CORE(THREAD_BIND, made->slot, share.slot), "bind");
	must(CORE(THREAD_START, made->slot, (word_t)0, (word_t)0x1000, (word_t)0x2000), "start");
	leave(stub_cpu->id);
	if (!USER(thread, BY_CALL_IPC_WAIT | BY_WAIT_REQUESTS | BY_WAIT_SIGNALS | BY_WAIT_IO, 0, 0))
		abort();
	must(CORE(SHARE_SET, share.slot, (word_t)0, (word_t)1, (word_t)BY_WEIGHT_DEFAULT), "share");

	return thread;
}


void world_give(struct made pd, word_t index, struct made object)
{
	must(CORE(PD_INSTALL, pd.slot, index, object.slot), "install");
}


unsigned world_destroy(struct made made, enum by_object_type type)
{
	unsigned calls = 0;
	status_t status;

	do {
		status = CORE(DESTROY, made.slot, (word_t)type);
		calls++;
		leave(stub_cpu->id);
	} while (status == BY_AGAIN && calls < 10000);
	must(status, "destroy");
	memset(made.object, 0xdd, 24);

	return calls;
}


bool world_call(struct thread *thread, word_t op, word_t cap, word_t tag, ...)
{
	va_list args;

	if (stub_cpu->current != thread)
		return false;

	thread->frame.op = op;
	frame_set_cap(&thread->frame, cap);
	frame_set_tag(&thread->frame, tag);
	va_start(args, tag);
	for (unsigned i = 0; i < BY_MSG_REGS; i++)
		frame_set_word(&thread->frame, i, va_arg(args, word_t));
	va_end(args);
	kernel_call(stub_cpu);
	kernel_leave(stub_cpu);

	return true;
}


void world_fault(struct thread *thread, enum by_fault_cause cause, word_t address,
                 unsigned access)
{
	if (stub_cpu->current != thread)
		abort();
	kernel_fault(stub_cpu, cause, address, access);
	kernel_leave(stub_cpu);
}


void world_pass(unsigned id, ticks_t ticks)
{
	struct cpu *before = stub_cpu;

	stub_cpu = &cpus[id];
	stub_now += ticks;
	while (irqc_pending()) {
		irqc_take();
		kernel_leave(stub_cpu);
	}
	stub_cpu = before;
}
