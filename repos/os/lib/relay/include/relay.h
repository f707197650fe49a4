/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Relays: objects of the interface 'relay', for both sides of the scenario 'endpoint'.
 */
#ifndef RELAY_H
#define RELAY_H

#include <by/endpoint.h>
#include <by/semaphore.h>
#include <by/service.h>
#include <by/session/relay.h>

enum { RELAY_NOTES = 16 };

/** A relay; zeroed before it is initialised. */
struct relay {
	struct by_object    object;
	unsigned            id;        /* 1 to 15, its digit of a path */
	struct by_relay     next;      /* of the chain */
	struct by_semaphore go_on;     /* for who is held */
	by_atomic_u32       held;      /* calls that were */
	uint32_t            note[RELAY_NOTES];
	by_atomic_u32       notes;
	char const         *thread;    /* that has served it last */
	char                calls[RELAY_NOTES]; /* the first ones: f n s h, and t for note */
	by_cap_t            ours, theirs; /* signals to trade; what was got for it */
	by_cap_t            kept[4];   /* what 'swap' has given back */
};

/** Publish a relay. Keeps: relay. Errors: those of by_object_publish(). */
BY_MUST_USE by_status_t relay_init(struct relay *relay, struct by_endpoint *endpoint,
                                   unsigned id);

/** The two halves of relay_init(). */
void relay_prepare(struct relay *relay, unsigned id);
BY_MUST_USE by_status_t relay_publish(struct relay *relay, struct by_endpoint *endpoint);

/** Make relays sessions of 'service', for own children. Keeps: service. */
void relay_local(struct by_env *env, struct by_service *service);

/** A handle for callers of the relay within its component. */
struct by_relay relay_handle(struct relay const *relay);

#endif
