/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals between two components: as many come back as were sent, until one side ends.
 */
#include "parts.h"
#include <by/cap.h>
#include <by/clock.h>
#include <by/kernel.h>
#include <peer.h>

enum { ROUNDS = 100 };

static struct peer    peer;
static struct counter echo;


static void exited(struct by_child *who, int code)
{
	(void)who, (void)code;
	FAIL("the other component has ended");
}


void test_peer(void)
{
	uint32_t sent = 0;

	check_part("two components");
	counter_init(&echo, BY_SIGNAL_APPLICATION);
	static struct by_child_ops const ops  = { .exited = exited };
	static struct peer_args          args = {
		.child = {
			.name = "peer", .binary = "signal_peer", .ram = 512 << 10, .caps = 60, .ops = &ops,
		},
	};

	args.ours = echo.handler.target.cap;
	peer_start(the_env, &peer, &args);
	while (by_signal_submit(peer.above.theirs, 1) != BY_OK) /* it has not come so far */
		by_sleep_us(200);
	sent = 1;
	for (unsigned i = 0; i < ROUNDS; i++) {
		by_signal_submit(peer.above.theirs, i);
		sent += i;
		if (i % 10 == 0)
			wait_for(&echo, sent);
	}
	wait_for(&echo, sent);
	by_log("%u signals to and fro in %u deliveries", sent,
	       by_atomic_load_relaxed(&echo.wakes));

	/* it submits to one that is gone, and does not mind; then it is gone itself */
	counter_fini(&echo, 1);
	by_signal_submit(peer.above.theirs, 5);
	by_sleep_us(2000);
	by_signal_submit(peer.above.theirs, 5);
	peer_end(&peer);
	CHECK_STATUS(by_signal_submit(peer.above.theirs, 1), BY_BAD_CAP);
	CHECK_EQ(count_of(&echo), sent);
	by_cap_drop(peer.above.theirs);
}
