/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random programs; see play.h.
 */
#include "play.h"
#include "share.h"
#include <arch/irqc.h>
#include <by/core.h>
#include <stdarg.h>
#include <stdio.h>

enum {
	SLOTS    = 12,     /* of a PD's table that threads use */
	VPAGES   = 16,     /* pages of a PD that threads access */
	FRAMES   = 24,
	MAX_LIVE = 60,     /* objects besides core's */
	TICK     = 0,      /* the interrupt that wakes core */
	FINISH_ACTS = 60000,
};

/** A mapping as core sees it. */
struct page {
	bool     present, changing; /* changing: a call about it is under way */
	unsigned frame, attr;
};

/** What a test knows about an object besides world_object. */
struct note {
	bool        paused, started;
	word_t      fpu;      /* content of the thread's FPU */
	struct page page[VPAGES];
};

unsigned (*play_choose)(unsigned n);
bool     play_mutates;
bool     play_inside[CPU_MAX];
void   (*play_on_destroy)(struct world_object const *victim);
struct world_object *(*play_victim)(void);

static struct note  notes[WORLD_OBJECTS];
static paddr_t      frames[FRAMES];
static struct made  tick_irq, tick_signal, core_gate;
static char         error[256];
static bool         finishing;
static unsigned     finish_acts, serial;

/** Core: the call to repeat, the acts before it waits again, the fault it handles. */
static struct {
	word_t   op, arg[8];
	status_t status;
	word_t   result;
	bool     called;    /* it has made a call and not yet seen the result */
	bool     repeat, waiting;
	unsigned acts;
	word_t   faulter;   /* id, 0: none */
	struct world_object *about; /* object that the call is about */
	unsigned vpage;
	struct page old;     /* what core knew of the page before the call */
} core;


static unsigned choose(unsigned n)
{
	return n ? play_choose(n) : 0;
}


static bool one_in(unsigned n)
{
	return choose(n) == 0;
}


static void bad(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void bad(const char *format, ...)
{
	va_list args;

	if (error[0])
		return;
	va_start(args, format);
	vsnprintf(error, sizeof(error), format, args);
	va_end(args);
}


const char *play_error(void)
{
	return error[0] ? error : NULL;
}


static struct note *note_of(struct world_object const *entry)
{
	return &notes[entry - world_objects];
}


static bool core_s_own(struct world_object const *entry)
{
	return entry->slot < BY_CORE_SLOT_FREE;
}


/** What wakes core, and by what it is asked, stays until the end. */
static bool reserved(struct world_object const *entry)
{
	return core_s_own(entry) || entry->object == tick_irq.object
	       || entry->object == tick_signal.object || entry->object == core_gate.object;
}


/** Some object of a type that lives, or NULL. */
static struct world_object *some(enum by_object_type type)
{
	unsigned start = choose(world_count);

	for (unsigned i = 0; i < world_count; i++) {
		struct world_object *entry = &world_objects[(start + i) % world_count];
		if (entry->type == type && !entry->dying && !reserved(entry))
			return entry;
	}

	return NULL;
}


static struct world_object *by_id(word_t id)
{
	for (unsigned i = 0; i < world_count; i++)
		if (world_objects[i].type != BY_OBJECT_NONE && world_objects[i].id == id)
			return &world_objects[i];

	return NULL;
}


static word_t slot_of(struct world_object const *entry)
{
	return entry ? entry->slot : 0;
}


static unsigned live(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < world_count; i++)
		count += world_objects[i].type != BY_OBJECT_NONE && !core_s_own(&world_objects[i]);

	return count;
}


/*
 * User threads
 */

static word_t page_address(unsigned page)
{
	return BY_USER_FIRST + (page & 3) * PAGE_SIZE + (word_t)(page >> 2 & 1) * 0x200000
	       + (word_t)(page >> 3) * 0x40000000;
}


static void set_call(struct thread *t, word_t op, word_t cap, word_t tag)
{
	t->frame.op = op;
	frame_set_cap(&t->frame, cap);
	frame_set_tag(&t->frame, tag);
}


/** Fill a message so that the receiver can tell whether it is whole. */
static by_tag_t fill_message(struct thread *t)
{
	unsigned words = one_in(4) ? choose(BY_MSG_WORDS + 1) : choose(6);
	unsigned caps  = one_in(3) ? choose(BY_MSG_CAPS + 1) : 0;

	serial += 1000;
	for (unsigned i = 0; i < words; i++) {
		t->msg->word[i] = serial + i;
		if (i < BY_MSG_REGS)
			frame_set_word(&t->frame, i, serial + i);
	}
	for (unsigned i = 0; i < caps; i++)
		t->msg->send_cap[i] = choose(SLOTS);

	return by_tag(serial & 0x3fff, words, caps);
}


static void name_slots(struct thread *t)
{
	for (unsigned i = 0; i < BY_MSG_CAPS; i++)
		t->msg->recv_slot[i] = choose(SLOTS + 1);
}


static word_t message_word(struct thread const *t, unsigned i)
{
	return i < BY_MSG_REGS ? frame_word(&t->frame, i) : t->msg->word[i];
}


static void expect_message(struct thread *t)
{
	by_tag_t tag   = world_tag(t);
	unsigned words = by_tag_words(tag);

	for (unsigned i = 0; i < words; i++)
		if (message_word(t, i) != message_word(t, 0) + i
		    || by_tag_opcode(tag) != (message_word(t, 0) & 0x3fff))
			bad("thread %lu: message is damaged", (unsigned long)t->obj.id);
	for (unsigned i = 0; i < by_tag_caps(tag); i++)
		if (t->msg->cap_kind[i] == BY_CAP_OWN
		    && t->msg->cap_value[i] >> 16 != t->pd->obj.id)
			bad("thread %lu: took another's badge for its own", (unsigned long)t->obj.id);
}


/** Look at what the thread's last call returned. */
static void expect(struct thread *t)
{
	word_t op = t->frame.op & 0xff;

	if (play_mutates || t->pd == core_pd)
		return;
	if (op == BY_CALL_IPC_CALL && STATUS(t) == BY_OK)
		expect_message(t);
	if (op == BY_CALL_IPC_WAIT && by_tag_event_of(world_tag(t)) == BY_EVENT_REQUEST
	    && t->client)
		expect_message(t);
	t->frame.op = BY_CALL_NULL;
}


static word_t deadline(void)
{
	static word_t const delay[] = { 0, 1000, 30000, 500000, 20000000 };

	return one_in(5) ? BY_NEVER : stub_now + delay[choose(ARRAY_SIZE(delay))];
}


static void user_call(struct thread *t)
{
	set_call(t, BY_CALL_IPC_CALL, choose(3) ? choose(SLOTS) : 1, fill_message(t));
	name_slots(t);
}


static void user_wait(struct thread *t)
{
	static word_t const usual = BY_WAIT_REPLY | BY_WAIT_REQUESTS | BY_WAIT_SIGNALS | BY_WAIT_IO;
	word_t options = choose(4) ? usual : (word_t)choose(32) << 8;

	set_call(t, BY_CALL_IPC_WAIT | options, 0, fill_message(t));
	name_slots(t);
}


static void user_park(struct thread *t)
{
	set_call(t, BY_CALL_PARK, choose(2) ? choose(SLOTS) : 0, 0);
	frame_set_word(&t->frame, 0, deadline());
}


static void user_timeout(struct thread *t)
{
	set_call(t, BY_CALL_TIMEOUT, choose(SLOTS), 0);
	frame_set_word(&t->frame, 0, deadline());
}


static void user_any(struct thread *t)
{
	word_t number = choose(BY_CALL_CLOCK + 1);

	/* a call without words says nothing about its content */
	set_call(t, number, choose(SLOTS + 2), number == BY_CALL_IPC_CALL ? 0 : choose(3));
	frame_set_word(&t->frame, 0, deadline());
}


static void fault(struct thread *t, enum by_fault_cause cause, word_t address, unsigned access)
{
	(void)t;
	play_inside[stub_cpu->id] = true;
	kernel_fault(stub_cpu, cause, address, access);
}


/** Whether core's view of a page allows the access to arrive at 'pa'. */
static bool allowed(struct page const *page, unsigned access, paddr_t pa)
{
	if (page->changing)
		return true;

	return page->present && pa == frames[page->frame]
	       && (access != BY_ACCESS_WRITE || page->attr & BY_MAP_WRITE)
	       && (access != BY_ACCESS_EXEC || page->attr & BY_MAP_EXEC);
}


static void user_access(struct thread *t)
{
	unsigned page = choose(VPAGES), access = choose(3);
	struct world_object *pd = world_find(t->pd);
	paddr_t pa;

	if (!pd) {
		bad("thread %lu runs without PD", (unsigned long)t->obj.id);
		return;
	}
	if (!stub_access(stub_cpu, page_address(page), access, &pa))
		fault(t, BY_FAULT_PAGE, page_address(page), access);
	else if (!allowed(&note_of(pd)->page[page], access, pa))
		bad("thread %lu accessed page %u, kind %u, against the tables",
		    (unsigned long)t->obj.id, page, access);
}


static void user_fpu(struct thread *t)
{
	struct note *note = note_of(world_find(t));
	unsigned     id   = stub_cpu->id;

	if (!stub_fpu_on[id]) {
		fault(t, BY_FAULT_FPU, 0, 0);
		return;
	}
	if (stub_fpu[id] != note->fpu)
		bad("thread %lu sees another's FPU", (unsigned long)t->obj.id);
	stub_fpu[id] = note->fpu = ++serial;
}


static void enter(void)
{
	play_inside[stub_cpu->id] = true;
	kernel_call(stub_cpu);
}


static void user_act(struct thread *t)
{
	unsigned what = choose(24);

	expect(t);
	if (world_find(t) && note_of(world_find(t))->paused)
		bad("thread %lu runs while paused", (unsigned long)t->obj.id);

	/* a server mostly serves */
	if (t->ep && choose(2))
		what = 0;
	if (what < 2)
		user_wait(t), enter();
	else if (what < 8)
		user_call(t), enter();
	else if (what < 10)
		set_call(t, BY_CALL_SIGNAL, choose(SLOTS), choose(3)), enter();
	else if (what < 13)
		user_park(t), enter();
	else if (what < 15)
		set_call(t, BY_CALL_UNPARK, choose(SLOTS), 0), enter();
	else if (what == 15)
		user_timeout(t), enter();
	else if (what < 18)
		user_any(t), enter();
	else if (what < 21)
		user_access(t);
	else if (what == 21)
		user_fpu(t);
	else if (what == 22)
		fault(t, BY_FAULT_ILLEGAL, 0, 0);
}


/*
 * Core's acts: each prepares a call, in core.op and core.arg
 */

static void prepare(word_t op, struct world_object *about, word_t a0, word_t a1)
{
	core.op     = op;
	core.about  = about;
	core.arg[0] = a0;
	core.arg[1] = a1;
}


static struct world_object *make(enum by_object_type type, word_t op, word_t size)
{
	struct world_object *entry = world_add(type, world_slot(), world_id(), NULL);

	*note_of(entry) = (struct note) { 0 };
	entry->object   = mem_kernel(world_block(entry, size));
	prepare(op, entry, entry->slot, entry->id);
	core.arg[2] = entry->block[0].pa;

	return entry;
}


static void make_pd(void)
{
	core.arg[3] = world_block(make(BY_OBJECT_PD, BY_CALL_PD_CREATE, BY_PD_SIZE), BY_ROOT_SIZE);
}


static bool make_thread(void)
{
	struct world_object *pd = some(BY_OBJECT_PD);

	if (!pd)
		return false;
	core.arg[3] = world_block(make(BY_OBJECT_THREAD, BY_CALL_THREAD_CREATE, BY_THREAD_SIZE),
	                          PAGE_SIZE);
	core.arg[4] = pd->slot;
	core.arg[5] = choose(2);

	return true;
}


static void make_share(void)
{
	make(BY_OBJECT_SHARE, BY_CALL_SHARE_CREATE, BY_SHARE_SIZE);
	core.arg[3] = choose(cpu_count);
	core.arg[4] = choose(5);
	core.arg[5] = choose(64) + 1;
}


static bool make_endpoint(void)
{
	struct world_object *thread = some(BY_OBJECT_THREAD);

	if (!thread || ((struct thread *)thread->object)->ep
	    || !((struct thread *)thread->object)->pd)
		return false;
	make(BY_OBJECT_ENDPOINT, BY_CALL_ENDPOINT_CREATE, BY_ENDPOINT_SIZE);
	core.arg[3] = thread->slot;

	return true;
}


/** A badge tells whose it is, and what: 'id' is that of the gate or signal. */
static word_t badge_for(struct world_object const *ep, word_t id)
{
	struct endpoint *e = ep->object;

	return (e->pd ? e->pd->obj.id << 16 : 0) + id;
}


static bool make_part(bool gate)
{
	struct world_object *ep = some(BY_OBJECT_ENDPOINT);

	if (!ep)
		return false;
	if (gate)
		make(BY_OBJECT_GATE, BY_CALL_GATE_CREATE, BY_GATE_SIZE);
	else
		make(BY_OBJECT_SIGNAL, BY_CALL_SIGNAL_CREATE, BY_SIGNAL_SIZE);
	core.arg[3] = ep->slot;
	core.arg[4] = badge_for(ep, core.arg[1]);
	core.arg[5] = choose(2);

	return true;
}


static bool make_irq(void)
{
	word_t number = 1 + choose(4);

	if (irq_check(number) != BY_OK)
		return false;
	make(BY_OBJECT_IRQ, BY_CALL_IRQ_CREATE, BY_IRQ_SIZE);
	core.arg[3] = number;

	return true;
}


static bool core_make(void)
{
	unsigned what = choose(20);

	if (live() >= MAX_LIVE)
		return false;
	if (what < 2)
		return make_pd(), true;
	if (what < 7)
		return make_thread();
	if (what < 10)
		return make_share(), true;
	if (what < 13)
		return make_endpoint();
	if (what < 19)
		return make_part(choose(2));

	return make_irq();
}


static bool core_leaf(void)
{
	struct world_object *pd = some(BY_OBJECT_PD);

	if (!pd || ((struct pd *)pd->object)->leaf[0])
		return false;
	prepare(BY_CALL_PD_LEAF, pd, pd->slot, 0);
	core.arg[2] = world_block(pd, PAGE_SIZE);

	return true;
}


static bool core_tables(void)
{
	struct world_object *pd = some(BY_OBJECT_PD);

	if (!pd || ((struct pd *)pd->object)->pool_count >= 9)
		return false;
	prepare(BY_CALL_PD_TABLES, pd, pd->slot, world_block(pd, PAGE_SIZE));
	core.arg[2] = 1;

	return true;
}


static bool core_install(void)
{
	static enum by_object_type const what[] = {
		BY_OBJECT_GATE, BY_OBJECT_GATE, BY_OBJECT_SIGNAL, BY_OBJECT_THREAD, BY_OBJECT_IRQ,
		BY_OBJECT_GATE, BY_OBJECT_SHARE,
	};
	struct world_object *pd     = some(BY_OBJECT_PD);
	struct world_object *object = some(what[choose(ARRAY_SIZE(what))]);

	if (!pd || !object)
		return false;
	prepare(BY_CALL_PD_INSTALL, pd, pd->slot, one_in(4) ? 1 : 1 + choose(SLOTS));
	core.arg[2] = core.arg[1] == 1 ? core_gate.slot : object->slot;

	return true;
}


/** A thread in need of something comes first: a share, a start, an end of its pause. */
static bool core_thread(void)
{
	static word_t const op[] = {
		BY_CALL_THREAD_BIND, BY_CALL_THREAD_BIND, BY_CALL_THREAD_START, BY_CALL_THREAD_START,
		BY_CALL_THREAD_PAUSE, BY_CALL_THREAD_RESUME, BY_CALL_THREAD_RESUME,
		BY_CALL_THREAD_CANCEL, BY_CALL_THREAD_READ, BY_CALL_THREAD_WRITE,
		BY_CALL_FAULT_RESUME, BY_CALL_FAULT_RESUME, BY_CALL_FAULT_REPEAT,
	};
	struct world_object *entry = some(BY_OBJECT_THREAD);
	word_t what = op[choose(ARRAY_SIZE(op))];

	if (!entry)
		return false;
	struct thread *t = entry->object;

	if (!t->share)
		what = BY_CALL_THREAD_BIND;
	else if (t->state == THREAD_INACTIVE && !note_of(entry)->started)
		what = BY_CALL_THREAD_START;
	if (t->share && one_in(2) && note_of(entry)->paused)
		what = BY_CALL_THREAD_RESUME;
	if (t->state == THREAD_FAULTED && one_in(2))
		what = BY_CALL_FAULT_RESUME;
	prepare(what, entry, entry->slot, 0);
	if (what == BY_CALL_THREAD_BIND)
		core.arg[1] = slot_of(some(BY_OBJECT_SHARE));
	core.arg[2] = core.arg[3] = 0x1000;
	if (what == BY_CALL_THREAD_RESUME)
		note_of(entry)->paused = false;

	return true;
}


static bool core_map(struct world_object *pd, unsigned vpage)
{
	struct page *page = &note_of(pd)->page[vpage];

	core.old = *page;
	if (!page->present || one_in(3))
		page->frame = choose(FRAMES);
	page->attr     = choose(3) == 0 ? BY_MAP_EXEC : choose(2) ? BY_MAP_WRITE : 0;
	page->changing = true;
	page->present  = true;
	prepare(BY_CALL_PD_MAP, pd, pd->slot, page_address(vpage));
	core.arg[2] = frames[page->frame] >> PAGE_SHIFT;
	core.arg[3] = 1;
	core.arg[4] = page->attr;
	core.vpage  = vpage;

	return true;
}


static bool core_unmap(struct world_object *pd, unsigned vpage)
{
	struct page *page = &note_of(pd)->page[vpage];

	core.old = *page;
	page->changing = true;
	page->present  = false;
	prepare(BY_CALL_PD_UNMAP, pd, pd->slot, page_address(vpage));
	core.arg[2] = 1;
	core.vpage  = vpage;

	return true;
}


static bool core_memory(void)
{
	struct world_object *pd = some(BY_OBJECT_PD);

	if (!pd)
		return false;

	return choose(2) ? core_map(pd, choose(VPAGES)) : core_unmap(pd, choose(VPAGES));
}


static bool core_other(void)
{
	struct world_object *share = some(BY_OBJECT_SHARE), *irq = some(BY_OBJECT_IRQ);
	unsigned what = choose(4);

	if (what == 0 && share) {
		prepare(BY_CALL_SHARE_SET, share, share->slot, 0);
		core.arg[2] = choose(5);
		core.arg[3] = 1 + choose(64);
	} else if (what == 1 && irq) {
		prepare(BY_CALL_IRQ_BIND, irq, irq->slot,
		        one_in(4) ? 0 : slot_of(some(BY_OBJECT_SIGNAL)));
	} else if (what == 2 && irq) {
		prepare(BY_CALL_IRQ_ACK, irq, irq->slot, 0);
	} else {
		prepare(BY_CALL_IDENTIFY, NULL, choose(200), 0);
	}

	return true;
}


static bool core_fpu(struct world_object *entry)
{
	if (((struct thread *)entry->object)->fpu)
		return false;
	prepare(BY_CALL_THREAD_FPU, entry, entry->slot, world_block(entry, BY_FPU_SIZE));

	return true;
}


/** A call that must be refused, whatever the state. */
static bool core_wrong(void)
{
	word_t number = BY_CORE_CALL_FIRST + choose(BY_CALL_IRQ_BIND - BY_CORE_CALL_FIRST + 1);

	prepare(number, NULL, 1000, 1);
	core.arg[2] = core.arg[3] = 1;
	core.arg[4] = core.arg[5] = ~(word_t)0;

	return true;
}


/** An object to begin or to go on destroying. */
static struct world_object *victim(void)
{
	unsigned start = choose(world_count);

	if (play_victim && !finishing && play_victim())
		return play_victim();
	for (unsigned i = 0; i < world_count; i++) {
		struct world_object *entry = &world_objects[(start + i) % world_count];
		if (entry->type != BY_OBJECT_NONE && !core_s_own(entry)
		    && (finishing || !reserved(entry)))
			return entry;
	}

	return NULL;
}


static bool core_destroy(void)
{
	struct world_object *entry = victim();

	if (!entry)
		return false;
	if (!entry->dying && play_on_destroy)
		play_on_destroy(entry);
	entry->dying = true;
	prepare(BY_CALL_DESTROY, entry, entry->slot, entry->type);

	return true;
}


static bool core_choose(void)
{
	unsigned what = choose(32);

	if (finishing)
		return core_destroy();
	if (what < 8)
		return core_make();
	if (what < 10)
		return core_leaf() || core_tables();
	if (what < 14)
		return core_install();
	if (what < 21)
		return core_thread();
	if (what < 24)
		return core_memory();
	if (what < 26)
		return core_other();
	if (what < 27)
		return core_wrong();

	return one_in(2) && core_destroy();
}


/*
 * Core's answers to faults
 */

static unsigned page_at(word_t address)
{
	unsigned page = 0;

	while (page < VPAGES - 1 && page_address(page) != address)
		page++;

	return page;
}


static bool core_resolve(struct world_object *entry)
{
	struct thread       *t  = entry->object;
	struct world_object *pd = world_find(t->pd);

	if (!pd || pd->dying)
		return false;
	core_map(pd, page_at(t->fault[BY_FAULT_WORD_ADDRESS]));

	/* the same call, but for its object */
	word_t args[3] = { core.arg[2], core.arg[3], core.arg[4] };
	prepare(BY_CALL_FAULT_RESOLVE, pd, entry->slot, core.arg[1]);
	memcpy(&core.arg[2], args, sizeof(args));

	return true;
}


static bool core_fault(void)
{
	struct world_object *entry = by_id(core.faulter);
	unsigned what = choose(8);

	if (!entry || entry->type != BY_OBJECT_THREAD || entry->dying) {
		core.faulter = 0;
		return false;
	}
	struct thread *t = entry->object;

	if ((t->fault[BY_FAULT_WORD_CAUSE] & 0xff) == BY_FAULT_FPU && core_fpu(entry))
		return true;
	core.faulter = 0;
	if ((t->fault[BY_FAULT_WORD_CAUSE] & 0xff) == BY_FAULT_PAGE && what < 5)
		return core_resolve(entry);
	if (what == 5)
		return false;
	prepare(what == 6 ? BY_CALL_FAULT_REPEAT : BY_CALL_FAULT_RESUME, entry, entry->slot, 0);

	return true;
}


/*
 * Core as a thread
 */

static void core_wait(struct thread *t)
{
	core.waiting = true;
	core.op      = 0;
	set_call(t, BY_CALL_IPC_WAIT | BY_WAIT_REPLY | BY_WAIT_REQUESTS | BY_WAIT_SIGNALS | BY_WAIT_IO,
	         0, fill_message(t) & ~by_tag(0, 0, 7));
}


/** Core comes back from its wait. */
static void core_event(struct thread *t)
{
	core.waiting = false;
	core.acts    = finishing ? FINISH_ACTS : choose(4);
	core.faulter = by_tag_event_of(world_tag(t)) == BY_EVENT_FAULT ? frame_cap(&t->frame) : 0;
}


/** Core reads and acknowledges nothing else, so the tick is never lost. */
static bool core_tick(void)
{
	struct world_object *irq = world_find(tick_irq.object);

	if (!irq || irq->dying || !stub_irq_masked[TICK])
		return false;
	prepare(BY_CALL_IRQ_ACK, NULL, tick_irq.slot, 0);

	return true;
}


static void core_result(void);

static void core_next(struct thread *t)
{
	if (core.called) {
		core.called = false;
		core.status = BY_STATUS(frame_tag(&t->frame));
		core_result();
	}
	if (core.waiting)
		core_event(t);
	if (core.repeat)
		return;
	core.about = NULL;
	if (!finishing && core_tick())
		return;
	if (core.faulter && core_fault())
		return;
	if (core.acts && core.acts-- && core_choose())
		return;
	core_wait(t);
}


static void settle_page(struct world_object *pd, bool ok)
{
	struct page *page = &note_of(pd)->page[core.vpage];

	if (!ok)
		*page = core.old;
	page->changing = false;
}


/** A thread that is paused is not what a CPU runs in user mode. */
static void expect_paused(struct world_object *entry)
{
	note_of(entry)->paused = true;
	for (unsigned i = 0; i < cpu_count; i++)
		if (!play_inside[i] && cpus[i].current == entry->object)
			bad("thread %lu is paused and runs", (unsigned long)entry->id);
}


static bool makes(word_t op)
{
	return op == BY_CALL_PD_CREATE || op == BY_CALL_THREAD_CREATE || op == BY_CALL_SHARE_CREATE
	       || (op >= BY_CALL_ENDPOINT_CREATE && op <= BY_CALL_IRQ_CREATE);
}


/** Core learns what its last call did. */
static void core_result(void)
{
	struct world_object *about = core.about;
	bool ok = core.status == BY_OK;

	core.repeat = core.status == BY_AGAIN && (core.op != BY_CALL_DESTROY || choose(4));
	if (!about) {
		if (core.op > BY_CORE_CALL_FIRST && core.op != BY_CALL_IDENTIFY && ok)
			bad("wrong call %lu was accepted", (unsigned long)core.op);
		return;
	}
	if (makes(core.op) && !ok)
		world_forget(about);
	if (core.op == BY_CALL_DESTROY && ok)
		world_forget(about);
	if (core.op == BY_CALL_DESTROY && !ok && core.status != BY_AGAIN)
		bad("destroy %lu: status %u", (unsigned long)about->id, core.status);
	if (core.op == BY_CALL_THREAD_START && ok)
		note_of(about)->started = true;
	if (core.op == BY_CALL_THREAD_PAUSE && ok)
		expect_paused(about);
	if (core.op == BY_CALL_THREAD_FPU)
		note_of(about)->fpu = 0;
	if (core.op == BY_CALL_THREAD_WRITE && ok)
		((struct thread *)about->object)->frame.op = BY_CALL_NULL;
	if (core.op == BY_CALL_PD_MAP || core.op == BY_CALL_FAULT_RESOLVE
	    || core.op == BY_CALL_PD_UNMAP)
		settle_page(about, ok);
}


/** The call that core_next() prepared. */
static void core_enter(struct thread *t)
{
	set_call(t, core.op, core.arg[0], core.arg[1]);
	for (unsigned i = 0; i < BY_MSG_REGS; i++)
		frame_set_word(&t->frame, i, core.arg[2 + i]);
	core.called = true;
	enter();
}


static void core_act(struct thread *t)
{
	if (finishing && finish_acts++ > FINISH_ACTS)
		bad("destruction does not come to its end");
	core_next(t);
	if (core.waiting)
		enter();
	else
		core_enter(t);
}


/*
 * CPUs and the world outside
 */

bool play_cpu(unsigned id)
{
	struct cpu *cpu = &cpus[id];

	stub_cpu = cpu;
	if (irqc_pending() && (!cpu->current || one_in(2))) {
		play_inside[id] = true;
		irqc_take();
	} else if (!cpu->current) {
		return false;
	} else if (cpu->current == core_ep->thread) {
		core_act(cpu->current);
	} else {
		user_act(cpu->current);
	}
	if (play_inside[id])
		kernel_leave(&cpus[id]);
	play_inside[id] = false;
	if (stub_locks_held(id))
		bad("CPU %u left the kernel with a lock", id);

	return true;
}


void play_outside(void)
{
	unsigned what = choose(8);

	stub_now += choose(2) ? choose(20000) : choose(3000000);
	if (what == 0)
		stub_irq_raised[TICK] = true;
	else if (what < 4)
		stub_irq_raised[1 + choose(4)] = true;
}


void play_finish(void)
{
	finishing   = true;
	finish_acts = 0;
	core.acts   = FINISH_ACTS;
}


bool play_checkable(void)
{
	return !core.called;
}


bool play_over(void)
{
	return finishing && live() == 0 && core.waiting
	       && core_ep->thread->state == THREAD_WAITING;
}


void play_mutate(void)
{
	struct world_object *entry = some(BY_OBJECT_THREAD);

	if (entry) {
		struct by_message *msg = ((struct thread *)entry->object)->msg;
		((word_t *)msg)[choose(sizeof(*msg) / sizeof(word_t))] = choose(SLOTS * 2);
	}
}


/*
 * Beginning
 */

/** Let core act at once, as world_core() does. */
static void act_now(bool (*act)(void))
{
	if (!act())
		return;
	do {
		core.status = world_core((unsigned)core.op, 0, core.arg[0], core.arg[1], core.arg[2],
		                         core.arg[3], core.arg[4], core.arg[5]);
		world_settle();
	} while (core.status == BY_AGAIN);
	core_result();
	core.repeat = false;
}


static bool always_pd(void)    { make_pd(); return true; }
static bool always_share(void) { make_share(); return true; }
static bool any_part(void)     { return make_part(choose(2)); }


static void several(unsigned count, bool (*act)(void))
{
	for (unsigned i = 0; i < count; i++)
		act_now(act);
}


void play_populate(void)
{
	struct made ep = { BY_CORE_SLOT_ENDPOINT, core_ep };

	finishing = false;
	world_irq(&tick_irq, TICK);
	world_signal(&tick_signal, ep, 1, false);
	world_gate(&core_gate, ep, 1);
	if (CORE(IRQ_BIND, tick_irq.slot, tick_signal.slot) != BY_OK)
		bad("the tick cannot be bound");
	stub_irq_masked[TICK] = false;

	several(2 + choose(2), always_pd);
	several(4, core_leaf);
	several(20, core_tables);
	several(4 + choose(3), always_share);
	several(6 + choose(4), make_thread);
	several(4 + choose(3), make_endpoint);
	several(10, any_part);
	several(2, make_irq);
	several(30, core_install);
	several(24, core_thread);
}


void play_begin(unsigned cpu_total)
{
	error[0] = 0;
	memset(notes, 0, sizeof(notes));
	memset(&core, 0, sizeof(core));
	memset(play_inside, 0, sizeof(play_inside));
	core.waiting = true;
	serial = 0;
	world_boot(cpu_total);
	for (unsigned i = 0; i < FRAMES; i++)
		frames[i] = stub_alloc(PAGE_SIZE);
	play_populate();
}
