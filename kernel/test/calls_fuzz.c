/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target of the user calls: what hostile threads of three PDs do on two CPUs, and
 * what the world does to them meanwhile. The input is a script, one letter per step:
 *
 *    c  the thread that runs here calls: number, options, capability, words of the
 *       message and their number, capabilities and theirs
 *    b  both CPUs do so at the same time; one is interrupted after so many points
 *    m  a word of a thread's message page is written
 *    x  message pages change at any moment from now on, or no more
 *    a  the thread accesses memory          u  core maps, unmaps or protects some
 *    f  it faults                           k  core stops, cancels, moves, destroys
 *    i  an interrupt is raised              t  time passes
 *    s  go on on the other CPU
 *
 * Always: no assertion of the kernel fails, its data is as check.c wants it, no TLB
 * contradicts the tables, and a call that is not a user's is a fault of its thread.
 */
#include "../../base/test/canary.h"
#include "share.h"
#include "weave.h"
#include "world.h"
#include <arch/irqc.h>

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

enum { THREADS = 6, PDS = 3, STEPS = 60, FRAMES = 4, LINE = 3 };

static word_t const VA = 0x200000;

static uint8_t const *input, *input_end;
static struct made pd[PDS], thread[THREADS], ep[2], gate[3], sig[3], irq, share[2], gift;
static bool        alive[THREADS];
static paddr_t     frames[FRAMES];
static unsigned    noise;


static void require(bool fact, const char *text)
{
	if (!fact) {
		fprintf(stderr, "ERROR: %s\n", text);
		abort();
	}
}


/** The next letter that is not blank. */
static unsigned next_letter(void)
{
	while (input < input_end && (*input == ' ' || *input == '\n'))
		input++;

	return input < input_end ? *input++ : 0;
}


/** A number: 0..9, a..z, A..Z are 0 to 61, other letters what they are. */
static unsigned next(void)
{
	unsigned letter = next_letter();

	if (letter >= '0' && letter <= '9')
		return letter - '0';
	if (letter >= 'a' && letter <= 'z')
		return letter - 'a' + 10;
	if (letter >= 'A' && letter <= 'Z')
		return letter - 'A' + 36;

	return letter;
}


/** A word: small, a time ({ | } ~), or one of those that break things ([ \ ] ^ _ `). */
static word_t next_word(void)
{
	static word_t const special[] = {
		~(word_t)0, (word_t)1 << 63, BY_USER_LAST, BY_USER_LAST + 1, BY_LEAF_SLOTS, UINT32_MAX,
		~(word_t)0 - 1, 1u << 31, BY_LEAVES * BY_LEAF_SLOTS, BY_LEAVES * BY_LEAF_SLOTS - 1,
		0x7fffffffffffffff, PAGE_SIZE,
	};
	unsigned letter = next();

	if (letter < 64)
		return letter;
	if (letter >= '{' && letter <= '~')
		return stub_now + (letter - '{') * 5000;

	return special[(letter + ARRAY_SIZE(special) - '[' % ARRAY_SIZE(special))
	               % ARRAY_SIZE(special)];
}


/*
 * The world: two PDs with a server each, one of clients; all of them hold everything
 */

static void give(unsigned to)
{
	struct made const all[] = { gate[0], gate[1], sig[0], sig[1], irq, thread[0], thread[1],
	                            thread[2], thread[3], gift, gate[2], sig[2] };

	for (unsigned i = 0; i < ARRAY_SIZE(all); i++)
		world_give(pd[to], 1 + i, all[i]);
}


static void create(void)
{
	for (unsigned i = 0; i < PDS; i++)
		world_pd_pool(&pd[i], BY_TABLE_RESERVE + 1, 1);
	(void)world_server(&thread[0], &ep[0], pd[0], true);
	world_settle();
	world_switch(1);
	(void)world_server(&thread[1], &ep[1], pd[1], false);
	world_share(&share[1], 1, 3);
	for (unsigned i = 2; i < THREADS; i++) {
		world_switch(i % 2);
		(void)world_run(&thread[i], pd[2], 8 + i / 2);
		world_settle();
	}
	world_switch(0);
	world_share(&share[0], 0, 4);
	for (unsigned i = 0; i < 2; i++) {
		world_gate(&gate[i], ep[i], 10 + i);
		world_signal(&sig[i], ep[i], 20 + i, i);
	}
	world_gate(&gate[2], (struct made) { 4, core_ep }, 5);
	world_signal(&sig[2], ep[0], 22, true);
	world_gate(&gift, ep[0], 12);
	world_irq(&irq, LINE);
	(void)CORE(IRQ_BIND, irq.slot, sig[0].slot);
	for (unsigned i = 0; i < PDS; i++)
		give(i);
	for (unsigned i = 0; i < FRAMES; i++)
		frames[i] = stub_alloc(PAGE_SIZE);
	for (unsigned i = 0; i < THREADS; i++)
		alive[i] = true;
	world_settle();
}


/*
 * Calls
 */

/** A call as the input has it. */
struct request {
	struct thread *thread;
	word_t op, cap, tag, word[BY_MSG_REGS];
};


static struct request read_request(void)
{
	unsigned const number = next(), options = next();
	struct request r = {
		.op  = number | (word_t)options << 8,
		.cap = next_word(),
	};
	unsigned const words = next(), caps = next();

	/* mostly a tag of a message, but it is any word for other calls */
	r.tag = caps < 64 ? by_tag(options, words & 0x7f, caps & 7) : next_word();
	for (unsigned i = 0; i < 2; i++)
		r.word[i] = next_word();

	return r;
}


static void enter(struct request const *r)
{
	struct cpu    *cpu = stub_cpu;
	struct thread *t   = cpu->current;

	if (!t || t->pd == core_pd) {
		kernel_leave(cpu);
		return;
	}
	t->frame.op = r->op;
	frame_set_cap(&t->frame, r->cap);
	frame_set_tag(&t->frame, r->tag);
	for (unsigned i = 0; i < BY_MSG_REGS; i++)
		frame_set_word(&t->frame, i, r->word[i]);
	kernel_call(cpu);
	/* nobody can resume it before core has waited */
	require((r->op & 0xff) <= BY_CALL_CLOCK || t->state == THREAD_FAULTING,
	        "a call that does not exist is no fault");
	kernel_leave(stub_cpu);
}


/** The canary: a server that owes a reply is told that its call would close a cycle. */
static bool cycle_refused(struct thread *t)
{
	return t && t->client && (t->frame.op & 0xff) == BY_CALL_IPC_CALL
	       && STATUS(t) == BY_DEADLOCK;
}


static bool shown;

static void look(void)
{
	for (unsigned i = 0; i < cpu_count; i++)
		shown |= cycle_refused(cpus[i].current);
}


static void step_call(void)
{
	struct request r = read_request();

	enter(&r);
	look();
}


static struct request both[2];

static void act_0(void) { enter(&both[0]); }
static void act_1(void) { enter(&both[1]); }

static void step_both(void)
{
	static struct weave_duel const duel = { NULL, { act_0, act_1 }, NULL };
	unsigned const points = next(), here = stub_cpu->id;

	for (unsigned i = 0; i < 2; i++)
		both[i] = read_request();
	const char *text = weave_both(&duel, points & 1, 1 + points / 2);
	require(!text, text);
	world_switch(here);
}


/*
 * Message pages
 */

static struct by_message *some_page(unsigned n)
{
	n %= THREADS;

	return alive[n] ? ((struct thread *)thread[n].object)->msg : NULL;
}


static void step_message(void)
{
	enum { CAPS = BY_MSG_WORDS, WORDS = sizeof(struct by_message) / sizeof(word_t) };
	struct by_message *msg = some_page(next());
	unsigned at    = next();
	word_t   value = next_word();

	/* mostly the capabilities */
	at = at < 128 ? CAPS + at % (WORDS - CAPS) : at % WORDS;
	if (msg)
		((word_t *)msg)[at] = value;
}


/** Another thread of a PD writes to the page while the kernel reads it. */
static void page_changes(void)
{
	noise = noise * 1103515245u + 12345u;
	struct by_message *msg = some_page(noise >> 16);

	if (msg)
		((word_t *)msg)[BY_MSG_WORDS + (noise >> 20) % 16] = noise >> 24 & 31;
}


static void step_noise(void)
{
	noise = next();
	stub_on_point  = noise ? page_changes : NULL;
	weave_on_point = noise ? page_changes : NULL;
}


/*
 * Core, and the world outside
 */

static status_t core_call_until(unsigned number, word_t a0, word_t a1, word_t a2, word_t a3,
                                word_t a4)
{
	status_t status;

	for (unsigned i = 0; i < 1000; i++) {
		status = world_core(number, 0, a0, a1, a2, a3, a4, (word_t)0);
		kernel_leave(stub_cpu);
		if (status != BY_AGAIN)
			break;
		world_settle();
	}
	require(status != BY_AGAIN, "a core call does not come to its end");

	return status;
}


static word_t some_slot(unsigned n, enum by_object_type *type)
{
	struct { struct made const *made; enum by_object_type type; } const all[] = {
		{ &pd[n % PDS], BY_OBJECT_PD }, { &thread[n % THREADS], BY_OBJECT_THREAD },
		{ &ep[n % 2], BY_OBJECT_ENDPOINT }, { &gate[n % 3], BY_OBJECT_GATE },
		{ &sig[n % 3], BY_OBJECT_SIGNAL }, { &irq, BY_OBJECT_IRQ },
		{ &share[n % 2], BY_OBJECT_SHARE }, { &gift, BY_OBJECT_GATE },
	};
	unsigned i = n / 8 % ARRAY_SIZE(all);

	*type = all[i].type;

	return all[i].made->slot;
}


static void destroy(unsigned n)
{
	enum by_object_type  type;
	word_t const         slot   = some_slot(n, &type);
	struct object       *object = cap_object(core_pd, slot);
	struct world_object *entry  = NULL;

	for (unsigned i = 0; i < world_count; i++)
		if (world_objects[i].type == type && world_objects[i].slot == slot)
			entry = &world_objects[i];
	if (!object || !entry)
		return;
	entry->dying = true;
	for (unsigned i = 0; i < THREADS; i++)
		if (thread[i].slot == slot && type == BY_OBJECT_THREAD)
			alive[i] = false;
	require(core_call_until(BY_CALL_DESTROY, slot, type, 0, 0, 0) == BY_OK, "not destroyed");
	world_forget(entry);
}


static void step_core(void)
{
	static unsigned const control[] = { BY_CALL_THREAD_PAUSE, BY_CALL_THREAD_RESUME,
	                                    BY_CALL_THREAD_CANCEL, BY_CALL_FAULT_RESUME,
	                                    BY_CALL_FAULT_REPEAT };
	unsigned const what = next(), n = next();
	word_t const   slot = thread[n % THREADS].slot;

	if (what < 16)
		(void)core_call_until(control[what % 5], slot, 0, 0, 0, 0);
	else if (what < 24)
		(void)core_call_until(BY_CALL_THREAD_BIND, slot, share[n / 8 % 2].slot, 0, 0, 0);
	else if (what < 32)
		(void)core_call_until(BY_CALL_PD_INSTALL, pd[n % PDS].slot, what % 16,
		                      gate[n / 4 % 3].slot, 0, 0);
	else if (what < 40)
		(void)core_call_until(BY_CALL_SHARE_SET, share[n % 2].slot, 0, what % 16, 1 + n, 0);
	else if (what >= 50 && what < 64)
		destroy(n);
}


static void step_memory(void)
{
	unsigned const what = next(), n = next();
	word_t const   slot = pd[n % PDS].slot, va = VA + (n / 4 % 8) * PAGE_SIZE;

	if (what & 1)
		(void)core_call_until(BY_CALL_PD_UNMAP, slot, va, 1, 0, 0);
	else
		(void)core_call_until(BY_CALL_PD_MAP, slot, va, frames[what / 8 % FRAMES] >> PAGE_SHIFT,
		                      1, what & 2 ? BY_MAP_WRITE : 0);
}


static void step_access(void)
{
	unsigned const n = next();
	paddr_t pa;

	if (!stub_cpu->current || stub_cpu->current->pd == core_pd)
		return;
	if (!stub_access(stub_cpu, VA + (n / 4 % 8) * PAGE_SIZE, n % 3, &pa)) {
		kernel_fault(stub_cpu, BY_FAULT_PAGE, VA + (n / 4 % 8) * PAGE_SIZE, n % 3);
		kernel_leave(stub_cpu);
	}
}


static void step_fault(void)
{
	unsigned const cause = 1 + next() % BY_FAULT_MACHINE;

	if (stub_cpu->current && stub_cpu->current->pd != core_pd) {
		kernel_fault(stub_cpu, (enum by_fault_cause)cause, next_word(), next() % 3);
		kernel_leave(stub_cpu);
	}
}


static void step_interrupt(void)
{
	stub_irq_raised[next() % 5] = true;
}


static void step_time(void)
{
	stub_now += next() * 1000;
}


static void step_switch(void)
{
	world_switch(!stub_cpu->id);
}


/** Core answers and waits as soon as it runs, and lets threads go on or not. */
static void core_runs(void)
{
	struct thread *core = core_ep->thread;

	for (unsigned i = 0; i < cpu_count; i++) {
		if (cpus[i].current != core)
			continue;
		unsigned const here = stub_cpu->id;
		world_switch(i);
		if (core_ep->fault && (core_ep->fault->obj.id & 1))
			for (unsigned n = 0; n < THREADS; n++)
				if (alive[n] && thread[n].object == core_ep->fault)
					(void)CORE(FAULT_RESUME, thread[n].slot);
		core->msg->send_cap[0] = gift.slot;
		core->frame.op = BY_CALL_IPC_WAIT | BY_WAIT_REPLY | BY_WAIT_REQUESTS;
		frame_set_tag(&core->frame, by_tag(0, 2, 1));
		kernel_call(stub_cpu);
		kernel_leave(stub_cpu);
		world_switch(here);
	}
}


static void (*const steps[256])(void) = {
	['c'] = step_call, ['b'] = step_both, ['m'] = step_message, ['x'] = step_noise,
	['a'] = step_access, ['u'] = step_memory, ['f'] = step_fault, ['k'] = step_core,
	['i'] = step_interrupt, ['t'] = step_time, ['s'] = step_switch,
};


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	input     = data;
	input_end = data + size;
	shown     = false;
	weave_on_point = NULL;
	world_quiet = true;
	world_boot(2);
	create();
	for (unsigned i = 0; i < STEPS && input < input_end; i++) {
		void (*step)(void) = steps[next_letter()];
		if (!step)
			continue;
		world_quiet = true;
		step();
		for (unsigned n = 0; n < 4; n++) {
			world_settle();
			core_runs();
		}
		world_quiet = false;
		world_verify();
	}
	canary(shown);

	return 0;
}
