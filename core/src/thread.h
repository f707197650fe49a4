/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads, and the CPU sessions whose time they run on.
 */
#ifndef CORE_THREAD_H
#define CORE_THREAD_H

#include "ds.h"

enum { THREAD_NAME_MAX = 32 };

struct cpu {
	struct item    item;     /* session */
	struct item    share;
	struct by_list threads;
	struct by_list faults;   /* threads stopped by a fault that nobody has taken yet */
	by_word_t      sigh;     /* id of the signal for faults */
	unsigned       repeats;  /* see item_freeable() */
	unsigned       priority, weight, number; /* of the CPU: of the share */
};

struct fault_info { uint32_t cause, access; uint64_t address, ip, sp; };

struct thread {
	struct item         item;       /* the kernel object, charged to the PD */
	struct map         *map;        /* of the PD */
	struct cpu         *cpu;
	struct by_list_node pd_node, cpu_node;
	struct by_list_node fault_node; /* in cpu->faults */
	struct waiter       waiter;
	bool                faulted;    /* stopped, and reported to the CPU session */
	struct fault_info   fault;
	struct ds           message;    /* the message page; no item */
	by_paddr_t          fpu;        /* save area, 0: none */
	struct block        fpu_block;  /* the same, if it is from a pool */
	char                name[THREAD_NAME_MAX + 1];
};

struct thread_args { const char *name; uint64_t message; bool passive; };

/** Create a thread in the PD whose address space 'map' is; the PD pays. */
BY_MUST_USE by_status_t thread_create(struct cpu *cpu, struct map *map,
                                      struct thread_args const *args, struct thread **out);

/** Begin the end of a thread, see item_doom(). */
void thread_doom(struct thread *thread);

/** Take a stopped thread off the lists of those who could let it go on. */
void thread_unlist(struct thread *thread);

/** A fault message of the kernel. */
void thread_fault(by_word_t id, struct fault_info const *fault);

/** Go on with the end of a thread, see item_doom(). */
bool thread_reap(struct item *item);

#endif
