/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small world on the stub architecture: core, and what core creates.
 *
 * Tests play the programs. A user thread acts when it is what the CPU runs; core
 * acts at any time through world_core(), as if its thread were running.
 */
#ifndef WORLD_H
#define WORLD_H

#include "cap.h"
#include "endpoint.h"
#include "kernel.h"
#include "sched.h"
#include "stub.h"
#include "thread.h"

/** An object that core created: its slot in core's table, and the object. */
struct made { word_t slot; void *object; };

/** Reset everything and boot core on 'cpus' CPUs; core then waits for requests. */
void world_boot(unsigned cpus);

/** Core call with up to six arguments; returns its status. */
status_t world_core(unsigned number, ...);
#define CORE(NAME, ...) world_core(BY_CALL_##NAME, 0, ##__VA_ARGS__, (word_t)0, (word_t)0, (word_t)0, (word_t)0, (word_t)0, (word_t)0)

/** Result word of the last core call. */
word_t world_result(unsigned i);

struct pd       *world_pd(struct made *made);
struct thread   *world_thread(struct made *made, struct made pd, bool passive);
struct share    *world_share(struct made *made, unsigned cpu, unsigned priority);
struct endpoint *world_endpoint(struct made *made, struct made thread);
struct gate     *world_gate(struct made *made, struct made ep, word_t badge);
struct signal   *world_signal(struct made *made, struct made ep, word_t badge, bool io);

/** A started thread of 'pd' with a share of its own. */
struct thread *world_run(struct made *made, struct made pd, unsigned priority);

/** A passive started server thread with an endpoint, which waits for requests. */
struct thread *world_server(struct made *thread, struct made *ep, struct made pd,
                            bool passive);

/** Copy core's capability to slot 'index' of 'pd'. */
void world_give(struct made pd, word_t index, struct made object);

/** Destroy until done; the number of calls it took. */
unsigned world_destroy(struct made made, enum by_object_type type);

/** System call of 'thread', which must be what its CPU runs. False if it is not. */
bool world_call(struct thread *thread, word_t op, word_t cap, word_t tag, ...);
#define USER(thread, op, cap, tag, ...) world_call(thread, op, cap, tag, ##__VA_ARGS__, (word_t)0, (word_t)0, (word_t)0, (word_t)0)

/** Fault of a running thread. */
void world_fault(struct thread *thread, enum by_fault_cause cause, word_t address,
                 unsigned access);

/** Let time pass on a CPU, with its timer interrupts. */
void world_pass(unsigned cpu, ticks_t ticks);

static inline by_tag_t world_tag(struct thread *thread)
{
	return (by_tag_t)frame_tag(&thread->frame);
}

#endif
