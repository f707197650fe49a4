/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each CPU owns: its run queues, its timeouts, and an inbox through which
 * other CPUs ask it to do something to what it owns.
 */
#ifndef KERNEL_CPU_H
#define KERNEL_CPU_H

#include "list.h"
#include "lock.h"
#include "timer.h"

struct fpu;
struct pd;
struct share;
struct thread;

enum { CPU_MAX = 64 }; /* no board has more */

/** Requests to a CPU, besides its inbox. */
enum {
	WORK_FLUSH   = 1 << 0, /* do the pending TLB invalidation */
	WORK_QUIESCE = 1 << 1, /* tell that the kernel was left once */
	WORK_UNLOAD  = 1 << 2, /* load the kernel's space if cpu_flush.pd is loaded */
	WORK_SHARE   = 1 << 3, /* do cpu_share */
	WORK_STOP    = 1 << 4, /* stop for good, after a panic */
};

struct cpu {
	struct thread *current;   /* executes; NULL: idle */
	struct thread *donor;     /* whose share pays for it */
	struct pd     *pd;        /* whose address space is loaded, NULL: the kernel's */
	unsigned       id;
	bool           resched;   /* choose anew before leaving the kernel */
	bool           online;

	uint32_t       ready;     /* priorities that have a share queued */
	struct ring    shares[BY_PRIORITIES];
	struct list    released;  /* threads to queue again; see sched.c */
	struct list    away;      /* blocked ones whose chain leads to another CPU */
	ticks_t        charged;   /* until when the donor has paid */
	ticks_t        timer;     /* what the hardware timer is set to */

	struct thread *inbox;     /* stack of poked threads (atomic) */
	uint32_t       work;      /* WORK_... (atomic) */
	uint16_t       quiet;     /* last quiescence request that was answered (atomic) */
	struct fpu    *fpu;       /* whose FPU state is loaded */

	struct lock     timer_lock;
	struct timeout *timeouts;  /* heap; owner: timer_lock */
};

extern struct cpu cpus[]; /* BOARD_CPUS */
extern unsigned   cpu_count;

/** Serialises core calls, and owns what belongs to "core calls". */
extern struct lock core_lock;

/** Ask the thread's CPU, another one than this, to look at it. */
void cpu_poke(struct thread *thread, uint32_t what);

/**
 * Keep the thread's CPU from acting on pokes, so that the thread can be moved; false if
 * it acts, or is asked to. Pokes that come before the end of the claim are done after it.
 */
bool cpu_claim(struct thread *thread);
void cpu_unclaim(struct thread *thread);

/** Do what can be done in the middle of other work: all but to quiesce. */
void cpu_serve(struct cpu *cpu);

/** Do all that other CPUs have asked for. At the end of a kernel entry. */
void cpu_serve_all(struct cpu *cpu);

/** Take a lock that may be held for long, serving other CPUs meanwhile. */
void lock_take_serving(struct lock *lock);

/** Run 'what' on all other CPUs in 'mask' and wait for them. core_lock is held. */
void cpu_broadcast(uint64_t mask, uint32_t what);

/**
 * Start waiting until every CPU has left the kernel once, or ask whether it has
 * happened: returns true when no pointer found before the first call is in use.
 */
bool cpu_quiesced(uint16_t *ticket);

/** No CPU has the space of a dying PD loaded after this. core_lock is held. */
void cpu_unload(struct pd *pd);

/** TLB invalidation that WORK_FLUSH stands for. */
struct flush { struct pd *pd; word_t va, pages; };
extern struct flush cpu_flush;

/** Change of a share that WORK_SHARE stands for. */
struct share_order { struct share *share; unsigned priority, weight; };
extern struct share_order cpu_share;

/** Initialise the first CPU's kernel state. */
void cpu_init(struct cpu *cpu, unsigned id);

#endif
