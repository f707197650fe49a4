/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Windows of device memory for host tests: a configuration space and one more.
 */
#ifndef WINDOWS_H
#define WINDOWS_H

#include <virtio/pci.h>

enum { WINDOWS_CONFIG = 0xb0020000 };

extern uint8_t  windows_config[PCI_SIZE];
extern char    *windows_bar;       /* exactly as large as was asked for, at the last opening */
extern size_t   windows_bar_size;
extern unsigned windows_open;      /* at the moment */
extern bool     windows_refuse;    /* all but the configuration space */

/** Clear the configuration space, close all. */
void windows_init(void);

/** A virtio disk as it should be, with its structures 0x1000 apart in window 4. */
void windows_device(void);

/** Add a capability of a structure behind the last one. */
void windows_add(uint8_t type, uint8_t bar, uint32_t offset, uint32_t size);

#endif
