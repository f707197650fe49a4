/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: whether this CPU can run the kernel (Arm ARM, DDI 0406C, B4.1 and B6.1).
 */
#include "machine.h"
#include <port/cp15.h>

enum {
	VMSA_LPAE = 5,          /* ID_MMFR0.VMSA: and with PXN */
	MVFR0_32_REGISTERS = 2,
	CPACR_FPU = 0xf << 20,  /* coprocessors 10 and 11 */
};


/** A field of an identification register: four bits. */
static unsigned field(uint32_t value, unsigned shift)
{
	return value >> shift & 0xf;
}


/** Bits of coprocessors that do not exist cannot be set. */
static bool fpu_exists(void)
{
	cp15_write(CP15_CPACR, cp15_read(CP15_CPACR) | CPACR_FPU);
	cp15_isb();

	return (cp15_read(CP15_CPACR) & CPACR_FPU) == CPACR_FPU;
}


static uint32_t read_mvfr0(void)
{
	uint32_t value;

	__asm__ volatile (".fpu vfpv3\n\tvmrs %0, mvfr0" : "=r" (value));

	return value;
}


void cpu_check(void)
{
	char const *lacks = NULL;

	if (field(cp15_read(CP15_ID_MMFR0), 0) < VMSA_LPAE)
		lacks = "long page-table descriptors (LPAE)";
	else if (!field(cp15_read(CP15_ID_PFR1), 16))
		lacks = "the generic timer";
	else if (!fpu_exists() || field(read_mvfr0(), 0) < MVFR0_32_REGISTERS)
		lacks = "an FPU with 32 registers (VFPv3-D32)";

	if (lacks)
		boot_fail("this CPU cannot run Banyan: it lacks %s", lacks);
}
