/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Instructions without an equivalent in C: control registers, MSRs, CPUID.
 */
#ifndef PORT_INSTRUCTION_H
#define PORT_INSTRUCTION_H

#include <stdbool.h>
#include <stdint.h>

/** Model-specific registers, Intel SDM volume 4. */
enum {
	MSR_APIC_BASE    = 0x1b,
	MSR_PAT          = 0x277,
	MSR_TSC_DEADLINE = 0x6e0,
};

#define MSR_EFER    0xc0000080u
#define MSR_STAR    0xc0000081u
#define MSR_LSTAR   0xc0000082u
#define MSR_SFMASK  0xc0000084u
#define MSR_FS_BASE 0xc0000100u
#define MSR_GS_BASE 0xc0000101u
#define MSR_KERNEL_GS_BASE 0xc0000102u

/** Bits of control registers, Intel SDM volume 3, 2.5. */
enum {
	CR0_MP = 1 << 1, CR0_EM = 1 << 2, CR0_TS = 1 << 3, CR0_NE = 1 << 5,
	CR0_WP = 1 << 16, CR0_AM = 1 << 18,

	CR4_PAE = 1 << 5, CR4_MCE = 1 << 6, CR4_PGE = 1 << 7, CR4_OSFXSR = 1 << 9,
	CR4_OSXMMEXCPT = 1 << 10, CR4_UMIP = 1 << 11, CR4_OSXSAVE = 1 << 18,
	CR4_SMEP = 1 << 20, CR4_SMAP = 1 << 21,

	EFER_SCE = 1 << 0,
};

/** Bits of RFLAGS. */
enum {
	FLAG_ONE = 1 << 1, FLAG_TF = 1 << 8, FLAG_IF = 1 << 9, FLAG_DF = 1 << 10,
	FLAG_IOPL = 3 << 12, FLAG_NT = 1 << 14, FLAG_AC = 1 << 18,
};

static inline uint64_t msr_read(uint32_t msr)
{
	uint32_t low, high;

	asm volatile ("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));

	return (uint64_t)high << 32 | low;
}


static inline void msr_write(uint32_t msr, uint64_t value)
{
	asm volatile ("wrmsr" : : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
	                      : "memory");
}


static inline uint64_t tsc_read(void)
{
	uint32_t low, high;

	asm volatile ("rdtsc" : "=a"(low), "=d"(high));

	return (uint64_t)high << 32 | low;
}


#define CONTROL_REGISTER(name) \
	static inline uintptr_t name##_read(void) \
	{ \
		uintptr_t value; \
		asm volatile ("mov %%" #name ", %0" : "=r"(value)); \
		return value; \
	} \
	static inline void name##_write(uintptr_t value) \
	{ \
		asm volatile ("mov %0, %%" #name : : "r"(value) : "memory"); \
	}

CONTROL_REGISTER(cr0)
CONTROL_REGISTER(cr2)
CONTROL_REGISTER(cr3)
CONTROL_REGISTER(cr4)

/** Registers of CPUID, in the order of 'enum cpuid_register'. */
struct cpuid { uint32_t reg[4]; };
enum cpuid_register { CPUID_EAX, CPUID_EBX, CPUID_ECX, CPUID_EDX };

static inline struct cpuid cpuid_read(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid id;

	asm volatile ("cpuid" : "=a"(id.reg[0]), "=b"(id.reg[1]), "=c"(id.reg[2]), "=d"(id.reg[3])
	                      : "a"(leaf), "c"(subleaf));

	return id;
}


/** Whether a feature bit is set; leaves that the CPU does not know have none. */
static inline bool cpuid_has(uint32_t leaf, enum cpuid_register reg, unsigned bit)
{
	uint32_t last = cpuid_read(leaf & 0x80000000u, 0).reg[CPUID_EAX];

	return leaf <= last && (cpuid_read(leaf, 0).reg[reg] >> bit & 1);
}

#endif
