/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The slots of a component's capability table that its parent fills before the
 * start.
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

#endif
