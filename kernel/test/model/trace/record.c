/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The recorder; see record.h. Operations come from the kernel's functions, which the
 * linker leads through here (--wrap); what they did is read when the lock is released.
 *
 * A section of code becomes visible to others when it makes a thread ready, or else when
 * its lock is released: there its event stands in the trace.
 */
#include "record.h"
#include "cap.h"
#include "endpoint.h"
#include "events.h"
#include "thread.h"
#include "world.h"
#include <stdlib.h>
#include <string.h>

enum { EVENTS = 60000, TAIL = 400, NONE = 255, RELEASED = 8, KINDS = 5 };

struct event {
	uint8_t  kind, a, b, c, flags;
	uint16_t n;
	unsigned size;
	uint8_t  state[TAIL];
};

/** The end of a thread's operation. */
struct end { struct thread *thread; by_tag_t tag; word_t cap, word; };

/** The operation that a CPU executes, and the section in it. */
struct activity {
	void         (*did)(struct activity *, uint8_t thread); /* what its section means */
	struct thread *thread;
	struct gate   *gate;
	struct signal *signal;
	word_t         options, count;
	bool           valid;
	status_t       status;
	struct event  *call;       /* whose outcome is still unknown */

	struct endpoint *ep;       /* whose lock is held */
	struct event    *event;    /* its place, once somebody can see the section */
	struct end       ends[RELEASED];
	unsigned         end_count;
	uint8_t          level[TRACE_T];  /* before a boost */
	bool             pending[TRACE_S];/* before a withdrawal */
};

static struct event    events[EVENTS];
static struct activity activities[CPU_MAX];
static void           *objects[KINDS][256];
static bool            started[256], faulty[256], left[KINDS][256];
static bool            on;

unsigned record_count;


static struct activity *activity(void)
{
	return &activities[stub_cpu->id];
}


static uint8_t index_of(unsigned kind, void const *object)
{
	for (unsigned i = 0; object && i < NONE; i++)
		if (objects[kind][i] == object)
			return (uint8_t)i;

	return NONE;
}


static struct thread *thread_at(unsigned i) { return objects[OBJECT_THREAD][i]; }
static struct signal *signal_at(unsigned i) { return objects[OBJECT_SIGNAL][i]; }


static struct event *add(unsigned kind, unsigned a, unsigned b, unsigned c)
{
	if (record_count == EVENTS) {
		fprintf(stderr, "record: the trace is too long\n");
		exit(2);
	}
	struct event *event = &events[record_count++];

	*event = (struct event) { .kind = (uint8_t)kind, .a = (uint8_t)a, .b = (uint8_t)b,
	                          .c = (uint8_t)c };

	return event;
}


static void created(unsigned kind, void *object, unsigned about, unsigned n)
{
	static unsigned const room[KINDS] = { 0, TRACE_T, TRACE_E, TRACE_G, TRACE_S };
	unsigned i = 0;

	while (objects[kind][i])
		i++;
	if (i >= room[kind]) {
		fprintf(stderr, "record: too many objects of kind %u\n", kind);
		exit(2);
	}
	objects[kind][i] = object;
	left[kind][i]    = false;
	add(DO_CREATE, kind, i, about)->n = (uint16_t)n;
	if (kind == OBJECT_THREAD)
		started[i] = faulty[i] = false;
}


static void freed(unsigned kind, void const *object)
{
	uint8_t i = index_of(kind, object);

	if (i == NONE)
		return;
	add(DO_FREE, kind, i, 0);
	objects[kind][i] = NULL;
}


/*
 * The state of an endpoint
 */

static void put(struct event *event, unsigned value)
{
	if (event->size == TAIL) {
		fprintf(stderr, "record: too much state\n");
		exit(2);
	}
	event->state[event->size++] = (uint8_t)value;
}


static void put16(struct event *event, word_t value)
{
	put(event, value & 0xff);
	put(event, (unsigned)(value >> 8 & 0xff));
}


static void put_queue(struct event *event, struct endpoint const *ep)
{
	unsigned at = event->size, count = 0;

	put(event, 0);
	for (unsigned level = BY_PRIORITIES; level--; ) {
		struct link *link = ep->queue[level].first;
		for (; link; link = link->next == ep->queue[level].first ? NULL : link->next) {
			struct thread *t = container_of(link, struct thread, ipc_link);
			put(event, index_of(OBJECT_THREAD, t));
			put(event, index_of(OBJECT_GATE, t->gate));
			put(event, t->level);
			count++;
		}
	}
	event->state[at] = (uint8_t)count;
}


static void put_signals(struct event *event, struct endpoint const *ep)
{
	unsigned at = event->size, count = 0;

	put(event, 0);
	for (unsigned class = 0; class < SIGNAL_CLASSES; class++) {
		struct link *link = ep->signals[class].first;
		for (; link; link = link->next == ep->signals[class].first ? NULL : link->next) {
			struct signal *s = container_of(link, struct signal, link);
			put(event, index_of(OBJECT_SIGNAL, s));
			put16(event, s->count);
			count++;
		}
	}
	event->state[at] = (uint8_t)count;
}


static uint8_t part_with(unsigned kind, struct endpoint const *ep, word_t badge)
{
	for (unsigned i = 0; i < NONE; i++) {
		struct part *part = objects[kind][i]; /* gates and signals begin with it */
		if (part && part->ep == ep && part->badge == badge)
			return (uint8_t)i;
	}

	return NONE;
}


/** What the end of an operation was about. */
static uint8_t about(struct end const *end, struct endpoint const *ep)
{
	switch (by_tag_event_of(end->tag)) {
	case BY_EVENT_REQUEST:
		return end->thread == ep->thread ? part_with(OBJECT_GATE, ep, end->cap) : NONE;
	case BY_EVENT_SIGNAL:
		return part_with(OBJECT_SIGNAL, ep, end->cap);
	case BY_EVENT_FAULT:
		for (unsigned i = 0; i < NONE; i++)
			if (thread_at(i) && thread_at(i)->obj.id == end->cap)
				return (uint8_t)i;
		return NONE;
	default:
		return NONE;
	}
}


static void put_ends(struct event *event, struct activity const *now)
{
	put(event, now->end_count);
	for (unsigned i = 0; i < now->end_count; i++) {
		struct end const *end = &now->ends[i];
		put(event, index_of(OBJECT_THREAD, end->thread));
		put(event, (unsigned)by_tag_event_of(end->tag) << 6 | (end->tag >> 10 & 0x3f));
		put(event, about(end, now->ep));
		put16(event, end->word);
	}
}


static bool chains_unclear(void)
{
	if (cpu_count > 1)
		return true;
	for (unsigned i = 0; i < TRACE_T; i++)
		if (thread_at(i) && thread_at(i)->owner)
			return true;

	return false;
}


static void put_state(struct event *event, struct activity const *now)
{
	struct endpoint const *ep = now->ep;
	struct thread const   *t  = ep->thread;

	event->flags = HAS_STATE | (chains_unclear() ? EXCUSED : 0);
	put(event, index_of(OBJECT_ENDPOINT, ep));
	put(event, index_of(OBJECT_THREAD, t));
	put(event, index_of(OBJECT_THREAD, t ? t->client : NULL));
	put(event, t && t->state == THREAD_WAITING ? ep->accept >> 8 : 0);
	put(event, ep->signal_turn);
	put(event, ep->last_class);
	put(event, index_of(OBJECT_THREAD, ep->fault));
	put_queue(event, ep);
	put_signals(event, ep);
	put_ends(event, now);
}


/*
 * Sections
 */

static void end_of(struct activity *now, struct thread *t)
{
	if (now->end_count < RELEASED)
		now->ends[now->end_count++] = (struct end) {
			t, world_tag(t), frame_cap(&t->frame), frame_word(&t->frame, 0)
		};
}


/** An event of this section, at the place where others have seen it first. */
static struct event *section(struct activity *now, unsigned kind, unsigned a)
{
	struct event *event = now->event ? now->event : add(kind, a, 0, 0);

	event->kind = (uint8_t)kind;
	event->a    = (uint8_t)a;

	return event;
}


static void did_call(struct activity *now, uint8_t t)
{
	struct event  *event  = section(now, DO_CALL, t);
	struct thread *server = now->ep->thread;
	uint8_t const  hint   = index_of(OBJECT_GATE, now->gate);

	event->b = hint;
	if (now->thread->state == THREAD_QUEUED) {
		event->b = index_of(OBJECT_GATE, now->thread->gate);
		event->c = CALL_QUEUED;
		event->n = (uint16_t)(now->thread->level << 8 | hint);
	} else if (now->thread->state == THREAD_SERVED) {
		if (!now->end_count)
			end_of(now, server);
		event->b = part_with(OBJECT_GATE, now->ep, now->ends[0].cap);
		event->c = CALL_SERVED;
		event->n = hint;
	} else {
		now->call = event; /* its status comes after the lock */
	}
	put_state(event, now);
}


static void did_wait(struct activity *now, uint8_t t)
{
	struct event *event = section(now, DO_WAIT, t);

	event->b = (uint8_t)(now->options >> 8 & 31);
	event->c = now->valid;
	if (now->ep->thread == now->thread && now->thread->state == THREAD_READY)
		end_of(now, now->thread);
	put_state(event, now);
}


static void did_submit(struct activity *now, uint8_t t)
{
	struct event *event = section(now, DO_SUBMIT, index_of(OBJECT_SIGNAL, now->signal));

	(void)t;
	event->n = (uint16_t)now->count;
	put_state(event, now);
}


static void did_fault(struct activity *now, uint8_t t)
{
	struct event *event = section(now, DO_FAULT, t);

	faulty[t] = true;
	event->n  = now->thread->level;
	put_state(event, now);
}


static void did_drop_fault(struct activity *now, uint8_t t)
{
	put_state(section(now, DO_DROP_FAULT, t), now);
}


static void did_abort_call(struct activity *now, uint8_t t)
{
	struct event *event = section(now, DO_ABORT_CALL, t);

	event->b = (uint8_t)(uintptr_t)now->status;
	put_state(event, now);
}


static void did_abort_wait(struct activity *now, uint8_t t)
{
	struct event *event = section(now, DO_ABORT_WAIT, t);

	event->b = (uint8_t)(uintptr_t)now->status;
	put_state(event, now);
}


static void did_drop(struct activity *now, uint8_t t)
{
	(void)t;
	if (!now->end_count)
		return;

	struct event *event = section(now, DO_DROP, index_of(OBJECT_THREAD, now->ends[0].thread));

	event->b = index_of(OBJECT_GATE, now->gate);
	put_state(event, now);
}


static void did_orphan(struct activity *now, uint8_t t)
{
	put_state(section(now, DO_ORPHAN, t), now);
}


static void did_boost(struct activity *now, uint8_t t)
{
	(void)t;
	for (unsigned i = 0; i < TRACE_T; i++) {
		struct thread *at = thread_at(i);
		if (!at || at->callee != now->ep || at->state != THREAD_QUEUED
		    || at->level == now->level[i])
			continue;
		struct event *event = section(now, DO_BOOST, i);
		event->n = at->level;
		put_state(event, now);
	}
}


static void did_withdraw(struct activity *now, uint8_t t)
{
	(void)t;
	for (unsigned i = 0; i < TRACE_S; i++)
		if (now->pending[i] && signal_at(i) && !link_used(&signal_at(i)->link))
			put_state(section(now, DO_WITHDRAW, i), now);
}


/* Sections of helpers, whoever calls them; any other is what the operation is about. */
static struct {
	const char *function;
	void      (*did)(struct activity *, uint8_t thread);
} const helpers[] = {
	{ "abort_call",      did_abort_call },
	{ "abort_wait",      did_abort_wait },
	{ "boost",           did_boost },
	{ "signal_withdraw", did_withdraw },
};


static struct endpoint *endpoint_of(struct lock const *lock)
{
	for (unsigned i = 0; i < TRACE_E; i++) {
		struct endpoint *ep = objects[OBJECT_ENDPOINT][i];
		if (ep && lock == &ep->lock)
			return ep;
	}

	return NULL;
}


void record_taken(struct lock *lock, const char *function)
{
	struct activity *now = activity();
	struct endpoint *ep  = on ? endpoint_of(lock) : NULL;

	(void)function;
	if (!ep)
		return;
	now->ep        = ep;
	now->event     = NULL;
	now->end_count = 0;
	for (unsigned i = 0; i < TRACE_T; i++)
		now->level[i] = thread_at(i) ? thread_at(i)->level : 0;
	for (unsigned i = 0; i < TRACE_S; i++)
		now->pending[i] = signal_at(i) && signal_at(i)->part.ep == ep
		                  && link_used(&signal_at(i)->link);
}


void record_release(struct lock *lock, const char *function)
{
	struct activity *now = activity();

	if (!on || !now->ep || lock != &now->ep->lock)
		return;
	void (*did)(struct activity *, uint8_t) = now->did;

	for (unsigned i = 0; i < ARRAY_SIZE(helpers); i++)
		if (!strcmp(helpers[i].function, function))
			did = helpers[i].did;
	if (did)
		did(now, index_of(OBJECT_THREAD, now->thread));
	now->ep    = NULL;
	now->event = NULL;
}


/*
 * Stores
 */

static void stored_state(struct activity *now, unsigned i)
{
	struct thread *t = thread_at(i);

	if (t->state != THREAD_READY)
		return;
	if (now->ep) {
		end_of(now, t);
		if (!now->event)
			now->event = add(0, 0, 0, 0);
	} else if (!started[i]) {
		add(DO_START, i, 0, 0);
		started[i] = true;
	} else if (faulty[i]) {
		add(DO_RESUME, i, 0, 0);
		faulty[i] = false;
	}
}


/** A gate or signal dies, or leaves its endpoint. */
static void stored_part(unsigned kind, unsigned i, void const *place)
{
	struct part *part = objects[kind][i];

	if (place == &part->obj.type && part->obj.type == BY_OBJECT_NONE)
		add(DO_KILL, kind, i, 0);
	/* it leaves when its endpoint dies, and once more when it dies itself */
	if (place == &part->ep && !part->ep && !left[kind][i]) {
		add(DO_LEAVE, kind, i, 0);
		left[kind][i] = true;
	}
}


void record_stored(void const *place)
{
	for (unsigned i = 0; on && i < TRACE_G; i++) {
		struct endpoint *ep = objects[OBJECT_ENDPOINT][i];
		if (i < TRACE_T && thread_at(i) && place == &thread_at(i)->state)
			stored_state(activity(), i);
		if (ep && place == &ep->obj.type && ep->obj.type == BY_OBJECT_NONE)
			add(DO_KILL, OBJECT_ENDPOINT, i, 0);
		if (objects[OBJECT_GATE][i])
			stored_part(OBJECT_GATE, i, place);
		if (objects[OBJECT_SIGNAL][i])
			stored_part(OBJECT_SIGNAL, i, place);
	}
}


/*
 * Operations: the linker leads calls from other files through these
 */

#define WRAP(result, name, ...) \
	result __real_##name(__VA_ARGS__); \
	result __wrap_##name(__VA_ARGS__); \
	result __wrap_##name(__VA_ARGS__)

/** What comes next is no part of the operation. */
static void over(void)
{
	activity()->did = NULL;
}


WRAP(void, kernel_main, struct by_boot_info *info)
{
	memset(objects, 0, sizeof(objects));
	memset(activities, 0, sizeof(activities));
	record_count = 0;
	on = true;
	__real_kernel_main(info);
	add(DO_START, 0, 0, 0);
	started[0] = true;
}


WRAP(void, thread_init, struct thread *t, word_t id, struct pd *pd, struct by_message *msg,
     bool passive)
{
	__real_thread_init(t, id, pd, msg, passive);
	created(OBJECT_THREAD, t, 0, 0);
}


WRAP(void, endpoint_init, struct endpoint *ep, word_t id, struct thread *t)
{
	__real_endpoint_init(ep, id, t);
	created(OBJECT_ENDPOINT, ep, index_of(OBJECT_THREAD, t), 0);
}


WRAP(void, gate_init, struct gate *gate, word_t id, struct endpoint *ep, word_t badge)
{
	__real_gate_init(gate, id, ep, badge);
	created(OBJECT_GATE, gate, index_of(OBJECT_ENDPOINT, ep), 0);
}


WRAP(void, signal_init, struct signal *s, word_t id, struct endpoint *ep, word_t badge,
     enum signal_class class)
{
	__real_signal_init(s, id, ep, badge, class);
	created(OBJECT_SIGNAL, s, index_of(OBJECT_ENDPOINT, ep), class == SIGNAL_IO);
}


WRAP(void, world_forget, struct world_object *object)
{
	void *at = object->object;

	freed(OBJECT_THREAD, at);
	freed(OBJECT_ENDPOINT, at);
	freed(OBJECT_GATE, at);
	freed(OBJECT_SIGNAL, at);
	__real_world_forget(object);
}


WRAP(void, ipc_call, struct thread *caller)
{
	struct slot *slot = cap_slot(caller->pd, frame_cap(&caller->frame));

	*activity() = (struct activity) {
		.did = did_call, .thread = caller, .status = BY_DEADLOCK,
		.gate   = slot ? (void *)slot->object : NULL,
	};
	__real_ipc_call(caller);
	if (activity()->call)
		activity()->call->c = (uint8_t)(world_tag(caller) >> 10 & 0x3f);
	over();
}


WRAP(void, ipc_wait, struct thread *t, word_t options)
{
	by_tag_t tag = world_tag(t);

	*activity() = (struct activity) {
		.did = did_wait, .thread = t, .options = options,
		.valid  = by_tag_words(tag) <= BY_MSG_WORDS && by_tag_caps(tag) <= BY_MSG_CAPS,
	};
	__real_ipc_wait(t, options);
	over();
}


WRAP(void, signal_submit, struct signal *signal, word_t count)
{
	*activity() = (struct activity) { .did = did_submit, .signal = signal, .count = count };
	__real_signal_submit(signal, count);
	over();
}


WRAP(void, ipc_fault, struct thread *t)
{
	*activity() = (struct activity) { .did = did_fault, .thread = t };
	__real_ipc_fault(t);
	over();
}


WRAP(void, ipc_drop_fault, struct thread *t)
{
	*activity() = (struct activity) { .did = did_drop_fault, .thread = t };
	__real_ipc_drop_fault(t);
	over();
}


WRAP(bool, ipc_abort, struct thread *t, status_t status)
{
	*activity() = (struct activity) { .thread = t, .status = status };

	return __real_ipc_abort(t, status);
}


WRAP(bool, ipc_drop_caller, struct endpoint *ep, struct gate *gate)
{
	*activity() = (struct activity) { .did = did_drop, .gate = gate };

	bool dropped = __real_ipc_drop_caller(ep, gate);

	over();

	return dropped;
}


WRAP(void, ipc_orphan, struct endpoint *ep, struct thread *t)
{
	*activity() = (struct activity) { .did = did_orphan, .thread = t };
	__real_ipc_orphan(ep, t);
	over();
}


WRAP(bool, thread_expel, struct thread *t, struct teardown *td)
{
	bool done = __real_thread_expel(t, td);

	if (done)
		add(DO_EXPEL, index_of(OBJECT_THREAD, t), 0, 0);

	return done;
}


/*
 * The trace
 */

static void write_event(FILE *file, struct event const *event)
{
	uint8_t const head[] = { event->kind, event->a, event->b, event->c,
	                         (uint8_t)event->n, (uint8_t)(event->n >> 8), event->flags };

	fwrite(head, 1, sizeof(head), file);
	fwrite(event->state, 1, event->size, file);
}


/*
 * Damage: what a trace tells that did not happen. Each kind fits to some events.
 */

static bool is_queued(struct event const *e)
{
	return e->kind == DO_CALL && e->c == CALL_QUEUED;
}


static bool is_served(struct event const *e)
{
	return e->kind == DO_CALL && e->c == CALL_SERVED;
}


static bool leaves_pending(struct event const *e)
{
	return e->kind == DO_SUBMIT && e->state[7] == 0 && e->state[8];
}


static bool is_wait(struct event const *e)  { return e->kind == DO_WAIT; }
static bool is_leave(struct event const *e) { return e->kind == DO_LEAVE; }


static void serve(struct event *e)    { e->c = CALL_SERVED; }
static void owe(struct event *e)      { e->state[2] ^= 1; }
static void submit(struct event *e)   { e->n++; }
static void confuse(struct event *e)  { e->a ^= 1; }
static void omit(struct event *e)     { e->kind = 0; }

static struct {
	bool (*fits)(struct event const *);
	void (*spoil)(struct event *);
} const damages[] = {
	{ is_queued,      serve },    /* who was queued was served at once */
	{ is_served,      owe },      /* the server owes another thread a reply */
	{ leaves_pending, submit },   /* one more was submitted than is pending */
	{ is_wait,        confuse },  /* another thread than the endpoint's waited */
	{ is_queued,      omit },     /* a caller was queued that never called */
	{ is_served,      omit },     /* a request came out of nowhere */
	{ is_leave,       omit },     /* memory is freed that an object refers to */
};


/** Apply some damage to the trace; false if no event fits. */
static bool spoil(unsigned damage)
{
	for (unsigned i = record_count / 3; i < record_count; i++) {
		if (damages[damage].fits(&events[i])) {
			damages[damage].spoil(&events[i]);
			return true;
		}
	}

	return false;
}


void record_write(FILE *file, unsigned damage)
{
	unsigned long size = 0;

	on = false;
	if (damage && (damage > ARRAY_SIZE(damages) || !spoil(damage - 1)))
		return;
	for (unsigned i = 0; i < record_count; i++)
		if (events[i].kind)
			size += 7 + events[i].size;
	for (unsigned i = 0; i < 4; i++)
		fputc((int)(size >> 8 * i & 0xff), file);
	for (unsigned i = 0; i < record_count; i++)
		if (events[i].kind)
			write_event(file, &events[i]);
}
