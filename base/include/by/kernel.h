/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's calls for users, other than IPC, one function each; see by/abi.h.
 */
#ifndef BY_KERNEL_H
#define BY_KERNEL_H

#include <by/abi.h>
#include <by/arch/call.h>
#include <by/message.h>
#include <by/types.h>

/** A call with argument 0 and 1 and no result but a status. */
static inline by_status_t by_kernel_call(by_word_t op, by_word_t cap, by_word_t tag)
{
	struct by_call call = { .op = op, .cap = cap, .tag = tag };

	by_call(&call);

	return BY_STATUS(call.tag);
}

/** A call with argument 0 and a time. */
static inline by_status_t by_kernel_time(by_word_t op, by_word_t cap, by_ticks_t time)
{
	struct by_call call = { .op = op, .cap = cap, .word[0] = (by_word_t)time };

	if (sizeof(by_word_t) < sizeof(time))
		call.word[1] = (by_word_t)(time >> 32);
	by_call(&call);

	return BY_STATUS(call.tag);
}

/** Result number i of a call whose results are all (64). */
static inline uint64_t by_kernel_result(struct by_call const *call, unsigned i)
{
	if (sizeof(by_word_t) == sizeof(uint64_t))
		return call->word[i];

	return call->word[2 * i] | (uint64_t)call->word[2 * i + 1] << 32;
}

/** Do nothing, in the kernel. */
static inline by_status_t by_kernel_null(void)
{
	return by_kernel_call(BY_CALL_NULL, 0, 0);
}

/** Submit a signal 'count' times at once; never blocks. Errors: BY_BAD_CAP. */
static inline by_status_t by_signal_submit(by_cap_t signal, unsigned count)
{
	return by_kernel_call(BY_CALL_SIGNAL, signal.slot, count);
}

/**
 * Have an own signal submitted at 'deadline' (BY_NEVER: not), instead of at the
 * deadline before. Errors: BY_BAD_CAP, BY_DENIED if it is not an own one.
 */
static inline by_status_t by_timeout_set(by_cap_t signal, by_ticks_t deadline)
{
	return by_kernel_time(BY_CALL_TIMEOUT, signal.slot, deadline);
}

/** Unmask an interrupt after its signal was handled. Errors: BY_BAD_CAP. */
static inline by_status_t by_irq_ack(by_cap_t irq)
{
	return by_kernel_call(BY_CALL_IRQ_ACK, irq.slot, 0);
}

/**
 * Block until somebody unparks the calling thread, or has done so since it was
 * blocked last; at most until 'deadline'. Meanwhile 'owner', a thread of the
 * component or BY_NO_CAP, runs on the caller's time.
 *
 * Errors: BY_TIMEOUT, BY_CANCELLED; BY_BAD_CAP and BY_DEADLOCK about the owner.
 */
static inline by_status_t by_park(by_cap_t owner, by_ticks_t deadline)
{
	return by_kernel_time(BY_CALL_PARK, owner.slot, deadline);
}

/** Wake a parked thread of the component, or let its next by_park() return at once. */
static inline by_status_t by_unpark(by_cap_t thread)
{
	return by_kernel_call(BY_CALL_UNPARK, thread.slot, 0);
}

/** Let other threads of the same priority run. */
static inline void by_yield(void)
{
	by_kernel_call(BY_CALL_YIELD, 0, 0);
}

/** Empty a slot. The slot remains allocated, unlike with by_cap_drop(). */
static inline by_status_t by_kernel_drop(by_cap_t cap)
{
	return by_kernel_call(BY_CALL_CAP_DROP, cap.slot, 0);
}

/** What a slot holds: nothing, something own (and its badge), or something foreign. */
static inline enum by_cap_kind by_cap_info(by_cap_t cap, by_word_t *badge)
{
	struct by_call call = { .op = BY_CALL_CAP_INFO, .cap = cap.slot };

	by_call(&call);
	*badge = call.word[1];

	return (enum by_cap_kind)call.word[0];
}

/** The clock as the kernel reads it, and its ticks per second; see by/clock.h. */
static inline by_ticks_t by_kernel_clock(uint64_t *frequency)
{
	struct by_call call = { .op = BY_CALL_CLOCK };

	by_call(&call);
	*frequency = by_kernel_result(&call, 1);

	return by_kernel_result(&call, 0);
}

#endif
