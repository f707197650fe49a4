/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parts of the scenario 'endpoint', run by a thread of their own, and what they share.
 */
#ifndef ENDPOINT_PARTS_H
#define ENDPOINT_PARTS_H

#include <by/endpoint.h>
#include <by/env.h>
#include <check.h>
#include <relay.h>

enum { ENDPOINTS = 4 };

extern struct by_env      *the_env;
extern struct by_endpoint  endpoints[ENDPOINTS]; /* with the threads "ep0" to "ep3" */

/** A thread that makes one call, or several. */
struct caller {
	struct by_thread thread;
	struct relay    *relay;
	by_status_t    (*call)(struct caller *caller);
	uint32_t         number;
	by_status_t      status;
	by_atomic_u32    begun, done;
};

/** Start a caller, on the time of 'cpu' (NULL: ours). Fields relay, call, number are set. */
void caller_start(struct caller *caller, struct by_cpu *cpu);

/** Wait until it is done, and free it. */
void caller_end(struct caller *caller);

/** Wait until nobody else on this CPU has anything to do: whoever was to block has. */
void settle(void);

/** Create a relay on an endpoint; its thread does nothing else meanwhile. */
void relay_make(struct relay *relay, struct by_endpoint *endpoint, unsigned id);

/** Withdraw a relay on the thread of its endpoint. */
void relay_end(struct relay *relay);

/** Calls of callers. */
by_status_t call_hold(struct caller *caller);
by_status_t call_note(struct caller *caller);

/** The parts. */
void test_calls(void);
void test_raw(void);
void test_ends(void);
void test_time(void);
void test_peer(void);

#endif
