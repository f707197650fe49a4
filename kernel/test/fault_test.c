/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Faults: on their way to core, handled, resolved, left; and the FPU, whose first use
 * is one.
 */
#include "unit.h"
#include "world.h"

enum { PRIO = 10, SLOT = 10 };

static word_t const VA = 0x200000;

static struct made pd, thread[3], share[3];
static struct thread *t[3], *core;
static paddr_t frame;


static void setup(unsigned threads)
{
	world_boot(2);
	world_pd(&pd);
	for (unsigned i = 0; i < threads; i++) {
		world_share(&share[i], 0, PRIO + i);
		t[i] = world_run_on(&thread[i], pd, share[i], false);
	}
	frame = stub_alloc(PAGE_SIZE);
	core  = core_ep->thread;
}


/** Core goes on with its loop. */
static bool core_waits(void)
{
	return USER(core, BY_CALL_IPC_WAIT | BY_WAIT_REPLY | BY_WAIT_REQUESTS | BY_WAIT_SIGNALS, 0, 0);
}


static bool core_has(struct thread const *thread_, word_t cause, word_t address)
{
	return cpus[0].current == core && by_tag_event_of(world_tag(core)) == BY_EVENT_FAULT
	       && frame_cap(&core->frame) == thread_->obj.id && core_ep->fault == thread_
	       && frame_word(&core->frame, BY_FAULT_WORD_CAUSE) == cause
	       && frame_word(&core->frame, BY_FAULT_WORD_ADDRESS) == address;
}


static status_t resolve(unsigned i, unsigned attr)
{
	return CORE(FAULT_RESOLVE, thread[i].slot, VA, (word_t)frame >> PAGE_SHIFT, (word_t)1,
	            (word_t)attr);
}


TEST(resolved)
{
	paddr_t pa;

	setup(1);
	CHECK(!stub_access(stub_cpu, VA + 8, BY_ACCESS_WRITE, &pa));
	t[0]->frame.ip = 0x1234;
	t[0]->frame.sp = 0x5678;
	world_fault(t[0], BY_FAULT_PAGE, VA + 8, BY_ACCESS_WRITE);
	CHECK(core_has(t[0], BY_FAULT_PAGE | BY_ACCESS_WRITE << 8, VA + 8));
	CHECK_EQ(frame_word(&core->frame, BY_FAULT_WORD_IP), 0x1234);
	CHECK_EQ(frame_word(&core->frame, BY_FAULT_WORD_SP), 0x5678);
	CHECK_EQ(by_tag_words(world_tag(core)), BY_FAULT_WORDS);
	CHECK(cpus[0].donor == t[0] && t[0]->state == THREAD_FAULTING);
	CHECK(resolve(0, BY_MAP_WRITE) == BY_OK);
	CHECK(t[0]->state == THREAD_READY && !core_ep->fault);
	CHECK(core_waits() && cpus[0].current == t[0]);
	CHECK(stub_access(stub_cpu, VA + 8, BY_ACCESS_WRITE, &pa) && pa == frame + 8);
	CHECK_EQ(frame_ip(&t[0]->frame), 0x1234);
	/* there is no fault any more */
	CHECK(resolve(0, 0) == BY_BAD_CAP);
	CHECK(CORE(FAULT_RESUME, thread[0].slot) == BY_BAD_CAP);
	CHECK(CORE(FAULT_REPEAT, thread[0].slot) == BY_BAD_CAP);
}


TEST(left_and_resumed)
{
	setup(2);
	world_fault(t[1], BY_FAULT_DIVIDE, 0, 0);
	CHECK(core_has(t[1], BY_FAULT_DIVIDE, 0));
	CHECK(core_waits() && t[1]->state == THREAD_FAULTED && cpus[0].current == t[0]);
	CHECK(!core_ep->fault);
	CHECK(CORE(THREAD_CANCEL, thread[1].slot) == BY_EMPTY);
	CHECK(CORE(FAULT_RESUME, thread[1].slot) == BY_OK);
	world_settle();
	CHECK(cpus[0].current == t[1]);
}


TEST(left_and_resolved)
{
	setup(2);
	world_fault(t[1], BY_FAULT_PAGE, VA, BY_ACCESS_READ);
	CHECK(core_waits() && cpus[0].current == t[0]);
	CHECK(resolve(1, BY_MAP_WRITE | BY_MAP_EXEC) == BY_INVALID);
	CHECK(t[1]->state == THREAD_FAULTED);
	CHECK(resolve(1, 0) == BY_OK);
	world_settle();
	CHECK(cpus[0].current == t[1]);
}


TEST(repeated)
{
	setup(2);
	world_fault(t[1], BY_FAULT_PAGE, VA, BY_ACCESS_EXEC);
	/* at once */
	CHECK(CORE(FAULT_REPEAT, thread[1].slot) == BY_OK);
	CHECK(core_waits());
	CHECK(core_has(t[1], BY_FAULT_PAGE | BY_ACCESS_EXEC << 8, VA));
	/* and later */
	CHECK(core_waits() && t[1]->state == THREAD_FAULTED);
	CHECK(CORE(FAULT_REPEAT, thread[1].slot) == BY_OK);
	world_settle();
	CHECK(core_ep->fault == t[1] && cpus[0].current == core);
	CHECK(CORE(FAULT_RESUME, thread[1].slot) == BY_OK && core_waits());
	CHECK(cpus[0].current == t[1]);
}


TEST(most_important_first)
{
	setup(3);
	world_fault(t[2], BY_FAULT_STEP, 0, 0);
	CHECK(core_waits());
	CHECK(CORE(THREAD_PAUSE, thread[2].slot) == BY_OK);
	world_fault(t[1], BY_FAULT_STEP, 1, 0);
	CHECK(core_waits());
	CHECK(CORE(FAULT_REPEAT, thread[1].slot) == BY_OK);
	world_settle();
	/* while core handles one, the others queue */
	CHECK(core_ep->fault == t[1] && cpus[0].current == core);
	CHECK(CORE(FAULT_REPEAT, thread[2].slot) == BY_OK);
	CHECK(t[2]->state == THREAD_FAULTING && core_ep->fault == t[1]);
	CHECK(core_waits() && core_has(t[2], BY_FAULT_STEP, 0));
	CHECK(CORE(THREAD_RESUME, thread[2].slot) == BY_OK);
	CHECK(core_waits() && cpus[0].current == t[0]);
}


TEST(on_another_cpu)
{
	setup(1);
	world_share(&share[1], 1, PRIO);
	t[1] = world_run_on(&thread[1], pd, share[1], false);
	world_settle();
	world_switch(1);
	world_fault(t[1], BY_FAULT_ALIGNMENT, 3, BY_ACCESS_READ);
	world_settle();
	CHECK(cpus[1].current == core && cpus[1].donor == t[1]);
	CHECK(core_waits());
	world_settle();

	/* one of CPU 0 waits for core, which is busy with one of CPU 1 */
	CHECK(CORE(FAULT_REPEAT, thread[1].slot) == BY_OK);
	world_settle();
	world_switch(0);
	world_fault(t[0], BY_FAULT_ALIGNMENT, 4, BY_ACCESS_READ);
	world_settle();
	CHECK(core_ep->fault == t[1] && t[0]->state == THREAD_FAULTING && !cpus[0].current);
	world_switch(cpus[1].current == core ? 1 : 0);
	CHECK(core_waits());
	world_settle();
	CHECK(core_ep->fault == t[0]);
}


TEST(registers_of_a_faulted_thread)
{
	struct by_regs regs;

	setup(2);
	CHECK(CORE(THREAD_READ, thread[1].slot) == BY_BAD_CAP);
	CHECK(CORE(THREAD_WRITE, thread[1].slot) == BY_BAD_CAP);
	t[1]->frame.ip = 0x4444;
	world_fault(t[1], BY_FAULT_BREAKPOINT, 0, 0);
	CHECK(CORE(THREAD_READ, thread[1].slot) == BY_OK);
	memcpy(&regs, core->msg->word, sizeof(regs));
	CHECK_EQ(regs.ip, 0x4444);
	regs.ip  = 0x4448;
	regs.tls = 0x7000;
	memcpy(core->msg->word, &regs, sizeof(regs));
	CHECK(CORE(THREAD_WRITE, thread[1].slot) == BY_OK);
	CHECK_EQ(t[1]->tls, 0x7000);
	regs.tls = BY_USER_LAST + 1;
	memcpy(core->msg->word, &regs, sizeof(regs));
	CHECK(CORE(THREAD_WRITE, thread[1].slot) == BY_INVALID);
	CHECK(CORE(FAULT_RESUME, thread[1].slot) == BY_OK && core_waits());
	CHECK(cpus[0].current == t[1] && frame_ip(&t[1]->frame) == 0x4448);
}


/*
 * Ends
 */

TEST(thread_dies_while_its_fault_is_handled)
{
	setup(2);
	world_fault(t[1], BY_FAULT_PAGE, VA, 0);
	world_destroy(thread[1], BY_OBJECT_THREAD);
	CHECK(!core_ep->fault && cpus[0].current == core);
	CHECK(core_waits() && cpus[0].current == t[0]);
}


TEST(thread_dies_while_its_fault_is_queued)
{
	setup(3);
	world_fault(t[2], BY_FAULT_PAGE, VA, 0);
	CHECK(core_waits());
	world_fault(t[1], BY_FAULT_PAGE, VA, 0);
	CHECK(CORE(FAULT_REPEAT, thread[2].slot) == BY_OK);
	world_destroy(thread[2], BY_OBJECT_THREAD);
	CHECK(core_ep->fault == t[1] && core_waits() && cpus[0].current == t[0]);
}


TEST(faulted_thread_dies)
{
	setup(2);
	world_fault(t[1], BY_FAULT_PAGE, VA, 0);
	CHECK(core_waits());
	world_destroy(thread[1], BY_OBJECT_THREAD);
	CHECK(cpus[0].current == t[0]);
}


TEST(pd_dies_while_its_fault_is_handled)
{
	setup(2);
	world_fault(t[1], BY_FAULT_PAGE, VA, 0);
	world_destroy(pd, BY_OBJECT_PD);
	CHECK(!t[1]->pd && t[1]->state == THREAD_INACTIVE);
	CHECK(resolve(1, 0) == BY_BAD_CAP);
	CHECK(CORE(THREAD_RESUME, thread[1].slot) == BY_BAD_CAP);
	CHECK(CORE(THREAD_START, thread[1].slot, (word_t)0, (word_t)4096) == BY_BAD_CAP);
	CHECK(core_waits() && !cpus[0].current);
}


/*
 * FPU
 */

TEST(fpu_is_given_once)
{
	paddr_t area;

	setup(1);
	area = stub_alloc(BY_FPU_SIZE);
	CHECK(!stub_fpu_on[0]);
	world_fault(t[0], BY_FAULT_FPU, 0, 0);
	CHECK(CORE(THREAD_FPU, thread[0].slot, (word_t)area + 8) == BY_INVALID);
	CHECK(CORE(THREAD_FPU, pd.slot, (word_t)area) == BY_BAD_CAP);
	CHECK(CORE(THREAD_FPU, thread[0].slot, (word_t)area) == BY_OK);
	CHECK(CORE(THREAD_FPU, thread[0].slot, (word_t)area) == BY_EXISTS);
	CHECK(CORE(FAULT_RESUME, thread[0].slot) == BY_OK && core_waits());
	CHECK(cpus[0].current == t[0] && stub_fpu_on[0] && stub_fpu[0] == 0);
}


static void give_fpu(unsigned i)
{
	paddr_t area = stub_alloc(BY_FPU_SIZE);

	if (CORE(THREAD_FPU, thread[i].slot, (word_t)area) != BY_OK)
		unit_fail(__FILE__, __LINE__, "no FPU");
	world_settle();
}


TEST(fpu_belongs_to_who_runs)
{
	setup(3);
	give_fpu(0);
	give_fpu(2);
	CHECK(CORE(SHARE_SET, share[0].slot, (word_t)0, (word_t)PRIO, (word_t)16) == BY_OK);
	world_settle();
	CHECK(cpus[0].current == t[2] && stub_fpu_on[0]);
	stub_fpu[0] = 222;
	CHECK(USER(t[2], BY_CALL_PARK, 0, 0, 1000));
	CHECK(cpus[0].current == t[1] && !stub_fpu_on[0]);
	CHECK(USER(t[1], BY_CALL_PARK, 0, 0, 2000));
	CHECK(cpus[0].current == t[0] && stub_fpu_on[0] && stub_fpu[0] == 0);
	stub_fpu[0] = 111;
	world_pass(0, 1000);
	CHECK(cpus[0].current == t[2] && stub_fpu[0] == 222);
	CHECK(USER(t[2], BY_CALL_PARK, 0, 0, 9000));
	CHECK(cpus[0].current == t[0] && stub_fpu[0] == 111);
}


TEST(fpu_moves_with_its_thread)
{
	setup(2);
	give_fpu(1);
	stub_fpu[0] = 77;
	world_share(&share[2], 1, PRIO);
	CHECK(CORE(THREAD_BIND, thread[1].slot, share[2].slot) == BY_OK);
	world_settle();
	CHECK(cpus[1].current == t[1] && stub_fpu_on[1] && stub_fpu[1] == 77);
	CHECK(cpus[0].current == t[0] && !stub_fpu_on[0]);

	/* it dies while its state is loaded */
	world_destroy(thread[1], BY_OBJECT_THREAD);
	CHECK(!cpus[1].fpu);
}


/*
 * Core itself
 */

static void core_faults(void)
{
	world_fault(t[0], BY_FAULT_PAGE, VA, 0);
	world_fault(core, BY_FAULT_PAGE, 0x77, BY_ACCESS_WRITE);
}

static void core_makes_a_wrong_call(void)
{
	world_fault(t[0], BY_FAULT_PAGE, VA, 0);
	(void)USER(core, 63, 0, 0);
}

static void nothing_wrong(void)
{
	world_fault(t[0], BY_FAULT_PAGE, VA, 0);
}

TEST(core_must_not_fault)
{
	setup(1);
	const char *text = world_panic(core_faults);
	CHECK(text && strstr(text, "core faulted: cause 1, address 77"));
	CHECK(strstr(text, "current thread 2"));
	text = world_panic(core_makes_a_wrong_call);
	CHECK(text && strstr(text, "assertion failed"));
	CHECK(world_panic(nothing_wrong) == NULL);
}


UNIT_MAIN("kernel_fault")
