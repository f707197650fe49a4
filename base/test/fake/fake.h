/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small model of kernel and core, for unit tests of the runtime on the host.
 *
 *     runtime under test ──by_call──> user calls ──RPC──> core's services
 *                                         └─────RPC─────> objects of the test itself
 *
 * Threads are host threads, one lock covers the whole model. Core's side of every RPC
 * is the generated dispatcher over operations of the model. PD 0 is the component under
 * test; further PDs appear when it opens PD sessions, and a host thread can play
 * their part. RAM is attached for real, at its address.
 */
#ifndef FAKE_H
#define FAKE_H

#include <by/arch/call.h>
#include <by/arch/tls.h>
#include <by/region.h>
#include <by/types.h>
#include <pthread.h>

enum { FAKE_OBJECTS = 8192, FAKE_SLOTS = 4096, FAKE_PDS = 8, FAKE_ATTACHMENTS = 32 };

enum fake_kind {
	FAKE_NONE, FAKE_PARENT, FAKE_PD, FAKE_CPU, FAKE_LOG, FAKE_MAP, FAKE_DS, FAKE_ROM,
	FAKE_IO_MEM, FAKE_RM, FAKE_THREAD, FAKE_ENDPOINT, FAKE_GATE, FAKE_SIGNAL,
	FAKE_KINDS,
};

/** Something attached in the space of another PD than the component's. */
struct fake_attachment {
	unsigned ds;
	uint64_t offset, size, at;
	uint32_t flags;
};

/** A protection domain. */
struct fake_pd {
	bool                   alive;
	unsigned               object, space;
	uint64_t               ram_quota, ram_used, caps_quota, caps_used;
	uint64_t               ram_aside, caps_aside;
	int                    reference; /* PD whose account it trades with */
	bool                   dma;       /* it may know DMA addresses */
	uint16_t               slot[FAKE_SLOTS];
	unsigned               slots;     /* that the table has */
	struct fake_attachment attached[FAKE_ATTACHMENTS];
	unsigned               attachments;
};

/** What the test sets and looks at. */
struct fake {
	by_ticks_t     now;
	bool           auto_time;   /* time passes when all that is left is to wait for it */
	unsigned       leaves_max;  /* pages of a capability table */
	unsigned       fail_at;     /* this call to core that can fail, from now on, does; 0: none */
	by_status_t    fail_with;
	unsigned       again;       /* so many calls to core answer 'again' first */
	bool           pending;     /* the parent answers sessions later, */
	bool           dead;        /* the gates that it gives are so already, */
	bool           unfinished;  /* and gets donations back from servers later */
	uint64_t       fee;         /* it takes */
	by_status_t    verdict;     /* its answer then */
	uint32_t       fault_access; /* of the next fault */
	uint64_t       fault_sp;
	char           log[4096];   /* what was printed */
	unsigned       log_calls;
	int            exit_code;
	bool           exited;
	unsigned       calls;       /* user calls but RPC to core, by number: */
	unsigned       count[16];
	unsigned       upgrades;
	struct {
		void const *data; /* NULL: there is no content now */
		size_t      size;
		char const *name;
		uint64_t    price; /* that a session must have donated to see it */
		uint64_t    lie;   /* by which its server exaggerates its size */
	} rom[4];
	struct fake_pd pd[FAKE_PDS];
	struct {
		char          service[33], label[129];
		uint64_t      ram, caps;
		unsigned      args_len;
		unsigned char args[64];
	} session; /* that was asked for last */
	struct {
		unsigned     what;
		uint32_t     id;
		uint64_t     ram, caps;
		char const  *service, *label, *args;
	} request[16]; /* of the parent, for the component as a server, */
	unsigned       requests, fetched;
	char           provided[64];     /* services that it has announced, with blanks behind */
	by_status_t    provide, deliver; /* what the parent answers to that */
	uint32_t       delivered, refused, done, lost; /* sessions it was told of last; */
	struct { uint64_t ram, caps; } donated[32]; /* with them, while it is the component's */
	bool           closing;          /* it is about to close what it is told to be lost */
	unsigned       unpaid;           /* donations that were not free when they had to be */
	unsigned       answers;          /* how many */
	uint32_t       reason;
	unsigned       alive;            /* answers to heartbeats */
	uint64_t       wanted_ram, wanted_caps; /* it has asked for, so often: */
	unsigned       wishes;
	uint64_t       yield_ram, yield_caps; /* the parent wants back, and has been answered: */
	unsigned       yields;
	uint64_t       argument;         /* of the thread that was started last */
};

extern struct fake fake;

/** What the parent can tell by a signal. */
enum fake_news { FAKE_RICHER, FAKE_YIELD, FAKE_BEAT, FAKE_NEWS };

/** Begin anew: a component with some account, whose main thread is the caller. */
void fake_init(void);

/** Free everything. */
void fake_fini(void);

/** Let the clock advance and submit what is due. */
void fake_advance(by_ticks_t ticks);

/** Run 'function' until it returns, or until the main thread waits and nothing is pending. */
void fake_until_idle(void (*function)(void *arg), void *arg);

/** fake_until_idle() on the loop of the component's main endpoint. */
void fake_serve(void);

/** Let fake_until_idle() wait for others instead, until fake_release(). */
void fake_hold(void);
void fake_release(void);

/** Run 'function' on a host thread in PD 'pd', as its main thread. */
pthread_t fake_spawn(unsigned pd, void (*function)(void *arg), void *arg);

/** Wait for the thread of fake_spawn(). */
void fake_join(pthread_t thread);

/** Give a ROM another content, and signal that to those who have it. */
void fake_rom(unsigned rom, void const *data, size_t size);

/** The answer of the parent to pending requests is there: signal it. */
void fake_answer(by_status_t verdict);

/** The same, with BY_OK, for the session of this number alone. */
void fake_answer_one(uint32_t id);

/** The parent has requests: signal it. */
void fake_requests(void);

/** The parent tells: submit the signal that the component has named for it, if it has. */
bool fake_tell(enum fake_news news);

/** The parent gives: the component has so much more, and is told. */
void fake_give(uint64_t ram, uint64_t caps);

/** Stop a thread of PD 'pd' by a fault, to be reported by its CPU session. */
void fake_fault(unsigned pd, unsigned cause, uint64_t address);

/** User calls with this number so far. */
unsigned fake_count(unsigned call);

/** Objects of a kind that exist. */
unsigned fake_live(enum fake_kind kind);

/** All of them. */
unsigned fake_live_all(void);

/** Quota of all PDs and in sessions of core together, which never changes. */
void fake_quota(uint64_t *ram, uint64_t *caps);

/** Slots of the component that hold something. */
unsigned fake_filled(void);

/** What the component has at a moment; 'objects' are everybody's. */
struct fake_amounts { uint64_t ram_used, ram_quota; unsigned objects, filled; };

struct fake_amounts fake_amounts(void);

/** Whether it has exactly that now. */
bool fake_has(struct fake_amounts const *amounts);

/** Memory of a dataspace, and how much it is. */
void *fake_memory(unsigned ds, size_t *size);

/** Whether nobody can write a dataspace any more. */
bool fake_sealed(unsigned ds);

/** Object behind a slot of PD 'pd', 0: none. */
unsigned fake_object(unsigned pd, by_cap_t cap);

/** PD 'to' gets in the slot of this number what PD 'from' has there, as if it was sent. */
void fake_pass(unsigned from, unsigned to, by_cap_t cap);

/** Badge of a gate or signal. */
by_word_t fake_badge(unsigned object);

#endif
