/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small world on the stub architecture; see world.h.
 */
#include "world.h"
#include "asid.h"
#include "check.h"
#include "share.h"
#include <arch/irqc.h>
#include <by/boot_info.h>
#include <by/core.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* absent where there are no unit tests */
void unit_fail(const char *file, int line, const char *text) __attribute__((weak));

struct world_object world_objects[WORLD_OBJECTS];
unsigned            world_count;
word_t              world_census[BY_OBJECT_TYPES];

static struct by_boot_info info;
static word_t next_id, core_result[BY_MSG_REGS];
static bool   booted;

bool world_quiet;


/*
 * What exists
 */

struct world_object *world_add(enum by_object_type type, word_t slot, word_t id, void *object)
{
	unsigned i = 0;

	while (i < world_count && world_objects[i].type != BY_OBJECT_NONE)
		i++;
	if (i == WORLD_OBJECTS)
		abort();
	if (i == world_count)
		world_count++;
	world_objects[i] = (struct world_object) { .type = type, .slot = slot, .id = id,
	                                           .object = object };

	return &world_objects[i];
}


struct world_object *world_find(void const *object)
{
	for (unsigned i = 0; i < world_count; i++)
		if (world_objects[i].type != BY_OBJECT_NONE && world_objects[i].object == object)
			return &world_objects[i];

	return NULL;
}


paddr_t world_block(struct world_object *object, word_t size)
{
	paddr_t pa = stub_alloc(size);

	if (object->blocks == ARRAY_SIZE(object->block))
		abort();
	object->block[object->blocks].pa     = pa;
	object->block[object->blocks++].size = size;

	return pa;
}


void world_forget(struct world_object *object)
{
	for (unsigned i = 0; i < object->blocks; i++)
		stub_free(object->block[i].pa, object->block[i].size);
	object->type = BY_OBJECT_NONE;
}


word_t world_slot(void)
{
	word_t slot = BY_CORE_SLOT_FREE;

	while (slot < WORLD_SLOTS && cap_object(core_pd, slot))
		slot++;
	if (slot == WORLD_SLOTS)
		abort();

	return slot;
}


word_t world_id(void)
{
	return next_id++;
}


/*
 * Acting
 */

void world_verify(void)
{
	const char *text = world_quiet ? NULL : world_check();

	if (!text && !world_quiet)
		text = stub_tlb_check();
	if (!text)
		return;

	if (unit_fail) {
		unit_fail(__FILE__, __LINE__, text);
	} else {
		fprintf(stderr, "world: %s\n", text);
		abort();
	}
}


static void leave(unsigned id)
{
	stub_cpu = &cpus[id];
	kernel_leave(stub_cpu);
}


/** Take one interrupt of CPU 'id'; false if there is none. */
static bool take_interrupt(unsigned id)
{
	struct cpu *before = stub_cpu;
	bool        taken;

	stub_cpu = &cpus[id];
	taken = irqc_pending();
	if (taken) {
		irqc_take();
		kernel_leave(stub_cpu);
	}
	stub_cpu = before;

	return taken;
}


/** A CPU waits for others: they take their interrupts. */
static void relax(void)
{
	for (unsigned i = 0; i < cpu_count; i++)
		if (&cpus[i] != stub_cpu)
			(void)take_interrupt(i);
}


void world_settle(void)
{
	bool taken = true;

	kernel_leave(stub_cpu);
	for (unsigned rounds = 0; taken && rounds < 1000; rounds++) {
		taken = false;
		for (unsigned i = 0; i < cpu_count; i++)
			taken |= take_interrupt(i);
	}
	world_verify();
}


void world_switch(unsigned cpu)
{
	stub_cpu = &cpus[cpu];
}


status_t world_core(unsigned number, ...)
{
	struct thread *core = core_ep->thread;
	struct frame   saved = core->frame;
	uint8_t const  state = core->state;
	va_list args;

	va_start(args, number);
	(void)va_arg(args, int);
	frame_set_cap(&core->frame, va_arg(args, word_t));
	frame_set_tag(&core->frame, va_arg(args, word_t));
	for (unsigned i = 0; i < BY_MSG_REGS; i++)
		frame_set_word(&core->frame, i, va_arg(args, word_t));
	va_end(args);

	core_call(core, number);

	status_t status = BY_STATUS(frame_tag(&core->frame));
	for (unsigned i = 0; i < BY_MSG_REGS; i++)
		core_result[i] = frame_word(&core->frame, i);
	if (core->state == state)
		core->frame = saved;

	return status;
}


word_t world_result(unsigned i)
{
	return core_result[i];
}


static void must(status_t status, const char *what)
{
	if (status != BY_OK) {
		printf("world: %s: status %u\n", what, (unsigned)status);
		abort();
	}
}


/** A tag that is no argument must not pass for the status that the kernel forgot. */
static word_t tag_of(word_t op, word_t tag)
{
	enum { NO_STATUS = 1 << 16 };
	word_t const number = op & 0xff;

	return number < BY_CALL_TIMEOUT || number >= BY_CORE_CALL_FIRST ? tag : tag | NO_STATUS;
}


bool world_call(struct thread *thread, word_t op, word_t cap, word_t tag, ...)
{
	va_list args;

	if (stub_cpu->current != thread)
		return false;

	thread->frame.op = op;
	frame_set_cap(&thread->frame, cap);
	frame_set_tag(&thread->frame, tag_of(op, tag));
	va_start(args, tag);
	for (unsigned i = 0; i < BY_MSG_REGS; i++)
		frame_set_word(&thread->frame, i, va_arg(args, word_t));
	va_end(args);
	kernel_call(stub_cpu);
	kernel_leave(stub_cpu);
	world_verify();

	return true;
}


bool world_wait(struct thread *thread)
{
	return USER(thread, BY_CALL_IPC_WAIT | BY_WAIT_REPLY | BY_WAIT_REQUESTS | BY_WAIT_SIGNALS
	                    | BY_WAIT_IO, 0, by_tag(0, 2, 0), (word_t)41, (word_t)42);
}


bool world_turn(struct thread *thread)
{
	for (unsigned i = 0; i < 1000 && stub_cpu->current != thread; i++)
		if (!stub_cpu->current || !USER(stub_cpu->current, BY_CALL_YIELD, 0, 0))
			return false;

	return stub_cpu->current == thread;
}


static int panic_pipe;

static void tell_panic(void)
{
	ssize_t written = write(panic_pipe, stub_console, stub_console_count);

	exit(written != (ssize_t)stub_console_count);
}


const char *world_panic(void (*what)(void))
{
	static char text[sizeof(stub_console)];
	int         ends[2], status;
	size_t      length = 0;

	fflush(stdout);
	if (pipe(ends))
		abort();
	pid_t child = fork();
	if (!child) {
		panic_pipe    = ends[1];
		stub_on_panic = tell_panic;
		what();
		_exit(1);
	}
	close(ends[1]);
	for (ssize_t got = 1; got > 0; length += (size_t)got)
		got = read(ends[0], text + length, sizeof(text) - 1 - length);
	close(ends[0]);
	text[length] = 0;

	return waitpid(child, &status, 0) == child && status == 0 ? text : NULL;
}


void world_fault(struct thread *thread, enum by_fault_cause cause, word_t address,
                 unsigned access)
{
	if (stub_cpu->current != thread)
		abort();
	kernel_fault(stub_cpu, cause, address, access);
	kernel_leave(stub_cpu);
	world_verify();
}


void world_pass(unsigned id, ticks_t ticks)
{
	stub_now += ticks;
	while (take_interrupt(id)) { }
	world_verify();
}


void world_interrupt(unsigned number)
{
	stub_irq_raised[number] = true;
	(void)take_interrupt(stub_cpu->id);
	world_verify();
}


/*
 * Making objects
 */

static struct world_object *make(struct made *made, enum by_object_type type, word_t size)
{
	struct world_object *object = world_add(type, world_slot(), next_id++, NULL);

	object->object = mem_kernel(world_block(object, size));
	*made = (struct made) { object->slot, object->object };

	return object;
}


struct pd *world_pd_pool(struct made *made, unsigned tables, unsigned leaves)
{
	struct world_object *pd = make(made, BY_OBJECT_PD, BY_PD_SIZE);

	must(CORE(PD_CREATE, made->slot, pd->id, pd->block[0].pa, world_block(pd, BY_ROOT_SIZE)),
	     "pd");
	for (unsigned i = 0; i < tables; i++)
		must(CORE(PD_TABLES, made->slot, world_block(pd, PAGE_SIZE), (word_t)1), "table");
	for (unsigned i = 0; i < leaves; i++)
		must(CORE(PD_LEAF, made->slot, (word_t)i, world_block(pd, PAGE_SIZE)), "leaf");

	return made->object;
}


struct pd *world_pd(struct made *made)
{
	return world_pd_pool(made, 8, 1);
}


struct thread *world_thread(struct made *made, struct made pd, bool passive)
{
	struct world_object *thread = make(made, BY_OBJECT_THREAD, BY_THREAD_SIZE);

	must(CORE(THREAD_CREATE, made->slot, thread->id, thread->block[0].pa,
	          world_block(thread, PAGE_SIZE), pd.slot, (word_t)passive), "thread");

	return made->object;
}


struct share *world_share(struct made *made, unsigned cpu, unsigned priority)
{
	struct world_object *share = make(made, BY_OBJECT_SHARE, BY_SHARE_SIZE);

	must(CORE(SHARE_CREATE, made->slot, share->id, share->block[0].pa, (word_t)cpu,
	          (word_t)priority, (word_t)BY_WEIGHT_DEFAULT), "share");

	return made->object;
}


struct endpoint *world_endpoint(struct made *made, struct made thread)
{
	struct world_object *ep = make(made, BY_OBJECT_ENDPOINT, BY_ENDPOINT_SIZE);

	must(CORE(ENDPOINT_CREATE, made->slot, ep->id, ep->block[0].pa, thread.slot), "endpoint");

	return made->object;
}


struct gate *world_gate(struct made *made, struct made ep, word_t badge)
{
	struct world_object *gate = make(made, BY_OBJECT_GATE, BY_GATE_SIZE);

	must(CORE(GATE_CREATE, made->slot, gate->id, gate->block[0].pa, ep.slot, badge), "gate");

	return made->object;
}


struct signal *world_signal(struct made *made, struct made ep, word_t badge, bool io)
{
	struct world_object *signal = make(made, BY_OBJECT_SIGNAL, BY_SIGNAL_SIZE);

	must(CORE(SIGNAL_CREATE, made->slot, signal->id, signal->block[0].pa, ep.slot, badge,
	          (word_t)io), "signal");

	return made->object;
}


struct irq *world_irq(struct made *made, unsigned number)
{
	struct world_object *irq = make(made, BY_OBJECT_IRQ, BY_IRQ_SIZE);

	must(CORE(IRQ_CREATE, made->slot, irq->id, irq->block[0].pa, (word_t)number), "irq");

	return made->object;
}


struct thread *world_run_on(struct made *made, struct made pd, struct made share, bool passive)
{
	struct thread *thread = world_thread(made, pd, passive);

	must(CORE(THREAD_BIND, made->slot, share.slot), "bind");
	must(CORE(THREAD_START, made->slot, (word_t)0, (word_t)0x1000, (word_t)0x2000), "start");
	leave(stub_cpu->id);

	return thread;
}


struct thread *world_run(struct made *made, struct made pd, unsigned priority)
{
	struct made share;

	world_share(&share, stub_cpu->id, priority);

	return world_run_on(made, pd, share, false);
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
	struct world_object *object = world_find(made.object);
	unsigned calls = 0;
	status_t status;

	object->dying = true;
	do {
		status = CORE(DESTROY, made.slot, (word_t)type);
		calls++;
		leave(stub_cpu->id);
		relax();
	} while (status == BY_AGAIN && calls < 10000);
	must(status, "destroy");
	world_forget(object);
	world_verify();

	return calls;
}


/*
 * Booting
 */

/** Tables of the kernel that a reset cannot reach: interrupts are given up properly. */
static void destroy_irqs(void)
{
	for (unsigned i = 0; booted && i < world_count; i++) {
		struct world_object *object = &world_objects[i];
		if (object->type == BY_OBJECT_IRQ)
			(void)world_destroy((struct made) { object->slot, object->object },
			                    BY_OBJECT_IRQ);
	}
}


static void add_core(word_t slot, enum by_object_type type)
{
	struct object *object = cap_object(core_pd, slot);

	(void)world_add(type, slot, object->id, object);
}


static void register_core(void)
{
	add_core(BY_CORE_SLOT_PD, BY_OBJECT_PD);
	add_core(BY_CORE_SLOT_THREAD, BY_OBJECT_THREAD);
	add_core(BY_CORE_SLOT_SHARE, BY_OBJECT_SHARE);
	add_core(BY_CORE_SLOT_ENDPOINT, BY_OBJECT_ENDPOINT);

	/* objects begin with what they have in common, but for threads */
	world_objects[0].object = core_pd;
	world_objects[1].object = core_ep->thread;
}


static void no_flush(void) { }


/** The next number of an address space is a certain one, so that runs repeat. */
static void reset_asids(void)
{
	uint64_t tag;

	do {
		tag = 0;
	} while (asid_get(&tag, STUB_ASIDS, no_flush) != STUB_ASIDS);
}


void world_boot(unsigned count)
{
	enum { BOOT_RAM = 1 << 20, LOG_PLACE = 1 << 15 };

	destroy_irqs();
	stub_reset(count);
	reset_asids();
	stub_on_relax = relax;
	world_count = 0;
	info = (struct by_boot_info) { .magic = BY_BOOT_MAGIC, .free_count = 1 };
	info.free[0] = (struct by_boot_region) { stub_alloc(BOOT_RAM), BOOT_RAM };
	info.log     = (struct by_boot_region) { stub_alloc(LOG_PLACE), PAGE_SIZE };
	info.core[0] = (struct by_boot_segment) { BY_CORE_IMAGE, stub_alloc(PAGE_SIZE),
	                                          PAGE_SIZE, BY_MAP_EXEC, 0 };
	info.zone    = (struct by_boot_region) { STUB_RAM_BASE, STUB_RAM_SIZE };
	info.modules = (struct by_boot_region) { stub_alloc(PAGE_SIZE), PAGE_SIZE };
	next_id = 100;
	for (unsigned type = 0; type < BY_OBJECT_TYPES; type++)
		world_census[type] = object_census((enum by_object_type)type);
	kernel_main(&info);
	booted = true;
	leave(0);
	register_core();

	/* core's thread enters its loop */
	if (!USER(core_ep->thread, BY_CALL_IPC_WAIT | BY_WAIT_REQUESTS | BY_WAIT_SIGNALS, 0, 0))
		abort();
	for (word_t i = 1; i < 8; i++)
		must(CORE(PD_LEAF, (word_t)BY_CORE_SLOT_PD, i, stub_alloc(PAGE_SIZE)), "leaf");
}
