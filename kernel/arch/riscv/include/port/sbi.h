/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V Supervisor Binary Interface, version 1.0: calls into the firmware.
 */
#ifndef PORT_SBI_H
#define PORT_SBI_H

#include "types.h"

/** Extensions, by their numbers (chapters 4 to 10 of the specification). */
enum {
	SBI_TIME = 0x54494d45, /* "TIME" */
	SBI_IPI  = 0x00735049, /* "sPI" */
	SBI_RFENCE = 0x52464e43, /* "RFNC" */
	SBI_SRST = 0x53525354, /* "SRST" */
};

enum { SBI_TIME_SET = 0, SBI_RFENCE_I = 0, SBI_IPI_SEND = 0, SBI_SRST_RESET = 0 };
enum { SBI_SHUTDOWN = 0, SBI_COLD_REBOOT = 1 };

/** Call 'function' of 'extension'; returns the error, 0 if there was none (chapter 3). */
static inline long sbi_call(word_t extension, word_t function, word_t arg0, word_t arg1)
{
	register word_t a0 __asm__("a0") = arg0;
	register word_t a1 __asm__("a1") = arg1;
	register word_t a6 __asm__("a6") = function;
	register word_t a7 __asm__("a7") = extension;

	__asm__ volatile ("ecall" : "+r" (a0), "+r" (a1) : "r" (a6), "r" (a7) : "memory");

	return (long)a0;
}

#endif
