/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core calls: what is refused, and those that are no business of a module of their own.
 */
#include "unit.h"
#include "world.h"
#include <by/core.h>

enum { LINE = 5, PRIO = 10, NOWHERE = 900 };

static struct made pd, thread, share, ep, gate, signal, irq;
static paddr_t mem;


static void setup(void)
{
	world_boot(2);
	world_pd(&pd);
	(void)world_server(&thread, &ep, pd, false);
	world_share(&share, 0, PRIO);
	world_gate(&gate, ep, 1);
	world_signal(&signal, ep, 2, false);
	world_irq(&irq, LINE);
	mem = stub_alloc(4 * PAGE_SIZE);
	world_settle();
}


/** A call as core makes it, with all of its arguments. */
static status_t call(word_t number, word_t const arg[8])
{
	struct thread *core  = core_ep->thread;
	struct frame   saved = core->frame;

	frame_set_cap(&core->frame, arg[0]);
	frame_set_tag(&core->frame, arg[1]);
	for (unsigned i = 2; i < 8; i++) {
		if (i - 2 < BY_MSG_REGS)
			frame_set_word(&core->frame, i - 2, arg[i]);
		else
			core->msg->word[i - 2] = arg[i];
	}
	core_call(core, (unsigned)number);
	status_t status = BY_STATUS(frame_tag(&core->frame));
	core->frame = saved;

	return status;
}


/*
 * Each type of object where each other type is expected: no call takes it
 */

static unsigned objects_of(word_t slot[8])
{
	unsigned count = 0;

	slot[count++] = pd.slot;
	slot[count++] = thread.slot;
	slot[count++] = share.slot;
	slot[count++] = ep.slot;
	slot[count++] = gate.slot;
	slot[count++] = signal.slot;
	slot[count++] = irq.slot;

	return count;
}


/** Calls whose argument 0 names an object, and the only type that may be. */
static struct { word_t number; enum by_object_type type; } const typed[] = {
	{ BY_CALL_PD_TABLES, BY_OBJECT_PD },         { BY_CALL_PD_LEAF, BY_OBJECT_PD },
	{ BY_CALL_PD_MAP, BY_OBJECT_PD },            { BY_CALL_PD_UNMAP, BY_OBJECT_PD },
	{ BY_CALL_PD_INSTALL, BY_OBJECT_PD },        { BY_CALL_THREAD_BIND, BY_OBJECT_THREAD },
	{ BY_CALL_THREAD_START, BY_OBJECT_THREAD },  { BY_CALL_THREAD_PAUSE, BY_OBJECT_THREAD },
	{ BY_CALL_THREAD_RESUME, BY_OBJECT_THREAD }, { BY_CALL_THREAD_CANCEL, BY_OBJECT_THREAD },
	{ BY_CALL_THREAD_READ, BY_OBJECT_THREAD },   { BY_CALL_THREAD_WRITE, BY_OBJECT_THREAD },
	{ BY_CALL_THREAD_FPU, BY_OBJECT_THREAD },    { BY_CALL_FAULT_RESOLVE, BY_OBJECT_THREAD },
	{ BY_CALL_FAULT_RESUME, BY_OBJECT_THREAD },  { BY_CALL_FAULT_REPEAT, BY_OBJECT_THREAD },
	{ BY_CALL_SHARE_SET, BY_OBJECT_SHARE },      { BY_CALL_IRQ_BIND, BY_OBJECT_IRQ },
};


TEST(objects_of_another_type)
{
	word_t slot[8];

	setup();
	unsigned count = objects_of(slot);
	for (unsigned i = 0; i < ARRAY_SIZE(typed); i++) {
		for (unsigned type = 0; type <= count; type++) {
			if (type + 1 == typed[i].type)
				continue;
			word_t const arg[8] = { type < count ? slot[type] : NOWHERE, share.slot,
			                        gate.slot, 1, 1, 1 };
			CHECK_EQ(call(typed[i].number, arg), BY_BAD_CAP);
		}
		world_verify();
	}
}


/** Calls that make an object: wrong memory, wrong slots, wrong arguments. */
static struct { word_t number, size; } const makes[] = {
	{ BY_CALL_PD_CREATE, BY_PD_SIZE },             { BY_CALL_THREAD_CREATE, BY_THREAD_SIZE },
	{ BY_CALL_SHARE_CREATE, BY_SHARE_SIZE },       { BY_CALL_GATE_CREATE, BY_GATE_SIZE },
	{ BY_CALL_SIGNAL_CREATE, BY_SIGNAL_SIZE },     { BY_CALL_IRQ_CREATE, BY_IRQ_SIZE },
	{ BY_CALL_ENDPOINT_CREATE, BY_ENDPOINT_SIZE },
};


/** Good arguments for making an object. */
static void good(word_t number, word_t arg[8])
{
	arg[0] = world_slot();
	arg[1] = 9999;
	arg[2] = mem;
	arg[3] = number == BY_CALL_SHARE_CREATE ? 0 : number == BY_CALL_IRQ_CREATE ? LINE + 1
	         : number == BY_CALL_ENDPOINT_CREATE ? thread.slot
	         : number == BY_CALL_PD_CREATE || number == BY_CALL_THREAD_CREATE ? mem + PAGE_SIZE
	         : ep.slot;
	arg[4] = number == BY_CALL_THREAD_CREATE ? pd.slot : 1;
	arg[5] = 1;
}


TEST(objects_that_are_not_made)
{
	setup();
	word_t const outside = STUB_RAM_BASE + STUB_RAM_SIZE;

	for (unsigned i = 0; i < ARRAY_SIZE(makes); i++) {
		word_t const wrong[][2] = {
			{ 2, mem + makes[i].size / 2 }, { 2, 0 }, { 2, outside }, { 2, ~(word_t)0 },
			{ 0, 0 }, { 0, NOWHERE * BY_LEAF_SLOTS }, { 0, gate.slot }, { 0, ~(word_t)0 },
		};
		for (unsigned k = 0; k < ARRAY_SIZE(wrong); k++) {
			word_t arg[8] = { 0 };
			good(makes[i].number, arg);
			arg[wrong[k][0]] = wrong[k][1];
			CHECK_EQ(call(makes[i].number, arg), BY_INVALID);
		}
		world_verify();
	}
}


TEST(parts_of_what_is_no_endpoint)
{
	static word_t const number[] = { BY_CALL_GATE_CREATE, BY_CALL_SIGNAL_CREATE,
	                                 BY_CALL_ENDPOINT_CREATE };

	setup();
	for (unsigned i = 0; i < ARRAY_SIZE(number); i++) {
		word_t arg[8] = { 0 };
		good(number[i], arg);
		arg[3] = share.slot;
		CHECK_EQ(call(number[i], arg), BY_BAD_CAP);
	}
	/* a thread serves one endpoint */
	word_t arg[8] = { 0 };
	good(BY_CALL_ENDPOINT_CREATE, arg);
	CHECK_EQ(call(BY_CALL_ENDPOINT_CREATE, arg), BY_EXISTS);
}


TEST(endpoint_for_a_thread_without_pd)
{
	struct made second;
	word_t arg[8] = { 0 };

	setup();
	world_thread(&second, pd, false);
	world_destroy(pd, BY_OBJECT_PD);
	good(BY_CALL_ENDPOINT_CREATE, arg);
	arg[3] = second.slot;
	CHECK_EQ(call(BY_CALL_ENDPOINT_CREATE, arg), BY_BAD_CAP);
}


TEST(pd_is_checked)
{
	word_t arg[8] = { 0 };

	setup();
	good(BY_CALL_PD_CREATE, arg);
	arg[3] = mem + 8;
	CHECK_EQ(call(BY_CALL_PD_CREATE, arg), BY_INVALID);
	CHECK(CORE(PD_LEAF, pd.slot, (word_t)BY_LEAVES, mem) == BY_INVALID);
	CHECK(CORE(PD_LEAF, pd.slot, (word_t)1, mem + 8) == BY_INVALID);
	CHECK(CORE(PD_LEAF, pd.slot, (word_t)0, mem) == BY_EXISTS);
	CHECK(CORE(PD_INSTALL, pd.slot, (word_t)5, (word_t)NOWHERE) == BY_BAD_CAP);
	CHECK(CORE(PD_INSTALL, pd.slot, (word_t)0, gate.slot) == BY_INVALID);
	CHECK(CORE(PD_INSTALL, pd.slot, (word_t)BY_LEAF_SLOTS, gate.slot) == BY_INVALID);
	CHECK(CORE(PD_INSTALL, pd.slot, (word_t)5, gate.slot) == BY_OK);
	CHECK(CORE(PD_INSTALL, pd.slot, (word_t)5, gate.slot) == BY_EXISTS);
}


TEST(share_is_checked)
{
	static word_t const wrong[][3] = { /* CPU, priority, weight */
		{ 2, PRIO, 1 }, { ~(word_t)0, PRIO, 1 }, { 0, BY_PRIORITIES, 1 }, { 0, ~(word_t)0, 1 },
		{ 0, PRIO, 0 }, { 0, PRIO, BY_WEIGHT_MAX + 1 },
	};

	setup();
	for (unsigned i = 0; i < ARRAY_SIZE(wrong); i++) {
		word_t const arg[8] = { world_slot(), 9999, mem, wrong[i][0], wrong[i][1], wrong[i][2] };
		CHECK_EQ(call(BY_CALL_SHARE_CREATE, arg), BY_INVALID);
		if (i >= 2)
			CHECK(CORE(SHARE_SET, share.slot, (word_t)0, wrong[i][1], wrong[i][2])
			      == BY_INVALID);
	}
	CHECK(CORE(SHARE_SET, share.slot, (word_t)0, (word_t)0, (word_t)BY_WEIGHT_MAX) == BY_OK);
}


/** A dying object is named by its slot, but it is none any more. */
TEST(dying_objects_are_refused)
{
	setup();
	/* another CPU does not leave the kernel yet, so the destruction is not over */
	CHECK(CORE(DESTROY, gate.slot, (word_t)BY_OBJECT_GATE) == BY_AGAIN);
	world_find(gate.object)->dying = true;
	CHECK(CORE(PD_INSTALL, pd.slot, (word_t)5, gate.slot) == BY_GONE);
	CHECK(CORE(IDENTIFY, gate.slot) == BY_OK && world_result(0) == 0);
	CHECK_EQ(world_result(1), BY_OBJECT_NONE);
	CHECK(CORE(DESTROY, gate.slot, (word_t)BY_OBJECT_SIGNAL) == BY_BAD_CAP);
	CHECK(CORE(DESTROY, thread.slot, (word_t)BY_OBJECT_THREAD) == BY_AGAIN);
	world_find(thread.object)->dying = true;
	CHECK(CORE(THREAD_RESUME, thread.slot) == BY_BAD_CAP);
	(void)world_destroy(gate, BY_OBJECT_GATE);
	(void)world_destroy(thread, BY_OBJECT_THREAD);
}


TEST(numbers_beyond_the_last)
{
	static word_t const arg[8] = { 0 };

	setup();
	for (word_t number = BY_CALL_CENSUS + 1; number < 256; number++)
		CHECK_EQ(call(number, arg), BY_NOT_SUPPORTED);
}


/** Nothing that is named by nothing makes any call do anything. */
TEST(empty_slots_everywhere)
{
	setup();
	for (word_t number = BY_CORE_CALL_FIRST; number <= BY_CALL_CENSUS; number++) {
		word_t const arg[8] = { NOWHERE, NOWHERE, 1, NOWHERE, NOWHERE, ~(word_t)0 };
		bool harmless = number == BY_CALL_IDENTIFY || number == BY_CALL_MEM_CLEAR
		                || number == BY_CALL_MEM_CACHE || number == BY_CALL_CONSOLE;
		CHECK(harmless || call(number, arg) != BY_OK);
		world_verify();
	}
}


/*
 * Memory, console, machine, census
 */

TEST(memory_is_cleared_in_parts)
{
	setup();
	memset(mem_kernel(mem), 0x55, 4 * PAGE_SIZE);
	CHECK(CORE(MEM_CLEAR, (word_t)mem >> PAGE_SHIFT, (word_t)3) == BY_OK);
	CHECK_EQ(world_result(0), 3);
	unsigned char const *bytes = mem_kernel(mem);
	for (unsigned i = 0; i < 4 * PAGE_SIZE; i++)
		CHECK_EQ(bytes[i], i < 3 * PAGE_SIZE ? 0 : 0x55);

	/* an interrupt waits: one page, so that there is progress */
	stub_timer[0] = stub_now;
	memset(mem_kernel(mem), 0x55, 4 * PAGE_SIZE);
	CHECK(CORE(MEM_CLEAR, (word_t)mem >> PAGE_SHIFT, (word_t)3) == BY_OK);
	CHECK_EQ(world_result(0), 1);
	CHECK_EQ(bytes[PAGE_SIZE], 0x55);
	CHECK(CORE(MEM_CACHE, (word_t)mem >> PAGE_SHIFT, (word_t)3) == BY_OK);
	CHECK_EQ(world_result(0), 1);
	world_settle();
	CHECK(CORE(MEM_CACHE, (word_t)mem >> PAGE_SHIFT, (word_t)3) == BY_OK);
	CHECK_EQ(world_result(0), 3);
	CHECK(CORE(MEM_CLEAR, (word_t)mem >> PAGE_SHIFT, (word_t)0) == BY_OK);
	CHECK_EQ(world_result(0), 0);
}


TEST(console_prints_what_it_can)
{
	word_t arg[8] = { 4, 0, 'a', 'b', 'c', 'd', 'e' };

	setup();
	CHECK_EQ(call(BY_CALL_CONSOLE, arg), BY_OK);
	CHECK_EQ(stub_console_count, 4);
	CHECK(memcmp(stub_console, "abcd", 4) == 0);
	/* from registers and message page, and never more than a batch */
	arg[0] = 1000;
	for (unsigned i = 0; i < BY_MSG_WORDS; i++)
		core_ep->thread->msg->word[i] = 'x';
	CHECK_EQ(call(BY_CALL_CONSOLE, arg), BY_OK);
	CHECK_EQ(stub_console_count, 4 + 64);
	CHECK(memcmp(stub_console + 4, "abcde", 5) == 0 && stub_console[67] == 'x');
	stub_console_room = 2;
	CHECK(CORE(CONSOLE, (word_t)4) == BY_OK && world_result(0) == 2);
	CHECK(CORE(CONSOLE, (word_t)0) == BY_OK && world_result(0) == 0);
}


TEST(the_screen_is_another_device)
{
	word_t arg[8] = { 3, BY_CONSOLE_SCREEN, 'a', 'b', 'c' };

	setup();
	CHECK_EQ(call(BY_CALL_CONSOLE, arg), BY_OK);
	CHECK(stub_screen_count == 3 && stub_console_count == 0);
	CHECK(memcmp(stub_screen, "abc", 3) == 0);
	arg[0] = 0;
	CHECK_EQ(call(BY_CALL_CONSOLE, arg), BY_OK);
	CHECK_EQ(stub_screen_count, 0);
}


TEST(machine)
{
	setup();
	CHECK(CORE(MACHINE, (word_t)7) == BY_NOT_SUPPORTED);
	CHECK(CORE(PORT_IO, (word_t)STUB_PORT + 1, (word_t)1) == BY_NOT_SUPPORTED);
	CHECK(CORE(PORT_IO, (word_t)STUB_PORT, (word_t)(1 | BY_PORT_OUT), (word_t)0x5a) == BY_OK);
	CHECK(CORE(PORT_IO, (word_t)STUB_PORT, (word_t)1) == BY_OK && world_result(0) == 0x5a);
}


TEST(census)
{
	struct made more;

	setup();
	CHECK(CORE(CENSUS, (word_t)BY_OBJECT_GATE) == BY_OK);
	word_t before = world_result(0);
	world_gate(&more, ep, 5);
	CHECK(CORE(CENSUS, (word_t)BY_OBJECT_GATE) == BY_OK && world_result(0) == before + 1);
	world_destroy(more, BY_OBJECT_GATE);
	CHECK(CORE(CENSUS, (word_t)BY_OBJECT_GATE) == BY_OK && world_result(0) == before);
	CHECK(CORE(CENSUS, (word_t)BY_OBJECT_TYPES) == BY_INVALID);
	CHECK(CORE(CENSUS, ~(word_t)0) == BY_INVALID);
}


static void retire_too_many(void)
{
	for (unsigned i = 0; i < 1000; i++)
		object_retire(BY_OBJECT_IRQ);
}

TEST(census_does_not_become_negative)
{
	setup();
	const char *text = world_panic(retire_too_many);
	CHECK(text && strstr(text, "assertion failed"));
}


UNIT_MAIN("kernel_core")
