/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encodings that the boot tests cannot execute everywhere: prefixes, hypervisor
 * and newer instructions, and neighbours that must not be counted. Bytes from
 * binutils.
 */
#include "decode.h"
#include "unit.h"

UNIT_MAIN("decode")

#define EVENTS(decoder, ...) \
	(decoder((const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })).events)


TEST(x86_address_space)
{
	CHECK_EQ(EVENTS(decode_x86_64, 0x0f, 0x22, 0xd8), EVENT_SWITCH);        /* mov rax, cr3 */
	CHECK_EQ(EVENTS(decode_x86_64, 0x41, 0x0f, 0x22, 0xd8), EVENT_SWITCH);  /* mov r8, cr3 */
	CHECK_EQ(EVENTS(decode_x86_64, 0x0f, 0x20, 0xd8), 0);                   /* mov cr3, rax */
	CHECK_EQ(EVENTS(decode_x86_64, 0x0f, 0x22, 0xc0), 0);                   /* mov rax, cr0 */
}


TEST(x86_tlb)
{
	CHECK_EQ(EVENTS(decode_x86_64, 0x0f, 0x01, 0x38), EVENT_TLB);             /* invlpg (rax) */
	CHECK_EQ(EVENTS(decode_x86_64, 0x41, 0x0f, 0x01, 0x39), EVENT_TLB);       /* invlpg (r9) */
	CHECK_EQ(EVENTS(decode_x86_64, 0x66, 0x0f, 0x38, 0x82, 0x08), EVENT_TLB); /* invpcid */
	CHECK_EQ(EVENTS(decode_x86_64, 0x0f, 0x01, 0xdf), EVENT_TLB);             /* invlpga */
	CHECK_EQ(EVENTS(decode_x86_64, 0x0f, 0x01, 0xf8), 0);                     /* swapgs */
	CHECK_EQ(EVENTS(decode_x86_64, 0x0f, 0x01, 0x10), 0);                     /* lgdt */
}


TEST(x86_atomic)
{
	CHECK_EQ(EVENTS(decode_x86_64, 0xf0, 0x48, 0xff, 0x00), EVENT_ATOMIC);    /* lock incq */
	CHECK_EQ(EVENTS(decode_x86_64, 0x48, 0x87, 0x07), EVENT_ATOMIC);          /* xchg, memory */
	CHECK_EQ(EVENTS(decode_x86_64, 0x48, 0x87, 0xc7), 0);                     /* xchg, registers */
	CHECK_EQ(EVENTS(decode_x86_64, 0x0f, 0xae, 0xf0), EVENT_ATOMIC);          /* mfence */
	CHECK_EQ(EVENTS(decode_x86_64, 0x0f, 0xae, 0x20), 0);                     /* xsave */
	CHECK_EQ(EVENTS(decode_x86_32, 0xf0, 0x40), EVENT_ATOMIC);                /* prefix, then inc */
	CHECK_EQ(EVENTS(decode_x86_32, 0x40, 0x0f), 0);
}


TEST(x86_ports)
{
	CHECK_EQ(EVENTS(decode_x86_64, 0xec), EVENT_IO);
	CHECK_EQ(EVENTS(decode_x86_64, 0xf3, 0x6d), EVENT_IO);                    /* rep insl */
	CHECK_EQ(EVENTS(decode_x86_64, 0x66, 0xef), EVENT_IO);
	CHECK_EQ(EVENTS(decode_x86_64, 0xe8, 1, 2, 3, 4), 0);                     /* call */
}


TEST(x86_marks)
{
	static const uint8_t begin[] = { 0x0f, 0x1f, 0x80, 7, 0, 0x59, 0x42 };
	static const uint8_t end[]   = { 0x0f, 0x1f, 0x80, 7, 1, 0x59, 0x42 };
	static const uint8_t nop[]   = { 0x0f, 0x1f, 0x80, 0, 0, 0, 0 };

	CHECK_EQ(decode_x86_64(begin, 7).mark, MARK_BEGIN);
	CHECK_EQ(decode_x86_64(begin, 7).id, 7);
	CHECK_EQ(decode_x86_32(end, 7).mark, MARK_END);
	CHECK_EQ(decode_x86_64(nop, 7).mark, MARK_NONE);
	CHECK_EQ(decode_x86_64(begin, 6).mark, MARK_NONE);
}


#define WORD(w) (w) & 0xff, (w) >> 8 & 0xff, (w) >> 16 & 0xff, (w) >> 24 & 0xff

TEST(riscv)
{
	CHECK_EQ(EVENTS(decode_riscv, WORD(0x18051073u)), EVENT_SWITCH);          /* csrw satp, a0 */
	CHECK_EQ(EVENTS(decode_riscv, WORD(0x18002573u)), 0);                     /* csrr a0, satp */
	CHECK_EQ(EVENTS(decode_riscv, WORD(0x68051073u)), EVENT_SWITCH);          /* csrw hgatp, a0 */
	CHECK_EQ(EVENTS(decode_riscv, WORD(0x10500073u)), 0);                     /* wfi */
	CHECK_EQ(EVENTS(decode_riscv, WORD(0x16000073u)), EVENT_TLB);             /* sinval.vma */
	CHECK_EQ(EVENTS(decode_riscv, WORD(0x62000073u)), EVENT_TLB);             /* hfence.gvma */
	CHECK_EQ(EVENTS(decode_riscv, WORD(0x0100000fu)), 0);                     /* pause */
	CHECK_EQ(EVENTS(decode_riscv, 0x01, 0x00), 0);                            /* c.nop */
}


TEST(arm)
{
	CHECK_EQ(EVENTS(decode_arm, WORD(0xee020f10u)), EVENT_SWITCH);            /* ttbr0 */
	CHECK_EQ(EVENTS(decode_arm, WORD(0xee020f50u)), 0);                       /* ttbcr */
	CHECK_EQ(EVENTS(decode_arm, WORD(0xec410f02u)), EVENT_SWITCH);            /* mcrr ttbr0 */
	CHECK_EQ(EVENTS(decode_arm, WORD(0xec510f02u)), 0);                       /* mrrc ttbr0 */
	CHECK_EQ(EVENTS(decode_arm, WORD(0xee070fbau)), EVENT_ATOMIC);            /* mcr dmb */
	CHECK_EQ(EVENTS(decode_arm, WORD(0xe1b10f9fu)), EVENT_ATOMIC);            /* ldrexd */
	CHECK_EQ(EVENTS(decode_arm, WORD(0xe1d100b0u)), 0);                       /* ldrh */
	CHECK_EQ(EVENTS(decode_arm, WORD(0xe3200003u)), 0);
}


/* first halfword first */
#define HALVES(a, b) (a) & 0xff, (a) >> 8, (b) & 0xff, (b) >> 8

TEST(thumb)
{
	CHECK_EQ(EVENTS(decode_thumb, HALVES(0xee02u, 0x0f30u)), EVENT_SWITCH);   /* ttbr1 */
	CHECK_EQ(EVENTS(decode_thumb, HALVES(0xe8d1u, 0x0f4fu)), EVENT_ATOMIC);   /* ldrexb */
	CHECK_EQ(EVENTS(decode_thumb, HALVES(0xe8dfu, 0xf000u)), 0);              /* tbb */
	CHECK_EQ(EVENTS(decode_thumb, HALVES(0xe9d1u, 0x0200u)), 0);              /* ldrd */
	CHECK_EQ(EVENTS(decode_thumb, HALVES(0xf3bfu, 0x8f2fu)), 0);              /* clrex */
}


TEST(aarch64)
{
	CHECK_EQ(EVENTS(decode_aarch64, WORD(0xd51c2100u)), EVENT_SWITCH);        /* vttbr_el2 */
	CHECK_EQ(EVENTS(decode_aarch64, WORD(0xd5182040u)), 0);                   /* tcr_el1 */
	CHECK_EQ(EVENTS(decode_aarch64, WORD(0xf8e08020u)), EVENT_ATOMIC);        /* swpal */
	CHECK_EQ(EVENTS(decode_aarch64, WORD(0xc8dffc20u)), EVENT_ATOMIC);        /* ldar */
	CHECK_EQ(EVENTS(decode_aarch64, WORD(0xd50b7a20u)), 0);                   /* dc cvac */
	CHECK_EQ(EVENTS(decode_aarch64, WORD(0xf8606820u)), 0);                   /* ldr x, [x, x] */
}


TEST(hint_marks)
{
	static const uint8_t arm[]     = { WORD(0xe320f045u) };
	static const uint8_t thumb[]   = { HALVES(0xf3afu, 0x8065u) };
	static const uint8_t aarch64[] = { WORD(0xd50328bfu) };

	CHECK_EQ(decode_arm(arm, 4).mark, MARK_BEGIN);
	CHECK_EQ(decode_arm(arm, 4).id, 5);
	CHECK_EQ(decode_thumb(thumb, 4).mark, MARK_END);
	CHECK_EQ(decode_thumb(thumb, 4).id, 5);
	CHECK_EQ(decode_aarch64(aarch64, 4).mark, MARK_BEGIN);
	CHECK_EQ(decode_aarch64(aarch64, 4).id, 5);
}
