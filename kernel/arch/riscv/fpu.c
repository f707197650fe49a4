/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: FPU state, switched eagerly between the threads that have one.
 *
 * sstatus.FS (privileged architecture 3.1.6.6) is off for threads without a save
 * area, and tells of the others whether there is anything to save.
 */
#include "pd.h"
#include "thread.h"
#include "zone.h"
#include <arch/fpu.h>
#include <by/boot_info.h>
#include <port/csr.h>
#include <port/internal.h>
#include <port/platform.h>

struct fpu { uint64_t f[32], fcsr; };

_Static_assert(sizeof(struct fpu) <= BY_FPU_SIZE, "BY_FPU_SIZE");


static bool exists; /* without it, its instructions are illegal for good */


void fpu_start(struct by_boot_info const *info)
{
	exists = info->platform[PLATFORM_FPU];
}


void fpu_init(struct fpu *fpu)
{
	memset(fpu, 0, sizeof(*fpu));
}


void fpu_switch(struct fpu *from, struct fpu *to)
{
	if (from && (csr_read(sstatus) & SSTATUS_FS) == SSTATUS_FS)
		fpu_save(from);

	csr_clear(sstatus, SSTATUS_FS);
	if (!to)
		return;

	csr_set(sstatus, SSTATUS_FS_CLEAN);
	fpu_load(to);
	csr_clear(sstatus, SSTATUS_FS);
	csr_set(sstatus, SSTATUS_FS_CLEAN);
}


/** Read 16 bits of user memory through the page tables, 0 if they are not there. */
static word_t user_half(struct thread const *thread, word_t va)
{
	unsigned    level;
	pte_t const pte = space_entry(&thread->pd->space, va, &level);
	paddr_t     at  = pte_address(pte) + (va & (((word_t)1 << pt_shift(level)) - 1));

	if (!pte || !zone_has(at, sizeof(uint16_t)))
		return 0;

	return *(uint16_t const *)mem_kernel(at);
}


/** Unprivileged ISA: chapters 11, 12 and 16, and table 24.1. */
static bool fpu_instruction(word_t code)
{
	if ((code & 3) != 3)
		/* compressed loads and stores of double precision: 001 and 101 */
		return code & 1 ? false : (code >> 13 & 3) == 1;

	switch (code & 0x7f) {
	case 0x07: case 0x27:                       /* load, store */
	case 0x43: case 0x47: case 0x4b: case 0x4f: /* multiply and add */
	case 0x53:                                  /* operation */
		return true;
	case 0x73:                                  /* fflags, frm, fcsr */
		return (code >> 12 & 3) && code >> 20 >= 1 && code >> 20 <= 3;
	default:
		return false;
	}
}


bool fpu_wanted(struct thread const *thread, word_t code)
{
	word_t const pc = thread->frame.pc;

	if (!exists || csr_read(sstatus) & SSTATUS_FS)
		return false;

	/* stval may be 0 instead of the instruction */
	if (!code)
		code = user_half(thread, pc) | user_half(thread, pc + 2) << 16;

	return fpu_instruction(code);
}
