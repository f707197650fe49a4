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


static by_status_t check_transfer(struct block_port const *port,
                                  struct block_request const *request)
{
	struct block_view const *const view = &port->view;

	if (!request->count || request->count > view->most)
		return BY_INVALID;
	if (request->block >= view->count || request->count > view->count - request->block)
		return BY_INVALID;

	/* 'most' keeps the product small */
	uint64_t const bytes = (uint64_t)request->count * view->block_size;

	if (bytes > port->buffer || request->offset > port->buffer - bytes
	    || request->offset % BLOCK_SIZE_MIN)
		return BY_INVALID;

	return BY_OK;
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
	default:
		return BY_NOT_SUPPORTED;
	}
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
	*job = (struct block_job){
		.op = (enum block_op)request.op, .tag = request.tag,
		.block = port->view.first + request.block, .count = request.count,
		.offset = request.offset,
	};

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
