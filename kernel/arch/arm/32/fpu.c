/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: VFP and Advanced SIMD, switched eagerly between the threads that have a
 * save area, and off (FPEXC.EN, Arm ARM, DDI 0406C, B1.11.3) for all others.
 */
#include "pd.h"
#include "thread.h"
#include "zone.h"
#include <arch/fpu.h>
#include <port/cp15.h>
#include <port/internal.h>

struct fpu { uint64_t d[32]; uint32_t fpscr; };

_Static_assert(sizeof(struct fpu) <= BY_FPU_SIZE, "BY_FPU_SIZE");

enum { CPACR_FPU = 0xf << 20 }; /* full access to coprocessors 10 and 11 */


void fpu_start(void)
{
	cp15_write(CP15_CPACR, cp15_read(CP15_CPACR) | CPACR_FPU);
	cp15_isb();
	fpu_set_enabled(false);
}


void fpu_init(struct fpu *fpu)
{
	memset(fpu, 0, sizeof(*fpu));
}


void fpu_switch(struct fpu *from, struct fpu *to)
{
	if (from)
		fpu_save(from);
	fpu_set_enabled(to);
	if (to)
		fpu_load(to);
}


/** Read 16 bits of user code through the page tables; false if they are not there. */
static bool user_half(struct thread const *thread, word_t va, uint32_t *half)
{
	unsigned    level;
	pte_t const pte = space_entry(&thread->pd->space, va, &level);
	paddr_t     at  = pte_address(pte) + (va & (((word_t)1 << pt_shift(level)) - 1));

	if (!pte || !zone_has(at, sizeof(uint16_t)))
		return false;

	*half = *(uint16_t const *)mem_kernel(at);

	return true;
}


/** Coprocessors 10 and 11, in instructions of that kind (A7.2 and A6.3.18). */
static bool fpu_coprocessor(uint32_t code)
{
	return (code & 0x0c000000) == 0x0c000000 && (code & 0x0f000000) != 0x0f000000
	       && (code & 0xe00) == 0xa00;
}


/** A5.7.1, A7.4 and A7.7. */
static bool fpu_arm(uint32_t code)
{
	return (code & 0xfe000000) == 0xf2000000 || (code & 0xff100000) == 0xf4000000
	       || fpu_coprocessor(code);
}


/** The same in the encodings of Thumb. */
static bool fpu_thumb(uint32_t code)
{
	return (code & 0xef000000) == 0xef000000 || (code & 0xff100000) == 0xf9000000
	       || ((code & 0xe0000000) == 0xe0000000 && fpu_coprocessor(code));
}


bool fpu_wanted(struct thread const *thread)
{
	struct frame const *frame = &thread->frame;
	uint32_t first, second;

	if (thread->fpu || !user_half(thread, frame->pc, &first)
	    || !user_half(thread, frame->pc + 2, &second))
		return false;

	return frame->cpsr & PSR_T ? fpu_thumb(first << 16 | second)
	                           : fpu_arm(second << 16 | first);
}
