/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A session with a Block server.
 */
#include <block/client.h>
#include <by/cap.h>
#include <by/container.h>
#include <by/kernel.h>


static void handle(struct by_signal_handler *handler, unsigned count)
{
	struct block_client *const client = BY_CONTAINER_OF(handler, struct block_client, handler);

	(void)count;
	if (client->ready)
		client->ready(client);
}


/* The server is dead: its signal wakes nobody any more, so we do. */
static void lost(struct by_session *session)
{
	struct block_client *const client = BY_CONTAINER_OF(session, struct block_client,
	                                                    session.session);

	block_queue_fail(&client->queue, BY_GONE);
	by_signal_submit(client->handler.target.cap, 1);
}


static by_status_t open(struct block_client *client, char const *label,
                        struct by_block_args const *args)
{
	struct block_layout layout;
	by_status_t const   status = block_layout(args->depth, args->buffer, &layout);
	struct by_session_args const session = {
		.service = "Block", .label = label, .ram = BY_BLOCK_RAM + layout.size,
		.caps = BY_BLOCK_CAPS, .args = args, .args_len = sizeof(*args),
	};

	return status == BY_OK
	       ? by_session_obtain(client->env, &session, &client->session.session) : status;
}


/* Make use of the memory that the server has given, if it is what was agreed. */
static by_status_t attach(struct block_client *client, by_cap_t memory,
                          struct by_block_args const *args)
{
	struct block_layout layout;
	by_status_t         status = by_attached_ds_init(client->env, &client->memory, memory,
	                                                 BY_ATTACH_WRITE);

	if (status == BY_OK)
		status = block_layout(args->depth, args->buffer, &layout);
	if (status == BY_OK && client->memory.size < layout.size)
		status = BY_MALFORMED;
	if (status == BY_OK)
		status = by_alloc(client->env->heap, block_queue_store(args->depth), &client->store);
	if (status == BY_OK)
		status = block_queue_init(&client->queue, client->memory.base, args->depth,
		                          args->buffer, client->store);
	if (status != BY_OK)
		return status;

	client->data   = (char *)client->memory.base + layout.data;
	client->buffer = (size_t)args->buffer;

	return BY_OK;
}


static by_status_t begin(struct block_client *client, struct by_block_args const *args)
{
	by_cap_t    memory;
	by_status_t status = by_signal_handler_init(&client->handler, client->env->endpoint,
	                                            BY_SIGNAL_IO, handle);
	if (status == BY_OK)
		status = by_block_info(&client->session, &client->info);
	if (status == BY_OK)
		status = by_block_limits(&client->session, &client->limits);
	if (status == BY_OK && !block_disk_valid(client->info.count, client->info.block_size))
		status = BY_MALFORMED;
	if (status == BY_OK)
		status = by_block_start(&client->session, client->handler.target.cap, &memory,
		                        &client->work);
	if (status != BY_OK)
		return status;

	status = attach(client, memory, args);
	by_cap_drop(memory); /* what is attached stays */
	client->memory.ds = BY_NO_CAP;

	return status == BY_OK
	       ? by_session_watch(client->env, &client->session.session, lost) : status;
}


by_status_t block_client_open(struct by_env *env, struct block_client *client,
                              char const *label, struct by_block_args const *args,
                              void (*ready)(struct block_client *client))
{
	*client = (struct block_client){ .env = env, .ready = ready };
	by_status_t status = open(client, label, args);

	if (status == BY_OK)
		status = begin(client, args);
	if (status != BY_OK)
		block_client_close(client);

	return status;
}


void block_client_close(struct block_client *client)
{
	struct by_env *const env = client->env;

	by_signal_handler_fini(&client->handler);
	by_attached_fini(env, &client->memory);
	by_cap_drop(client->work);
	by_block_close(env, &client->session);
	if (client->store)
		by_free(env->heap, client->store, block_queue_store(client->queue.depth));
	*client = (struct block_client){ .env = env };
}


by_status_t block_client_put(struct block_client *client, struct block_io *io)
{
	return block_queue_put(&client->queue, io);
}


void block_client_push(struct block_client *client)
{
	if (block_queue_commit(&client->queue))
		by_signal_submit(client->work, 1);
}


struct block_io *block_client_take(struct block_client *client)
{
	struct block_io *io;

	while (block_queue_take(&client->queue, &io) != BY_OK) {
		block_client_push(client);
		if (!client->queue.under_way || block_queue_sleep(&client->queue) != BY_OK)
			return NULL;
	}

	return io;
}


by_status_t block_client_do(struct block_client *client, struct block_io *io)
{
	by_status_t const status = block_client_put(client, io);

	if (status != BY_OK)
		return status;

	block_client_push(client);
	while (!block_client_take(client))
		by_endpoint_wait_io(client->env->endpoint);

	return io->status;
}
