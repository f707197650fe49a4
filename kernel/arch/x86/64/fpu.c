/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FPU state: x87, SSE and, where there is XSAVE, AVX (Intel SDM volume 1, 13).
 *
 * CR0.TS is set while no state is loaded, so that every use is a fault.
 */
#include <arch/fpu.h>
#include <port/instruction.h>
#include <port/start.h>

enum {
	STATE_X87 = 1 << 0, STATE_SSE = 1 << 1, STATE_AVX = 1 << 2,

	CONTROL_WORD = 0x37f,   /* as after FNINIT */
	MXCSR        = 0x1f80,  /* as after reset */
};

/* Legacy region of the area (SDM volume 1, 13.4.1); without header all is initial. */
struct fpu {
	uint16_t control, status;
	uint8_t  tag, reserved[19];
	uint32_t mxcsr;
};

static uint32_t states; /* that XSAVE moves; 0: there is only FXSAVE */


void fpu_start(void)
{
	if (cpuid_has(1, CPUID_ECX, 26)) {
		states = STATE_X87 | STATE_SSE;
		if (cpuid_has(1, CPUID_ECX, 28))
			states |= STATE_AVX;
		cr4_write(cr4_read() | CR4_OSXSAVE);
		asm volatile ("xsetbv" : : "c"(0), "a"(states), "d"(0));
	}
	cr0_write((cr0_read() & ~(uintptr_t)CR0_EM) | CR0_MP | CR0_NE | CR0_TS);
}


void fpu_init(struct fpu *fpu)
{
	memset(fpu, 0, BY_FPU_SIZE);
	fpu->control = CONTROL_WORD;
	fpu->mxcsr   = MXCSR;
}


static void save(struct fpu *fpu)
{
	if (states)
		asm volatile ("xsave64 (%0)" : : "r"(fpu), "a"(states), "d"(0) : "memory");
	else
		asm volatile ("fxsave64 (%0)" : : "r"(fpu) : "memory");
}


/**
 * Some CPUs restore the address of the last x87 instruction only if an exception
 * is pending (AMD APM volume 5, FXRSTOR): first make it one of ours, so that no
 * thread sees another's.
 */
static void restore(struct fpu const *fpu)
{
	static int const zero;

	asm volatile ("fnclex\n\temms\n\tfildl %0" : : "m"(zero));
	if (states)
		asm volatile ("xrstor64 (%0)" : : "r"(fpu), "a"(states), "d"(0) : "memory");
	else
		asm volatile ("fxrstor64 (%0)" : : "r"(fpu) : "memory");
}


void fpu_switch(struct fpu *from, struct fpu *to)
{
	if (from)
		save(from);
	else
		asm volatile ("clts");

	if (to)
		restore(to);
	else
		cr0_write(cr0_read() | CR0_TS);
}
