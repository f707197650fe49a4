/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Heartbeats, which the runtime answers by itself.
 */
#ifndef BASE_LIB_HEARTBEAT_H
#define BASE_LIB_HEARTBEAT_H

#include <by/env.h>

/** Answer the parent's heartbeats from now on. Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS. */
BY_MUST_USE by_status_t by_heartbeat_start(struct by_env *env);

#endif
