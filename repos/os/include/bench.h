/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the benchmark and its server agree on.
 */
#ifndef BENCH_H
#define BENCH_H

/** Opcodes of raw messages. */
enum {
	BENCH_RAW_STEP   = 1, /* give the words back, the first and the last one greater by one */
	BENCH_RAW_INVERT = 2, /* give their complements back */
};

/** Marks around what is measured; see tool/plugin/marks.md. */
enum {
	BENCH_MARK_SYSCALL, BENCH_MARK_CORE, BENCH_MARK_FAULT, BENCH_MARK_FAULT_RM,
	BENCH_MARK_4K, BENCH_MARK_1M, BENCH_MARK_CHILD,
	BENCH_MARK_IPC_0, BENCH_MARK_IPC_4, BENCH_MARK_IPC_8, BENCH_MARK_IPC_120,
	BENCH_MARK_EMPTY, BENCH_MARK_BYTES, BENCH_MARK_CAP, BENCH_MARK_SIGNAL,
	BENCH_MARK_RING,
	BENCH_MARK_BOOT = 31, /* begun by the first instruction of the bootstrap */
};

enum { BENCH_BYTES = 64, BENCH_RING_COUNT = 256, BENCH_RING_ELEMENT = 16 };

#endif
