/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Endpoints, and the gates and signals that belong to them.
 *
 *                       ┌ queue[priority] ── callers (threads) ─ gate
 *     thread <── endpoint
 *                       └ signals[class] ── pending signals
 */
#ifndef KERNEL_ENDPOINT_H
#define KERNEL_ENDPOINT_H

#include "object.h"
#include "timer.h"

struct cpu;
struct irq;
struct thread;

enum signal_class { SIGNAL_APP, SIGNAL_IO, SIGNAL_CLASSES };

struct endpoint {
	struct object  obj;        /* type: lock */
	struct lock    lock;
	uint32_t       accept;     /* BY_WAIT_...: what its WAITING thread accepts */
	struct thread *thread;     /* NULL when it died */
	struct thread *former;     /* died, and callers are left to answer; owner: core calls */
	struct pd     *pd;         /* that its gates and signals belong to; NULL when it died (atomic) */
	bool           signal_turn;/* a signal is delivered next, if one is pending */
	bool           movable;    /* its thread, passive and WAITING, may be taken by any CPU */
	struct thread *fault;      /* core's: the thread whose fault is being handled */
	uint8_t        last_class; /* of the signal delivered last */
	struct ring    parts;      /* gates and signals; owner: core calls */
	struct ring    signals[SIGNAL_CLASSES]; /* pending */
	uint32_t       levels;     /* priorities whose queue is not empty */
	struct ring    queue[BY_PRIORITIES];
};

_Static_assert(sizeof(struct endpoint) <= BY_ENDPOINT_SIZE, "BY_ENDPOINT_SIZE");

/** What gates and signals have in common. */
struct part {
	struct object    obj;      /* type: lock of the endpoint */
	struct endpoint *ep;       /* NULL when it is gone; owner: core calls */
	struct link      link;     /* in ep->parts */
	word_t           badge;    /* constant */
};

struct gate {
	struct part part;
	struct ring callers;       /* QUEUED through this gate; lock of the endpoint */
};

_Static_assert(sizeof(struct gate) <= BY_GATE_SIZE, "BY_GATE_SIZE");

struct signal {
	struct part    part;
	struct link    link;       /* in ep->signals while 'count' > 0; lock of the endpoint */
	uint32_t       count;      /* submitted and not delivered, saturating; the same lock */
	uint8_t        class;      /* enum signal_class, constant */
	struct irq    *irq;        /* that submits it; owner: core calls */
	struct timeout timeout;
};

_Static_assert(sizeof(struct signal) <= BY_SIGNAL_SIZE, "BY_SIGNAL_SIZE");

void endpoint_init(struct endpoint *ep, word_t id, struct thread *thread);
void gate_init(struct gate *gate, word_t id, struct endpoint *ep, word_t badge);
void signal_init(struct signal *signal, word_t id, struct endpoint *ep, word_t badge,
                 enum signal_class class);

/** Submit 'count' more of a signal. Ignored if it is dying. */
void signal_submit(struct signal *signal, word_t count);

/** Call of the current thread through a gate; see BY_CALL_IPC_CALL. */
void ipc_call(struct thread *caller);

/** Reply and wait of the current thread; see BY_CALL_IPC_WAIT. */
void ipc_wait(struct thread *thread, word_t options);

/** Queue the fault in 'thread' at core's endpoint. */
void ipc_fault(struct thread *thread);

/** End the call or wait of a thread with 'status'; false if it is in neither. */
bool ipc_abort(struct thread *thread, status_t status);

/** Keep other CPUs from taking a passive thread that waits, until it waits anew. */
void ipc_pin(struct thread *thread);

/** Forget a fault that waits for core, or that core handles. */
void ipc_drop_fault(struct thread *thread);

/**
 * Answer 'gone' to one caller queued at 'ep', through 'gate' if that is not NULL.
 * False if there is none.
 */
bool ipc_drop_caller(struct endpoint *ep, struct gate *gate);

/**
 * Separate an endpoint from its thread for good: the wait of the thread and the call of its
 * client end with 'gone', and gates and signals belong to no PD any more.
 */
void ipc_orphan(struct endpoint *ep, struct thread *thread);

/** Whether the most important queued caller is on 'cpu'. */
bool endpoint_local_caller(struct endpoint const *ep, struct cpu const *cpu);

/** The endpoint's thread dies: answer 'gone' to up to 'budget' callers; true when done. */
bool endpoint_orphan(struct endpoint *ep, struct teardown *td);

bool endpoint_destroy(struct endpoint *ep, struct teardown *td);
bool gate_destroy(struct gate *gate, struct teardown *td);
bool signal_destroy(struct signal *signal, struct teardown *td);

extern struct endpoint *core_ep;

#endif
