/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Invariants of the kernel's data; see check.h.
 *
 * Each part walks what one module owns and says what is wrong through bad(), which
 * keeps the first complaint. Rings are walked with a bound, as they could be broken.
 */
#include "check.h"
#include "share.h"
#include "world.h"
#include <arch/irqc.h>
#include <stdarg.h>
#include <stdio.h>

enum { RING_MAX = 5000 };

static char error[256];


static bool bad(const char *format, ...) __attribute__((format(printf, 1, 2)));

static bool bad(const char *format, ...)
{
	va_list args;

	if (!error[0]) {
		va_start(args, format);
		vsnprintf(error, sizeof(error), format, args);
		va_end(args);
	}

	return false;
}


/** State that must hold; says so with the id of the object concerned. */
#define MUST(cond, id) ((void)((cond) || bad("%lu: %s", (unsigned long)(id), #cond)))

/** For each object of a type. */
#define EACH(entry, kind) \
	for (struct world_object *entry = world_objects; entry < world_objects + world_count; \
	     entry++) \
		if (entry->type == (kind))


static struct object *header(struct world_object const *entry)
{
	switch (entry->type) {
	case BY_OBJECT_THREAD:
		return &((struct thread *)entry->object)->obj;
	default:
		return entry->object;
	}
}


static bool exists(void const *object, enum by_object_type type)
{
	struct world_object *entry = object ? world_find(object) : NULL;

	return entry && entry->type == type;
}


static bool thread_exists(struct thread const *thread)
{
	return exists(thread, BY_OBJECT_THREAD);
}


/** Number of links in a ring, RING_MAX if it is broken. */
static unsigned ring_length(struct ring const *ring)
{
	unsigned count = 0;
	struct link *link = ring->first;

	if (!link)
		return 0;
	do {
		if (!link->next || link->next->prev != link)
			return RING_MAX;
		link = link->next;
	} while (++count < RING_MAX && link != ring->first);

	return count;
}


static bool ring_has(struct ring const *ring, struct link const *link)
{
	struct link *at = ring->first;

	for (unsigned i = 0; at && i < RING_MAX; i++, at = at->next) {
		if (at == link)
			return true;
		if (at->next == ring->first)
			break;
	}

	return false;
}


static unsigned list_length(struct list const *list)
{
	unsigned count = 0;

	for (struct link *at = list->head.next; at != &list->head; at = at->next)
		if (!at || at->next->prev != at || ++count == RING_MAX)
			return RING_MAX;

	return count;
}


/*
 * Objects and slots
 */

/** The object whose header this is. */
static struct world_object *by_header(struct object const *object)
{
	for (unsigned i = 0; i < world_count; i++)
		if (world_objects[i].type != BY_OBJECT_NONE && header(&world_objects[i]) == object)
			return &world_objects[i];

	return NULL;
}


static unsigned refs_length(struct world_object const *entry)
{
	struct object *object = header(entry);
	struct link   *link   = object->refs.first;
	unsigned       count  = 0;

	if (!link)
		return 0;
	do {
		struct slot const *slot = container_of(link, struct slot, link);
		if (!link->next || link->next->prev != link || slot->object != object
		    || count == RING_MAX) {
			bad("%lu: ring of slots is broken", (unsigned long)entry->id);
			return 0;
		}
		count++;
		link = link->next;
	} while (link != object->refs.first);

	return count;
}


static void check_slot(struct slot const *slot, unsigned *refs)
{
	if (!slot->object) {
		if (slot->link.next || slot->link.prev)
			bad("an empty slot is linked");
		return;
	}
	struct world_object *entry = by_header(slot->object);

	if (entry)
		refs[entry - world_objects]++;
	else
		bad("a slot refers to no object");
}


static void check_caps(void)
{
	static unsigned refs[WORLD_OBJECTS];

	memset(refs, 0, world_count * sizeof(refs[0]));
	EACH(entry, BY_OBJECT_PD) {
		struct pd *pd = entry->object;
		for (unsigned leaf = 0; leaf < BY_LEAVES; leaf++)
			for (unsigned i = 0; pd->leaf[leaf] && i < BY_LEAF_SLOTS; i++)
				check_slot(&pd->leaf[leaf][i], refs);
	}
	for (unsigned i = 0; i < world_count; i++)
		if (world_objects[i].type != BY_OBJECT_NONE
		    && refs_length(&world_objects[i]) != refs[i])
			bad("%lu: slots and ring disagree", (unsigned long)world_objects[i].id);
}


static void check_objects(void)
{
	word_t count[BY_OBJECT_TYPES] = { 0 };

	for (unsigned i = 0; i < world_count; i++) {
		struct world_object *entry = &world_objects[i];
		if (entry->type == BY_OBJECT_NONE)
			continue;
		count[entry->type]++;
		MUST(header(entry)->id == entry->id, entry->id);
		MUST(!header(entry)->lock.held, entry->id);
		MUST(header(entry)->type == (header(entry)->step ? BY_OBJECT_NONE : entry->type),
		     entry->id);
	}
	for (unsigned type = 1; type < BY_OBJECT_TYPES; type++)
		if (count[type] != object_census((enum by_object_type)type) - world_census[type])
			bad("census of type %u", type);
}


/*
 * IPC
 */

static void check_queued(struct thread const *t, word_t id)
{
	struct endpoint const *ep = t->callee;

	if (!exists(ep, BY_OBJECT_ENDPOINT) || t->level >= BY_PRIORITIES) {
		bad("%lu: queued nowhere", (unsigned long)id);
		return;
	}
	if (t->state == THREAD_FAULTING && ep->fault == t)
		return;

	MUST(ring_has(&ep->queue[t->level], &t->ipc_link), id);
	/* it is answered before the destruction of the server or endpoint is over */
	MUST(ep->thread || ep->former, id);
	if (t->state == THREAD_FAULTING) {
		MUST(ep == core_ep && !t->gate, id);
		return;
	}
	MUST(exists(t->gate, BY_OBJECT_GATE) && t->gate->part.ep == ep, id);
	MUST(ring_has(&t->gate->callers, &t->gate_link), id);
}


static void check_served(struct thread const *t, word_t id)
{
	MUST(exists(t->callee, BY_OBJECT_ENDPOINT), id);
	if (exists(t->callee, BY_OBJECT_ENDPOINT))
		MUST(thread_exists(t->callee->thread) && t->callee->thread->client == t, id);
	MUST(!t->gate && !link_used(&t->gate_link), id);
}


static void check_state(struct thread const *t, word_t id)
{
	switch (t->state) {
	case THREAD_QUEUED:
	case THREAD_FAULTING:
		check_queued(t, id);
		break;
	case THREAD_SERVED:
		check_served(t, id);
		break;
	case THREAD_WAITING:
		MUST(exists(t->ep, BY_OBJECT_ENDPOINT) && t->ep->thread == t, id);
		break;
	case THREAD_PARKED:
		MUST(!t->owner || thread_exists(t->owner), id);
		break;
	default:
		MUST(t->state <= THREAD_FAULTED, id);
	}
	MUST(t->state == THREAD_PARKED || (!t->owner && !t->timeout.cpu), id);
	MUST(link_used(&t->park_link) == (t->owner != NULL), id);
	MUST(link_used(&t->gate_link) == (t->state == THREAD_QUEUED), id);
}


static void check_client(struct thread const *t, word_t id)
{
	if (!t->client) {
		MUST(t->depth == 0, id);
		return;
	}
	MUST(thread_exists(t->client), id);
	if (thread_exists(t->client)) {
		MUST(t->ep && t->client->state == THREAD_SERVED && t->client->callee == t->ep, id);
		MUST(t->depth > 0 && t->depth <= CHAIN_LIMIT, id);
	}
}


static void check_parkers(struct thread const *t, word_t id)
{
	struct link *link = t->parkers.first;

	MUST(ring_length(&t->parkers) < RING_MAX, id);
	for (unsigned i = ring_length(&t->parkers); i; i--, link = link->next) {
		struct thread *parker = container_of(link, struct thread, park_link);
		MUST(thread_exists(parker) && parker->owner == t && parker->cpu == t->cpu, id);
	}
}


/** No cycle: then some thread at the end of each chain can make progress. */
static void check_chain(struct thread const *t, word_t id)
{
	unsigned count = 0;

	for (struct thread const *at = t; at && count < 1000; at = thread_blocker(at))
		count++;
	MUST(count < 1000, id);
}


static void check_thread(struct thread const *t, word_t id)
{
	check_state(t, id);
	check_client(t, id);
	check_parkers(t, id);
	check_chain(t, id);
	MUST(!t->ep || (exists(t->ep, BY_OBJECT_ENDPOINT) && t->ep->thread == t), id);
	MUST(!t->former_ep || (exists(t->former_ep, BY_OBJECT_ENDPOINT)
	                       && t->former_ep->former == t), id);
	MUST(!t->pd || (exists(t->pd, BY_OBJECT_PD)
	                && ring_has(&((struct pd *)t->pd)->threads, &t->pd_link)), id);
	MUST(t->cpu >= cpus && t->cpu < cpus + cpu_count, id);
}


static void check_queue(struct endpoint const *ep, unsigned level, word_t id)
{
	struct ring const *ring = &ep->queue[level];
	struct link       *link = ring->first;

	MUST(ring_length(ring) < RING_MAX, id);
	MUST((ep->levels >> level & 1) == !ring_empty(ring), id);
	for (unsigned i = ring_length(ring) % RING_MAX; i; i--, link = link->next) {
		struct thread *t = container_of(link, struct thread, ipc_link);
		MUST(thread_exists(t), id);
		if (thread_exists(t))
			MUST(t->callee == ep && t->level == level
			     && (t->state == THREAD_QUEUED || t->state == THREAD_FAULTING), id);
	}
}


static void check_pending(struct endpoint const *ep, unsigned class, word_t id)
{
	struct link *link = ep->signals[class].first;

	MUST(ring_length(&ep->signals[class]) < RING_MAX, id);
	for (unsigned i = ring_length(&ep->signals[class]) % RING_MAX; i; i--, link = link->next) {
		struct signal *signal = container_of(link, struct signal, link);
		MUST(exists(signal, BY_OBJECT_SIGNAL), id);
		if (exists(signal, BY_OBJECT_SIGNAL))
			MUST(signal->part.ep == ep && signal->count && signal->class == class, id);
	}
}


/** A thread that waits has nothing that it would accept. */
static void check_waiting(struct endpoint const *ep, word_t id)
{
	if (!ep->thread || ep->thread->state != THREAD_WAITING)
		return;

	MUST(!(ep->accept & BY_WAIT_REQUESTS && ep->levels), id);
	MUST(!(ep->accept & BY_WAIT_SIGNALS && ep->signals[SIGNAL_APP].first), id);
	MUST(!(ep->accept & BY_WAIT_IO && ep->signals[SIGNAL_IO].first), id);
}


static void check_endpoint(struct endpoint const *ep, word_t id)
{
	MUST(!ep->lock.held, id);
	MUST(!ep->thread || (thread_exists(ep->thread) && ep->thread->ep == ep), id);
	MUST(!ep->pd || exists(ep->pd, BY_OBJECT_PD), id);
	MUST(!ep->former || (thread_exists(ep->former) && ep->former->former_ep == ep), id);
	MUST(!ep->fault || (ep == core_ep && thread_exists(ep->fault)
	                    && ep->fault->state == THREAD_FAULTING), id);
	for (unsigned level = 0; level < BY_PRIORITIES; level++)
		check_queue(ep, level, id);
	for (unsigned class = 0; class < SIGNAL_CLASSES; class++)
		check_pending(ep, class, id);
	check_waiting(ep, id);
	MUST(ring_length(&ep->parts) < RING_MAX, id);
}


static void check_part(struct part const *part, word_t id)
{
	MUST(link_used(&part->link) == (part->ep != NULL), id);
	MUST(!part->ep || exists(part->ep, BY_OBJECT_ENDPOINT), id);
	if (exists(part->ep, BY_OBJECT_ENDPOINT))
		MUST(ring_has(&part->ep->parts, &part->link), id);
}


static void check_gate(struct gate const *gate, word_t id)
{
	struct link *link = gate->callers.first;

	check_part(&gate->part, id);
	MUST(ring_length(&gate->callers) < RING_MAX, id);
	for (unsigned i = ring_length(&gate->callers) % RING_MAX; i; i--, link = link->next) {
		struct thread *t = container_of(link, struct thread, gate_link);
		MUST(thread_exists(t), id);
		if (thread_exists(t))
			MUST(t->gate == gate && t->state == THREAD_QUEUED, id);
	}
}


static void check_signal(struct signal const *signal, word_t id)
{
	check_part(&signal->part, id);
	MUST(signal->part.ep ? link_used(&signal->link) == (signal->count > 0)
	                     : !link_used(&signal->link), id);
	MUST(!signal->irq || (exists(signal->irq, BY_OBJECT_IRQ)
	                      && signal->irq->signal == signal), id);
}


static void check_irq(struct irq const *irq, word_t id)
{
	MUST(!irq->signal || (exists(irq->signal, BY_OBJECT_SIGNAL)
	                      && irq->signal->irq == irq), id);
}


static void check_ipc(void)
{
	EACH(entry, BY_OBJECT_THREAD)
		check_thread(entry->object, entry->id);
	EACH(entry, BY_OBJECT_ENDPOINT)
		check_endpoint(entry->object, entry->id);
	EACH(entry, BY_OBJECT_GATE)
		check_gate(entry->object, entry->id);
	EACH(entry, BY_OBJECT_SIGNAL)
		check_signal(entry->object, entry->id);
	EACH(entry, BY_OBJECT_IRQ)
		check_irq(entry->object, entry->id);
}


/*
 * Timeouts
 */

static bool timeout_exists(struct timeout *t)
{
	return t->kind == TIMEOUT_SIGNAL
	       ? exists(container_of(t, struct signal, timeout), BY_OBJECT_SIGNAL)
	       : thread_exists(container_of(t, struct thread, timeout));
}


/** Size of a heap; the rank of its root through 'rank'. */
static unsigned check_heap(struct timeout *t, struct timeout *parent, unsigned cpu,
                           unsigned *rank)
{
	unsigned left, right, count;

	*rank = 0;
	if (!t)
		return 0;
	if (!timeout_exists(t)) {
		bad("CPU %u: a timeout of nothing is armed", cpu);
		return 0;
	}
	MUST(t->parent == parent && t->cpu == cpu + 1, cpu);
	MUST(!parent || parent->deadline <= t->deadline, cpu);
	count  = 1 + check_heap(t->left, t, cpu, &left);
	count += check_heap(t->right, t, cpu, &right);
	MUST(left >= right && t->rank == right + 1, cpu);
	*rank = right + 1;

	return count;
}


static void check_timers(void)
{
	unsigned armed = 0, in_heaps = 0, rank;

	for (unsigned i = 0; i < cpu_count; i++) {
		MUST(!cpus[i].timer_lock.held, i);
		in_heaps += check_heap(cpus[i].timeouts, NULL, i, &rank);
		MUST(!cpus[i].timeouts || stub_timer[i] <= cpus[i].timeouts->deadline, i);
	}
	EACH(entry, BY_OBJECT_SIGNAL)
		armed += ((struct signal *)entry->object)->timeout.cpu != 0;
	EACH(entry, BY_OBJECT_THREAD)
		armed += ((struct thread *)entry->object)->timeout.cpu != 0;
	MUST(armed == in_heaps, armed);
}


/*
 * Scheduler: what the queues contain
 */

static void check_share(struct share const *share, word_t id)
{
	struct link *link = share->queue.first;

	MUST(ring_length(&share->queue) < RING_MAX, id);
	MUST(link_used(&share->link) == !ring_empty(&share->queue), id);
	if (link_used(&share->link))
		MUST(ring_has(&share->cpu->shares[share->priority], &share->link), id);
	for (unsigned i = ring_length(&share->queue) % RING_MAX; i; i--, link = link->next) {
		struct thread *t = container_of(link, struct thread, sched_link);
		MUST(thread_exists(t), id);
		if (thread_exists(t))
			MUST(t->share == share && t->place == SCHED_QUEUED && t->cpu == share->cpu
			     && !t->detached, id);
	}
	MUST(ring_length(&share->threads) < RING_MAX, id);
}


static void check_shares(struct cpu const *cpu, unsigned priority)
{
	struct ring const *ring = &cpu->shares[priority];
	struct link       *link = ring->first;

	MUST((cpu->ready >> priority & 1) == !ring_empty(ring), cpu->id);
	MUST(ring_length(ring) < RING_MAX, cpu->id);
	for (unsigned i = ring_length(ring) % RING_MAX; i; i--, link = link->next) {
		struct share *share = container_of(link, struct share, link);
		MUST(exists(share, BY_OBJECT_SHARE), cpu->id);
		if (exists(share, BY_OBJECT_SHARE))
			MUST(share->cpu == cpu && share->priority == priority, cpu->id);
	}
}


static void check_stalled(struct list const *list, struct cpu const *cpu)
{
	MUST(list_length(list) < RING_MAX, cpu->id);
	if (list_length(list) == RING_MAX)
		return;
	for (struct link *at = list->head.next; at != &list->head; at = at->next) {
		struct thread *t = container_of(at, struct thread, sched_link);
		MUST(thread_exists(t), cpu->id);
		if (thread_exists(t))
			MUST(t->place == SCHED_STALLED && t->cpu == cpu, t->obj.id);
	}
}


static void check_place(struct thread const *t, word_t id)
{
	MUST(t->place != SCHED_QUEUED
	     || (exists(t->share, BY_OBJECT_SHARE) && ring_has(&t->share->queue, &t->sched_link)),
	     id);
	MUST((t->place == SCHED_OUT) == !link_used(&t->sched_link), id);
	MUST(!t->detached || t->place == SCHED_OUT, id);
	MUST(t->detached || t->share, id);
	MUST(!t->share || (exists(t->share, BY_OBJECT_SHARE)
	                   && ring_has(&t->share->threads, &t->share_link)), id);
	MUST(!t->share || t->detached || t->passive || t->share->cpu == t->cpu, id);
	check_stalled(&t->stalled, t->cpu);
}


static void check_queues(void)
{
	EACH(entry, BY_OBJECT_SHARE)
		check_share(entry->object, entry->id);
	EACH(entry, BY_OBJECT_THREAD)
		check_place(entry->object, entry->id);
	for (unsigned i = 0; i < cpu_count; i++) {
		check_stalled(&cpus[i].released, &cpus[i]);
		for (unsigned priority = 0; priority < BY_PRIORITIES; priority++)
			check_shares(&cpus[i], priority);
	}
}


/*
 * Scheduler: whether it chose what it should. A thread that can run or is blocked
 * contributes its share to whoever is at the end of its chain on its CPU; a passive
 * one only if nobody contributes to it.
 */

static struct thread *local_end(struct thread *t)
{
	struct cpu *cpu = t->cpu;

	for (unsigned i = 0; t && t->cpu == cpu && i < 100; i++) {
		if (t->state == THREAD_READY)
			return t->paused || t->detached ? NULL : t;
		t = thread_blocker(t);
	}

	return NULL;
}


static bool blocked(struct thread const *t)
{
	return t->state == THREAD_QUEUED || t->state == THREAD_SERVED
	       || t->state == THREAD_PARKED || t->state == THREAD_FAULTING;
}


static bool has_local_donor(struct thread const *t)
{
	EACH(entry, BY_OBJECT_THREAD) {
		struct thread *donor = entry->object;
		if (!donor->detached && donor->cpu == t->cpu && blocked(donor)
		    && thread_blocker(donor) == t)
			return true;
	}

	return false;
}


static bool contributes(struct thread *t)
{
	return !t->detached && (t->state == THREAD_READY || blocked(t)) && local_end(t)
	       && (!t->passive || !has_local_donor(t));
}


/** Core goes on until it waits, on the time of whoever made it run. */
static bool core_goes_first(struct cpu const *cpu)
{
	struct thread *core = core_ep->thread;

	return core->cpu == cpu && local_end(core) == core
	       && (core->client || core_ep->fault || cpu->current == core);
}


/** What must hold for a thread whose share leads to somebody who can run. */
static void check_contribution(struct thread *t, word_t id)
{
	struct cpu *cpu = t->cpu;

	/* on the time of a donor who is gone it goes on until the next choice */
	if (t == cpu->current)
		return;
	/* what it blocked on while it ran on another's time still gets that */
	if (blocked(t) && has_local_donor(t))
		return;
	MUST(t->place == SCHED_QUEUED || core_goes_first(cpu), id);
	MUST(t->share->cpu == cpu, id);
	MUST(cpu->current, id);
	if (core_goes_first(cpu)) {
		MUST(cpu->current == core_ep->thread, id);
		return;
	}
	MUST(cpu->donor, id);
	if (!cpu->donor)
		return;
	MUST(cpu->donor->share->priority >= t->share->priority, id);

	/* somebody of equal priority gets his turn */
	if (t != cpu->donor && cpu->donor->share->priority == t->share->priority)
		MUST(stub_timer[cpu->id] != BY_NEVER, id);
}


static void check_cpu(struct cpu *cpu)
{
	MUST(!cpu->current || (thread_exists(cpu->current) && cpu->current->cpu == cpu),
	     cpu->id);
	MUST(!cpu->donor || (thread_exists(cpu->donor) && cpu->donor->cpu == cpu
	                     && cpu->donor->place == SCHED_QUEUED), cpu->id);
	MUST(!cpu->pd || exists(cpu->pd, BY_OBJECT_PD), cpu->id);
	if (error[0])
		return;
	MUST(!cpu->current || cpu->current->pd == cpu->pd, cpu->id);
	MUST(!cpu->current || cpu->current->fpu == cpu->fpu, cpu->id);
}


/** Nothing is on its way between CPUs. */
static bool settled(void)
{
	for (unsigned i = 0; i < cpu_count; i++)
		if (cpus[i].inbox || cpus[i].work || stub_ipi[i])
			return false;

	return true;
}


static void check_choice(struct cpu *cpu)
{
	MUST(!cpu->resched, cpu->id);
	MUST(list_empty(&cpu->released), cpu->id);
	if (!cpu->current)
		return;
	MUST(local_end(cpu->current) == cpu->current, cpu->id);
	MUST(core_goes_first(cpu) || (cpu->donor && local_end(cpu->donor) == cpu->current),
	     cpu->id);
}


static void check_schedule(void)
{
	for (unsigned i = 0; i < cpu_count; i++)
		check_cpu(&cpus[i]);
	if (error[0] || !settled())
		return;

	for (unsigned i = 0; i < cpu_count; i++)
		check_choice(&cpus[i]);
	if (error[0])
		return;
	EACH(entry, BY_OBJECT_THREAD)
		if (contributes(entry->object))
			check_contribution(entry->object, entry->id);
	EACH(entry, BY_OBJECT_THREAD)
		MUST(!((struct thread *)entry->object)->poke, entry->id);
}


const char *world_check(void)
{
	error[0] = 0;
	if (stub_lock_error())
		return stub_lock_error();
	for (unsigned i = 0; i < cpu_count; i++)
		MUST(!stub_locks_held(i), i);
	MUST(!core_lock.held, 0);

	check_objects();
	check_caps();
	if (!error[0])
		check_ipc();
	if (!error[0])
		check_timers();
	if (!error[0])
		check_queues();
	if (!error[0])
		check_schedule();

	return error[0] ? error : NULL;
}
