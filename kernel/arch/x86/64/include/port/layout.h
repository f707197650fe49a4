/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's half of every address space, made by the bootstrap and constant.
 *
 *     LINEAR_BASE   all RAM
 *     KERNEL_BASE   the kernel, linked to this address
 *     DEVICE_BASE   one page for the local APIC, one for each I/O APIC
 *     SCREEN_BASE   the boot framebuffer
 */
#ifndef PORT_LAYOUT_H
#define PORT_LAYOUT_H

#define LINEAR_BASE  0xffff800000000000
#define KERNEL_BASE  0xffffffff80000000
#define DEVICE_BASE  0xffffffffc0000000
#define SCREEN_BASE  0xffffffffd0000000

#define DEVICE_LAPIC     DEVICE_BASE
#define DEVICE_IOAPIC(i) (DEVICE_BASE + 0x1000 * (1 + (i)))

#endif
