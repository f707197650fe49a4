/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A session with a Block server.
 *
 *     status = block_client_open(env, &client, "disk", &args, ready);
 *     ...
 *     memcpy(client.data + io.offset, ...);
 *     status = block_client_put(&client, &io);      as often as there is room
 *     block_client_push(&client);                   once for all of them
 *
 *     static void ready(struct block_client *client)
 *     {
 *             while ((io = block_client_take(client)))
 *                     ... io->status ...
 *     }
 *
 * 'ready' is called by the main endpoint, also while it waits for I/O, when something has
 * come back. When the server dies, all that is under way comes back with BY_GONE.
 */
#ifndef BLOCK_CLIENT_H
#define BLOCK_CLIENT_H

#include <block/queue.h>
#include <by/attached.h>
#include <by/endpoint.h>
#include <by/session/block.h>

struct block_client {
	struct by_env           *env;
	struct by_block          session;
	struct by_block_info     info;
	struct by_block_limits   limits;
	struct by_attached       memory;
	char                    *data;   /* shared with the server and the device */
	size_t                   buffer; /* bytes of it */
	struct block_queue       queue;
	void                    *store;  /* of the queue */
	by_cap_t                 work;   /* the server's signal */
	struct by_signal_handler handler;
	void                   (*ready)(struct block_client *client);
};

/**
 * Open a session, donating what its memory takes; may block. 'ready' may be NULL if
 * block_client_do() is all that is used. Keeps: client, which must not move.
 * Errors: those of by_session_obtain(); BY_INVALID for such arguments; BY_MALFORMED if the
 * server does not keep to the protocol.
 */
BY_MUST_USE by_status_t block_client_open(struct by_env *env, struct block_client *client,
                                          char const *label, struct by_block_args const *args,
                                          void (*ready)(struct block_client *client));

/** End the session, be it open or not; what is under way is forgotten. Takes: client. */
void block_client_close(struct block_client *client);

/** Put a request. Keeps: io, until it is taken. Errors: as block_queue_put(). */
BY_MUST_USE by_status_t block_client_put(struct block_client *client, struct block_io *io);

/** Tell the server of all that was put. */
void block_client_push(struct block_client *client);

/** Take a request that has come back; NULL: 'ready' will be called when there is one. */
struct block_io *block_client_take(struct block_client *client);

/**
 * Do one request and wait for its answer, in component_main() or in a handler; not while
 * others are under way. Returns the request's status.
 */
BY_MUST_USE by_status_t block_client_do(struct block_client *client, struct block_io *io);

#endif
