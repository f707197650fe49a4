/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contract: which ELF files run here. The port's <by/port/elf.h> defines
 * BY_ARCH_ELF, one of enum by_elf_machine.
 */
#ifndef BY_ARCH_ELF_H
#define BY_ARCH_ELF_H

#include <by/elf.h>
#include <by/port/elf.h>

#endif
