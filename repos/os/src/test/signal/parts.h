/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parts of the scenario 'signal', and what they share.
 */
#ifndef SIGNAL_PARTS_H
#define SIGNAL_PARTS_H

#include <by/container.h>
#include <by/endpoint.h>
#include <by/env.h>
#include <check.h>

/** A handler that counts. */
struct counter {
	struct by_signal_handler handler;
	by_atomic_u32            wakes, count;
	uint64_t                 sleep_us; /* that it takes its time */
};

extern struct by_env      *the_env;
extern struct by_endpoint  receiver; /* with a thread of its own */

/** Create a counter at the receiver. */
void counter_init(struct counter *counter, enum by_signal_class class);

/** End counters, on the thread of their endpoint. */
void counter_fini(struct counter *first, unsigned count);

/** What has arrived. */
uint32_t count_of(struct counter *counter);

/** Wait until so many signals have arrived, and check that there are no more. */
void wait_for(struct counter *counter, uint32_t count);

/** The parts. */
void test_order(void);
void test_ends(void);
void test_peer(void);

#endif
