/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timeouts: functions that an endpoint calls when their time has come.
 *
 * An endpoint has one kernel timeout for all of them; starting and stopping is
 * O(log n). Timeouts are started and stopped by the thread of their endpoint. 'fire'
 * may start and stop any of them, its own included, and may destroy its own.
 */
#ifndef BY_TIMEOUT_H
#define BY_TIMEOUT_H

#include <by/tree.h>
#include <by/types.h>

struct by_endpoint;

/** A timeout; embedded in an object that 'fire' finds. */
struct by_timeout {
	struct by_tree_node node;
	by_ticks_t          deadline;
	by_ticks_t          period;   /* 0: fires once */
	struct by_endpoint *endpoint;
	void              (*fire)(struct by_timeout *timeout);
};

/** Prepare a timeout, which is not started. Keeps: endpoint. */
void by_timeout_init(struct by_timeout *timeout, struct by_endpoint *endpoint,
                     void (*fire)(struct by_timeout *timeout));

/**
 * Fire once, in 'us' microseconds; instead of what was started before. Errors, when
 * the endpoint's first timeout is started: BY_OUT_OF_RAM, BY_OUT_OF_CAPS.
 */
BY_MUST_USE by_status_t by_timeout_start(struct by_timeout *timeout, uint64_t us);

/**
 * Fire every 'us' microseconds (at least 1), the first time in 'us'; without drift.
 * Times that were missed are left out. Errors: as by_timeout_start().
 */
BY_MUST_USE by_status_t by_timeout_repeat(struct by_timeout *timeout, uint64_t us);

/** Do not fire any more. */
void by_timeout_stop(struct by_timeout *timeout);

/** Whether it will fire. */
static inline bool by_timeout_started(struct by_timeout const *timeout)
{
	return by_tree_linked(&timeout->node);
}

#endif
