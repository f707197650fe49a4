/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages: each line is put together on the stack and sent as one request.
 */
#include "env.h"
#include <by/container.h>
#include <by/format.h>
#include <by/log.h>
#include <by/string.h>

struct line {
	struct by_sink sink;
	size_t         len;
	char           text[BY_LOG_WRITE_TEXT_MAX];
};


/* Whether it is heard or not does not concern who speaks. */
static void flush(struct line *line)
{
	by_status_t const status = by_log_write(&by_the_env.log, line->text, line->len);

	(void)status;
	line->len = 0;
}


static void write(struct by_sink *sink, char const *text, size_t len)
{
	struct line *line = BY_CONTAINER_OF(sink, struct line, sink);

	while (len) {
		size_t const room = sizeof(line->text) - line->len;
		size_t const part = len < room ? len : room;

		memcpy(line->text + line->len, text, part);
		line->len += part;
		text += part;
		len  -= part;
		if (line->len == sizeof(line->text))
			flush(line);
	}
}


static void print(char const *prefix, char const *fmt, va_list args)
{
	struct line line = { .sink.write = write, .len = 0 };

	write(&line.sink, prefix, by_strlen(prefix));
	by_vformat_to(&line.sink, fmt, args);
	write(&line.sink, "\n", 1);
	if (line.len)
		flush(&line);
}


void by_log(char const *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print("", fmt, args);
	va_end(args);
}


void by_warning(char const *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print("Warning: ", fmt, args);
	va_end(args);
}


void by_error(char const *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print("Error: ", fmt, args);
	va_end(args);
}
