/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Children: components that this one creates out of its own resources, and whose
 * parent it is.
 *
 * A child gets a PD, a CPU and a LOG session of its own. It asks its parent for every
 * other session; a table of routes, or a function, says what it can have and where that
 * comes from. Everything happens at the main endpoint of the parent, which never blocks on
 * the child.
 */
#ifndef BY_CHILD_H
#define BY_CHILD_H

#include <by/attached.h>
#include <by/endpoint.h>
#include <by/env.h>
#include <by/service.h>

enum {
	BY_CHILD_NAME        = 32,        /* bytes of a child's name */
	BY_CHILD_STACK       = 64 * 1024, /* of its main thread, unless said otherwise */
	BY_SERVICE_NAME      = 32,        /* bytes of a service's name */
	BY_PROVIDER_SERVICES = 8,         /* that one child can announce */
};

struct by_child;
struct by_provider;

/**
 * Where a session comes from. In a table the first entry that fits counts; without one:
 * denied.
 */
struct by_route {
	char const         *service;  /* NULL: the end of the table */
	char const         *last;     /* only if the label's last element is this; NULL: any */
	struct by_service  *local;    /* a service of the parent; */
	struct by_provider *provider; /* or what a child offers; both NULL: the parent's parent */
	char const         *label;    /* for the provider; NULL: "child -> label" */
};

/** What the parent is told about a child. Each function but 'route' may destroy it. */
struct by_child_ops {
	/* The child has ended itself. */
	void (*exited)(struct by_child *child, int code);

	/* A fault has stopped a thread of the child. NULL: report and leave it. */
	void (*faulted)(struct by_child *child, char const *thread,
	                struct by_cpu_fault const *fault);

	/*
	 * Say where a session comes from; for children without a table. 'label' is
	 * "child -> label". What 'route' points to must last until the next call.
	 * Errors: BY_DENIED.
	 */
	by_status_t (*route)(struct by_child *child, char const *service, char const *label,
	                     struct by_route *route);

	/* The child would like more: see by_child_give(). NULL: it gets none. */
	void (*wants)(struct by_child *child, uint64_t ram, uint64_t caps);

	/*
	 * The child has freed this much of what by_child_take() asked for, and it has
	 * been taken. NULL: it does not matter.
	 */
	void (*yielded)(struct by_child *child, uint64_t ram, uint64_t caps);

	/*
	 * A session of the child's has come, is in another state, or has gone:
	 * by_child_sessions() tells. Must not destroy it, nor open or close anything.
	 * NULL: it does not matter.
	 */
	void (*sessions)(struct by_child *child);
};

/** A child; its parent's storage. */
struct by_child {
	char                       name[BY_CHILD_NAME + 1];
	char                       program[BY_CHILD_NAME + 1];
	struct by_env             *env;
	struct by_child_ops const *ops;
	struct by_route const     *routes;   /* NULL: ops->route decides */
	struct by_provider        *provider; /* of what it offers, NULL: nothing */
	struct by_pd               pd;
	struct by_cpu              cpu;
	struct by_log              log;
	struct by_region_map       space;
	by_cap_t                   thread;
	by_cap_t                   stack;    /* of the main thread */
	by_word_t                  entry;
	by_word_t                  caller;   /* of what the latest fault is in, 0: unknown */
	struct by_object           parent;   /* what the child knows as its parent */
	struct by_signal_handler   faults;
	struct by_tree             sessions; /* that the child has, by its numbers */
	struct by_list             records;  /* those, and those closed but not done with */
	struct by_list             news;     /* those of which it has something to hear */
	struct by_list_node        poorer;   /* among those whom we owe something: */
	uint64_t                   owed_ram, owed_caps;
	by_cap_t                   answered; /* signals of the child: for answers, */
	by_cap_t                   richer;   /* for more in its account, */
	by_cap_t                   yield;    /* for what it is to give back, */
	by_cap_t                   beat;     /* and for heartbeats */
	uint64_t                   yield_ram, yield_caps; /* that it has been asked for */
	uint32_t                   highest;   /* priority of CPU sessions that it opens */
	bool                       heartbeat; /* it is to answer them, and so many */
	unsigned                   beats;     /* it has not yet */
};

/**
 * What one child offers to others; the storage of whoever routes. Routes of clients name
 * it, and it outlives the child that stands behind it: while there is none, or as long as
 * it has not announced a service, requests wait. See doc/parent.md.
 */
struct by_provider {
	/* Whether its child may offer a service; NULL: any. */
	bool (*allowed)(struct by_provider *provider, char const *service);

	struct by_child *child;    /* at the moment, NULL: none */
	by_cap_t         ready;    /* its signal for requests */
	struct by_tree   sessions; /* that the child knows of, by our numbers */
	struct by_list   waiting;  /* requests for services that are not there */
	struct by_list   queue;    /* what the child is to fetch, oldest first */
	struct by_list   owing;    /* what it has to give back and has not */
	uint32_t         last_id;
	unsigned         services; /* announced: */
	char             service[BY_PROVIDER_SERVICES][BY_SERVICE_NAME + 1];
};

struct by_child_args {
	char const                *name;
	char const                *program;    /* the binary's name for reports; NULL: 'name' */
	struct by_attached const  *binary;     /* an ELF file, for as long as the child exists */
	size_t                     ram;        /* quota, of which its PD takes 128 KiB at once */
	size_t                     caps;
	size_t                     stack_size; /* of the main thread, 0: BY_CHILD_STACK */
	uint32_t                   priority, weight, cpu; /* of its CPU session */
	bool                       dma;        /* it may know where devices find its RAM, as we do */
	uint32_t                   highest;    /* priority of those that it opens; 0: 'priority' */
	struct by_route const     *routes;     /* NULL: ops->route decides */
	struct by_provider        *provider;   /* of what it may offer; NULL: nothing */
	struct by_child_ops const *ops;
	bool                       heartbeat;  /* it is to answer by_child_heartbeat() */
	by_cap_t                   log;        /* its LOG session; BY_NO_CAP: one from above */
};

/**
 * Get what a parent needs once, whatever children it has. by_child_create() does so, too.
 * Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS.
 */
BY_MUST_USE by_status_t by_child_prepare(struct by_env *env);

/**
 * Create a child and load it; it does not run yet. Besides 'ram' and 'caps' the
 * parent pays for a CPU and, unless it names one, a LOG session. Borrows: args, and what it
 * points to (but the name) as long as the child exists. Keeps: child, which must not move.
 * Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS, BY_DENIED, and those of by_elf_open();
 * BY_NOT_SUPPORTED also for programs that want an interpreter.
 */
BY_MUST_USE by_status_t by_child_create(struct by_env *env, struct by_child *child,
                                        struct by_child_args const *args);

/** Let the child run. */
BY_MUST_USE by_status_t by_child_start(struct by_child *child);

/** End a child, in whatever state it is, and get everything back. Takes: child. */
void by_child_destroy(struct by_child *child);

/**
 * Give a child more, out of the parent's account, and tell it.
 * Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS.
 */
BY_MUST_USE by_status_t by_child_give(struct by_child *child, uint64_t ram, uint64_t caps);

/**
 * Take quota from a child, if it has so much to spare. If not, it is asked to free it,
 * which it may do some time or never. Errors: BY_PENDING.
 */
BY_MUST_USE by_status_t by_child_take(struct by_child *child, uint64_t ram, uint64_t caps);

/**
 * Ask a child that runs whether it still handles what arrives. Number of times it was asked
 * before and has not answered yet: it is created with 'heartbeat', its runtime answers. (0
 * for others, unless they have said themselves how they can be asked.)
 */
unsigned by_child_heartbeat(struct by_child *child);

/** A session that a child has asked for, as it is shown to people. */
struct by_child_session {
	char const               *service;
	char const               *label;    /* that the provider sees, */
	char const               *asked;    /* and what the client has asked for */
	char const               *state;    /* asked, open, refused, lost, closing */
	uint64_t                  ram, caps; /* donated */
	struct by_provider const *provider; /* a child that provides it, */
	struct by_service const  *local;    /* or a service of our own; both NULL: our parent */
};

/**
 * Call each(session, arg) for each session of a child, in the order in which they were
 * asked for, also for those that are closed and not done with. What is passed is borrowed for
 * the call, which must not end any session.
 */
void by_child_sessions(struct by_child const *child,
                       void (*each)(struct by_child_session const *session, void *arg),
                       void *arg);

/** Make a provider without a child. Keeps: provider, which must not move. */
void by_provider_init(struct by_provider *provider,
                      bool (*allowed)(struct by_provider *provider, char const *service));

/**
 * End a provider whose child is gone: who waits for it is denied. What clients have open
 * stays theirs to close.
 */
void by_provider_fini(struct by_provider *provider);

/**
 * Print what is known of a fault; the run tool adds function and line. For ops->faulted
 * only. The line reads
 *
 *     child "name", thread "main": page fault, reading 0x10, ip 0x1000157, sp 0x100fdec8
 *     child "name" (program), thread ..., ip 0x10, called from 0x1000157, sp 0x100fdec8
 *
 * with the program where its name is another one, and the caller after a jump to
 * where no code is.
 */
void by_child_report(struct by_child const *child, char const *thread,
                     struct by_cpu_fault const *fault);

/** Name of a cause of faults, "?" if there is none of this value. */
char const *by_fault_name(unsigned cause);

#endif
