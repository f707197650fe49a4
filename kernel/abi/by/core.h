/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the kernel starts core: slots and addresses that both know.
 */
#ifndef BY_CORE_H
#define BY_CORE_H

/** Slots of core's table that the kernel fills. */
enum {
	BY_CORE_SLOT_PD = 1,
	BY_CORE_SLOT_THREAD,
	BY_CORE_SLOT_SHARE,
	BY_CORE_SLOT_ENDPOINT,
	BY_CORE_SLOT_FREE,      /* the first that core can use */
};

/** Addresses in core's space. */
enum {
	BY_CORE_MESSAGE = 0x10000,   /* message page of the first thread */
	BY_CORE_INFO    = 0x11000,   /* struct by_boot_info, read-only */
	BY_CORE_MODULES = 0x20000,   /* head of the module archive, read-only */
	BY_CORE_MODULES_MAX = 0x10000,
	BY_CORE_LOG     = 0x38000,   /* struct by_log_ring */
	BY_CORE_STACK   = 0x40000,   /* stack of the first thread */
	BY_CORE_STACK_SIZE = 0x4000,
	BY_CORE_IMAGE   = 0x400000,  /* core itself is linked here */
	BY_CORE_HEAP    = 0x1000000, /* from here on core maps memory of its own */
};

/** Page tables that the kernel gives to core. */
enum { BY_CORE_TABLES = 32 };

#endif
