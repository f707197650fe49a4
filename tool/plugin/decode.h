/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an instruction does, as far as its cost on hardware is concerned. One
 * decoder per instruction set, over the bytes in memory.
 */
#ifndef DECODE_H
#define DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Kinds of events, as bits. */
enum {
	EVENT_SWITCH = 1, /* writes the address-space register */
	EVENT_TLB    = 2, /* invalidates TLB entries */
	EVENT_ATOMIC = 4, /* atomic access or fence */
	EVENT_IO     = 8, /* device access by a special instruction */
};

enum mark { MARK_NONE, MARK_BEGIN, MARK_END };

struct decoded {
	unsigned  events;
	enum mark mark;
	unsigned  id;     /* of the mark */
};

typedef struct decoded decode_t(const uint8_t *bytes, size_t size);

decode_t decode_x86_32;
decode_t decode_x86_64;
decode_t decode_riscv;
decode_t decode_arm;       /* A32 */
decode_t decode_thumb;     /* T32 */
decode_t decode_aarch64;

#endif
