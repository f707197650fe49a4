/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Heartbeats: answered while the main thread waits, in whatever it waits.
 */
#include "fake/fake.h"
#include "unit.h"
#include <by/endpoint.h>

#include "../lib/env.h"
#include "../lib/heartbeat.h"

UNIT_MAIN("heartbeat")


static void wait_io(void *arg)
{
	for (;;)
		by_endpoint_wait_io(arg);
}


TEST(heartbeats_are_answered)
{
	fake_init();
	CHECK(!fake_tell(FAKE_BEAT)); /* it costs nothing as long as nobody asks */
	CHECK_EQ(fake_live(FAKE_SIGNAL), 0);
	for (unsigned i = 1; i <= 2; i++) { /* who cannot be asked is told why */
		fake.fail_at = i;
		CHECK_EQ(by_heartbeat_start(&by_the_env), BY_OUT_OF_RAM);
	}
	fake.fail_at = 0;
	CHECK_EQ(by_heartbeat_start(&by_the_env), BY_OK);
	fake_serve();
	CHECK_EQ(fake.alive, 0);
	CHECK(fake_tell(FAKE_BEAT));
	fake_serve();
	CHECK_EQ(fake.alive, 1);
	fake_tell(FAKE_BEAT);
	fake_tell(FAKE_BEAT);
	fake_until_idle(wait_io, by_the_env.endpoint); /* as a handler that waits for others */
	CHECK_EQ(fake.alive, 2);
}
