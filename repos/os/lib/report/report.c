/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reports. At each moment a report waits for at most one thing: its session, the server to know
 * of a donation, or the time for the next one.
 */
#include <by/clock.h>
#include <by/container.h>
#include <by/endpoint.h>
#include <by/env.h>
#include <report.h>

enum {
	LEAST  = 4096,      /* bytes of a buffer */
	FIXED  = 12 * 1024, /* of a donation, see report.rpc */
	COPIES = 3,
	TRIES  = 4,         /* a document can grow while its buffer does */
};

static void send(struct report *report);


static struct report *report_of(struct by_session *session)
{
	return BY_CONTAINER_OF(session, struct report, session.session);
}


/* The server knows what was donated, or is gone. */
static void donated(struct by_session *session, by_status_t status)
{
	struct report *const report = report_of(session);

	report->growing = false;
	report->status  = status;
	if (status == BY_OK)
		send(report);
}


/* Donate what a buffer of this size costs. */
static by_status_t donate(struct report *report, size_t size)
{
	size_t const needed = FIXED + COPIES * size;

	if (needed <= report->donation)
		return BY_OK;

	by_status_t const status = by_session_upgrade(report->env, &report->session.session,
	                                              needed - report->donation, 0, donated);

	if (status == BY_OK || status == BY_PENDING)
		report->donation = needed;
	report->growing = status == BY_PENDING;

	return status;
}


/* Have a buffer that 'needed' bytes fit into, with some to spare, and as much room. */
static by_status_t grow(struct report *report, size_t needed)
{
	size_t size = LEAST;

	while (size < needed && size <= SIZE_MAX / 8)
		size *= 2;

	by_status_t status = donate(report, size);
	if (status == BY_OK)
		status = by_report_room(&report->session, size);
	if (status != BY_OK)
		return status;

	by_attached_fini(report->env, &report->buffer);

	return by_attached_ram_init(report->env, &report->buffer, size, BY_PD_CACHE_CACHED);
}


/* Send what is in the buffer. */
static by_status_t submit(struct report *report, size_t size)
{
	by_status_t status = BY_OK;

	for (size_t at = 0; at < size && status == BY_OK; at += BY_REPORT_WRITE_DATA_MAX) {
		size_t const left = size - at;

		status = by_report_write(&report->session, at, (char *)report->buffer.base + at,
		                         left < BY_REPORT_WRITE_DATA_MAX ? left
		                                                         : BY_REPORT_WRITE_DATA_MAX);
	}

	return status == BY_OK ? by_report_submit(&report->session, size) : status;
}


/* Write the document into the buffer. BY_NO_SPACE: it takes 'size' bytes. */
static by_status_t write(struct report *report, size_t *size)
{
	struct by_hid_writer writer;

	by_hid_write_init(&writer, report->buffer.base, report->buffer.size);
	report->args.write(report, &writer);
	by_status_t const status = by_hid_write_finish(&writer, size);

	if (status == BY_NO_SPACE)
		*size = by_hid_write_needed(&writer);

	return status;
}


static by_status_t write_and_submit(struct report *report)
{
	by_status_t status = BY_OK;
	size_t      size;

	for (unsigned i = 0; i < TRIES && status == BY_OK; i++) {
		status = write(report, &size);
		if (status == BY_OK)
			return submit(report, size);
		if (status == BY_NO_SPACE)
			status = grow(report, size);
	}

	return status == BY_OK ? BY_NO_SPACE : status;
}


/* Send a report, unless something has to come first. */
static void send(struct report *report)
{
	if (!report->open || report->growing || by_timeout_started(&report->timeout))
		return;

	report->status = write_and_submit(report);
	if (report->status == BY_PENDING)
		return;

	report->changed = false;
	if (report->args.interval_ms
	    && by_timeout_start(&report->timeout, by_us_of_ms(report->args.interval_ms)) != BY_OK)
		by_timeout_stop(&report->timeout);
}


static void interval_over(struct by_timeout *timeout)
{
	struct report *const report = BY_CONTAINER_OF(timeout, struct report, timeout);

	if (report->changed)
		send(report);
}


static void opened(struct by_session *session, by_status_t status)
{
	struct report *const report = report_of(session);

	report->status = status;
	report->open   = status == BY_OK;
	if (report->changed)
		send(report);
}


void report_begin(struct report *report, struct by_env *env, struct report_args const *args)
{
	*report = (struct report){ .env = env, .args = *args, .donation = BY_REPORT_RAM };
	by_timeout_init(&report->timeout, env->endpoint, interval_over);
	report->status = by_report_begin(env, args->label, &report->session, opened);
	if (report->status == BY_OK) {
		report->open   = true;
		report->status = BY_PENDING;
	}
}


void report_changed(struct report *report)
{
	report->changed = true;
	send(report);
}


void report_fini(struct report *report)
{
	if (!report->env)
		return;

	by_timeout_stop(&report->timeout);
	by_attached_fini(report->env, &report->buffer);
	by_report_close(report->env, &report->session);
	report->env = NULL;
}
