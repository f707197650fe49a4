/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V, 64 bit: ELF files.
 */
#ifndef BY_PORT_ELF_H
#define BY_PORT_ELF_H

#define BY_ARCH_ELF BY_ELF_RISCV64

#endif
