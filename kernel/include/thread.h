/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads: registers, what they wait for, and their place with the scheduler.
 *
 *              start            call ──> QUEUED ──> SERVED ──┐
 *   INACTIVE ────────> READY ──────────────────────────────> │ reply, gone, cancelled
 *                        ^     wait ──> WAITING ─────────────┤
 *                        │     park ──> PARKED ──────────────┤
 *                        │     fault ─> FAULTING ─> FAULTED ─┤ resume
 *                        └───────────────────────────────────┘
 *
 * Owners: 'state' and the IPC fields belong to the lock of the endpoint that the
 * thread is blocked at ('callee', or 'ep' while WAITING); a READY, PARKED or
 * INACTIVE thread belongs to its CPU. The scheduler's fields belong to the CPU.
 */
#ifndef KERNEL_THREAD_H
#define KERNEL_THREAD_H

#include "list.h"
#include "object.h"
#include "timer.h"
#include <arch/frame.h>

struct cpu;
struct endpoint;
struct fpu;
struct gate;
struct share;

enum thread_state {
	THREAD_INACTIVE, /* not started, or its PD or memory is going away */
	THREAD_READY,
	THREAD_QUEUED,   /* its request waits at 'callee' */
	THREAD_SERVED,   /* the thread of 'callee' owes it a reply */
	THREAD_WAITING,  /* at its own endpoint, for what 'ep->accept' names */
	THREAD_PARKED,
	THREAD_FAULTING, /* its fault waits at core's endpoint or is being handled */
	THREAD_FAULTED,  /* core has seen the fault and left it */
};

/** Where the scheduler has a thread. */
enum sched_place { SCHED_OUT, SCHED_QUEUED, SCHED_STALLED };

/** What other CPUs ask the thread's CPU to do with it. */
enum {
	POKE_WAKE   = 1 << 0, /* it became able to run or to donate */
	POKE_STOP   = 1 << 1, /* pause it */
	POKE_DETACH = 1 << 2, /* take it out of the scheduler */
	POKE_UNPARK = 1 << 3,
	POKE_CANCEL = 1 << 4, /* end its park */
	POKE_EXPIRE = 1 << 5, /* the deadline of its park passed */
	POKE_ARRIVE = 1 << 6, /* it moved here: wake it, and those who can now donate to it */
	POKE_BUSY   = 1 << 7, /* claimed: its CPU acts on pokes, or somebody moves it */
};

enum { CHAIN_LIMIT = 16 };

struct thread {
	struct frame        frame;      /* user registers; first, for the entry code */
	struct object       obj;
	struct by_message  *msg;        /* message page, kernel's alias */
	struct pd          *pd;         /* constant until the PD or the thread dies */
	struct endpoint    *ep;         /* the endpoint it serves, or NULL; owner: core calls */
	struct endpoint    *former_ep;  /* whose 'former' this is; owner: core calls */

	uint8_t             state;      /* enum thread_state */
	bool                passive;    /* constant */
	bool                paused;     /* owner: CPU */
	bool                detached;   /* out of the scheduler (atomic); owner: CPU */
	bool                token;      /* unparked before it parked; owner: CPU */
	uint8_t             depth;      /* callers above it through the current client */
	uint8_t             level;      /* priority it is queued at; endpoint's lock */
	uint8_t             place;      /* enum sched_place; owner: CPU */

	struct thread      *client;     /* to whom it owes a reply; lock of 'ep' */
	struct thread      *client_donor; /* the CPU's donor when the client was taken */
	struct endpoint    *callee;     /* where its call or fault is */
	struct gate        *gate;       /* while QUEUED by a call: through which gate */
	struct link         ipc_link;   /* in callee's queue */
	struct link         gate_link;  /* in gate's callers */

	struct cpu         *cpu;        /* owner: that CPU; see sched.c for how it moves */
	struct share       *share;      /* own or fallback; owner: CPU */
	struct link         sched_link; /* share.queue, blocker's 'stalled' or cpu.away */
	struct list         stalled;    /* donors waiting until this thread can run */
	struct thread      *inbox_next; /* stack of pokes */
	uint32_t            poke;       /* atomic: POKE_... */

	struct thread      *owner;      /* while PARKED: runs on this one's time */
	struct ring         parkers;    /* threads whose 'owner' this is */
	struct link         park_link;
	struct timeout      timeout;    /* of the park */

	struct fpu         *fpu;        /* save area, NULL: never used the FPU */
	word_t              tls;        /* TLS register, where frame does not hold it */
	struct link         pd_link;    /* in pd.threads; owner: core calls */
	struct link         share_link; /* in share.threads; owner: core calls */

	word_t              fault[BY_FAULT_WORDS]; /* message of the last fault */
};

_Static_assert(sizeof(struct thread) <= BY_THREAD_SIZE, "BY_THREAD_SIZE");

void thread_init(struct thread *thread, word_t id, struct pd *pd, struct by_message *msg,
                 bool passive);

/** Whether blocking on 'from' would make 'thread' wait for itself, or the chain too long. */
bool thread_chain_closes(struct thread const *thread, struct thread const *from);

/** The thread on whose progress a blocked thread depends, or NULL. */
struct thread *thread_blocker(struct thread const *thread);

/** Where the TLS register of a thread is kept. */
static inline word_t *thread_tls(struct thread *thread)
{
	word_t *tls = frame_tls(&thread->frame);

	return tls ? tls : &thread->tls;
}


/** Give the result of a call other than IPC, whose status is a part of the tag. */
static inline void thread_set_status(struct thread *thread, status_t status)
{
	frame_set_tag(&thread->frame, (word_t)(uintptr_t)status);
}


/** READY and not held back. */
static inline bool thread_runnable(struct thread const *thread)
{
	/* pairs with thread_ready() */
	return atomic_load(&thread->state) == THREAD_READY && !thread->paused
	       && !thread->detached;
}

/**
 * End a blocked operation whose IPC fields are settled: the thread is READY from
 * now on and its CPU, this one or another, gets to know.
 */
void thread_ready(struct thread *thread);

/** End a blocked call, wait or park with 'status'. False if the thread is not blocked. */
bool thread_abort(struct thread *thread, status_t status);

/** Announce a fault of the current thread to core. */
void thread_fault(struct thread *thread, enum by_fault_cause cause, word_t address,
                  unsigned access);

/** Put the FPU state of a thread that leaves this CPU into its save area. */
void thread_save_fpu(struct thread *thread);

/** Donate no more to the owner that this parked thread names; it stays parked. */
void thread_leave_owner(struct thread *thread);

/** Block the current thread until it is unparked. */
void thread_park(struct thread *thread, struct thread *owner, ticks_t deadline);
void thread_unpark(struct thread *thread);

/** The deadline of a park passed. */
void thread_park_timeout(struct thread *thread);

/** Bring a dying thread closer to its end; true when nothing refers to it. */
bool thread_destroy(struct thread *thread, struct teardown *td);

/** Pause a thread; true when it runs on no CPU. */
bool thread_stop(struct thread *thread);

void thread_resume(struct thread *thread);

/**
 * Make a thread what it was before its start: nothing refers to it but its slots,
 * whoever waited for it got BY_GONE. True when done.
 */
bool thread_expel(struct thread *thread, struct teardown *td);

/** Make a share the own one of a thread, or take it away (NULL). False: not yet. */
bool thread_bind(struct thread *thread, struct share *share);

/** Do what another CPU asked for by cpu_poke(). */
void thread_poked(struct thread *thread, uint32_t what);

#endif
