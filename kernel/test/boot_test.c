/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From boot information to core's first thread; and the end: panics, and what they print.
 */
#include "unit.h"
#include "panic.h"
#include "print.h"
#include "world.h"
#include <arch/clock.h>
#include <stdlib.h>
#include <by/boot_info.h>
#include <by/core.h>
#include <by/log_ring.h>

enum { RAM = 1 << 20, LOG = 1 << 15 };

static struct by_boot_info info;


/** A machine of two CPUs, and boot information with one free region. */
static void setup(void)
{
	world_boot(2);
	stub_reset(2);
	info = (struct by_boot_info) { .magic = BY_BOOT_MAGIC, .free_count = 1, .cpu_count = 3,
	                               .boot_cpu = 2 };
	info.free[0] = (struct by_boot_region) { stub_alloc(RAM), RAM };
	info.core[0] = (struct by_boot_segment) { BY_CORE_IMAGE, stub_alloc(4 * PAGE_SIZE),
	                                          3 * PAGE_SIZE + 1, BY_MAP_EXEC, 0 };
	info.zone    = (struct by_boot_region) { STUB_RAM_BASE, STUB_RAM_SIZE };
	info.modules = (struct by_boot_region) { stub_alloc(PAGE_SIZE), PAGE_SIZE };
	info.log = (struct by_boot_region) { stub_alloc(LOG), sizeof(struct by_log_ring) };
	by_log_ring_init(mem_kernel(info.log.base));
	info.core_entry = BY_CORE_IMAGE + 0x40;
}


static void boot(void)
{
	kernel_main(&info);
	kernel_leave(&cpus[0]);
}


static bool maps(word_t va, unsigned access, paddr_t expected)
{
	paddr_t pa;

	return stub_access(&cpus[0], va, access, &pa) && (!expected || pa == expected);
}


static uint64_t free_memory(void)
{
	uint64_t size = 0;

	for (unsigned i = 0; i < info.free_count; i++)
		size += info.free[i].size;

	return size;
}


TEST(core_starts)
{
	setup();
	boot();
	struct thread *core = core_ep->thread;

	CHECK(cpus[0].current == core && !cpus[1].current && core->pd == core_pd);
	CHECK_EQ(frame_ip(&core->frame), BY_CORE_IMAGE + 0x40);
	CHECK_EQ(frame_sp(&core->frame), BY_CORE_STACK + BY_CORE_STACK_SIZE);
	CHECK_EQ(frame_cap(&core->frame), BY_CORE_INFO);
	CHECK(maps(BY_CORE_IMAGE + 3 * PAGE_SIZE, BY_ACCESS_EXEC,
	           info.core[0].base + 3 * PAGE_SIZE));
	CHECK(!maps(BY_CORE_IMAGE + 4 * PAGE_SIZE, BY_ACCESS_READ, 0));
	CHECK(!maps(BY_CORE_IMAGE, BY_ACCESS_WRITE, 0));
	CHECK(maps(BY_CORE_STACK, BY_ACCESS_WRITE, 0));
	CHECK(maps(BY_CORE_STACK + BY_CORE_STACK_SIZE - 1, BY_ACCESS_WRITE, 0));
	CHECK(!maps(BY_CORE_STACK + BY_CORE_STACK_SIZE, BY_ACCESS_READ, 0));
	CHECK(!maps(BY_CORE_STACK - 1, BY_ACCESS_READ, 0));
	CHECK(maps(BY_CORE_MESSAGE, BY_ACCESS_WRITE, mem_physical(core->msg)));
	CHECK(maps(BY_CORE_MODULES, BY_ACCESS_READ, info.modules.base));
	CHECK(maps(BY_CORE_LOG, BY_ACCESS_WRITE, info.log.base));
	CHECK(maps(BY_CORE_LOG + sizeof(struct by_log_ring) - 1, BY_ACCESS_WRITE, 0));
	CHECK(cap_lookup(core_pd, BY_CORE_SLOT_PD, BY_OBJECT_PD) == &core_pd->obj);
	CHECK(cap_lookup(core_pd, BY_CORE_SLOT_THREAD, BY_OBJECT_THREAD) == &core->obj);
	CHECK(cap_lookup(core_pd, BY_CORE_SLOT_ENDPOINT, BY_OBJECT_ENDPOINT) == &core_ep->obj);
	CHECK(cap_lookup(core_pd, BY_CORE_SLOT_SHARE, BY_OBJECT_SHARE) == &core->share->obj);
}


/** Core sees what is free after the last allocation, and may only read it. */
TEST(boot_information_is_up_to_date)
{
	paddr_t pa;

	setup();
	boot();
	CHECK(stub_access(&cpus[0], BY_CORE_INFO, BY_ACCESS_READ, &pa));
	CHECK(!maps(BY_CORE_INFO, BY_ACCESS_WRITE, 0));
	struct by_boot_info const *seen = mem_kernel(pa);
	CHECK_EQ(seen->free_count, info.free_count);
	CHECK(memcmp(seen->free, info.free, sizeof(info.free)) == 0);
	CHECK(free_memory() < RAM && free_memory() > RAM / 2);
	CHECK_EQ(seen->cpu_count, 2);
	CHECK_EQ(seen->boot_cpu, 0);
	CHECK_EQ(seen->clock_frequency, clock_frequency());
}


TEST(only_the_head_of_the_modules_is_mapped)
{
	setup();
	info.modules.size = 0x100000000u;
	boot();
	CHECK(maps(BY_CORE_MODULES + BY_CORE_MODULES_MAX - 1, BY_ACCESS_READ,
	           info.modules.base + BY_CORE_MODULES_MAX - 1));
	CHECK(!maps(BY_CORE_MODULES + BY_CORE_MODULES_MAX, BY_ACCESS_READ, 0));
}


/** Memory in pieces: what is too small, unaligned, or not mapped by the kernel. */
TEST(memory_in_pieces)
{
	setup();
	paddr_t const base = info.free[0].base;

	info.free_count = 0;
	info.free[info.free_count++] = (struct by_boot_region) {
		STUB_RAM_BASE + STUB_RAM_SIZE, 1 << 30 };
	for (unsigned i = 0; i < 20; i++)
		info.free[info.free_count++] = (struct by_boot_region) {
			base + (2 * i + 1) * PAGE_SIZE, PAGE_SIZE };
	info.free[info.free_count++] = (struct by_boot_region) {
		base + 41 * PAGE_SIZE, RAM - 41 * PAGE_SIZE };
	uint64_t const before = free_memory();
	boot();
	CHECK(cpus[0].current == core_ep->thread);
	CHECK_EQ(free_memory() % PAGE_SIZE, 0);
	CHECK(free_memory() < before);
	/* the small pieces were taken up, what is out of reach is left */
	bool left = false;
	for (unsigned i = 0; i < info.free_count; i++) {
		CHECK(info.free[i].size);
		left |= info.free[i].base == STUB_RAM_BASE + STUB_RAM_SIZE
		        && info.free[i].size == 1 << 30;
	}
	CHECK(left);
}


/** A table of regions that is full loses the piece in front of an aligned block. */
TEST(regions_do_not_overflow)
{
	setup();
	paddr_t const base = info.free[0].base;

	info.free_count = 0;
	info.free[info.free_count++] = (struct by_boot_region) {
		base + PAGE_SIZE, RAM - PAGE_SIZE };
	while (info.free_count < BY_BOOT_REGIONS)
		info.free[info.free_count++] = (struct by_boot_region) {
			STUB_RAM_BASE + STUB_RAM_SIZE + info.free_count * RAM, PAGE_SIZE };
	boot();
	CHECK(cpus[0].current == core_ep->thread);
	CHECK(info.free_count <= BY_BOOT_REGIONS);
}


TEST(too_little_memory)
{
	setup();
	info.free[0].size = 10 * PAGE_SIZE;
	const char *text = world_panic(boot);
	CHECK(text && strstr(text, "kernel: panic on CPU 0: too little RAM: no "));
	CHECK(strstr(text, "KiB left for core"));
}


/*
 * Text
 */

static bool printed(const char *text)
{
	bool same = stub_console_count == strlen(text)
	            && memcmp(stub_console, text, stub_console_count) == 0;

	stub_console_count = 0;

	return same;
}


TEST(formats)
{
	setup();
	print("plain\n");
	CHECK(printed("plain\r\n"));
	print("%u %d %x %c %% %s|", 42u, 7, 0xbeefu, 'c', "text");
	CHECK(printed("42 7 beef c % text|"));
	print("%5u|%05u|%08x|%x", 42u, 42u, 0x1fu, 0u);
	CHECK(printed("   42|00042|0000001f|0"));
	print("%lx %lu %llx %zu", 0x123456789aul, 5ul, 0xffffffffffffffffull, (size_t)9);
	CHECK(printed("123456789a 5 ffffffffffffffff 9"));
	print("%p %s", (void *)(uintptr_t)0x1000, (const char *)NULL);
	CHECK(printed("1000 (null)"));
}


/** A device that takes nothing more does not stop what prints. */
TEST(busy_console)
{
	setup();
	stub_console_room = 3;
	print("abcdef");
	CHECK(printed("abc"));
	stub_screen_busy = true;
	print("x");
	CHECK_EQ(stub_screen_count, 6);
	CHECK(!memcmp(stub_screen, "abcdef", 6));
}


/*
 * Panics
 */

static void (*tell)(void);
static unsigned halts;


/** CPU 0 has stopped. A second panic prints nothing; CPU 1 stops when it is interrupted. */
static void on_halt(void)
{
	switch (halts++) {
	case 0:
		panic("again");
	case 1:
		if (!stub_ipi[1])
			_Exit(1);
		world_switch(1);
		kernel_leave(&cpus[1]);
		break;
	case 2:
		print("CPU %u stops\n", stub_cpu->id);
		tell();
	}
}

static void panic_with_two_cpus(void)
{
	tell  = stub_on_panic;
	stub_on_panic = on_halt;
	halts = 0;
	ASSERT(halts == 1000);
}

TEST(panic_stops_all_cpus)
{
	world_boot(2);
	const char *text = world_panic(panic_with_two_cpus);

	CHECK(text && strstr(text, "panic on CPU 0: assertion failed: halts == 1000 ("));
	CHECK(strstr(text, "boot_test.c:"));
	CHECK(!strstr(text, "again"));
	CHECK(strstr(text, "CPU 1 stops"));
}


/** What a panic says is known after a reset. */
static void compare_log(void)
{
	struct by_log_ring *log = mem_kernel(info.log.base);
	uint64_t const      end = by_log_ring_state(log)->end;

	if (strstr(log->text, "core's\n\nkernel: panic on CPU 0: for the log\n")
	    && end == strlen(log->text))
		print("the log has it\n");
	tell();
}


static void panic_with_log(void)
{
	boot();
	tell = stub_on_panic;
	stub_on_panic = compare_log;
	panic("for the log");
}

TEST(a_panic_is_written_to_the_log)
{
	setup();
	struct by_log_ring *log = mem_kernel(info.log.base);
	by_log_ring_append(log, "core's\n", 7);
	const char *text = world_panic(panic_with_log);
	CHECK(text && strstr(text, "the log has it"));
}


/** There is none before the kernel's entry knows where. */
static void panic_without_log(void)
{
	print_log = NULL;
	panic("early");
}

TEST(a_panic_without_a_log)
{
	setup();
	const char *text = world_panic(panic_without_log);
	CHECK(text && strstr(text, "panic on CPU 0: early"));
}


static void panic_where_others_are_off(void)
{
	cpus[1].online = false;
	panic("alone");
}

TEST(panic_leaves_other_cpus_off)
{
	world_boot(2);
	const char *text = world_panic(panic_where_others_are_off);

	CHECK(text && strstr(text, "alone") && !strstr(text, "current thread"));
}


/** A stack of a page: what could be code is printed, whatever the stack pointer is. */
TEST(backtrace_without_frames)
{
	static word_t stack[PAGE_SIZE / sizeof(word_t)];
	word_t const  top = (word_t)(stack + ARRAY_SIZE(stack)), low = (word_t)stack;
	struct panic_trace trace = {
		.pc = 0x1111, .lr = 0x2222, .sp = top - 100, .stack_top = top,
		.text = 0x8000, .end = 0x9000,
	};

	setup();
	stack[ARRAY_SIZE(stack) - 1]  = 0x8abc;
	stack[ARRAY_SIZE(stack) - 3]  = 0x8000; /* the first instruction called nobody */
	stack[ARRAY_SIZE(stack) - 4]  = 0x9000;
	stack[ARRAY_SIZE(stack) - 20] = 0x8def;
	panic_trace(&trace);
	stub_console[stub_console_count] = 0;
	CHECK(strstr(stub_console, "kernel: backtrace 1111 2222 "));
	CHECK(strstr(stub_console, " 8abc\r\n") && !strstr(stub_console, " 8def"));
	CHECK(!strstr(stub_console, " 8000") && !strstr(stub_console, " 9000"));

	/* a stack pointer that leads elsewhere: all of the stack */
	word_t const wrong[] = { 0, low, top, top + 8, ~(word_t)0 };
	for (unsigned i = 0; i < ARRAY_SIZE(wrong); i++) {
		trace.sp = wrong[i];
		stub_console_count = 0;
		panic_trace(&trace);
		stub_console[stub_console_count] = 0;
		CHECK(strstr(stub_console, " 8def 8abc\r\n"));
	}
}


UNIT_MAIN("kernel_boot")
