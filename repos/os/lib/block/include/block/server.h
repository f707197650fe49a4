/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Block service for drivers and other servers: sessions, their memory, whose turn
 * it is. What is left to the server is to know its disk and to do jobs:
 *
 *     static struct block_server_ops const ops = {
 *             .limit = limit, .room = room, .begin = begin, .push = push,
 *     };
 *     struct block_server server = { .ops = &ops, .safe = ..., .dma = true };
 *
 *     status = block_server_provide(env, &server);
 *
 * and when jobs are done, in any order, in a handler of the main endpoint:
 *
 *     block_server_done(&server, job.session, job.tag, BY_OK);  each of them
 *     block_server_settle(&server);                             after the last one
 */
#ifndef BLOCK_SERVER_H
#define BLOCK_SERVER_H

#include <block/port.h>
#include <by/attached.h>
#include <by/endpoint.h>
#include <by/service.h>

struct block_server;
struct block_session;

struct block_server_ops {
	/*
	 * What a client, by its label, may have at most. Errors: BY_DENIED. A client gets
	 * the part of it that it asks for.
	 */
	by_status_t (*limit)(struct block_server *server, char const *label,
	                     struct block_view *view);

	/* Whether a job can be begun now; if not, block_server_settle() is called later. */
	bool (*room)(struct block_server *server);

	/*
	 * Begin a job, or do it at once: block_server_done() tells its end. Its data is at
	 * 'data' for us, and at 'dma' for devices.
	 */
	void (*begin)(struct block_server *server, struct block_session *session,
	              struct block_job const *job, void *data, uint64_t dma);

	/* Let the device know of the jobs that were begun. NULL: there is nothing to do. */
	void (*push)(struct block_server *server);
};

/** The service; its provider's storage. */
struct block_server {
	struct block_server_ops const *ops;
	bool                     safe; /* what was written survives a loss of power */
	bool                     dma;  /* devices access the data: their addresses are needed */

	struct by_service        service;
	struct by_list           ready;   /* sessions that may have work, whose turn is next first */
	struct by_list           touched; /* that have got answers, not told yet */
	struct by_signal_handler more;    /* goes on after other handlers had their turn */
};

/** A session, for the server only a name. */
struct block_session {
	struct by_service_session session;
	struct block_server      *server;
	struct block_port         port;
	struct by_attached        memory;
	uint64_t                  dma;     /* of the data, */
	size_t                    data;    /* which begins here in the memory */
	by_cap_t                  sigh;    /* the client's signal */
	struct by_signal_handler  work;    /* ours */
	struct by_list_node       ready, touched;
};

/**
 * Offer the service, at the main endpoint. Keeps: server, with 'ops', 'safe' and 'dma' set.
 * Errors: those of by_service_provide().
 */
BY_MUST_USE by_status_t block_server_provide(struct by_env *env, struct block_server *server);

/** A job has ended: BY_OK, BY_IO_ERROR, BY_NOT_SUPPORTED, BY_GONE. */
void block_server_done(struct block_server *server, struct block_session *session, uint32_t tag,
                       by_status_t status);

/** Tell the clients what is done, and begin what there is room for. */
void block_server_settle(struct block_server *server);

#endif
