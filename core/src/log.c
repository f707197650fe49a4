/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * LOG sessions: each line goes to core's log with the session's label in front.
 */
#define BY_LOG_SELF struct log
#include "log.h"
#include "console.h"
#include "kcall.h"
#include "work.h"
#include <by/string.h>

enum {
	LABEL_MAX = 128, /* no request has a longer one, see parent.rpc */
	LINE_MAX = 200,
	NOTICE   = 40,   /* bytes of what tells of lost lines, besides the label */
	BURST    = 8192, /* bytes of lines that a session may write at once, */
	RATE     = 4096, /* and more of them per second: a fourth of what the console drains */
};

struct log {
	struct item item;
	char        label[LABEL_MAX + 1];
	char        line[LINE_MAX];  /* the beginning of a line */
	unsigned    used;
	int64_t     credit;          /* bytes that it may still write; below 0: has written */
	unsigned    lost;            /* lines beyond that */
	by_ticks_t  refilled;        /* when the credit was last raised */
	size_t      done;            /* bytes of a text that is written in several requests, */
	uint32_t    sum;             /* and what it is known by */
};

#include <by/session/log_server.h>


by_status_t log_create(struct account *account, const char *label, struct item **item)
{
	void       *record;
	by_status_t status = item_create_object(account, ITEM_LOG, sizeof(struct log), &record);

	if (status != BY_OK)
		return status;

	struct log *log = record;
	(void)!by_strcopy(log->label, sizeof(log->label), label);
	log->credit = BURST;
	*item = &log->item;

	return BY_OK;
}


/** What has come in since the last time. */
static void refill(struct log *log)
{
	uint64_t   frequency;
	by_ticks_t now = kcall_clock(&frequency), passed = now - log->refilled;

	/* beyond two bursts it makes no difference, and cannot overflow */
	if (passed > 2 * BURST / RATE * frequency)
		passed = 2 * BURST / RATE * frequency;

	int64_t credit = log->credit + (int64_t)(passed * RATE / frequency);

	/* the clock is read for nothing until there is a byte to be had */
	if (credit > log->credit)
		log->refilled = now;
	log->credit = credit < BURST ? credit : BURST;
}


/** Pay for a line; false if there is no credit for it. */
static bool afford(struct log *log, size_t size)
{
	if (log->credit < (int64_t)size)
		refill(log);
	if (log->credit < (int64_t)size)
		return false;

	log->credit -= (int64_t)size;

	return true;
}


/** This is always told, and paid for out of what comes in next. */
static void tell_lost(struct log *log, size_t label)
{
	if (!log->lost)
		return;

	console_print("[%s] (%u lines lost: too many at once)\n", log->label, log->lost);
	log->credit -= (int64_t)(label + NOTICE);
	log->lost    = 0;
}


/** Who writes too much loses lines of his own, not of others. */
static void flush(struct log *log)
{
	size_t const label = by_strnlen(log->label, LABEL_MAX);

	if (!afford(log, label + log->used + 4)) {
		log->lost++;
	} else {
		tell_lost(log, label);
		console_write("[", 1);
		console_write(log->label, label);
		console_write("] ", 2);
		console_write(log->line, log->used);
		console_write("\n", 1);
	}
	log->used = 0;
}


static uint32_t sum_of(const char *text, size_t size)
{
	uint32_t sum = (uint32_t)size;

	for (size_t i = 0; i < size; i++)
		sum = sum * 31 + (unsigned char)text[i];

	return sum;
}


static by_status_t write(struct log *log, const void *text, size_t size)
{
	const char *c    = text;
	size_t      i    = log->done;

	/* somebody else's text came between: this one begins anew, that one was cut short */
	if (i && log->sum != sum_of(text, size))
		i = 0;
	for (log->done = 0; i < size; i++) {
		/* control characters could fake lines of others */
		bool visible = (unsigned char)c[i] >= ' ' || c[i] == '\t';
		if (c[i] == '\n' || log->used == LINE_MAX) {
			if (!work(WORK_LINE)) {
				log->done = i;
				log->sum  = sum_of(text, size);
				return BY_AGAIN;
			}
			flush(log);
		}
		if (c[i] != '\n')
			log->line[log->used++] = visible ? c[i] : '?';
	}

	return BY_OK;
}


static const struct by_log_ops ops = { .write = write };


by_tag_t log_dispatch(struct item *item, by_tag_t tag, struct by_message *msg)
{
	return by_log_dispatch(item, &ops, tag, msg);
}
