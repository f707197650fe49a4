/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a parent prepares before the start of a component: slots of its capability table,
 * and the argument of its main thread.
 */
#ifndef BY_SLOTS_H
#define BY_SLOTS_H

enum by_env_slot {
	BY_SLOT_PARENT = 1, /* object parent */
	BY_SLOT_PD,         /* session PD: its own */
	BY_SLOT_CPU,        /* session CPU */
	BY_SLOT_LOG,        /* session LOG */
	BY_SLOT_SPACE,      /* object region_map: its own address space */
	BY_SLOT_THREAD,     /* the main thread */
	BY_SLOT_FREE,       /* the first that the component uses itself */
};

/** The main thread's argument, less than a page. */
enum by_start_flag {
	BY_START_HEARTBEAT = 1 << 0, /* the parent will ask whether the component is alive */
};

#endif
