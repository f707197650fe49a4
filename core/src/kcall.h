/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core calls, see by/abi.h.
 */
#ifndef CORE_KCALL_H
#define CORE_KCALL_H

#include <by/abi.h>
#include <by/arch/kernel.h>
#include <by/core.h>
#include <by/types.h>

/** Arguments and results of a core call. */
struct kargs { by_word_t arg[6]; };

/** Make core call 'number'; results replace the arguments from 0 on. */
by_status_t kcall(unsigned number, struct kargs *args);

/** Core call with arguments given one by one and no results. */
#define KCALL(NAME, ...) \
	kcall(BY_CALL_##NAME, &(struct kargs){ { __VA_ARGS__ } })

/** Repeat a call until it does not answer 'again'. */
by_status_t kcall_repeat(unsigned number, struct kargs args);

#define KCALL_REPEAT(NAME, ...) \
	kcall_repeat(BY_CALL_##NAME, (struct kargs){ { __VA_ARGS__ } })

/** Time, and ticks per second. */
by_ticks_t kcall_clock(uint64_t *frequency);

/** Have a signal of core submitted at a time. */
void kcall_timeout(by_word_t signal, by_ticks_t deadline);
#endif
