/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the benchmark share.
 */
#ifndef BENCH_MAIN_H
#define BENCH_MAIN_H

#include <by/child.h>
#include <by/endpoint.h>
#include <by/object/bench_server.h>

/** The server, once it has introduced itself. */
struct peer {
	struct by_bench_server server;
	by_cap_t               raw, ping;
};

/** Start the server; 'ready' is called by the main endpoint when it is there. Keeps: peer. */
void peer_start(struct by_env *env, struct peer *peer, void (*ready)(struct by_env *env));

/** Signals that came back from the server so far. */
extern unsigned peer_pongs;

/** Print the rows that need nobody else, the rows with the server. */
void rows_alone(struct by_env *env);
void rows_with_peer(struct by_env *env, struct peer *peer);

/** Print the row of a child's life, then call 'done'; in the event loop. */
void row_child(struct by_env *env, void (*done)(struct by_env *env));

/** Print a row: what 'ticks' of the clock for 'count' operations are each, marked by 'id'. */
void row_print(char const *name, by_ticks_t ticks, unsigned count, unsigned id);

/** Say that a measurement has not done its work, once; the figures are worth nothing then. */
void row_fail(char const *name);

/** Whether any has failed. */
extern bool rows_failed;

#endif
