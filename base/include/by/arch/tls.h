/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contract: the thread pointer and where it points, as the psABI defines it.
 *
 *     variant I    | control block | ABI's words | TLS block         (arm, riscv)
 *                                  ^ thread pointer
 *     variant II   |         TLS block | control block               (x86)
 *                                      ^ thread pointer
 *
 * The port's <by/port/tls.h> defines the inline functions declared here.
 */
#ifndef BY_ARCH_TLS_H
#define BY_ARCH_TLS_H

#include <by/types.h>

struct by_message;
struct by_thread;

/** What the runtime keeps per thread; found without a system call. */
struct by_control {
	struct by_control *self;     /* the x86 psABI wants it here */
	struct by_message *message;
	struct by_thread  *thread;
	by_word_t          cap;      /* slot of the thread */
	by_word_t          missing;  /* not all receive slots are named */
	by_word_t          guard;    /* where x86 compilers look by default */
};

/** Parts of a thread's TLS area. */
struct by_tls {
	by_word_t          pointer;  /* the thread pointer */
	by_word_t          block;    /* the copy of the program's TLS segment */
	struct by_control *control;
};

/** The control block of the calling thread. */
static inline struct by_control *by_control(void);

/** Parts of the area below 'end', for a TLS segment of 'size' and 'align' (up to 64) bytes. */
static inline struct by_tls by_tls_layout(by_word_t end, size_t size, size_t align);

/** Make 'pointer' the thread pointer of the calling thread. */
static inline void by_tls_set(by_word_t pointer);

#include <by/port/tls.h>

#endif
