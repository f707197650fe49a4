/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stub port: ELF files as made by base/test/elf_image.h.
 */
#ifndef BY_PORT_ELF_H
#define BY_PORT_ELF_H

#define BY_ARCH_ELF BY_ELF_X86_64

#endif
