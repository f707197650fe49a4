/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shares.
 */
#include "share.h"
#include "cpu.h"
#include "sched.h"


void share_init(struct share *share, word_t id, struct cpu *cpu, unsigned priority,
                unsigned weight)
{
	memset(share, 0, sizeof(*share));
	object_init(&share->obj, BY_OBJECT_SHARE, id);
	share->cpu      = cpu;
	share->priority = (uint8_t)priority;
	share->weight   = (uint16_t)weight;
}


bool share_destroy(struct share *share, struct teardown *td)
{
	object_kill(&share->obj);
	while (!ring_empty(&share->threads)) {
		struct thread *thread = container_of(share->threads.first,
		                                     struct thread, share_link);
		if (!td->budget || !thread_bind(thread, NULL))
			return false;
		td->budget--;
	}

	return object_unlink(&share->obj, td) && object_quiesced(&share->obj, 1);
}


void share_change(struct share *share, unsigned priority, unsigned weight)
{
	if (share->cpu == smp_self()) {
		share_set(share, priority, weight);
		return;
	}
	cpu_share = (struct share_order) { share, priority, weight };
	cpu_broadcast(1ull << share->cpu->id, WORK_SHARE);
}
