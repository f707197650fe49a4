/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Services of children, offered to the component's own parent: requests from above go to a
 * provider (by/child.h), and its child's answers go up. Donations go on to the child and come
 * back the same way; when it dies its clients above hear of it.
 *
 *     static struct by_uplink uplink = { .service = "Timer", .provider = &provider };
 *     ...
 *     status = by_uplink_init(env, &uplink);
 *
 * There is one uplink for each name of a service that is offered, and any number for one
 * provider. While the child does not run or has not announced the service, requests wait.
 * All of this happens at the main endpoint. See doc/parent.md.
 */
#ifndef BY_UPLINK_H
#define BY_UPLINK_H

#include <by/announced.h>
#include <by/child.h>

/** Sessions that one uplink keeps, if it does not say otherwise. */
enum { BY_UPLINK_SESSIONS = 64 };

/** A service offered upwards; its owner's storage. */
struct by_uplink {
	char const         *service;  /* its name above, and at the provider */
	struct by_provider *provider; /* whose child provides it */

	/*
	 * Decide about a request, whose label begins with whoever has asked. 'found' says what
	 * is above, and 'label'; any of 'service', 'provider' and 'label' can be changed, and
	 * what it points to must last until the next call. NULL: as it is. Errors: BY_DENIED,
	 * BY_LIMIT, BY_INVALID.
	 */
	by_status_t (*route)(struct by_uplink *uplink, char const *label, struct by_route *found);

	unsigned limit;               /* of sessions, whose records are ours; 0: the usual */

	unsigned            count;    /* of sessions: */
	struct by_list      sessions;
	struct by_env      *env;
	struct by_announced announced;
};

/**
 * Begin to offer. Keeps: uplink, with 'service' and the members behind it set.
 * Errors: those of by_service_provide().
 */
BY_MUST_USE by_status_t by_uplink_init(struct by_env *env, struct by_uplink *uplink);

/**
 * The function may decide otherwise now. What it would not send any more where it is, by the same
 * label, ends: open sessions are lost; others are refused with its reason, or by BY_GONE if
 * they were to have another child or another label.
 */
void by_uplink_review(struct by_uplink *uplink);

/** Show the sessions of an uplink as by_child_sessions() does those of a child. */
void by_uplink_sessions(struct by_uplink const *uplink,
                        void (*each)(struct by_child_session const *session, void *arg),
                        void *arg);

/**
 * End an uplink: its sessions end, further requests are denied. The provider can be used on.
 * No effect on one that was not begun. Gives: uplink.
 */
void by_uplink_fini(struct by_uplink *uplink);

#endif
