/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shares: somebody's part of one CPU's time.
 */
#ifndef KERNEL_SHARE_H
#define KERNEL_SHARE_H

#include "object.h"

struct share {
	struct object obj;
	struct cpu   *cpu;        /* constant */
	struct link   link;       /* in the CPU's queue of this priority, if 'queue' has threads */
	struct ring   queue;      /* threads that can run or donate; owner: CPU */
	struct ring   threads;    /* threads bound to it; owner: core calls */
	int64_t       credit;     /* left of the current turn; owner: CPU */
	uint16_t      weight;     /* owner: CPU */
	uint8_t       priority;   /* owner: CPU */
};

_Static_assert(sizeof(struct share) <= BY_SHARE_SIZE, "BY_SHARE_SIZE");

void share_init(struct share *share, word_t id, struct cpu *cpu, unsigned priority,
                unsigned weight);

/** Change priority and weight. core_lock is held. */
void share_change(struct share *share, unsigned priority, unsigned weight);

/** The same, on the share's CPU. */
void share_set(struct share *share, unsigned priority, unsigned weight);

bool share_destroy(struct share *share, struct teardown *td);

#endif
