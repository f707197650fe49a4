/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What services (by/service.h) and uplinks (by/uplink.h) have in common: requests, and what
 * the runtime keeps of what is announced to the parent.
 */
#ifndef BY_ANNOUNCED_H
#define BY_ANNOUNCED_H

#include <by/list.h>
#include <by/tree.h>
#include <by/types.h>

struct by_announced_ops;

/** A request for a session; borrowed from whoever passes it on. */
struct by_service_request {
	char const *label;      /* valid, see by/label.h; begins with the client's name */
	uint64_t    ram, caps;  /* what the client has donated, at least what it costs */
	void const *args;       /* as the client's open call has encoded them */
	size_t      args_len;
};

/** A service that is announced; the runtime's. */
struct by_announced {
	char const                    *service;
	struct by_announced_ops const *ops;
	struct by_list_node            node;
};

/** A session that the parent has asked for; the runtime's. */
struct by_announced_session {
	struct by_announced *announced;
	struct by_tree_node  node; /* of all of them, */
	uint32_t             id;   /* by the parent's number */
};

#endif
