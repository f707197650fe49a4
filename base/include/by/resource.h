/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * More for the component's account, and less: what it asks its parent for, and what the
 * parent asks back.
 *
 * Whatever runs out answers BY_OUT_OF_RAM or BY_OUT_OF_CAPS, which is an ordinary result:
 * nothing here happens by itself. A component that wants to go on instead asks for more, and
 * tries again when it is told that its account has grown. See doc/parent.md.
 */
#ifndef BY_RESOURCE_H
#define BY_RESOURCE_H

#include <by/list.h>
#include <by/types.h>

struct by_env;

/**
 * A part of the component that is told about the account, by the main endpoint; its owner's
 * storage. Each function may end its own watch, but no other one.
 */
struct by_resource_watch {
	/*
	 * The account has got more, by the parent or because a donation has come back: see
	 * by_pd_account(). Also while a handler waits for I/O. NULL: not to be told.
	 */
	void (*grown)(struct by_resource_watch *watch);

	/*
	 * The parent wants so much to be free. Whatever is free once all have been told, it
	 * takes; what is missing then, it does not ask for again. NULL: nothing to give.
	 */
	void (*yield)(struct by_resource_watch *watch, uint64_t ram, uint64_t caps);

	struct by_list_node node;
};

/**
 * Begin to watch; 'grown' and 'yield' are set. The first watch of either kind costs a
 * signal; without any that has 'yield', the parent takes no more than what is free anyway.
 * Keeps: watch. Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS; BY_NOT_SUPPORTED if the parent is core.
 */
BY_MUST_USE by_status_t by_resource_watch(struct by_env *env, struct by_resource_watch *watch);

/** Stop watching; no effect on a watch that has not begun. Gives: watch. */
void by_resource_unwatch(struct by_resource_watch *watch);

/**
 * Ask the parent for so much more, which it may give now, later or never: 'grown' tells. A
 * later request stands for the earlier ones as well. Errors: BY_NOT_SUPPORTED.
 */
BY_MUST_USE by_status_t by_resource_request(struct by_env *env, uint64_t ram, uint64_t caps);

/**
 * Wait until so much is free, after asking for what is missing. Only the main thread, before
 * component_main() returns, may wait. Errors: as by_resource_watch().
 */
BY_MUST_USE by_status_t by_resource_wait(struct by_env *env, uint64_t ram, uint64_t caps);

#endif
