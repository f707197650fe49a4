/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the benchmark and its server agree on.
 */
#ifndef BENCH_H
#define BENCH_H

/** Opcodes of raw messages. */
enum {
	BENCH_RAW_ECHO   = 1, /* give the words back as they are */
	BENCH_RAW_INVERT = 2, /* give their complements back */
};

/** The ring, and the mark around its use. */
enum { BENCH_RING_COUNT = 256, BENCH_RING_ELEMENT = 16, BENCH_RING_MARK = 15 };

#endif
