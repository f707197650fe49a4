/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel of the model: user calls.
 */
#define _GNU_SOURCE
#include "model.h"
#include <by/abi.h>
#include <by/arch/clock.h>
#include <by/cap.h>
#include <by/endpoint.h>
#include <by/env.h>
#include <by/slots.h>
#include <by/thread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "../../lib/badge.h"
#include "../../lib/cap.h"
#include "../../lib/component_heap.h"
#include "../../lib/endpoint.h"
#include "../../lib/env.h"
#include "../../lib/session.h"
#include "../../lib/thread.h"

enum {
	MAIN_RAM = 16 << 20, MAIN_CAPS = 2000,
	SPAWNS  = 32,                  /* threads of fake_spawn() at a time: */
	SPAWNED = FAKE_SLOTS - SPAWNS, /* their first slot */
	SPAWNED_INDEX = BY_THREADS - SPAWNS,
};

struct fake   fake;
struct object model_objects[FAKE_OBJECTS];
_Thread_local unsigned           model_self;
_Thread_local struct by_control *by_stub_control;

static struct by_endpoint main_endpoint_storage;
static struct by_thread   main_thread;
static pthread_mutex_t    lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t     changed = PTHREAD_COND_INITIALIZER;
static jmp_buf            idle_place;
static bool               idle_expected, held;
static uint64_t           sequence;
static unsigned           main_object;


static void must(bool good, char const *what)
{
	if (good)
		return;

	fprintf(stderr, "fake: %s\n", what);
	abort();
}


/*
 * Objects and slots
 */

unsigned model_create(enum fake_kind kind, unsigned pd, unsigned payer)
{
	struct fake_pd *account = &fake.pd[payer];
	unsigned        object  = 1;

	if (account->caps_used >= account->caps_quota)
		return 0;

	while (object < FAKE_OBJECTS && model_objects[object].kind != FAKE_NONE)
		object++;
	must(object < FAKE_OBJECTS, "out of objects");
	account->caps_used++;
	model_objects[object] = (struct object){ .kind = kind, .pd = pd, .payer = payer };
	model_objects[object].deadline = BY_NEVER;

	return object;
}


void model_destroy(unsigned index)
{
	struct object *object = &model_objects[index];

	must(object->kind != FAKE_NONE, "destroyed twice");
	for (unsigned pd = 0; pd < FAKE_PDS; pd++)
		for (unsigned slot = 0; slot < FAKE_SLOTS; slot++)
			if (fake.pd[pd].slot[slot] == index)
				fake.pd[pd].slot[slot] = UINT16_MAX; /* dead */
	fake.pd[object->payer].caps_used--;
	if (object->mapped)
		munmap(object->memory, object->size);
	if (object->page && object->message_mapped)
		munmap(object->page, PAGE);
	object->kind = FAKE_NONE;
}


unsigned model_lookup(unsigned pd, by_word_t slot)
{
	bool const spawned = slot >= SPAWNED && slot < FAKE_SLOTS;

	if (slot == 0 || (slot >= fake.pd[pd].slots && !spawned)
	    || fake.pd[pd].slot[slot] == UINT16_MAX)
		return 0;

	return fake.pd[pd].slot[slot];
}


static struct object *self_object(void)
{
	return &model_objects[model_self];
}


void model_wake(void)
{
	pthread_cond_broadcast(&changed);
}


/* Wait for a change; the end of a thread that was killed. */
static void block(void)
{
	if (self_object()->killed) {
		pthread_mutex_unlock(&lock);
		pthread_exit(NULL);
	}
	pthread_cond_wait(&changed, &lock);
}


/*
 * Time
 */

by_ticks_t by_stub_ticks(void)
{
	pthread_mutex_lock(&lock);
	by_ticks_t const now = fake.now++;
	pthread_mutex_unlock(&lock);

	return now;
}


static void submit_due(void)
{
	for (unsigned i = 1; i < FAKE_OBJECTS; i++) {
		struct object *object = &model_objects[i];
		if (object->kind == FAKE_SIGNAL && object->deadline <= fake.now) {
			object->deadline = BY_NEVER;
			model_signal(i, 1);
		}
	}
	model_wake();
}


void fake_advance(by_ticks_t ticks)
{
	pthread_mutex_lock(&lock);
	fake.now += ticks;
	submit_due();
	pthread_mutex_unlock(&lock);
}


/* With auto_time: let the first deadline pass. False if there is none. */
static bool pass_time(void)
{
	by_ticks_t first = BY_NEVER;

	for (unsigned i = 1; fake.auto_time && i < FAKE_OBJECTS; i++) {
		struct object const *object = &model_objects[i];
		by_ticks_t deadline = object->kind == FAKE_SIGNAL ? object->deadline
		                      : object->kind == FAKE_THREAD && object->parked
		                        ? object->park_until : BY_NEVER;
		if (deadline < first)
			first = deadline;
	}
	if (first == BY_NEVER)
		return false;

	if (first > fake.now)
		fake.now = first;
	submit_due();

	return true;
}


/*
 * Messages
 */

static void pass_cap(unsigned from, unsigned to, struct by_message const *sent,
                     struct by_message *received, unsigned i)
{
	by_word_t const slot   = sent->send_cap[i];
	unsigned  const object = model_lookup(from, slot);
	struct object  *target = &model_objects[object];
	bool            part   = target->kind == FAKE_GATE || target->kind == FAKE_SIGNAL;

	received->cap_value[i] = 0;
	if (!slot) {
		received->cap_kind[i] = BY_CAP_NONE;
	} else if (!object) {
		received->cap_kind[i] = BY_CAP_DEAD;
	} else if (part && target->pd == to) {
		received->cap_kind[i]  = BY_CAP_OWN;
		received->cap_value[i] = target->badge;
	} else if (!received->recv_slot[i]) {
		received->cap_kind[i] = BY_CAP_LOST;
	} else {
		must(fake.pd[to].slot[received->recv_slot[i]] == 0, "receive slot is not empty");
		fake.pd[to].slot[received->recv_slot[i]] = (uint16_t)object;
		received->cap_kind[i]  = BY_CAP_FOREIGN;
		received->cap_value[i] = received->recv_slot[i];
	}
}


static void pass(struct object *from, struct object *to, by_tag_t tag)
{
	memset(to->page->word, 0xdb, sizeof(to->page->word));
	memcpy(to->page->word, from->page->word, by_tag_words(tag) * sizeof(by_word_t));
	for (unsigned i = 0; i < by_tag_caps(tag); i++)
		pass_cap(from->pd, to->pd, from->page, to->page, i);
}


/*
 * Calls
 */

/* Give the results of core's their places in the caller's table. */
static void take_results(struct by_message *page, by_tag_t tag)
{
	for (unsigned i = 0; i < by_tag_caps(tag); i++) {
		by_word_t const object = page->send_cap[i];
		by_word_t const slot   = page->recv_slot[i];
		uint16_t       *table  = fake.pd[self_object()->pd].slot;

		page->cap_kind[i]  = !object ? BY_CAP_NONE : !slot ? BY_CAP_LOST : BY_CAP_FOREIGN;
		page->cap_value[i] = slot;
		if (page->cap_kind[i] != BY_CAP_FOREIGN)
			continue;
		must(table[slot] == 0, "receive slot for a result is not empty");
		table[slot] = (uint16_t)object;
	}
}


static by_tag_t call_core(unsigned object, by_tag_t tag)
{
	struct by_message *page = self_object()->page;
	struct by_message  copy = *page;

	/* to core everything is its own: the badge is the number of the object */
	for (unsigned i = 0; i < by_tag_caps(tag); i++) {
		copy.cap_value[i] = model_lookup(self_object()->pd, page->send_cap[i]);
		copy.cap_kind[i]  = copy.cap_value[i] ? BY_CAP_OWN : BY_CAP_DEAD;
	}
	by_tag_t const reply = core_call(object, tag, &copy);

	if (reply == BY_RPC_ANSWERED) {
		memset(page->word, 0, 8);
		return by_tag(0, by_rpc_words(4), 0);
	}
	memset(page->word, 0xdb, sizeof(page->word));
	memcpy(page->word, copy.word, by_tag_words(reply) * sizeof(by_word_t));
	memcpy(page->send_cap, copy.send_cap, sizeof(page->send_cap));
	take_results(page, reply);

	return reply;
}


/* Queue at the endpoint of a gate and wait for the reply. */
static by_tag_t call_gate(struct object *gate, by_tag_t tag)
{
	struct object *self = self_object();
	unsigned      *last = &model_objects[gate->endpoint].first_caller;

	self->call_tag    = tag;
	self->call_badge  = gate->badge;
	self->call_gate   = (by_word_t)(gate - model_objects);
	self->callee      = gate->endpoint;
	self->next_caller = 0;
	self->replied     = false;
	while (*last)
		last = &model_objects[*last].next_caller;
	*last = model_self;
	model_wake();
	while (!self->replied)
		block();

	return self->reply_tag;
}


static by_tag_t ipc_call(by_word_t slot, by_tag_t tag)
{
	unsigned const pd     = self_object()->pd;
	unsigned const object = model_lookup(pd, slot);

	if (!object)
		return by_tag_event(BY_EVENT_NONE, slot < FAKE_SLOTS && fake.pd[pd].slot[slot]
		                                   ? BY_GONE : BY_BAD_CAP);
	switch (model_objects[object].kind) {
	case FAKE_GATE:
		return call_gate(&model_objects[object], tag);
	case FAKE_THREAD: case FAKE_ENDPOINT: case FAKE_SIGNAL:
		return by_tag_event(BY_EVENT_NONE, BY_BAD_CAP);
	default:
		return call_core(object, tag);
	}
}


/*
 * Waiting
 */

static unsigned endpoint_of(unsigned thread)
{
	for (unsigned i = 1; i < FAKE_OBJECTS; i++)
		if (model_objects[i].kind == FAKE_ENDPOINT && model_objects[i].thread == thread)
			return i;

	return 0;
}


static void reply(struct object *endpoint, by_word_t options, by_tag_t tag)
{
	struct object *client = &model_objects[endpoint->client];

	if (!endpoint->client || !(options & (BY_WAIT_REPLY | BY_WAIT_REQUESTS)))
		return;

	endpoint->client  = 0;
	client->replied   = true;
	client->reply_tag = by_tag_event(BY_EVENT_NONE, BY_NO_REPLY);
	if (options & BY_WAIT_REPLY) {
		pass(self_object(), client, tag);
		client->reply_tag = tag;
	}
	model_wake();
}


/* The signal of an accepted class that came first. */
static struct object *first_signal(unsigned endpoint, by_word_t options)
{
	struct object *first = NULL;

	for (unsigned i = 1; i < FAKE_OBJECTS; i++) {
		struct object *object = &model_objects[i];
		if (object->kind == FAKE_SIGNAL && object->endpoint == endpoint && object->pending
		    && options & (object->io ? BY_WAIT_IO : BY_WAIT_SIGNALS)
		    && (!first || object->sequence < first->sequence))
			first = object;
	}

	return first;
}


static by_tag_t take_signal(struct object *signal, by_word_t *badge)
{
	*badge = signal->badge;
	self_object()->page->word[0] = signal->pending;
	signal->pending = 0;

	return by_tag_event(BY_EVENT_SIGNAL, BY_OK) | 1;
}


static by_tag_t take_request(struct object *endpoint, by_word_t *badge)
{
	unsigned const caller = endpoint->first_caller;
	struct object *client = &model_objects[caller];

	endpoint->first_caller = client->next_caller;
	endpoint->client       = caller;
	*badge = client->call_badge;
	pass(client, self_object(), client->call_tag);

	return client->call_tag;
}


static bool deliver(unsigned index, by_word_t options, by_word_t *badge, by_tag_t *tag)
{
	struct object *endpoint = &model_objects[index];
	struct object *signal   = first_signal(index, options);
	bool const     request  = options & BY_WAIT_REQUESTS && endpoint->first_caller;

	if (signal && (endpoint->signal_turn || !request)) {
		endpoint->signal_turn = false;
		*tag = take_signal(signal, badge);
		return true;
	}
	if (!request)
		return false;

	endpoint->signal_turn = true;
	*tag = take_request(endpoint, badge);

	return true;
}


static by_tag_t ipc_wait(by_word_t options, by_tag_t tag, by_word_t *badge)
{
	unsigned const index = endpoint_of(model_self);

	must(index, "a thread without endpoint waits");
	reply(&model_objects[index], options, tag);
	if (!(options & (BY_WAIT_REQUESTS | BY_WAIT_SIGNALS | BY_WAIT_IO)))
		return by_tag_event(BY_EVENT_NONE, BY_OK);

	while (!deliver(index, options, badge, &tag)) {
		if (idle_expected && model_self == main_object && !held && !pass_time()) {
			pthread_mutex_unlock(&lock);
			longjmp(idle_place, 1);
		}
		if (!idle_expected || model_self != main_object || held)
			block();
	}

	return tag;
}


void model_signal(unsigned index, unsigned count)
{
	struct object *signal = &model_objects[index];

	if (!signal->pending)
		signal->sequence = ++sequence;
	signal->pending += count;
	model_wake();
}


static by_status_t call_signal(by_word_t slot, by_word_t count)
{
	unsigned const object = model_lookup(self_object()->pd, slot);

	if (!object || model_objects[object].kind != FAKE_SIGNAL)
		return BY_BAD_CAP;

	model_signal(object, (unsigned)count);

	return BY_OK;
}


static by_status_t call_timeout(by_word_t slot, by_ticks_t deadline)
{
	unsigned const object = model_lookup(self_object()->pd, slot);

	if (!object || model_objects[object].kind != FAKE_SIGNAL)
		return BY_BAD_CAP;

	model_objects[object].deadline = deadline;
	submit_due();

	return BY_OK;
}


/*
 * Parking
 */

static void set_result(struct by_call *call, unsigned i, uint64_t value)
{
	if (sizeof(by_word_t) == sizeof(value)) {
		call->word[i] = (by_word_t)value;
		return;
	}
	call->word[2 * i]     = (by_word_t)value;
	call->word[2 * i + 1] = (by_word_t)(value >> 32);
}


static void call_clock(struct by_call *call)
{
	set_result(call, 0, fake.now);
	set_result(call, 1, 1000000000);
}


static by_status_t call_park(by_word_t slot, by_ticks_t deadline)
{
	struct object *self   = self_object();
	unsigned const owner  = model_lookup(self->pd, slot);
	by_status_t    status = BY_OK;

	if (slot && (!owner || model_objects[owner].kind != FAKE_THREAD))
		return BY_BAD_CAP;
	if (owner == model_self)
		return BY_DEADLOCK;

	self->parked     = true;
	self->park_until = deadline;
	while (!self->token && status == BY_OK) {
		if (fake.now >= deadline || (fake.auto_time && pass_time() && fake.now >= deadline))
			status = BY_TIMEOUT;
		else
			block();
	}
	self->parked = false;
	if (self->token)
		status = BY_OK;
	self->token = false;

	return status;
}


static by_status_t call_unpark(by_word_t slot)
{
	unsigned const object = model_lookup(self_object()->pd, slot);

	if (!object || model_objects[object].kind != FAKE_THREAD)
		return BY_BAD_CAP;

	model_objects[object].token = true;
	model_wake();

	return BY_OK;
}


/*
 * Slots
 */

static by_status_t call_drop(by_word_t slot)
{
	struct fake_pd *pd = &fake.pd[self_object()->pd];

	if (slot == 0 || slot >= pd->slots || !pd->slot[slot])
		return BY_BAD_CAP;

	pd->slot[slot] = 0;

	return BY_OK;
}


static void call_info(struct by_call *call)
{
	unsigned const pd     = self_object()->pd;
	unsigned const object = model_lookup(pd, call->cap);
	struct object *target = &model_objects[object];
	bool const     own    = object && target->pd == pd
	                        && (target->kind == FAKE_GATE || target->kind == FAKE_SIGNAL);

	call->word[0] = !object ? BY_CAP_NONE : own ? BY_CAP_OWN : BY_CAP_FOREIGN;
	call->word[1] = own ? target->badge : 0;
}


static void dispatch(struct by_call *call)
{
	struct by_message *page = self_object()->page;
	by_word_t const    op   = call->op & 0xff;
	by_status_t        status = BY_OK;

	fake.count[op]++;
	switch (op) {
	case BY_CALL_IPC_CALL:
	case BY_CALL_IPC_WAIT:
		memcpy(page->word, call->word, sizeof(call->word));
		call->tag = op == BY_CALL_IPC_CALL
		            ? ipc_call(call->cap, (by_tag_t)call->tag)
		            : ipc_wait(call->op, (by_tag_t)call->tag, &call->cap);
		memcpy(call->word, page->word, sizeof(call->word));
		return;
	case BY_CALL_SIGNAL:   status = call_signal(call->cap, call->tag); break;
	case BY_CALL_TIMEOUT:  status = call_timeout(call->cap, by_kernel_result(call, 0)); break;
	case BY_CALL_PARK:     status = call_park(call->cap, by_kernel_result(call, 0)); break;
	case BY_CALL_UNPARK:   status = call_unpark(call->cap); break;
	case BY_CALL_CAP_DROP: status = call_drop(call->cap); break;
	case BY_CALL_CAP_INFO: call_info(call); break;
	case BY_CALL_CLOCK:
		call_clock(call);
		break;
	default: break;
	}
	call->tag = (by_word_t)status;
}


void by_stub_call(struct by_call *call)
{
	pthread_mutex_lock(&lock);
	if (self_object()->killed) {
		pthread_mutex_unlock(&lock);
		pthread_exit(NULL);
	}
	dispatch(call);
	pthread_mutex_unlock(&lock);
}


/*
 * Threads
 */

/* The runtime's entry; the model calls by_thread_body() itself. */
void by_thread_start(void)
{
	abort();
}


struct start { unsigned object; void *argument; void (*function)(void *arg); };


static void *host_thread(void *arg)
{
	struct start       start = *(struct start *)arg;
	struct by_control *control = model_objects[start.object].control;

	free(arg);
	model_self      = start.object;
	by_stub_control = control;
	if (!start.function)
		by_thread_body(start.argument);
	start.function(start.argument);

	return NULL;
}


static void start_host(struct start content)
{
	struct start *start = malloc(sizeof(*start));

	*start = content;
	must(pthread_create(&model_objects[content.object].host, NULL, host_thread, start) == 0,
	     "no more threads");
	model_objects[content.object].running = true;
}


void model_thread_start(unsigned object, void *argument)
{
	struct by_control *control = calloc(1, sizeof(*control));

	by_control_init(control, argument);
	model_objects[object].control = control;
	start_host((struct start){ object, argument, NULL });
}


/* What a host thread has had; that of fake_spawn() also what the runtime would own. */
static void free_host(struct object *object)
{
	struct by_thread *const thread = object->control->thread;

	if (thread->index >= SPAWNED_INDEX) {
		free(thread);
		free(object->page);
		object->page = NULL;
	}
	free(object->control);
}


void model_thread_kill(unsigned index)
{
	struct object *object = &model_objects[index];

	object->killed = true;
	model_wake();
	if (!object->running)
		return;

	pthread_mutex_unlock(&lock);
	pthread_join(object->host, NULL);
	pthread_mutex_lock(&lock);
	free_host(object);
	object->running = false;
}


/* A slot for a thread that the runtime has not created, apart from all others. */
static by_cap_t spawn_slot(unsigned pd, unsigned object)
{
	uint32_t slot = SPAWNED;

	while (slot < FAKE_SLOTS && fake.pd[pd].slot[slot])
		slot++;
	must(slot < FAKE_SLOTS, "too many threads");
	fake.pd[pd].slot[slot] = (uint16_t)object;

	return (by_cap_t){ slot };
}


pthread_t fake_spawn(unsigned pd, void (*function)(void *arg), void *arg)
{
	struct by_thread  *thread  = calloc(1, sizeof(*thread));
	struct by_control *control = calloc(1, sizeof(*control));

	pthread_mutex_lock(&lock);
	unsigned const object = model_create(FAKE_THREAD, pd, 0);
	must(object, "no thread to spawn");
	model_objects[object].page    = calloc(1, PAGE);
	model_objects[object].control = control;
	thread->message = model_objects[object].page;
	thread->cap     = spawn_slot(pd, object);
	thread->index   = SPAWNED_INDEX + thread->cap.slot - SPAWNED;
	by_control_init(control, thread);
	start_host((struct start){ object, arg, function });
	pthread_t const host = model_objects[object].host;
	pthread_mutex_unlock(&lock);

	return host;
}


/* The object of a spawned thread, 0 if it was killed. */
static unsigned spawned(pthread_t host)
{
	for (unsigned i = 1; i < FAKE_OBJECTS; i++)
		if (model_objects[i].kind == FAKE_THREAD && model_objects[i].running
		    && pthread_equal(model_objects[i].host, host))
			return i;

	return 0;
}


void fake_join(pthread_t host)
{
	pthread_mutex_lock(&lock);
	unsigned const object = spawned(host);
	pthread_mutex_unlock(&lock);
	if (!object)
		return;

	struct object *const thread = &model_objects[object];
	pthread_join(host, NULL);
	pthread_mutex_lock(&lock);
	for (unsigned k = 0; k < BY_MSG_CAPS; k++)
		by_slot_free((by_cap_t){ (uint32_t)thread->page->recv_slot[k] });
	fake.pd[thread->pd].slot[thread->control->cap] = 0;
	free_host(thread);
	model_destroy(object);
	pthread_mutex_unlock(&lock);
}


/*
 * The test's side
 */

void fake_hold(void)
{
	held = true;
}


void fake_release(void)
{
	pthread_mutex_lock(&lock);
	held = false;
	model_wake();
	pthread_mutex_unlock(&lock);
}


void fake_until_idle(void (*function)(void *arg), void *arg)
{
	idle_expected = true;
	if (setjmp(idle_place) == 0)
		function(arg);
	idle_expected = false;
	by_the_env.endpoint->depth = 0;
}


static void serve(void *arg)
{
	by_endpoint_serve(arg);
}


void fake_serve(void)
{
	fake_until_idle(serve, by_the_env.endpoint);
}


void fake_rom(unsigned rom, void const *data, size_t size)
{
	pthread_mutex_lock(&lock);
	fake.rom[rom].data = data;
	fake.rom[rom].size = size;
	core_rom_changed(rom);
	pthread_mutex_unlock(&lock);
}


/* Sessions of the component, all or one: there is something to hear of them. */
static void add_news(bool all, uint32_t id)
{
	for (unsigned i = 1; i < FAKE_OBJECTS; i++) {
		struct object *object = &model_objects[i];
		if (object->kind != FAKE_NONE && object->client_id && object->client_pd == 0
		    && (all || object->client_id == id))
			object->news = object->answered = true;
		if (object->kind == FAKE_PARENT && object->sigh)
			model_signal(object->sigh, 1);
	}
}


void fake_answer(by_status_t verdict)
{
	pthread_mutex_lock(&lock);
	fake.pending = false;
	fake.verdict = verdict;
	add_news(true, 0);
	pthread_mutex_unlock(&lock);
}


void fake_answer_one(uint32_t id)
{
	pthread_mutex_lock(&lock);
	add_news(false, id);
	pthread_mutex_unlock(&lock);
}


void fake_requests(void)
{
	pthread_mutex_lock(&lock);
	for (unsigned i = 1; i < FAKE_OBJECTS; i++)
		if (model_objects[i].kind == FAKE_PARENT && model_objects[i].request_sigh)
			model_signal(model_objects[i].request_sigh, 1);
	pthread_mutex_unlock(&lock);
}


void fake_give(uint64_t ram, uint64_t caps)
{
	pthread_mutex_lock(&lock);
	fake.pd[0].ram_quota  += ram;
	fake.pd[0].caps_quota += caps;
	pthread_mutex_unlock(&lock);
	fake_tell(FAKE_RICHER);
}


bool fake_tell(enum fake_news news)
{
	bool told = false;

	pthread_mutex_lock(&lock);
	for (unsigned i = 1; i < FAKE_OBJECTS; i++) {
		if (model_objects[i].kind != FAKE_PARENT || !model_objects[i].news_sigh[news])
			continue;
		model_signal(model_objects[i].news_sigh[news], 1);
		told = true;
	}
	pthread_mutex_unlock(&lock);

	return told;
}


void fake_fault(unsigned pd, unsigned cause, uint64_t address)
{
	pthread_mutex_lock(&lock);
	for (unsigned i = 1; i < FAKE_OBJECTS; i++) {
		struct object *object = &model_objects[i];
		if (object->kind != FAKE_CPU || object->client_pd != 0 || !object->sigh)
			continue;
		object->faulted = true;
		object->pd      = pd;
		object->cause   = cause;
		object->address = address;
		model_signal(object->sigh, 1);
	}
	pthread_mutex_unlock(&lock);
}


unsigned fake_count(unsigned call)
{
	pthread_mutex_lock(&lock);
	unsigned const count = fake.count[call];
	pthread_mutex_unlock(&lock);

	return count;
}


unsigned fake_live(enum fake_kind kind)
{
	unsigned count = 0;

	for (unsigned i = 1; i < FAKE_OBJECTS; i++)
		count += model_objects[i].kind == kind;

	return count;
}


unsigned fake_live_all(void)
{
	return FAKE_OBJECTS - 1 - fake_live(FAKE_NONE);
}


void fake_quota(uint64_t *ram, uint64_t *caps)
{
	*ram = *caps = 0;
	for (unsigned i = 0; i < FAKE_PDS; i++) {
		*ram  += fake.pd[i].alive ? fake.pd[i].ram_quota : 0;
		*caps += fake.pd[i].alive ? fake.pd[i].caps_quota : 0;
	}
	for (unsigned i = 1; i < FAKE_OBJECTS; i++)
		if (model_objects[i].kind != FAKE_NONE && model_objects[i].kind != FAKE_PD) {
			*ram  += model_objects[i].ram;
			*caps += model_objects[i].caps;
		}
}


unsigned fake_filled(void)
{
	unsigned count = 0;

	for (unsigned slot = 1; slot < SPAWNED; slot++)
		count += fake.pd[0].slot[slot] != 0;

	return count;
}


struct fake_amounts fake_amounts(void)
{
	return (struct fake_amounts){
		.ram_used = fake.pd[0].ram_used, .ram_quota = fake.pd[0].ram_quota,
		.objects = fake_live_all(), .filled = fake_filled(),
	};
}


bool fake_has(struct fake_amounts const *amounts)
{
	struct fake_amounts const now = fake_amounts();

	return now.ram_used == amounts->ram_used && now.ram_quota == amounts->ram_quota
	       && now.objects == amounts->objects && now.filled == amounts->filled;
}


void *fake_memory(unsigned ds, size_t *size)
{
	*size = model_objects[ds].size;

	return model_objects[ds].memory;
}


bool fake_sealed(unsigned ds)
{
	return model_objects[ds].sealed;
}


unsigned fake_object(unsigned pd, by_cap_t cap)
{
	return model_lookup(pd, cap.slot);
}


void fake_pass(unsigned from, unsigned to, by_cap_t cap)
{
	must(!fake.pd[to].slot[cap.slot], "the slot is not empty");
	fake.pd[to].slot[cap.slot] = fake.pd[from].slot[cap.slot];
}


by_word_t fake_badge(unsigned object)
{
	return model_objects[object].badge;
}


/* An object in a slot that the component finds filled. */
static unsigned give(enum fake_kind kind, enum by_env_slot slot)
{
	unsigned const object = model_create(kind, 0, 0);

	fake.pd[0].slot[slot] = (uint16_t)object;

	return object;
}


static void start_main_thread(unsigned object)
{
	static struct by_control control;

	main_thread = (struct by_thread){
		.cap = { BY_SLOT_THREAD }, .env = &by_the_env, .name = "main",
	};
	model_objects[object].page    = calloc(1, PAGE);
	model_objects[object].control = &control;
	main_thread.message = model_objects[object].page;
	by_control_init(&control, &main_thread);
	by_stub_control = &control;
	main_object = model_self = object;
}


static void settings(void)
{
	struct fake const old = fake;

	fake = (struct fake){
		.fault_access = BY_ACCESS_WRITE, .fault_sp = 0x100f0000,
		.now = old.now, .leaves_max = FAKE_SLOTS / BY_LEAF_SLOTS, .fail_with = BY_OUT_OF_RAM,
	};
	memcpy(fake.pd, old.pd, sizeof(fake.pd));
	held = false;
}


void fake_init(void)
{
	static bool done;

	settings();
	if (done)
		return;

	done = true;
	fake.now = 1000;
	fake.pd[0] = (struct fake_pd){
		.alive = true, .ram_quota = MAIN_RAM, .caps_quota = MAIN_CAPS,
		.slots = BY_LEAF_SLOTS, .reference = -1,
	};
	fake.pd[0].object = give(FAKE_PD, BY_SLOT_PD);
	fake.pd[0].space  = give(FAKE_MAP, BY_SLOT_SPACE);
	give(FAKE_PARENT, BY_SLOT_PARENT);
	give(FAKE_CPU, BY_SLOT_CPU);
	give(FAKE_LOG, BY_SLOT_LOG);
	start_main_thread(give(FAKE_THREAD, BY_SLOT_THREAD));

	memset(&main_endpoint_storage, 0, sizeof(main_endpoint_storage));
	by_slots_init();
	by_badges_init();
	by_session_start();
	by_the_env.heap     = by_heap_start();
	by_the_env.endpoint = &main_endpoint_storage;
	must(by_endpoint_begin(&main_endpoint_storage, &by_the_env) == BY_OK, "no endpoint");
}


void fake_fini(void)
{
	free(model_objects[main_object].page);
	model_objects[main_object].page = NULL;
	core_pd_end(0);
	by_stub_control = NULL;
}
