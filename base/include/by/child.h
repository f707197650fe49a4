/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Children: components that this one creates out of its own resources, and whose
 * parent it is.
 *
 * A child gets a PD, a CPU and a LOG session of its own. It asks its parent for every
 * other session; a fixed table of routes says what it can have and where that comes
 * from. Everything happens at the main endpoint of the parent, which never blocks on
 * the child.
 */
#ifndef BY_CHILD_H
#define BY_CHILD_H

#include <by/attached.h>
#include <by/endpoint.h>
#include <by/env.h>
#include <by/service.h>

enum {
	BY_CHILD_NAME  = 32,        /* bytes of a child's name */
	BY_CHILD_STACK = 64 * 1024, /* of its main thread, unless said otherwise */
};

struct by_child;

/** Where requests for a service go. The first route that fits counts; without one: denied. */
struct by_route {
	char const        *service; /* NULL: the end of the table */
	char const        *last;    /* only if the label's last element is this; NULL: any */
	struct by_service *local;   /* a service of the parent; NULL: the parent's own parent */
};

/** What the parent is told about a child. Each function may destroy it. */
struct by_child_ops {
	/* The child has ended itself. */
	void (*exited)(struct by_child *child, int code);

	/* A fault has stopped a thread of the child. NULL: report and leave it. */
	void (*faulted)(struct by_child *child, char const *thread,
	                struct by_cpu_fault const *fault);
};

/** A child; its parent's storage. */
struct by_child {
	char                       name[BY_CHILD_NAME + 1];
	char                       program[BY_CHILD_NAME + 1];
	struct by_env             *env;
	struct by_child_ops const *ops;
	struct by_route const     *routes;
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
	by_cap_t                   answered; /* the child's signal for answers */
	struct by_list             sessions; /* that the child has */
};

struct by_child_args {
	char const                *name;
	char const                *program;    /* the binary's name for reports; NULL: 'name' */
	struct by_attached const  *binary;     /* an ELF file, for as long as the child exists */
	size_t                     ram;        /* quota, of which its PD takes 128 KiB at once */
	size_t                     caps;
	size_t                     stack_size; /* of the main thread, 0: BY_CHILD_STACK */
	uint32_t                   priority, weight, cpu; /* of its CPU session */
	struct by_route const     *routes;
	struct by_child_ops const *ops;
};

/**
 * Create a child and load it; it does not run yet. Besides 'ram' and 'caps' the
 * parent pays for a CPU and a LOG session. Borrows: args, and what it points to (but
 * the name) as long as the child exists. Keeps: child, which must not move.
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
