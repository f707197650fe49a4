/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads of the component.
 *
 * Each has a slot in the stack area (by/region.h):
 *
 *     | unmapped ... | stack ... TLS | unmapped page | message page |
 *
 * so that running out of a stack in either direction is a fault. The stack holds
 * the thread's copy of the program's thread-local variables at its upper end.
 */
#ifndef BY_THREAD_H
#define BY_THREAD_H

#include <by/atomic.h>
#include <by/region.h>
#include <by/types.h>

enum {
	BY_STACK_DEFAULT = 32 * 1024,
	BY_STACK_MAX     = BY_STACK_SLOT - 4 * 4096,
	BY_THREADS       = BY_STACK_AREA_SIZE / BY_STACK_SLOT, /* at most, main thread included */
	BY_THREAD_NAME   = 32, /* bytes of a name, longer ones are cut off */
};

struct by_cpu;
struct by_endpoint;
struct by_env;
struct by_message;

/** A thread; its creator's storage. */
struct by_thread {
	by_cap_t            cap;
	void              (*entry)(struct by_thread *thread);
	void               *arg;        /* for 'entry' */
	struct by_env      *env;
	struct by_cpu      *cpu;        /* session that it was created in */
	struct by_endpoint *endpoint;   /* that it serves, or NULL */
	struct by_message  *message;
	by_cap_t            stack;      /* the dataspace */
	by_word_t           stack_base;
	unsigned            index;      /* of its slot in the stack area */
	by_atomic_u32       end;        /* 0, the slot of who joins, or BY_THREAD_ENDED */
	char                name[BY_THREAD_NAME + 1];
};

#define BY_THREAD_ENDED UINT32_MAX

struct by_thread_args {
	char const *name;
	void      (*entry)(struct by_thread *thread);
	void       *arg;
	size_t      stack_size; /* bytes, 0: BY_STACK_DEFAULT; at most BY_STACK_MAX */
	bool        passive;    /* has no time but that of its callers */
	struct by_cpu *cpu;     /* whose time it gets, see by_cpu_open(); NULL: the component's own */
};

/**
 * Create a thread, which does not run yet. Keeps: thread, which must not move.
 * Borrows: args. Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS, BY_NO_SPACE if there are
 * BY_THREADS already, BY_INVALID if the stack is too large.
 */
BY_MUST_USE by_status_t by_thread_create(struct by_env *env, struct by_thread *thread,
                                         struct by_thread_args const *args);

/** Let a new thread run: it calls 'entry', and ends when that returns. */
BY_MUST_USE by_status_t by_thread_run(struct by_thread *thread);

/** Wait until a thread that runs has ended. One thread can wait for another one. */
void by_thread_join(struct by_thread *thread);

/** End the calling thread. */
void by_thread_exit(void) __attribute__((noreturn));

/**
 * Free a thread's resources, in whatever state it is: it stops at once, and locks
 * that it has remain locked. Not for the calling thread. Takes: thread.
 */
void by_thread_destroy(struct by_thread *thread);

/** The calling thread. */
struct by_thread *by_thread_self(void);

/** The name of the calling thread. */
char const *by_thread_name(void);

#endif
