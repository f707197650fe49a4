/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reports of a component, written as HID and sent to a Report session.
 */
#ifndef REPORT_H
#define REPORT_H

#include <by/attached.h>
#include <by/hid.h>
#include <by/session/report.h>
#include <by/timeout.h>

struct report;

struct report_args {
	char const *label;       /* the report's name */
	unsigned    interval_ms; /* between two of them, at least; 0: at once */

	/* Write the document. It may be asked for twice. */
	void      (*write)(struct report *report, struct by_hid_writer *writer);
};

/** A report; its user's storage, which must not move. */
struct report {
	struct by_env     *env;
	struct report_args args;
	struct by_report   session;
	struct by_attached buffer;
	size_t             donation;
	struct by_timeout  timeout;  /* until the next one may be sent */
	bool               open, growing, changed;
	by_status_t        status;   /* of the latest one; BY_PENDING: not sent yet */
};

/**
 * Begin to report, without waiting. Everything happens at the main endpoint. If there is no
 * such session to be had, 'report->status' says why and nothing is ever sent. Gives: report.
 * Keeps: env, args->label.
 */
void report_begin(struct report *report, struct by_env *env, struct report_args const *args);

/** There is something new to tell. */
void report_changed(struct report *report);

/** Stop reporting. Takes: report. */
void report_fini(struct report *report);

#endif
