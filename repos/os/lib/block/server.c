/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Block service: sessions and their turns.
 *
 * Each session that may have requests is in the list 'ready', and leaves it when it was
 * looked at and sleeps. A turn is a few requests, so that a client which always has more
 * cannot keep the others waiting.
 */
#include <block/server.h>

#define BY_BLOCK_SELF struct block_session

#include <by/cap.h>
#include <by/container.h>
#include <by/kernel.h>
#include <by/log.h>
#include <by/session/block_server.h>

enum {
	TURN  = 16, /* requests of a session that are taken in a row */
	TURNS = 16, /* before other handlers get theirs */
};


static struct block_session *session_of(struct by_service_session *session)
{
	return BY_CONTAINER_OF(session, struct block_session, session);
}


static struct block_server *server_of(struct by_service *service)
{
	return BY_CONTAINER_OF(service, struct block_server, service);
}


/*
 * Turns
 */

static void set_ready(struct block_session *session)
{
	if (!by_list_linked(&session->ready))
		by_list_append(&session->server->ready, &session->ready);
}


static void begin(struct block_session *session, struct block_job const *job)
{
	char *const data = (char *)session->memory.base + session->data + job->offset;

	session->server->ops->begin(session->server, session, job, data,
	                            session->dma + job->offset);
}


/* Some requests of a session; BY_OK or BY_INVALID: there may be more. */
static by_status_t take_some(struct block_session *session)
{
	struct block_server *const server = session->server;
	struct block_job           job;
	by_status_t                status = BY_OK;

	for (unsigned i = 0; i < TURN && server->ops->room(server); i++) {
		status = block_port_take(&session->port, &job);
		if (status == BY_OK)
			begin(session, &job);
		else if (status != BY_INVALID)
			break;
	}

	return status;
}


static void tell(struct block_session *session)
{
	if (block_port_commit(&session->port))
		by_signal_submit(session->sigh, 1);
}


/* One turn of the session that is first; it goes to the end, or sleeps. */
static void turn(struct block_session *session)
{
	by_status_t status = take_some(session);
	bool const  none   = status != BY_OK && status != BY_INVALID;

	by_list_remove(&session->ready);
	tell(session);
	if (none && !session->port.broken)
		status = block_port_sleep(&session->port);
	if (session->port.broken)
		by_error("a client writes nonsense into its ring and is not served any more");
	else if (status == BY_OK || status == BY_INVALID)
		set_ready(session);
}


static void run(struct block_server *server)
{
	bool began = false;

	for (unsigned i = 0; i < TURNS && !by_list_empty(&server->ready)
	     && server->ops->room(server); i++) {
		turn(BY_CONTAINER_OF(by_list_first(&server->ready), struct block_session, ready));
		began = true;
	}
	if (began && server->ops->push)
		server->ops->push(server);
	if (!by_list_empty(&server->ready) && server->ops->room(server))
		by_signal_submit(server->more.target.cap, 1);
}


static void handle_more(struct by_signal_handler *handler, unsigned count)
{
	(void)count;
	block_server_settle(BY_CONTAINER_OF(handler, struct block_server, more));
}


static void handle_work(struct by_signal_handler *handler, unsigned count)
{
	struct block_session *const session = BY_CONTAINER_OF(handler, struct block_session, work);

	(void)count;
	if (!session->port.broken)
		set_ready(session);
	block_server_settle(session->server);
}


/*
 * Answers
 */

void block_server_done(struct block_server *server, struct block_session *session, uint32_t tag,
                       by_status_t status)
{
	block_port_reply(&session->port, tag, status);
	if (!by_list_linked(&session->touched))
		by_list_append(&server->touched, &session->touched);
}


/* Who got an answer is likely to have the next request, and may have waited for a place. */
void block_server_settle(struct block_server *server)
{
	struct by_list_node *node;

	while ((node = by_list_first(&server->touched))) {
		struct block_session *const session = BY_CONTAINER_OF(node, struct block_session,
		                                                      touched);
		by_list_remove(node);
		tell(session);
		if (by_cap_valid(session->work.target.cap) && !session->port.broken)
			set_ready(session);
	}
	run(server);
}


/*
 * Sessions
 */

/* The memory that client, server and device share; its donation must pay for it. */
static by_status_t alloc_memory(struct block_session *session, struct by_block_args const *args,
                                uint64_t donated)
{
	struct by_env *const env = session->session.service->env;
	struct block_layout  layout;
	by_status_t          status = block_layout(args->depth, args->buffer, &layout);

	if (status != BY_OK)
		return status;
	if (donated < BY_BLOCK_RAM || donated - BY_BLOCK_RAM < layout.size)
		return BY_OUT_OF_RAM;

	session->data = layout.data;
	status = by_attached_ram_init(env, &session->memory, layout.size, BY_PD_CACHE_CACHED);
	if (status == BY_OK && session->server->dma)
		status = by_pd_dma_address(&env->pd, session->memory.ds, &session->dma);
	session->dma += layout.data;

	return status;
}


static void end(struct block_session *session)
{
	struct by_env *const env = session->session.service->env;

	by_signal_handler_fini(&session->work);
	by_cap_drop(session->sigh);
	by_attached_fini(env, &session->memory);
}


static by_status_t open(struct by_service_session *base, struct by_service_request const *request)
{
	struct block_session *const session = session_of(base);
	struct block_server *const  server  = server_of(base->service);
	struct by_block_args        args;
	struct block_view           limit, view;
	by_status_t status = by_block_args_read(request->args, request->args_len, &args);

	session->server = server;
	if (status == BY_OK)
		status = server->ops->limit(server, request->label, &limit);
	if (status == BY_OK)
		status = block_view_narrow(&limit, args.first, args.count, args.writeable, &view);
	if (status == BY_OK)
		status = alloc_memory(session, &args, request->ram);
	if (status == BY_OK)
		status = block_port_init(&session->port, session->memory.base, args.depth,
		                         args.buffer, &view);
	if (status != BY_OK)
		end(session);

	return status;
}


/*
 * The memory may be used anew only when no device accesses it any more, so what is under
 * way is waited for. It ends, because servers give up devices that do not answer.
 */
static void close(struct by_service_session *base)
{
	struct block_session *const session = session_of(base);

	by_signal_handler_fini(&session->work);
	if (by_list_linked(&session->ready))
		by_list_remove(&session->ready);
	while (session->port.under_way)
		by_endpoint_wait_io(base->service->env->endpoint);
	if (by_list_linked(&session->touched))
		by_list_remove(&session->touched);
	end(session);
}


/*
 * Calls
 */

static by_status_t info(struct block_session *session, struct by_block_info *info)
{
	struct block_view const *const view = &session->port.view;
	uint64_t const                 fit  = session->port.buffer / view->block_size;

	*info = (struct by_block_info){
		.count = view->count, .block_size = view->block_size,
		.most = fit < view->most ? (uint32_t)fit : view->most,
		.writeable = view->writeable, .safe = session->server->safe,
	};

	return BY_OK;
}


static by_status_t limits(struct block_session *session, struct by_block_limits *limits)
{
	*limits = (struct by_block_limits){
		.discard = session->port.view.most_discard, .zeroes = session->port.view.most_zeroes,
	};

	return BY_OK;
}


static by_status_t start(struct block_session *session, struct by_cap_arg *sigh,
                         by_cap_t *memory, by_cap_t *work)
{
	if (by_cap_valid(session->work.target.cap))
		return BY_EXISTS;
	if (sigh->kind != BY_CAP_FOREIGN)
		return BY_BAD_CAP;

	by_status_t const status = by_signal_handler_init(&session->work,
	                                                  session->server->service.endpoint,
	                                                  BY_SIGNAL_IO, handle_work);
	if (status != BY_OK)
		return status;

	session->sigh = by_cap_arg_take(sigh);
	*memory = session->memory.ds;
	*work   = session->work.target.cap;

	return BY_OK;
}


by_status_t block_server_provide(struct by_env *env, struct block_server *server)
{
	static struct by_block_ops const ops = { .info = info, .start = start, .limits = limits };

	by_list_init(&server->ready);
	by_list_init(&server->touched);
	by_status_t const status = by_signal_handler_init(&server->more, env->endpoint,
	                                                  BY_SIGNAL_IO, handle_more);
	if (status != BY_OK)
		return status;

	server->service.size  = sizeof(struct block_session);
	server->service.open  = open;
	server->service.close = close;

	return by_block_provide(env, &server->service, &ops);
}
