/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the tester share.
 */
#ifndef BLOCK_TESTER_TESTER_H
#define BLOCK_TESTER_TESTER_H

#include <block/client.h>
#include <by/session/progress.h>
#include <check.h>

enum { DEPTH_MAX = 64 };

struct tester {
	struct by_env       *env;
	struct block_client  client;
	struct by_block_args args;
	struct by_progress   progress;
	uint32_t             report;    /* after so many requests, 0: never */
	bool                 announced; /* that the first ones are under way */
	uint64_t             requests;  /* that have come back, in all */
};

/** Going through the whole session once: reading and comparing, or changing it. */
struct pass {
	enum block_op op;
	bool          random;
	bool          blind;  /* without a look at the content */
	bool          zero;   /* which is 0 */
	uint32_t      seed;
	uint32_t      blocks; /* of a request, 0: from 1 on, changing */
};

/**
 * Go through the session, with as many requests under way as it has places for. Wrong
 * content and refusals are failures. Errors: BY_GONE if the server died; BY_NOT_SUPPORTED if
 * the disk can do no such requests.
 */
BY_MUST_USE by_status_t pass_run(struct tester *tester, struct pass const *pass);

/** Requests that are to be refused, and those at the edges that are not. */
void refuse_run(struct tester *tester);

/**
 * Go through the session between marks for the plugin that counts instructions, number 20
 * and following ones, and print "measured <mark> <requests>".
 */
BY_MUST_USE by_status_t measure_run(struct tester *tester, struct pass const *pass, unsigned mark,
                                    uint64_t rounds);

#endif
