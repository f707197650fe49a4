/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small world on the stub architecture: core, and what core creates.
 *
 * Tests play the programs. A user thread acts when it is what the CPU runs; core
 * acts at any time through world_core(), as if its thread were running. After each
 * call all invariants are checked (check.h); a violation fails the running test.
 */
#ifndef WORLD_H
#define WORLD_H

#include "cap.h"
#include "endpoint.h"
#include "irq.h"
#include "kernel.h"
#include "sched.h"
#include "stub.h"
#include "thread.h"

/** An object that core created: its slot in core's table, and the object. */
struct made { word_t slot; void *object; };

/** What the tests know about an object, and the memory that it occupies. */
struct world_object {
	enum by_object_type type;
	word_t   slot, id;
	void    *object;
	bool     dying;             /* its destruction has begun */
	unsigned blocks;
	struct { paddr_t pa; word_t size; } block[40];
};

enum { WORLD_OBJECTS = 1024, WORLD_SLOTS = 8 * BY_LEAF_SLOTS };

/** All objects that exist; an entry with type BY_OBJECT_NONE is empty. */
extern struct world_object world_objects[WORLD_OBJECTS];
extern unsigned            world_count; /* entries to look at */

/** What the kernel counted before this world began. */
extern word_t world_census[BY_OBJECT_TYPES];

struct world_object *world_add(enum by_object_type type, word_t slot, word_t id, void *object);
struct world_object *world_find(void const *object);

/** Take memory that goes away with the object. */
paddr_t world_block(struct world_object *object, word_t size);

/** The object's destruction is over: nobody may touch its memory any more. */
void world_forget(struct world_object *object);

/** Slot of core's table that is not in use, and a new id. */
word_t world_slot(void);
word_t world_id(void);

/** Reset everything and boot core on 'cpus' CPUs; core then waits for requests. */
void world_boot(unsigned cpus);

/** Core call with up to six arguments; returns its status. */
status_t world_core(unsigned number, ...);
#define CORE(NAME, ...) world_core(BY_CALL_##NAME, 0, ##__VA_ARGS__, (word_t)0, (word_t)0, (word_t)0, (word_t)0, (word_t)0, (word_t)0)

/** Result word of the last core call. */
word_t world_result(unsigned i);

struct pd       *world_pd(struct made *made);
struct pd       *world_pd_pool(struct made *made, unsigned tables, unsigned leaves);
struct thread   *world_thread(struct made *made, struct made pd, bool passive);
struct share    *world_share(struct made *made, unsigned cpu, unsigned priority);
struct endpoint *world_endpoint(struct made *made, struct made thread);
struct gate     *world_gate(struct made *made, struct made ep, word_t badge);
struct signal   *world_signal(struct made *made, struct made ep, word_t badge, bool io);
struct irq      *world_irq(struct made *made, unsigned number);

/** A started thread of 'pd' with a share of its own on this CPU. */
struct thread *world_run(struct made *made, struct made pd, unsigned priority);

/** The same, on a share that exists. */
struct thread *world_run_on(struct made *made, struct made pd, struct made share,
                            bool passive);

/** A started server thread with an endpoint, which waits for requests. */
struct thread *world_server(struct made *thread, struct made *ep, struct made pd,
                            bool passive);

/** Copy core's capability to slot 'index' of 'pd'. */
void world_give(struct made pd, word_t index, struct made object);

/** Destroy until done; the number of calls it took. */
unsigned world_destroy(struct made made, enum by_object_type type);

/** System call of 'thread', which must be what its CPU runs. False if it is not. */
bool world_call(struct thread *thread, word_t op, word_t cap, word_t tag, ...);
#define USER(thread, op, cap, tag, ...) world_call(thread, op, cap, tag, ##__VA_ARGS__, (word_t)0, (word_t)0, (word_t)0, (word_t)0)

/** Status of a thread's last call. */
#define STATUS(thread) ((unsigned)by_tag_status(world_tag(thread)))
#define CALL_STATUS(thread) ((unsigned)world_tag(thread))

/** Answer the client, if any, with the words 41 and 42, and wait for everything. */
bool world_wait(struct thread *thread);

/** Let others of the same priority go first until it is the turn of 'thread'. */
bool world_turn(struct thread *thread);

/** Have 'what' run in a process of its own, where it must panic; the text, or NULL. */
const char *world_panic(void (*what)(void));

/** Fault of a running thread. */
void world_fault(struct thread *thread, enum by_fault_cause cause, word_t address,
                 unsigned access);

/** Let time pass on a CPU, with its timer interrupts. */
void world_pass(unsigned cpu, ticks_t ticks);

/** Leave the kernel; then all CPUs take their interrupts, until none is left. */
void world_settle(void);

/** Go on on another CPU. */
void world_switch(unsigned cpu);

/** Let a thread raise an interrupt line, and this CPU take it. */
void world_interrupt(unsigned number);

/** Nothing is checked: some CPU is inside the kernel. */
extern bool world_quiet;

/** Check everything that is checkable now; a violation fails the test. */
void world_verify(void);

static inline by_tag_t world_tag(struct thread *thread)
{
	return (by_tag_t)frame_tag(&thread->frame);
}

#endif
