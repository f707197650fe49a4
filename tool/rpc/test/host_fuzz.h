/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What generated fuzz targets of dispatchers stand on.
 *
 * An input is a hostile request plus a seed for what the operations answer. It
 * is run twice over different garbage: whatever the dispatcher reads beyond the
 * request, or leaves undefined in the reply, makes the runs differ.
 */
#ifndef HOST_FUZZ_H
#define HOST_FUZZ_H

#include <by/rpc.h>

struct by_fuzz;

#define BY_FUZZ_DECLARED(status) (1ull << (uintptr_t)(status))

enum by_fuzz_kind {
	BY_FUZZ_END,
	BY_FUZZ_HOLE,  /* 'limit' zero bytes */
	BY_FUZZ_BOOL,
	BY_FUZZ_ENUM,  /* below 'limit' */
	BY_FUZZ_TEXT,  /* a length up to 'limit', in order of the contents */
	BY_FUZZ_BYTES,
};

struct by_fuzz_check {
	enum by_fuzz_kind kind;
	unsigned          offset, limit;
};

/** What good replies of a method look like. */
struct by_fuzz_reply {
	uint64_t                    declared; /* statuses that a handler may answer */
	bool                        one_way;
	bool                        refuses; /* some requests, for their content */
	unsigned                    fixed, caps;
	const struct by_fuzz_check *check;    /* NULL: no such opcode */
};

/** At the start of an operation: makes the message page worthless. */
void by_fuzz_enter(struct by_fuzz *fuzz, unsigned opcode);

/* Check an argument and note it. */
void by_fuzz_see(struct by_fuzz *fuzz, const void *data, size_t len);
void by_fuzz_see_bool(struct by_fuzz *fuzz, const bool *value);
void by_fuzz_see_below(struct by_fuzz *fuzz, uint32_t value, uint32_t count);
void by_fuzz_see_text(struct by_fuzz *fuzz, const char *text, size_t most);
void by_fuzz_see_bytes(struct by_fuzz *fuzz, const void *data, size_t len, size_t most);
void by_fuzz_see_cap(struct by_fuzz *fuzz, struct by_cap_arg *arg);

/* Make up a result; text and bytes are now and then too long. */
void     by_fuzz_fill(struct by_fuzz *fuzz, void *data, size_t len);
uint32_t by_fuzz_below(struct by_fuzz *fuzz, uint32_t count);
void     by_fuzz_fill_text(struct by_fuzz *fuzz, char *text, size_t most);
size_t   by_fuzz_fill_bytes(struct by_fuzz *fuzz, void *data, size_t most);
by_cap_t by_fuzz_give(struct by_fuzz *fuzz);

/** At the end of an operation. Gives: the status to answer. */
BY_MUST_USE by_status_t by_fuzz_leave(struct by_fuzz *fuzz);

/**
 * Run an input. Always 0; ends the program when a check fails. The canary is that each
 * method was answered well and, if it can be, refused once.
 */
int by_fuzz_run(const struct by_rpc_interface *interface, const void *ops, size_t ops_size,
                const struct by_fuzz_reply *replies, const uint8_t *data, size_t size);

#endif
