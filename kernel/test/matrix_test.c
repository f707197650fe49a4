/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The destroy matrix: each type of object dies while each thread that it concerns is in
 * each state. Everybody who was blocked on it wakes up with an error, everybody else
 * stays what he was, and nothing refers to it afterwards. The table printed at the end
 * counts what was really met.
 *
 *     K ── calls ──> T ── calls ──> U <── calls ── J
 *                    │              │
 *        endpoint, gate, signal, irq of T; gate and endpoint of U
 */
#include "unit.h"
#include "share.h"
#include "world.h"
#include "weave.h"
#include <arch/irqc.h>

enum { GATE_T = 10, GATE_U, MATE, SIGNAL_T, IRQ_T, LINE = 5, LEAST = 10 };

/** What a thread is doing; the columns of the table. */
enum column {
	INACTIVE, READY, RUNNING, REPLYING, QUEUED, CALLING, WAITING, PARKED, FAULTING, FAULTED,
	DYING, COLUMNS,
};

static const char *const column_name[COLUMNS] = {
	"inactive", "ready", "running", "replying", "queued", "calling", "waiting", "parked",
	"faulting", "faulted", "dying",
};

static const char *const type_name[BY_OBJECT_TYPES] = {
	"none", "pd", "thread", "share", "endpoint", "gate", "signal", "irq",
};

static unsigned hits[BY_OBJECT_TYPES][COLUMNS];

static struct made pd_t, pd_u, pd_k, made_t, made_u, made_j, made_k, mate, ep_t, ep_u;
static struct made gate_t, gate_u, signal_t, irq_t, high;
static struct thread *t, *u, *j, *k;

/** How a situation is varied. */
static struct variant { bool passive, client, other; unsigned cpu_t, cpu_u; } variant;


static enum column column_of(struct thread const *x)
{
	if (x->obj.type == BY_OBJECT_NONE)
		return DYING;

	switch (x->state) {
	case THREAD_INACTIVE:
		return INACTIVE;
	case THREAD_READY:
		return x->client ? REPLYING : x->cpu->current == x ? RUNNING : READY;
	case THREAD_QUEUED:
		return QUEUED;
	case THREAD_SERVED:
		return CALLING;
	case THREAD_WAITING:
		return WAITING;
	case THREAD_PARKED:
		return PARKED;
	case THREAD_FAULTING:
		return FAULTING;
	default:
		return FAULTED;
	}
}


/*
 * Situations
 */

static bool act(struct thread *x, word_t op, word_t cap, word_t word)
{
	world_switch(x->cpu->id);
	bool done = world_call(x, op, cap, 0, word, (word_t)0, (word_t)0, (word_t)0);
	world_settle();
	if (!done)
		unit_fail(__FILE__, __LINE__, "a thread does not get to act");

	return done;
}


static void set_priority(struct thread const *x, word_t priority)
{
	struct world_object *share = world_find(x->share);

	(void)CORE(SHARE_SET, share->slot, (word_t)0, priority, (word_t)BY_WEIGHT_DEFAULT);
	world_settle();
}


/** T with its endpoint and all that belongs to it; it waits, or is not started. */
static void make_t(bool started)
{
	struct made share;

	world_switch(variant.cpu_t);
	if (started) {
		t = world_server(&made_t, &ep_t, pd_t, variant.passive);
		set_priority(t, 20);
	} else {
		t = world_thread(&made_t, pd_t, variant.passive);
		world_endpoint(&ep_t, made_t);
		world_share(&share, variant.cpu_t, 20);
		while (CORE(THREAD_BIND, made_t.slot, share.slot) != BY_OK)
			world_settle();
	}
	world_gate(&gate_t, ep_t, 1);
	world_signal(&signal_t, ep_t, 2, variant.other);
	world_irq(&irq_t, LINE);
	(void)CORE(IRQ_BIND, irq_t.slot, signal_t.slot);
	world_give(pd_t, GATE_U, gate_u);
	world_give(pd_t, SIGNAL_T, signal_t);
	world_give(pd_t, IRQ_T, irq_t);
	world_give(pd_k, GATE_T, gate_t);
	world_settle();
}


static void make_others(bool u_busy)
{
	world_boot(2);
	world_pd(&pd_t);
	world_pd(&pd_u);
	world_pd(&pd_k);
	world_switch(variant.cpu_u);
	u = world_server(&made_u, &ep_u, pd_u, variant.passive);
	world_gate(&gate_u, ep_u, 3);
	world_give(pd_k, GATE_U, gate_u);
	world_settle();
	world_switch(!variant.cpu_t);
	k = world_run(&made_k, pd_k, 9);
	j = world_run(&made_j, pd_k, 10);
	world_settle();
	if (u_busy)
		act(j, BY_CALL_IPC_CALL, GATE_U, 0);
	else
		act(j, BY_CALL_PARK, 0, BY_NEVER);
}


/** T runs; K, if wanted, has called it. */
static void run_t(void)
{
	(void)CORE(THREAD_CANCEL, made_t.slot);
	world_settle();
	if (variant.client && stub_cpu->current != k && cpus[!variant.cpu_t].current == k)
		act(k, BY_CALL_IPC_CALL, GATE_T, 0);
}


static void fault_t(bool core_busy)
{
	if (core_busy) {
		world_switch(k->cpu->id);
		if (stub_cpu->current == k)
			world_fault(k, BY_FAULT_PAGE, 0x1000, 0);
		world_settle();
	}
	world_switch(t->cpu->id);
	world_fault(t, BY_FAULT_PAGE, 0x1000, 0);
	world_settle();
}


static void leave_fault(void)
{
	world_switch(core_ep->thread->cpu->id);
	(void)USER(core_ep->thread, BY_CALL_IPC_WAIT | BY_WAIT_REQUESTS | BY_WAIT_SIGNALS, 0, 0);
	world_settle();
}


static void park_t(void)
{
	if (variant.other) {
		world_switch(variant.cpu_t);
		world_run(&mate, pd_t, 5);
		world_give(pd_t, MATE, mate);
		world_settle();
	}
	act(t, BY_CALL_PARK, variant.other ? MATE : 0, variant.client ? 100000 : BY_NEVER);
}


static void begin_destroying_t(void)
{
	world_find(t)->dying = true;
	world_switch(0);
	(void)CORE(DESTROY, made_t.slot, (word_t)BY_OBJECT_THREAD);
	kernel_leave(stub_cpu);
}


/** Bring T into a state. */
static void situation(enum column state)
{
	make_others(state == QUEUED);
	make_t(state != INACTIVE);
	if (state == REPLYING)
		act(k, BY_CALL_IPC_CALL, GATE_T, 0);
	else if (state != WAITING && state != INACTIVE)
		run_t();
	switch (state) {
	case READY:
		world_switch(t->cpu->id);
		world_run(&high, pd_u, 25);
		world_settle();
		break;
	case QUEUED:
	case CALLING:
		act(t, BY_CALL_IPC_CALL, GATE_U, 0);
		break;
	case PARKED:
		park_t();
		break;
	case FAULTING:
	case FAULTED:
		fault_t(state == FAULTING && variant.other && !variant.client);
		if (state == FAULTED)
			leave_fault();
		break;
	case DYING:
		if (variant.other)
			act(t, BY_CALL_IPC_CALL, GATE_U, 0);
		begin_destroying_t();
		break;
	default:
		break;
	}
	world_switch(0);
}


/*
 * What must come out
 */

/** A thread before the destruction. */
static struct before {
	struct thread   *thread;
	uint8_t          state;
	bool             dying;
	struct endpoint *callee, *ep;
	struct gate     *gate;
	struct pd       *pd, *callee_pd;
	struct thread   *callee_thread, *owner;
	struct share    *share;
} before[32];
static unsigned before_count;


static void remember(void)
{
	before_count = 0;
	for (unsigned i = 0; i < world_count; i++) {
		struct thread *x = world_objects[i].object;
		if (world_objects[i].type != BY_OBJECT_THREAD || x == core_ep->thread)
			continue;
		bool blocked = x->state == THREAD_QUEUED || x->state == THREAD_SERVED;
		struct endpoint *callee = blocked ? x->callee : NULL;
		before[before_count++] = (struct before) {
			.thread = x, .state = x->state, .dying = x->obj.type == BY_OBJECT_NONE,
			.callee = callee, .ep = x->ep, .gate = x->gate, .pd = x->pd,
			.callee_thread = callee ? callee->thread : NULL,
			.callee_pd = callee && callee->thread ? callee->thread->pd : NULL,
			.owner = x->owner, .share = x->share,
		};
	}
}


/** The server that a thread is blocked at goes away with the victim. */
static bool server_goes(struct before const *b, void const *victim)
{
	return b->callee && (b->callee == victim || b->callee_thread == victim
	                     || b->callee_pd == victim);
}


static const char *judge_one(struct before const *b, void const *victim)
{
	struct thread const *x = b->thread;

	if (x == victim || b->dying)
		return NULL;
	if (b->pd == victim)
		return x->state == THREAD_INACTIVE && !x->pd && x->detached ? NULL
		       : "a thread outlives its PD";
	if (b->share && b->share == victim && (!x->detached || x->share))
		return "a thread outlives its share";
	if (b->owner && b->owner == victim && x->owner)
		return "a parker donates to a dead owner";
	if (server_goes(b, victim) || (b->state == THREAD_QUEUED && b->gate == victim)
	    || (b->state == THREAD_WAITING && b->ep == victim))
		return x->state == THREAD_READY && STATUS((struct thread *)b->thread) == BY_GONE
		       ? NULL : "a thread was not woken with 'gone'";

	return x->state == b->state ? NULL : "a thread changed that was not concerned";
}


static const char *judge(void const *victim)
{
	for (unsigned i = 0; i < before_count; i++) {
		const char *text = judge_one(&before[i], victim);
		if (text)
			return text;
	}

	return NULL;
}


/*
 * The table
 */

/** The thread that an endpoint, gate, signal or interrupt leads to. */
static struct thread *leads_to(struct world_object const *victim)
{
	struct endpoint *ep = NULL;

	switch (victim->type) {
	case BY_OBJECT_ENDPOINT:
		ep = victim->object;
		break;
	case BY_OBJECT_GATE:
	case BY_OBJECT_SIGNAL:
		ep = ((struct part *)victim->object)->ep;
		break;
	case BY_OBJECT_IRQ:
		if (((struct irq *)victim->object)->signal)
			ep = ((struct irq *)victim->object)->signal->part.ep;
		break;
	default:
		break;
	}

	return ep ? ep->thread : NULL;
}


static bool concerns(struct world_object const *victim, struct thread const *x)
{
	struct part const *part = victim->object;
	bool blocked = x->state == THREAD_QUEUED || x->state == THREAD_SERVED;

	if (victim->object == x || victim->object == x->pd || victim->object == x->share)
		return true;
	if (leads_to(victim) == x)
		return true;
	if (victim->type == BY_OBJECT_GATE)
		return blocked && x->callee == part->ep;

	return victim->type == BY_OBJECT_ENDPOINT && blocked && x->callee == victim->object;
}


static void count_hits(struct world_object const *victim)
{
	for (unsigned i = 0; i < before_count; i++)
		if (concerns(victim, before[i].thread))
			hits[victim->type][column_of(before[i].thread)]++;
}


static void print_table(void)
{
	printf("%-10s", "");
	for (unsigned column = 0; column < COLUMNS; column++)
		printf("%10s", column_name[column]);
	for (unsigned type = 1; type < BY_OBJECT_TYPES; type++) {
		printf("\n%-10s", type_name[type]);
		for (unsigned column = 0; column < COLUMNS; column++)
			printf("%10u", hits[type][column]);
	}
	printf("\n");
}


/*
 * All of it
 */

static struct made made_of(struct world_object const *entry)
{
	return (struct made) { entry->slot, entry->object };
}


static bool destroyable(unsigned i)
{
	return i < world_count && world_objects[i].type != BY_OBJECT_NONE
	       && world_objects[i].object != core_ep
	       && world_objects[i].object != core_ep->thread
	       && world_objects[i].object != core_ep->thread->share
	       && world_objects[i].object != core_pd;
}


/** The rest follows, in an order of its own. */
static void destroy_rest(unsigned order)
{
	unsigned count = world_count;

	for (unsigned i = 0; i < count; i++) {
		unsigned at = order % 2 ? count - 1 - i : (i + order * 7) % count;
		if (destroyable(at))
			(void)world_destroy(made_of(&world_objects[at]), world_objects[at].type);
	}
	for (unsigned i = 0; i < world_count; i++)
		if (destroyable(i))
			unit_fail(__FILE__, __LINE__, "an object is left over");
}


/** Destroy object 'index' in a situation; false if there is none any more. */
static bool run(enum column state, unsigned index)
{
	situation(state);
	if (index >= world_count)
		return false;
	if (!destroyable(index))
		return true;

	struct world_object *victim = &world_objects[index];
	void const          *object = victim->object;
	remember();
	count_hits(victim);
	(void)world_destroy(made_of(victim), victim->type);
	world_settle();
	const char *text = judge(object);
	if (text) {
		char line[200];
		snprintf(line, sizeof(line), "%s %u while T is %s: %s", type_name[victim->type],
		         index, column_name[state], text);
		unit_fail(__FILE__, __LINE__, line);
	}
	destroy_rest(index + (unsigned)state);

	return true;
}


static void vary(unsigned n)
{
	variant = (struct variant) { n & 1, n >> 1 & 1, n >> 2 & 1, n >> 3 & 1, n >> 4 & 1 };
}


TEST(situations_are_what_they_are_called)
{
	for (unsigned n = 0; n < 32; n++) {
		vary(n);
		for (unsigned state = 0; state < COLUMNS; state++) {
			situation((enum column)state);
			if (column_of(t) != state) {
				char line[100];
				snprintf(line, sizeof(line), "variant %u: %s is %s", n,
				         column_name[state], column_name[column_of(t)]);
				unit_fail(__FILE__, __LINE__, line);
			}
		}
	}
}


TEST(every_object_in_every_state)
{
	for (unsigned n = 0; n < 32; n++) {
		vary(n);
		for (unsigned state = 0; state < COLUMNS; state++)
			for (unsigned index = 0; run((enum column)state, index); index++) { }
	}
	print_table();
	for (unsigned type = 1; type < BY_OBJECT_TYPES; type++)
		for (unsigned column = 0; column < COLUMNS; column++)
			CHECK(hits[type][column] >= LEAST);
}


/*
 * The same while T, on CPU 1, is about to enter a state
 */

enum { FAULT = 0xff }; /* what T does, instead of a call */

static enum column from;
static word_t      op, cap;
static unsigned    victim_index;

static void duel_setup(void)
{
	world_quiet = true; /* it is the same world each time */
	situation(from);
	/* core cannot take a fault and make calls at the same time: it is handling one */
	if (op == FAULT)
		world_fault(k, BY_FAULT_PAGE, 0x1000, 0);
}


static void duel_destroy(void)
{
	struct world_object *victim = &world_objects[victim_index];
	status_t status;

	if (!destroyable(victim_index))
		return;
	remember();
	count_hits(victim);
	victim->dying = true;
	do {
		status = CORE(DESTROY, victim->slot, (word_t)victim->type);
		kernel_leave(stub_cpu);
		if (status == BY_AGAIN)
			smp_relax();
	} while (status == BY_AGAIN);
	if (status != BY_OK)
		unit_fail(__FILE__, __LINE__, "an object is not destroyed");
	world_forget(victim);
}


static void duel_act(void)
{
	if (stub_cpu->current != t)
		return;
	if (op == FAULT) {
		kernel_fault(stub_cpu, BY_FAULT_PAGE, 0x1000, 0);
		kernel_leave(stub_cpu);
	} else {
		(void)world_call(t, op, cap, 0, 1000, (word_t)0, (word_t)0, (word_t)0);
	}
}


/** Nobody is blocked on what is gone; more than that depends on who came first. */
static const char *duel_judge(void)
{
	const char *text = NULL;

	for (unsigned i = 0; i < world_count && !text; i++) {
		struct thread *x = world_objects[i].object;
		if (world_objects[i].type != BY_OBJECT_THREAD)
			continue;
		if (x->state == THREAD_WAITING && x->ep->obj.type == BY_OBJECT_NONE)
			text = "a thread waits at a dead endpoint";
		if (x->state == THREAD_QUEUED && x->gate->part.obj.type == BY_OBJECT_NONE)
			text = "a thread is queued through a dead gate";
	}
	destroy_rest(victim_index);

	return text;
}


static struct { enum column from; word_t op, cap; } const acts[] = {
	{ RUNNING, BY_CALL_IPC_CALL, GATE_U },
	{ REPLYING, BY_CALL_IPC_CALL, GATE_U },
	{ REPLYING, BY_CALL_IPC_WAIT | BY_WAIT_REPLY | BY_WAIT_REQUESTS | BY_WAIT_SIGNALS, 0 },
	{ RUNNING, BY_CALL_IPC_WAIT | BY_WAIT_REQUESTS | BY_WAIT_IO, 0 },
	{ RUNNING, BY_CALL_PARK, 0 },
	{ RUNNING, FAULT, 0 },
	{ RUNNING, BY_CALL_TIMEOUT, SIGNAL_T },
	{ RUNNING, BY_CALL_SIGNAL, SIGNAL_T },
	{ RUNNING, BY_CALL_IRQ_ACK, IRQ_T },
	{ REPLYING, BY_CALL_CAP_DROP, GATE_U },
};


/** Objects whose end concerns T, or somebody whom it acts upon. */
static bool worth_a_duel(unsigned i)
{
	void const *object = world_objects[i].object;

	return destroyable(i)
	       && (concerns(&world_objects[i], t) || concerns(&world_objects[i], u)
	           || object == k || object == gate_u.object);
}


static bool fight_all(unsigned a)
{
	static struct weave_duel const duel = { duel_setup, { duel_destroy, duel_act }, duel_judge };
	bool     worth[64] = { false };
	unsigned count;

	situation(from);
	count = world_count;
	if (cpus[1].current != t || count > ARRAY_SIZE(worth))
		return false;
	for (unsigned i = 0; i < count; i++)
		worth[i] = worth_a_duel(i);
	for (victim_index = 0; victim_index < count; victim_index++) {
		const char *text = worth[victim_index] ? weave_duel(&duel, 0, 2) : NULL;
		if (text) {
			char line[200];
			snprintf(line, sizeof(line), "act %u, object %u: %s", a, victim_index, text);
			unit_fail(__FILE__, __LINE__, line);
			return false;
		}
	}

	return true;
}


TEST(every_object_while_a_thread_acts)
{
	weave_sparse = 16;
	for (unsigned passive = 0; passive < 2; passive++) {
		for (unsigned a = 0; a < ARRAY_SIZE(acts); a++) {
			from = acts[a].from;
			op   = acts[a].op;
			cap  = acts[a].cap;
			/* a passive server runs where it is called from: on the other CPU */
			variant = (struct variant) { .passive = passive, .cpu_u = passive,
			                             .cpu_t = !(passive && from == REPLYING) };
			CHECK(fight_all(a));
		}
	}
}


UNIT_MAIN(weave_fine ? "kernel_matrix_fine" : "kernel_matrix")
