/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scheduler: which thread runs, and on whose time. doc/kernel.md, "Time".
 */
#ifndef KERNEL_SCHED_H
#define KERNEL_SCHED_H

#include "cpu.h"
#include "share.h"
#include "thread.h"

/** A thread of this CPU became able to run, or able to donate. */
void sched_wake(struct thread *thread);

/** Take a thread of this CPU out of all queues, its donors too. */
void sched_remove(struct thread *thread);

/** Let a passive thread of this CPU go on on another one. */
void sched_move(struct thread *thread, struct cpu *to);

/** A thread came to this CPU: those here whose chain leads to it can donate again. */
void sched_arrived(struct thread *thread);

/** Put the current thread behind others of its share and its share behind others. */
void sched_yield(struct cpu *cpu);

/** Whether the donor's time goes on to be spent, without a new choice; then 'current' is set. */
bool sched_continue(struct cpu *cpu);

/**
 * A thread that core has resumed is READY. Whether it can go on, when core waits, on the time
 * that core runs on now, so that nobody need be told.
 */
bool sched_resumes(struct thread const *thread, struct thread const *core);

/** Choose what to run and charge for what ran. */
void sched_choose(struct cpu *cpu);

/** Priority that a thread has by its own share and by its donors. */
unsigned sched_priority(struct thread const *thread);

/** Move the time line of this CPU to 'now': turns end. */
void sched_tick(struct cpu *cpu, ticks_t now);

/** A passive thread that can run and has no donor runs on its fallback share. */
void sched_check_passive(struct thread *thread);

#endif
