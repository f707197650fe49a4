/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decoders; see decode.h. The numbers are from the architecture manuals: Intel
 * SDM volume 2, RISC-V volumes I and II, Arm DDI 0406 and DDI 0487.
 */
#include <string.h>

#include "decode.h"

/* An instruction with a fixed pattern: (word & mask) == value. */
struct pattern {
	uint32_t mask;
	uint32_t value;
	unsigned events;
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))


static unsigned match(const struct pattern *patterns, size_t count, uint32_t word)
{
	unsigned events = 0;

	for (size_t i = 0; i < count; i++)
		if ((word & patterns[i].mask) == patterns[i].value)
			events |= patterns[i].events;

	return events;
}


/* Marks as hints of Arm: 64 + id begins, 96 + id ends. */
static struct decoded hint_mark(unsigned hint)
{
	struct decoded result = { 0 };

	if (hint >= 64 && hint < 128) {
		result.mark = hint < 96 ? MARK_BEGIN : MARK_END;
		result.id   = hint & 31;
	}

	return result;
}


/* An x86 instruction, taken apart as far as needed. */
struct x86 {
	bool     lock, operand_size;
	unsigned map;             /* 1: one byte, 2: 0f, 3: 0f 38 */
	uint8_t  opcode, modrm;
	const uint8_t *rest;      /* behind modrm */
	size_t   rest_size;
};


static bool x86_prefix(struct x86 *x, uint8_t byte, bool wide)
{
	if (wide && (byte & 0xf0) == 0x40)
		return true;

	x->lock         |= byte == 0xf0;
	x->operand_size |= byte == 0x66;

	return byte != 0 && memchr("\xf0\xf2\xf3\x2e\x36\x3e\x26\x64\x65\x66\x67", byte, 11);
}


static struct x86 x86_split(const uint8_t *bytes, size_t size, bool wide)
{
	struct x86 x = { .map = 1 };
	size_t i = 0;

	while (i < size && x86_prefix(&x, bytes[i], wide))
		i++;
	if (i + 1 < size && bytes[i] == 0x0f) {
		x.map = bytes[i + 1] == 0x38 ? 3 : 2;
		i += x.map - 1;
	}
	x.opcode    = i < size ? bytes[i] : 0;
	x.modrm     = i + 1 < size ? bytes[i + 1] : 0;
	x.rest      = bytes + i + 2;
	x.rest_size = i + 2 < size ? size - i - 2 : 0;

	return x;
}


static unsigned x86_one_byte(const struct x86 *x)
{
	uint8_t const op = x->opcode;

	/* in and out with immediate and dx, ins and outs */
	if ((op & 0xfc) == 0xe4 || (op & 0xfc) == 0xec || (op & 0xfc) == 0x6c)
		return EVENT_IO;

	/* xchg with memory locks without a prefix */
	return (op & 0xfe) == 0x86 && x->modrm < 0xc0 ? EVENT_ATOMIC : 0;
}


static unsigned x86_two_bytes(const struct x86 *x)
{
	unsigned const reg = x->modrm >> 3 & 7;
	bool const memory = x->modrm < 0xc0;

	switch (x->opcode) {
	case 0x01: /* invlpg, invlpga */
		return (memory && reg == 7) || x->modrm == 0xdf ? EVENT_TLB : 0;
	case 0x22: /* mov to cr3; to cr4, which flushes global entries */
		return reg == 3 ? EVENT_SWITCH : reg == 4 ? EVENT_TLB : 0;
	case 0xae: /* lfence, mfence, sfence */
		return !memory && reg >= 5 ? EVENT_ATOMIC : 0;
	}

	return 0;
}


/* invept, invvpid, invpcid */
static unsigned x86_three_bytes(const struct x86 *x)
{
	return x->operand_size && x->opcode >= 0x80 && x->opcode <= 0x82 ? EVENT_TLB : 0;
}


static struct decoded decode_x86(const uint8_t *bytes, size_t size, bool wide)
{
	struct x86 const x = x86_split(bytes, size, wide);
	struct decoded result = { 0 };

	result.events = x.map == 1 ? x86_one_byte(&x) :
	                x.map == 2 ? x86_two_bytes(&x) : x86_three_bytes(&x);
	if (x.lock)
		result.events |= EVENT_ATOMIC;

	/* mark: nopl 0x4259kkii(%eax), kind and id */
	if (x.map == 2 && x.opcode == 0x1f && x.modrm == 0x80 && x.rest_size >= 4 &&
	    x.rest[3] == 0x42 && x.rest[2] == 0x59) {
		result.mark = x.rest[1] == 0 ? MARK_BEGIN : MARK_END;
		result.id   = x.rest[0] & 31;
	}

	return result;
}


struct decoded decode_x86_32(const uint8_t *bytes, size_t size)
{
	return decode_x86(bytes, size, false);
}


struct decoded decode_x86_64(const uint8_t *bytes, size_t size)
{
	return decode_x86(bytes, size, true);
}


static uint32_t word_at(const uint8_t *bytes)
{
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}


/* A write of satp, vsatp or hgatp; csrrs and csrrc of x0 only read. */
static bool riscv_switch(uint32_t word)
{
	uint32_t const csr = word >> 20, kind = word >> 12 & 3, source = word >> 15 & 31;

	return (word & 0x7f) == 0x73 && kind != 0 && (kind == 1 || source != 0) &&
	       (csr == 0x180 || csr == 0x280 || csr == 0x680);
}


struct decoded decode_riscv(const uint8_t *bytes, size_t size)
{
	static const struct pattern patterns[] = {
		{ 0xfe007fff, 0x12000073, EVENT_TLB },    /* sfence.vma */
		{ 0xfe007fff, 0x16000073, EVENT_TLB },    /* sinval.vma */
		{ 0xfe007fff, 0x22000073, EVENT_TLB },    /* hfence.vvma */
		{ 0xfe007fff, 0x62000073, EVENT_TLB },    /* hfence.gvma */
		{ 0x0000007f, 0x0000002f, EVENT_ATOMIC }, /* lr, sc, amo */
		{ 0x0000607f, 0x0000000f, EVENT_ATOMIC }, /* fence, fence.i */
	};
	struct decoded result = { 0 };
	if (size != 4)
		return result;

	uint32_t const word = word_at(bytes);
	result.events = match(patterns, COUNT(patterns), word);
	if (word == 0x0100000f) /* pause is a fence of nothing */
		result.events = 0;
	if (riscv_switch(word))
		result.events |= EVENT_SWITCH;

	/* mark: slti x0, x0, 0x4ii or 0x5ii */
	if ((word & 0xfffff) == 0x02013 && word >> 29 == 2) {
		result.mark = word >> 28 & 1 ? MARK_END : MARK_BEGIN;
		result.id   = word >> 20 & 31;
	}

	return result;
}


/* Encodings that A32 (with a condition) and T32 (with 0xe there) share. */
static const struct pattern arm_shared[] = {
	{ 0x0fff0fdf, 0x0e020f10, EVENT_SWITCH }, /* mcr to ttbr0, ttbr1 */
	{ 0x0ff00fef, 0x0c400f02, EVENT_SWITCH }, /* mcrr to ttbr0, ttbr1 */
	{ 0x0ff00fff, 0x0c400f62, EVENT_SWITCH }, /* mcrr to vttbr */
	{ 0x0f1f0f10, 0x0e080f10, EVENT_TLB },    /* mcr to c8 */
	{ 0x0fff0fdf, 0x0e070f9a, EVENT_ATOMIC }, /* mcr: dsb, dmb */
	{ 0x0fff0fff, 0x0e070f95, EVENT_ATOMIC }, /* mcr: isb */
};


struct decoded decode_arm(const uint8_t *bytes, size_t size)
{
	static const struct pattern conditional[] = {
		{ 0x0f8000f0, 0x01800090, EVENT_ATOMIC }, /* ldrex, strex, lda, stl */
		{ 0x0fb00ff0, 0x01000090, EVENT_ATOMIC }, /* swp */
	};
	static const struct pattern always[] = {
		{ 0xfffffff0, 0xf57ff040, EVENT_ATOMIC }, /* dsb */
		{ 0xfffffff0, 0xf57ff050, EVENT_ATOMIC }, /* dmb */
		{ 0xfffffff0, 0xf57ff060, EVENT_ATOMIC }, /* isb */
	};
	struct decoded result = { 0 };
	if (size != 4)
		return result;

	uint32_t const word = word_at(bytes);
	if (word >> 28 == 0xf) {
		result.events = match(always, COUNT(always), word);
		return result;
	}
	if ((word & 0x0fffff00) == 0x0320f000)
		result = hint_mark(word & 0xff);
	result.events = match(conditional, COUNT(conditional), word) |
	                match(arm_shared, COUNT(arm_shared), word);

	return result;
}


struct decoded decode_thumb(const uint8_t *bytes, size_t size)
{
	static const struct pattern patterns[] = {
		{ 0xfff00f00, 0xe8500f00, EVENT_ATOMIC }, /* ldrex */
		{ 0xfff00000, 0xe8400000, EVENT_ATOMIC }, /* strex */
		{ 0xffe000c0, 0xe8c00040, EVENT_ATOMIC }, /* ldrexb, -h, -d, strexb, ... */
		{ 0xffe00080, 0xe8c00080, EVENT_ATOMIC }, /* lda, stl, ldaex, stlex */
		{ 0xfffffff0, 0xf3bf8f40, EVENT_ATOMIC }, /* dsb */
		{ 0xfffffff0, 0xf3bf8f50, EVENT_ATOMIC }, /* dmb */
		{ 0xfffffff0, 0xf3bf8f60, EVENT_ATOMIC }, /* isb */
	};
	struct decoded result = { 0 };
	if (size != 4)
		return result;

	/* the first halfword is the upper one */
	uint32_t const swapped = word_at(bytes);
	uint32_t const word = swapped << 16 | swapped >> 16;
	if ((word & 0xffffff00) == 0xf3af8000)
		result = hint_mark(word & 0xff);
	result.events = match(patterns, COUNT(patterns), word);
	if (word >> 28 == 0xe)
		result.events |= match(arm_shared, COUNT(arm_shared), word);

	return result;
}


struct decoded decode_aarch64(const uint8_t *bytes, size_t size)
{
	static const struct pattern patterns[] = {
		{ 0xffffffc0, 0xd5182000, EVENT_SWITCH }, /* msr ttbr0_el1, ttbr1_el1 */
		{ 0xffffffe0, 0xd51c2100, EVENT_SWITCH }, /* msr vttbr_el2 */
		{ 0xfff8f000, 0xd5088000, EVENT_TLB },    /* tlbi */
		{ 0x3f000000, 0x08000000, EVENT_ATOMIC }, /* exclusives, ldar, stlr, cas */
		{ 0x3b200c00, 0x38200000, EVENT_ATOMIC }, /* ldadd, swp, ... */
		{ 0xfffff0ff, 0xd503309f, EVENT_ATOMIC }, /* dsb */
		{ 0xfffff0ff, 0xd50330bf, EVENT_ATOMIC }, /* dmb */
		{ 0xfffff0ff, 0xd50330df, EVENT_ATOMIC }, /* isb */
	};
	struct decoded result = { 0 };
	if (size != 4)
		return result;

	uint32_t const word = word_at(bytes);
	if ((word & 0xfffff01f) == 0xd503201f)
		result = hint_mark(word >> 5 & 0x7f);
	result.events = match(patterns, COUNT(patterns), word);

	return result;
}
