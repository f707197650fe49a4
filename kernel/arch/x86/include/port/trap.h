/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside the port: what entry.S calls besides the generic kernel, and what it offers.
 */
#ifndef PORT_TRAP_H
#define PORT_TRAP_H

#include "types.h"

struct frame;

/** From the bootstrap; 'info' is physical. The caller then runs the current thread. */
void port_start(paddr_t info);

/** User level was interrupted; 'frame' is the current thread's. */
void trap_user(struct frame const *frame);

/** The kernel was interrupted: while idle, or by a mistake. */
void trap_kernel(struct frame const *frame);

/** The CPU has taken an interrupt; see irqc.c. */
void interrupt_taken(unsigned vector);

/** A gate that ends a HLT and does nothing else. */
void entry_wake(void);

/** Let 'vector' enter the kernel at 'entry' instead of at its usual place; NULL undoes it. */
void trap_set_gate(unsigned vector, void (*entry)(void));

#endif
