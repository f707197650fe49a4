/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * x86_64: ELF files.
 */
#ifndef BY_PORT_ELF_H
#define BY_PORT_ELF_H

#define BY_ARCH_ELF BY_ELF_X86_64

#endif
