/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The slots of the component's own capability table, and the badges of its own
 * objects. All functions may be called by any thread.
 *
 * Empty slots are needed to receive capabilities, which generated stubs and the
 * loops of endpoints arrange. What a call gives in a slot is dropped by
 * by_cap_drop().
 */
#ifndef BY_CAP_H
#define BY_CAP_H

#include <by/types.h>

/**
 * Allocate an empty slot; the table grows, paid by the component, if none is left.
 * May do IPC. Gives: slot. Errors: BY_OUT_OF_CAPS.
 */
BY_MUST_USE by_status_t by_slot_alloc(by_cap_t *slot);

/** Free a slot that is empty. Takes: slot (BY_NO_CAP is ignored). */
void by_slot_free(by_cap_t slot);

/** Drop a capability and free its slot. Takes: cap (BY_NO_CAP is ignored). */
void by_cap_drop(by_cap_t cap);

/** Slots that are free at the moment. */
unsigned by_slots_free(void);

#endif
