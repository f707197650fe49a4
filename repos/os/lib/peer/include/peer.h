/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Children that a test talks to by relays.
 */
#ifndef PEER_H
#define PEER_H

#include <relay.h>
#include <test_child.h>

/** A child with a session at us; the test's storage. */
struct peer {
	struct relay               above; /* its session; 'above.next' is what it has offered */
	struct by_service          service;
	struct test_child          child;
	struct peer_args const    *args;
};

struct peer_args {
	struct test_child_args  child;    /* 'service' and 'local' are the peer's */
	struct by_endpoint     *endpoint; /* of its session; not the main one if calls last */
	by_cap_t                ours;     /* signal to trade, or BY_NO_CAP */
};

/**
 * Start a peer; the test ends if that fails. For any thread but the main one. Keeps: peer,
 * args.
 */
void peer_start(struct by_env *env, struct peer *peer, struct peer_args const *args);

/** End a peer. Takes: peer; 'above.next' and 'above.theirs' are left to who has got them. */
void peer_end(struct peer *peer);

#endif
