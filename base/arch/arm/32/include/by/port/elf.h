/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * 32-bit Arm: ELF files.
 */
#ifndef BY_PORT_ELF_H
#define BY_PORT_ELF_H

#define BY_ARCH_ELF BY_ELF_ARM_32

#endif
