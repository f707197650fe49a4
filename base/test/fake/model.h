/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the two halves of the model share: fake.c is the kernel, core.c is core.
 * The caller of everything here holds the lock.
 */
#ifndef MODEL_H
#define MODEL_H

#include "fake.h"
#include <by/message.h>
#include <by/rpc.h>

struct fake_thread;
struct fake_part;

/** An object; 'kind' says which fields it has. */
struct object {
	enum fake_kind kind;
	unsigned       pd;       /* that it belongs to, or is */
	unsigned       payer;    /* PD whose account has paid the capability */

	/* dataspace, ROM */
	void    *memory;
	size_t   size;
	bool     owned, mapped, device; /* RAM; of the model's own; registers */
	bool     sealed;
	unsigned ds;
	unsigned    rom;      /* which of fake.rom, and what it was when it was asked for */
	void const *rom_data;

	/* thread */
	pthread_t          host;
	struct by_message *page;
	struct by_control *control;
	bool               running, killed, token, paused, parked;
	by_ticks_t         park_until;
	unsigned           message_mapped;

	/* endpoint: its thread, callers, what its thread owes */
	unsigned thread, first_caller, client;
	bool     signal_turn;

	/* thread as a caller */
	unsigned  next_caller, callee;
	by_word_t call_badge, call_gate;
	by_tag_t  call_tag;
	bool      replied;
	by_tag_t  reply_tag;

	/* gate, signal */
	unsigned   endpoint;
	by_word_t  badge;
	unsigned   pending;
	bool       io;
	by_ticks_t deadline;
	uint64_t   sequence;

	/* session at the parent */
	unsigned client_pd;
	uint32_t client_id;
	bool     news, answered; /* to be heard; not pending any more */
	uint64_t ram, caps;
	unsigned sigh;
	unsigned   request_sigh, news_sigh[FAKE_NEWS];

	/* CPU: a fault */
	bool     faulted;
	uint32_t cause;
	uint64_t address;
};

extern struct object    model_objects[FAKE_OBJECTS];
extern _Thread_local unsigned model_self; /* thread object of the calling host thread */

/** A new object, paid by PD 'payer' with one capability. 0: out of capabilities. */
unsigned model_create(enum fake_kind kind, unsigned pd, unsigned payer);
void     model_destroy(unsigned object);

/** The object in a slot, 0 if none or dead. */
unsigned model_lookup(unsigned pd, by_word_t slot);

void model_signal(unsigned signal, unsigned count);
void model_wake(void);

/** Start, kill the host thread of a thread object. The latter releases the lock meanwhile. */
void model_thread_start(unsigned thread, void *argument);
void model_thread_kill(unsigned thread);

/** RPC to an object of core's. */
by_tag_t core_call(unsigned object, by_tag_t tag, struct by_message *msg);

/** Tell the sessions of a ROM that its content has changed. */
void core_rom_changed(unsigned rom);

/** End everything that a PD has. */
void core_pd_end(unsigned pd);

/** What a capability argument names. */
unsigned core_arg(struct by_cap_arg const *arg);

#endif
