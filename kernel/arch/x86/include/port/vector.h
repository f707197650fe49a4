/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the 256 vectors are used for; the higher ones have priority in the local
 * APIC (Intel SDM volume 3, 11.8.3).
 */
#ifndef PORT_VECTOR_H
#define PORT_VECTOR_H

#define VECTOR_NMI         2
#define VECTOR_BREAKPOINT  3
#define VECTOR_DOUBLE      8
#define VECTOR_PAGE        14
#define VECTOR_CHECK       18
#define VECTOR_PIC         0x20  /* 16 of the old interrupt controllers, all masked */
#define VECTOR_DEVICE      0x30  /* interrupt numbers from 0 on */
#define VECTOR_DEVICE_END  0xf0
#define VECTOR_TIMER       0xf0
#define VECTOR_IPI         0xf1
#define VECTOR_SPURIOUS    0xff
#define VECTORS            256
#define VECTOR_CALL        256   /* in a frame: a system call, not a vector */

#endif
