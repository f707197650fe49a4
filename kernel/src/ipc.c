/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IPC: calls, replies, signals and faults at endpoints.
 *
 * The lock of an endpoint owns its queues and the IPC state of the threads that
 * are blocked there: its own while WAITING, callers while QUEUED or SERVED. So
 * whoever holds it may write to the registers and message page of those threads.
 * The message is copied from the blocked sender to the blocked receiver at
 * delivery. A thread becomes READY as the last thing done to it.
 */
#include "endpoint.h"
#include "cap.h"
#include "cpu.h"
#include "panic.h"
#include "sched.h"
#include "thread.h"

struct endpoint *core_ep;

/** Bits of a tag that travel from sender to receiver. */
static by_tag_t const TAG_MASK = 0x3fff03ff;

/** Words and capabilities: at most BY_MSG_REGS if there are few words and nothing else. */
static by_tag_t const TAG_SIZE = 0x3ff;

enum { WAIT_CLASSES = BY_WAIT_SIGNALS | BY_WAIT_IO };


/** Whether a message is in registers. */
static inline bool tag_short(by_tag_t tag)
{
	return (tag & TAG_SIZE) <= BY_MSG_REGS;
}


static inline bool tag_valid(by_tag_t tag)
{
	return tag_short(tag)
	       || (by_tag_words(tag) <= BY_MSG_WORDS && by_tag_caps(tag) <= BY_MSG_CAPS);
}


/** End an IPC without message. */
static void set_status(struct thread *thread, status_t status)
{
	frame_set_tag(&thread->frame, by_tag_event(BY_EVENT_NONE, status));
}


/*
 * Messages
 */

static void pass_cap(struct thread *from, struct thread *to, unsigned i)
{
	struct by_message *msg = to->msg;
	word_t const   index  = atomic_relaxed(&from->msg->send_cap[i]);
	struct object *object = index ? cap_object(from->pd, index) : NULL;
	word_t kind = index ? BY_CAP_DEAD : BY_CAP_NONE, value = 0;

	if (object)
		kind = object_kind(object, to->pd, &value);
	/* what core gives is to be held in a slot, even if it belongs to the receiver */
	if (kind == BY_CAP_FOREIGN || (kind == BY_CAP_OWN && from->pd == core_pd)) {
		kind = BY_CAP_FOREIGN;
		word_t   slot   = atomic_relaxed(&msg->recv_slot[i]);
		status_t status = cap_fill(to->pd, slot, object);
		value = status == BY_OK ? slot : 0;
		if (status != BY_OK)
			kind = status == BY_GONE ? BY_CAP_DEAD : BY_CAP_LOST;
	}
	msg->cap_kind[i]  = kind;
	msg->cap_value[i] = value;
}


__attribute__((noinline))
static void pass_caps(struct thread *from, struct thread *to, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		pass_cap(from, to, i);
}


static inline void pass_message(struct thread *from, struct thread *to, by_tag_t tag)
{
	unsigned const words = by_tag_words(tag);
	unsigned const caps  = by_tag_caps(tag);

	if (likely(tag_short(tag))) {
		frame_copy_words(&to->frame, &from->frame, words);
		return;
	}
	frame_copy_words(&to->frame, &from->frame, words < BY_MSG_REGS ? words : BY_MSG_REGS);
	if (words > BY_MSG_REGS)
		memcpy(to->msg->word + BY_MSG_REGS, from->msg->word + BY_MSG_REGS,
		       (words - BY_MSG_REGS) * sizeof(word_t));
	if (caps)
		pass_caps(from, to, caps);
}


/*
 * Queues of callers; the endpoint's lock is held
 */

static void queue_add(struct endpoint *ep, struct thread *caller, unsigned level)
{
	caller->level = (uint8_t)level;
	ring_push_back(&ep->queue[level], &caller->ipc_link);
	ep->levels |= 1u << level;
}


static void queue_remove(struct endpoint *ep, struct thread *caller)
{
	ring_remove(&ep->queue[caller->level], &caller->ipc_link);
	if (ring_empty(&ep->queue[caller->level]))
		ep->levels &= ~(1u << caller->level);
}


static struct thread *queue_first(struct endpoint const *ep)
{
	uint32_t levels = atomic_relaxed(&ep->levels);

	if (!levels)
		return NULL;

	struct link *first = ep->queue[31u - (unsigned)__builtin_clz(levels)].first;

	return first ? container_of(first, struct thread, ipc_link) : NULL;
}


static void gate_leave(struct thread *caller)
{
	if (caller->gate)
		ring_remove(&caller->gate->callers, &caller->gate_link);
	caller->gate = NULL;
}


bool endpoint_local_caller(struct endpoint const *ep, struct cpu const *cpu)
{
	struct thread *caller = queue_first(ep);

	return caller && atomic_load(&caller->cpu) == cpu && !caller->detached;
}


/** Make a blocked caller go on; its registers are complete. */
static void release_caller(struct thread *caller)
{
	atomic_store(&caller->state, (uint8_t)THREAD_READY); /* thread_runnable() */
}


/**
 * A queued caller got a donor of priority 'level': requeue it, and go on with
 * whoever its callee is blocked on. The chain is bounded.
 */
static void boost(struct thread *thread, unsigned level)
{
	for (unsigned i = 0; thread && i < 2 * CHAIN_LIMIT; i++) {
		bool queued = atomic_load(&thread->state) == THREAD_QUEUED;
		/* read after the state: before, it could be of a call that ended long ago */
		struct endpoint *ep = atomic_load(&thread->callee);

		if (queued && ep) {
			lock_take(&ep->lock);
			if (thread->state == THREAD_QUEUED && thread->callee == ep
			    && thread->level < level) {
				queue_remove(ep, thread);
				queue_add(ep, thread, level);
			}
			lock_release(&ep->lock);
		}
		thread = thread_blocker(thread);
	}
}


/*
 * Delivery to the thread of an endpoint; the lock is held
 */

static inline void deliver_request(struct thread *server, struct thread *caller,
                                   struct gate const *gate, by_tag_t tag)
{
	pass_message(caller, server, tag);
	frame_set_tag(&server->frame, tag & TAG_MASK);
	frame_set_cap(&server->frame, gate->part.badge);
	server->client = caller;
	server->depth  = (uint8_t)(caller->depth + 1);
	atomic_store(&caller->state, (uint8_t)THREAD_SERVED); /* ipc_abort() */
}


static void deliver_fault(struct endpoint *ep, struct thread *server, struct thread *faulter)
{
	ep->fault = faulter;
	for (unsigned i = 0; i < BY_FAULT_WORDS; i++)
		frame_set_word(&server->frame, i, faulter->fault[i]);
	frame_set_cap(&server->frame, faulter->obj.id);
	frame_set_tag(&server->frame, by_tag_event(BY_EVENT_FAULT, BY_OK) | BY_FAULT_WORDS);
}


static void deliver_first_caller(struct endpoint *ep, struct thread *server)
{
	struct thread *caller = queue_first(ep);

	queue_remove(ep, caller);
	server->client_donor = NULL;
	if (caller->state == THREAD_FAULTING) {
		deliver_fault(ep, server, caller);
		return;
	}
	struct gate const *gate = caller->gate;
	by_tag_t const     tag  = (by_tag_t)frame_tag(&caller->frame);

	gate_leave(caller);
	/* core can have written its registers while it was queued */
	deliver_request(server, caller, gate, tag_valid(tag) ? tag : 0);
}


static void deliver_signal(struct endpoint *ep, struct thread *server, unsigned class)
{
	struct signal *signal = container_of(ep->signals[class].first, struct signal, link);

	ring_remove(&ep->signals[class], &signal->link);
	frame_set_word(&server->frame, 0, signal->count);
	frame_set_cap(&server->frame, signal->part.badge);
	frame_set_tag(&server->frame, by_tag_event(BY_EVENT_SIGNAL, BY_OK) | 1);
	signal->count  = 0;
	ep->last_class = (uint8_t)class;
}


/** Class whose signal is next among those accepted; SIGNAL_CLASSES if none is pending. */
static unsigned next_class(struct endpoint const *ep, word_t accept)
{
	bool app = accept & BY_WAIT_SIGNALS && !ring_empty(&ep->signals[SIGNAL_APP]);
	bool io  = accept & BY_WAIT_IO && !ring_empty(&ep->signals[SIGNAL_IO]);

	if (app && io)
		return ep->last_class == SIGNAL_APP ? SIGNAL_IO : SIGNAL_APP;
	if (app)
		return SIGNAL_APP;

	return io ? SIGNAL_IO : SIGNAL_CLASSES;
}


/** Deliver what is pending and accepted, if anything. Requests and signals alternate. */
static bool deliver_next(struct endpoint *ep, struct thread *server, word_t accept)
{
	unsigned const class   = next_class(ep, accept);
	bool     const request = accept & BY_WAIT_REQUESTS && ep->levels;

	if (class != SIGNAL_CLASSES && (ep->signal_turn || !request)) {
		ep->signal_turn = false;
		deliver_signal(ep, server, class);
		return true;
	}
	if (!request)
		return false;

	ep->signal_turn = true;
	deliver_first_caller(ep, server);

	return true;
}


/*
 * Calls
 */

/** Block the caller in the endpoint's queue. The lock is held and released here. */
__attribute__((noinline))
static void call_queued(struct endpoint *ep, struct thread *caller, struct gate *gate)
{
	unsigned level = sched_priority(caller);

	if (thread_chain_closes(caller, ep->thread)) {
		lock_release(&ep->lock);
		set_status(caller, BY_DEADLOCK);
		return;
	}
	caller->callee = ep;
	caller->gate   = gate;
	ring_push_back(&gate->callers, &caller->gate_link);
	queue_add(ep, caller, level);
	atomic_store(&caller->state, (uint8_t)THREAD_QUEUED); /* ipc_abort() */
	struct thread *server = ep->thread;
	lock_release(&ep->lock);

	/* of calls that close a cycle together, on several CPUs, the last one sees all */
	atomic_full_fence(); /* pairs with itself */
	if (unlikely(thread_chain_closes(caller, server))) {
		(void)ipc_abort(caller, BY_DEADLOCK);
		return;
	}
	smp_self()->resched = true;
	boost(server, level);
	/* a passive server without time of its own has got a donor */
	if (atomic_load(&server->cpu) != smp_self())
		cpu_poke(server, POKE_WAKE);
}


/** Take a server of another CPU, if it allows that. */
__attribute__((noinline))
static bool take_server(struct cpu *cpu, struct thread *server, struct endpoint *ep)
{
	if (!ep->movable || !cpu_claim(server))
		return false;

	atomic_store(&server->cpu, cpu); /* cpu_poke() */
	cpu_unclaim(server);

	return true;
}


/** Whether the server of this CPU may run at once in place of the caller. */
static inline bool hand_over(struct cpu const *cpu, struct thread const *server)
{
	if (server->paused || server->detached || server->place == SCHED_STALLED
	    || !list_empty(&server->stalled))
		return false;

	/* its own share could be more important than the donor's */
	return server->passive
	       || (cpu->donor && server->share
	           && server->share->priority <= cpu->donor->share->priority);
}


/** The server got a request and is to run by the scheduler's choice. The lock is held. */
__attribute__((noinline))
static void call_scheduled(struct cpu *cpu, struct thread *server, struct endpoint *ep)
{
	server->client_donor = NULL;
	ep->movable          = false;
	atomic_store(&server->state, (uint8_t)THREAD_READY); /* thread_runnable() */
	lock_release(&ep->lock);

	cpu->resched = true;
	thread_ready(server);
}


/**
 * The server waits for requests: deliver, and let it run, at once if it is 'here', on this
 * CPU. The lock is held.
 */
__attribute__((always_inline))
static inline void call_waiting(struct endpoint *ep, struct thread *caller,
                                struct gate const *gate, by_tag_t tag, bool here)
{
	struct cpu    *cpu    = smp_self();
	struct thread *server = ep->thread;

	caller->callee = ep;
	deliver_request(server, caller, gate, tag);
	if (unlikely(!here || !hand_over(cpu, server))) {
		call_scheduled(cpu, server, ep);
		return;
	}
	server->client_donor = cpu->donor;
	server->state        = THREAD_READY;
	ep->movable          = false;
	cpu->current         = server;
	lock_release(&ep->lock);
}


/** The same with a long message, or with a server of another CPU. */
__attribute__((noinline))
static void call_waiting_slowly(struct endpoint *ep, struct thread *caller,
                                struct gate const *gate, by_tag_t tag)
{
	struct cpu    *cpu    = smp_self();
	struct thread *server = ep->thread;

	call_waiting(ep, caller, gate, tag,
	             server->cpu == cpu || take_server(cpu, server, ep));
}


/** The call through a slot without a living gate. */
__attribute__((noinline))
static void call_dead_end(struct thread *caller, word_t index)
{
	struct slot   *slot  = cap_slot(caller->pd, index);
	struct object *other = slot ? atomic_load(&slot->object) : NULL; /* pairs with cap_fill() */
	bool const     wrong_type = other && other->type != BY_OBJECT_NONE;

	/* in this order: object_unlink() marks the slot before it empties it */
	set_status(caller, !wrong_type && slot && (other || atomic_load(&slot->object) || slot->dead)
	                   ? BY_GONE : BY_BAD_CAP);
}


/** The call cannot be made. The lock is held. */
__attribute__((noinline))
static void call_refused(struct endpoint *ep, struct thread *caller, status_t status)
{
	lock_release(&ep->lock);
	set_status(caller, status);
}


void ipc_call(struct thread *caller)
{
	word_t const   index  = frame_cap(&caller->frame);
	struct object *object = cap_lookup(caller->pd, index, BY_OBJECT_GATE);

	if (unlikely(!object)) {
		call_dead_end(caller, index);
		return;
	}
	by_tag_t const tag = (by_tag_t)frame_tag(&caller->frame);

	if (unlikely(!tag_valid(tag))) {
		set_status(caller, BY_INVALID);
		return;
	}
	struct gate     *gate = container_of(object, struct gate, part.obj);
	struct endpoint *ep   = atomic_load(&gate->part.ep); /* pairs with part_leave() */

	if (unlikely(!ep)) {
		set_status(caller, BY_GONE);
		return;
	}
	lock_take(&ep->lock);
	struct thread *server = ep->thread;

	if (unlikely(!server || object->type == BY_OBJECT_NONE))
		call_refused(ep, caller, BY_GONE);
	else if (unlikely(caller->depth >= CHAIN_LIMIT))
		call_refused(ep, caller, BY_DEADLOCK);
	else if (unlikely(server->state != THREAD_WAITING || !(ep->accept & BY_WAIT_REQUESTS)))
		call_queued(ep, caller, gate);
	else if (unlikely(!tag_short(tag) || server->cpu != smp_self()))
		call_waiting_slowly(ep, caller, gate, tag);
	else
		call_waiting(ep, caller, gate, tag, true);
}


/*
 * Replies and waiting
 */

/** Answer the client; the lock is held. Returns the client, to be woken. */
static inline struct thread *reply(struct thread *thread, word_t options, by_tag_t tag)
{
	struct thread *client = thread->client;

	if (!client || !(options & (BY_WAIT_REPLY | BY_WAIT_REQUESTS)))
		return NULL;

	thread->client = NULL;
	thread->depth  = 0;
	if (options & BY_WAIT_REPLY && tag_valid(tag)) {
		pass_message(thread, client, tag);
		frame_set_tag(&client->frame, tag & TAG_MASK);
	} else {
		set_status(client, BY_NO_REPLY);
	}
	release_caller(client);

	return client;
}


/** Core waits again: it has done what it wanted with the fault it took. */
static void settle_fault(struct endpoint *ep)
{
	if (!ep->fault)
		return;

	if (ep->fault->state == THREAD_FAULTING)
		atomic_store(&ep->fault->state, (uint8_t)THREAD_FAULTED);
	ep->fault = NULL;
}


/**
 * Where a passive thread that goes on should run: it follows the client whose request
 * it took, unless somebody here runs on its time. The lock is held.
 */
static struct cpu *better_cpu(struct cpu *cpu, struct thread const *thread)
{
	if (!thread->passive || !thread->client || !ring_empty(&thread->parkers))
		return cpu;

	return atomic_load(&thread->client->cpu);
}


/**
 * Whether the client can go on in place of its server that now waits for requests. As
 * nobody is queued and nobody is parked, the donor's way led through the client.
 */
static inline bool hand_back(struct cpu *cpu, struct thread *server, struct thread *client)
{
	return client && client->cpu == cpu && cpu->donor && cpu->donor != server
	       && cpu->donor == server->client_donor && client->place != SCHED_STALLED
	       && list_empty(&client->stalled) && !client->paused && !client->detached
	       && ring_empty(&server->parkers) && !cpu->resched;
}


/** Something arrived, or the thread does not want to wait. The lock is held. */
__attribute__((noinline))
static void wait_over(struct endpoint *ep, struct thread *thread, struct thread *client)
{
	struct cpu *const cpu = smp_self(), *const to = better_cpu(cpu, thread);

	lock_release(&ep->lock);
	/* core may have resumed a thread whose time it was, see sched_resumes() */
	if (client || thread->passive)
		cpu->resched = true;
	if (client)
		thread_ready(client);
	if (unlikely(to != cpu))
		sched_move(thread, to);
}


/** Whether something is pending, whatever is accepted. */
static inline bool pending(struct endpoint const *ep)
{
	return ep->levels || !ring_empty(&ep->signals[SIGNAL_APP])
	       || !ring_empty(&ep->signals[SIGNAL_IO]);
}


/** The thread waits, and its client, if any, does not just take its place. */
__attribute__((noinline))
static void wait_chosen(struct cpu *cpu, struct thread *thread, struct thread *client)
{
	/* core has resumed a thread, see sched_resumes() */
	if (!client && thread->passive && thread->client_donor == cpu->donor
	    && sched_continue(cpu))
		return;

	cpu->resched = true;
	if (client)
		thread_ready(client);
}


/** Wait, and let the client go on. The lock is held. */
__attribute__((always_inline))
static inline void wait_blocked(struct endpoint *ep, struct thread *thread,
                                struct thread *client, word_t accept)
{
	struct cpu *const cpu = smp_self();

	ep->accept   = (uint32_t)accept;
	ep->movable  = thread->passive && thread->place == SCHED_OUT
	               && ring_empty(&thread->parkers)
	               && !(thread->fpu && cpu->fpu == thread->fpu);
	cpu->current = NULL;
	atomic_store(&thread->state, (uint8_t)THREAD_WAITING);
	lock_release(&ep->lock);

	if (likely(accept & BY_WAIT_REQUESTS && hand_back(cpu, thread, client))) {
		cpu->current = client;
		return;
	}
	wait_chosen(cpu, thread, client);
}


/** Whether there is but a reply to be made, and nothing that is pending. */
static inline bool wait_usual(struct endpoint const *ep, struct thread const *thread,
                              word_t options)
{
	word_t const usual = BY_WAIT_REPLY | BY_WAIT_REQUESTS;

	return (options & (usual | BY_WAIT_POLL)) == usual && !ep->fault && !pending(ep)
	       && !(thread->passive && thread->place == SCHED_QUEUED);
}


__attribute__((always_inline))
static inline void wait_usually(struct endpoint *ep, struct thread *thread, word_t options,
                                by_tag_t tag)
{
	struct thread *client = reply(thread, BY_WAIT_REPLY | BY_WAIT_REQUESTS, tag);

	wait_blocked(ep, thread, client, options & (BY_WAIT_REQUESTS | WAIT_CLASSES));
}


__attribute__((noinline))
static void wait_with_long_reply(struct endpoint *ep, struct thread *thread, word_t options,
                                 by_tag_t tag)
{
	wait_usually(ep, thread, options, tag);
}


/** All that is unusual. The lock is held. */
__attribute__((noinline))
static void wait_slowly(struct endpoint *ep, struct thread *thread, word_t options)
{
	word_t const   accept = options & (BY_WAIT_REQUESTS | WAIT_CLASSES);
	struct thread *client = reply(thread, options, (by_tag_t)frame_tag(&thread->frame));

	if (options & BY_WAIT_REQUESTS)
		settle_fault(ep);

	if (!accept) {
		set_status(thread, BY_OK);
	} else if (!deliver_next(ep, thread, accept)) {
		if (!(options & BY_WAIT_POLL)) {
			/* its fallback share has let it come so far; now any CPU may take it */
			if (thread->passive && thread->place == SCHED_QUEUED)
				sched_remove(thread);
			wait_blocked(ep, thread, client, accept);
			return;
		}
		set_status(thread, BY_EMPTY);
	}
	wait_over(ep, thread, client);
}


void ipc_wait(struct thread *thread, word_t options)
{
	struct endpoint *ep  = atomic_load(&thread->ep); /* pairs with ipc_orphan() */
	by_tag_t const   tag = (by_tag_t)frame_tag(&thread->frame);

	if (unlikely(!ep)) {
		set_status(thread, BY_INVALID);
		return;
	}
	lock_take(&ep->lock);
	/* core can have taken the endpoint away before it was locked */
	if (unlikely(ep->thread != thread)) {
		lock_release(&ep->lock);
		set_status(thread, BY_GONE);
		return;
	}
	if (unlikely(!wait_usual(ep, thread, options)))
		wait_slowly(ep, thread, options);
	else if (likely(tag_short(tag)))
		wait_usually(ep, thread, options, tag);
	else
		wait_with_long_reply(ep, thread, options, tag);
}


/*
 * Signals
 */

void signal_submit(struct signal *signal, word_t count)
{
	struct endpoint *ep = atomic_load(&signal->part.ep); /* pairs with part_leave() */
	struct thread   *woken = NULL;

	if (!ep || !count)
		return;

	lock_take(&ep->lock);
	if (signal->part.obj.type == BY_OBJECT_SIGNAL && ep->obj.type == BY_OBJECT_ENDPOINT) {
		uint32_t room = UINT32_MAX - signal->count;
		signal->count += count < room ? (uint32_t)count : room;
		if (!link_used(&signal->link))
			ring_push_back(&ep->signals[signal->class], &signal->link);

		struct thread *thread = ep->thread;
		if (thread && thread->state == THREAD_WAITING
		    && next_class(ep, ep->accept) != SIGNAL_CLASSES) {
			deliver_signal(ep, thread, signal->class);
			thread->client_donor = NULL;
			ep->movable          = false;
			atomic_store(&thread->state, (uint8_t)THREAD_READY);
			woken = thread;
		}
	}
	lock_release(&ep->lock);

	if (woken)
		thread_ready(woken);
}


/*
 * Faults
 */

void ipc_fault(struct thread *thread)
{
	struct endpoint *ep    = core_ep;
	struct cpu      *cpu   = smp_self();
	struct thread   *woken = NULL;
	bool             direct = false;

	lock_take(&ep->lock);
	thread->callee = ep;
	queue_add(ep, thread, sched_priority(thread));
	atomic_store(&thread->state, (uint8_t)THREAD_FAULTING);

	struct thread *core = ep->thread;
	if (core->state == THREAD_WAITING && ep->accept & BY_WAIT_REQUESTS) {
		deliver_first_caller(ep, core);
		bool here = core->cpu == cpu || take_server(cpu, core, ep);
		ep->movable = false;
		atomic_store(&core->state, (uint8_t)THREAD_READY);
		woken  = core;
		/* as at a call: the donor is the same, and nobody comes before core */
		direct = here && cpu->current == thread && !cpu->resched && hand_over(cpu, core);
		if (direct) {
			core->client_donor = cpu->donor;
			cpu->current       = core;
		}
	}
	lock_release(&ep->lock);

	if (direct)
		return;

	cpu->resched = true;
	if (woken)
		thread_ready(woken);
}


void ipc_drop_fault(struct thread *thread)
{
	struct endpoint *ep = core_ep;

	if (atomic_load(&thread->state) != THREAD_FAULTING)
		return;

	lock_take(&ep->lock);
	if (thread->state == THREAD_FAULTING) {
		if (ep->fault == thread)
			ep->fault = NULL;
		else
			queue_remove(ep, thread);
		thread->state = THREAD_FAULTED;
	}
	lock_release(&ep->lock);
}


/*
 * Ends
 */

void ipc_pin(struct thread *thread)
{
	struct endpoint *ep = atomic_load(&thread->ep); /* pairs with ipc_orphan() */

	if (!ep)
		return;

	lock_take(&ep->lock);
	ep->movable = false;
	lock_release(&ep->lock);
}


/** End the wait of a thread at its own endpoint. */
static bool abort_wait(struct thread *thread, status_t status)
{
	struct endpoint *ep = thread->ep;
	bool waiting = false;

	lock_take(&ep->lock);
	if (thread->state == THREAD_WAITING) {
		waiting     = true;
		ep->movable = false;
		set_status(thread, status);
		release_caller(thread);
	}
	lock_release(&ep->lock);

	return waiting;
}


/** End the call of a thread: the callee forgets it. */
static bool abort_call(struct thread *thread, status_t status)
{
	struct endpoint *ep = atomic_load(&thread->callee);
	struct thread   *server = NULL;
	bool ended = false;

	lock_take(&ep->lock);
	if (thread->callee == ep) {
		server = ep->thread;
		if (thread->state == THREAD_QUEUED) {
			queue_remove(ep, thread);
			gate_leave(thread);
			ended = true;
		} else if (thread->state == THREAD_SERVED && server && server->client == thread) {
			server->client = NULL;
			server->depth  = 0;
			ended = true;
		}
	}
	if (ended) {
		set_status(thread, status);
		release_caller(thread);
	}
	lock_release(&ep->lock);

	/* a passive server may have lost its last donor */
	if (ended && server)
		thread_ready(server);

	return ended;
}


bool ipc_abort(struct thread *thread, status_t status)
{
	uint8_t state = atomic_load(&thread->state);
	bool    ended = false;

	/* in any other state 'callee' can be of a call that ended long ago */
	if (state == THREAD_WAITING)
		ended = abort_wait(thread, status);
	else if (state == THREAD_QUEUED || state == THREAD_SERVED)
		ended = abort_call(thread, status);
	if (ended)
		thread_ready(thread);

	return ended;
}


bool ipc_drop_caller(struct endpoint *ep, struct gate *gate)
{
	lock_take(&ep->lock);
	struct thread *server = ep->thread;
	struct thread *caller = queue_first(ep);
	if (gate)
		caller = ring_empty(&gate->callers) ? NULL
		         : container_of(gate->callers.first, struct thread, gate_link);
	if (caller) {
		queue_remove(ep, caller);
		gate_leave(caller);
		set_status(caller, BY_GONE);
		release_caller(caller);
	}
	lock_release(&ep->lock);

	if (caller)
		thread_ready(caller);
	/* a passive server may have lost its last donor */
	if (caller && server)
		thread_ready(server);

	return caller != NULL;
}


void ipc_orphan(struct endpoint *ep, struct thread *thread)
{
	lock_take(&ep->lock);
	struct thread *client  = thread->client;
	bool           waiting = thread->state == THREAD_WAITING;

	ep->thread  = NULL;
	ep->movable = false;
	thread->ep  = NULL;
	/* a PD that dies takes its threads along: nobody takes a new one for it later */
	atomic_store(&ep->pd, (struct pd *)NULL); /* pairs with part_pd() */

	thread->client = NULL;
	thread->depth  = 0;
	if (client) {
		set_status(client, BY_GONE);
		release_caller(client);
	}
	if (waiting) {
		set_status(thread, BY_GONE);
		release_caller(thread);
	}
	lock_release(&ep->lock);

	if (client)
		thread_ready(client);
	/* its wait ended, or it has lost its donors */
	thread_ready(thread);
}
