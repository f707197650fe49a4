/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core calls.
 */
#include "kcall.h"
#include <by/arch/call.h>


by_status_t kcall(unsigned number, struct kargs *args)
{
	struct by_call call = {
		.op   = number,
		.cap  = args->arg[0],
		.tag  = args->arg[1],
		.word = { args->arg[2], args->arg[3], args->arg[4], args->arg[5] },
	};

	by_call(&call);
	for (unsigned i = 0; i < 4; i++)
		args->arg[i] = call.word[i];

	return BY_STATUS(call.tag);
}


by_status_t kcall_repeat(unsigned number, struct kargs args)
{
	by_status_t status;

	do {
		struct kargs copy = args;
		status = kcall(number, &copy);
	} while (status == BY_AGAIN);

	return status;
}


enum { WORD_BITS = 8 * sizeof(by_word_t) };

/** A (64) result that begins at message word 'i'. */
static uint64_t result64(struct by_call const *call, unsigned i)
{
	return WORD_BITS == 64 ? call->word[i]
	                       : call->word[i] | (uint64_t)call->word[i + 1] << 32;
}


by_ticks_t kcall_clock(uint64_t *frequency)
{
	struct by_call call = { .op = BY_CALL_CLOCK };

	by_call(&call);
	*frequency = result64(&call, WORD_BITS == 64 ? 1 : 2);

	return result64(&call, 0);
}


void kcall_timeout(by_word_t signal, by_ticks_t deadline)
{
	struct by_call call = { .op = BY_CALL_TIMEOUT, .cap = signal };

	call.word[0] = (by_word_t)deadline;
	call.word[1] = (by_word_t)(deadline >> (WORD_BITS / 2) >> (WORD_BITS / 2));
	by_call(&call);
}
