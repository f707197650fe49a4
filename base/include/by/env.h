/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component's view of the world.
 *
 * A component is a function component_main(). It prepares what it does and returns;
 * then the main thread handles what arrives at the main endpoint, for ever. by_exit()
 * ends the component.
 */
#ifndef BY_ENV_H
#define BY_ENV_H

#include <by/alloc.h>
#include <by/object/parent.h>
#include <by/object/region_map.h>
#include <by/session/cpu.h>
#include <by/session/log.h>
#include <by/session/pd.h>

struct by_endpoint;

/** What every component has from the start. There is one per component. */
struct by_env {
	struct by_parent     parent;
	struct by_pd         pd;       /* its protection domain and account */
	struct by_cpu        cpu;
	struct by_log        log;
	struct by_region_map space;    /* its address space */
	struct by_alloc     *heap;     /* thread-safe, grows out of the account */
	struct by_endpoint  *endpoint; /* of the main thread */
};

/** The component's own function, called by the main thread. Borrows: env, for ever. */
void component_main(struct by_env *env);

/** Tell the parent that the component is done; it ends the component. */
void by_exit(struct by_env *env, int code) __attribute__((noreturn));

#endif
