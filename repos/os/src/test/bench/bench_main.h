/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the benchmark share.
 */
#ifndef BENCH_MAIN_H
#define BENCH_MAIN_H

#include <bench.h>
#include <by/child.h>
#include <by/clock.h>
#include <by/endpoint.h>
#include <by/mark.h>
#include <by/object/bench_server.h>

/** The server, once it has introduced itself. */
struct peer {
	struct by_bench_server server;
	by_cap_t               raw, ping;
};

/** Start the server; 'ready' is called by the main endpoint when it is there. Keeps: peer. */
void peer_start(struct by_env *env, struct peer *peer, void (*ready)(struct by_env *env));

/** Priority of our own time: children with the same one neither interrupt us nor wait for us. */
uint32_t own_priority(struct by_env *env);

/** Signals that came back from the server so far. */
extern unsigned peer_pongs;

/** Measure what needs nobody else, memory, and what needs the server. */
void rows_alone(struct by_env *env);
void rows_memory(struct by_env *env);
void rows_with_peer(struct by_env *env, struct peer *peer);

/** Measure a child's life, then call 'done'; in the event loop. */
void row_child(struct by_env *env, void (*done)(struct by_env *env));

/** Measure a fault in a managed dataspace. */
void row_fault_rm(struct by_env *env);

/**
 * Note a row: what 'ticks' of the clock for 'count' operations are each, marked by 'mark'.
 * Keeps: name. Rows are printed at the end, so that printing does not disturb them.
 */
void row_add(char const *name, by_ticks_t ticks, unsigned count, unsigned mark);
void rows_print(void);

/** Say that a measurement has not done its work, once; the figures are worth nothing then. */
void row_fail(char const *name);

/** Whether any has failed. */
extern bool rows_failed;

/** Measure 'count' times 'operation' between marks, a constant, as row 'name'. */
#define ROW(name, mark, count, operation) \
	do { \
		by_mark_begin(mark); \
		by_ticks_t const row_start = by_ticks(); \
		for (unsigned row_i = 0; row_i < (count); row_i++) \
			operation; \
		by_ticks_t const row_ticks = by_ticks() - row_start; \
		by_mark_end(mark); \
		row_add(name, row_ticks, count, mark); \
	} while (0)

#endif
