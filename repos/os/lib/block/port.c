/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The server's end of a session's rings.
 */
#include <block/port.h>
#include <by/assert.h>


by_status_t block_port_init(struct block_port *port, void *memory, uint32_t depth,
                            uint64_t buffer, struct block_view const *view)
{
	struct block_layout layout;
	by_status_t         status = block_layout(depth, buffer, &layout);

	if (status != BY_OK)
		return status;

	*port  = (struct block_port){ .view = *view, .buffer = (size_t)buffer, .depth = depth };
	status = by_ring_consumer_init(&port->requests, (char *)memory + layout.requests, depth,
	                               sizeof(struct block_request));
	if (status == BY_OK)
		status = by_ring_producer_init(&port->replies, (char *)memory + layout.replies,
		                               depth, sizeof(struct block_reply));

	return status;
}


by_status_t block_view_narrow(struct block_view const *limit, uint64_t first, uint64_t count,
                              bool writeable, struct block_view *view)
{
	if (first > limit->count || count > limit->count - first)
		return BY_DENIED;
	if (writeable && !limit->writeable)
		return BY_DENIED;

	*view = *limit;
	view->first    += first;
	view->count     = count ? count : limit->count - first;
	view->writeable = writeable;

	return BY_OK;
}


/* Blocks of the disk, in the session's part of it. */
static by_status_t check_blocks(struct block_port const *port,
                                struct block_request const *request, uint32_t most)
{
	uint64_t const all = port->view.count;

	if (!request->count || request->count > most)
		return BY_INVALID;

	return request->block < all && request->count <= all - request->block ? BY_OK : BY_INVALID;
}


static by_status_t check_transfer(struct block_port const *port,
                                  struct block_request const *request)
{
	by_status_t const status = check_blocks(port, request, port->view.most);

	if (status != BY_OK)
		return status;

	/* 'most' keeps the product small */
	uint64_t const bytes = (uint64_t)request->count * port->view.block_size;

	if (bytes > port->buffer || request->offset > port->buffer - bytes
	    || request->offset % BLOCK_SIZE_MIN)
		return BY_INVALID;

	return BY_OK;
}


/* What changes blocks without data; 'most' is 0 if the disk cannot. */
static by_status_t check_change(struct block_port const *port,
                                struct block_request const *request, uint32_t most)
{
	if (!most)
		return BY_NOT_SUPPORTED;

	return port->view.writeable ? check_blocks(port, request, most) : BY_DENIED;
}


/* A copy of what the client has written. */
static by_status_t check(struct block_port const *port, struct block_request const *request)
{
	if (request->reserved)
		return BY_INVALID;

	switch (request->op) {
	case BLOCK_FLUSH:
		return BY_OK;
	case BLOCK_READ:
		return check_transfer(port, request);
	case BLOCK_WRITE:
		return port->view.writeable ? check_transfer(port, request) : BY_DENIED;
	case BLOCK_DISCARD:
		return check_change(port, request, port->view.most_discard);
	case BLOCK_WRITE_ZEROES:
		return check_change(port, request, port->view.most_zeroes);
	default:
		return BY_NOT_SUPPORTED;
	}
}


/* What was checked, without what does not count. */
static struct block_job job_of(struct block_port const *port,
                               struct block_request const *request)
{
	bool const data  = request->op == BLOCK_READ || request->op == BLOCK_WRITE;
	bool const flush = request->op == BLOCK_FLUSH;

	return (struct block_job){
		.op     = (enum block_op)request->op,
		.tag    = request->tag,
		.block  = port->view.first + (flush ? 0 : request->block),
		.count  = flush ? 0 : request->count,
		.offset = data ? request->offset : 0,
	};
}


static by_status_t broken(struct block_port *port)
{
	port->broken = true;

	return BY_MALFORMED;
}


/*
 * A request is taken only if there is room for its answer behind those of all that are
 * under way, so that an answer always fits.
 */
by_status_t block_port_take(struct block_port *port, struct block_job *job)
{
	struct block_request request;

	if (port->broken)
		return BY_MALFORMED;

	by_status_t status = port->under_way < port->depth
	                     ? by_ring_room(&port->replies, port->under_way + 1) : BY_NO_SPACE;
	if (status == BY_OK)
		status = by_ring_get(&port->requests, &request);
	if (status != BY_OK)
		return status == BY_MALFORMED ? broken(port) : status;

	port->under_way++;
	status = check(port, &request);
	if (status != BY_OK) {
		block_port_reply(port, request.tag, status);
		return BY_INVALID;
	}
	*job = job_of(port, &request);

	return BY_OK;
}


void block_port_reply(struct block_port *port, uint32_t tag, by_status_t status)
{
	struct block_reply const reply = { .tag = tag, .status = (uint32_t)(uintptr_t)status };

	BY_ASSERT(port->under_way > 0);
	port->under_way--;

	/* room was seen when the request was taken, and is seen to be there still */
	by_status_t const put = by_ring_put(&port->replies, &reply);

	BY_ASSERT(put == BY_OK);
}


bool block_port_commit(struct block_port *port)
{
	/* in this order: who sees an answer finds the place of its request free */
	bool const requests = by_ring_release(&port->requests);
	bool const replies  = by_ring_publish(&port->replies);

	return replies || requests;
}


by_status_t block_port_sleep(struct block_port *port)
{
	by_status_t status;

	if (port->broken)
		return BY_MALFORMED;

	/* with all under way it is our own answers that are waited for */
	if (port->under_way == port->depth)
		return BY_NO_SPACE;

	status = by_ring_await_space(&port->replies, port->under_way + 1);
	if (status == BY_OK)
		status = by_ring_await_data(&port->requests);

	return status == BY_MALFORMED ? broken(port) : status;
}
