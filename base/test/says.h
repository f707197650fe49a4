/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What children say to the parent under test, above all as servers. Each function is for
 * family_run(), and ends with fake_release(); the answer is in 'status'.
 */
#ifndef SAYS_H
#define SAYS_H

#include "family.h"
#include <by/object/parent.h>
#include <by/session/pd.h>

extern struct by_parent parent;
extern struct by_pd     pd;
extern by_status_t      status;

/** A request as the server has fetched it last. */
struct family_work {
	enum by_parent_work what;
	uint32_t            id;
	uint64_t            ram, caps;
	char                service[33], label[161];
	unsigned char       args[64];
	size_t              args_len;
};

extern struct family_work work;
extern by_cap_t           server_gate; /* that it has delivered last */

void announce(void *service);   /* NULL: "Text" */
void fetch(void *arg);
void deliver(void *id);         /* NULL: of 'work' */
void refuse(void *reason);
void refuse_it(void *arg);      /* denied */
void done(void *arg);
void lose_it(void *arg);

/* Use up all that is free; free that. */
void spend(void *arg);
void unspend(void *arg);

/** A gate, a signal of the child's that runs this. */
BY_MUST_USE by_status_t make_gate(by_cap_t *gate);
BY_MUST_USE by_status_t make_signal(by_cap_t *signal);

/** Slots in which children hold something, because their numbers are the parent's, too. */
void keep(by_status_t result, by_cap_t cap);
void family_forget(void);

#endif
