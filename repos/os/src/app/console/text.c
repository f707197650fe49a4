/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text that grows.
 */
#include "text.h"
#include <by/container.h>
#include <by/format.h>
#include <by/mem.h>

enum { LEAST = 1000 };

/* Where formatted pieces go. */
struct text_sink {
	struct by_sink sink;
	struct text   *text;
};


static bool grow(struct text *text, size_t size)
{
	size_t room = text->room ? text->room : LEAST;
	void  *base;

	while (room < size)
		room *= 2;
	if (room == text->room)
		return true;
	if (by_alloc(text->alloc, room, &base) != BY_OK)
		return false;

	if (text->base) {
		memcpy(base, text->base, text->size);
		by_free(text->alloc, text->base, text->room);
	}
	text->base = base;
	text->room = room;

	return true;
}


void text_add(struct text *text, char const *bytes, size_t size)
{
	if (text->cut || !grow(text, text->size + size)) {
		text->cut = true;
		return;
	}
	memcpy(text->base + text->size, bytes, size);
	text->size += size;
}


void text_add_lines(struct text *text, char const *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '\n')
			text_add(text, "\r", 1);
		text_add(text, bytes + i, 1);
	}
}


static void write(struct by_sink *sink, char const *bytes, size_t size)
{
	text_add(BY_CONTAINER_OF(sink, struct text_sink, sink)->text, bytes, size);
}


void text_format(struct text *text, char const *format, ...)
{
	struct text_sink sink = { { write }, text };
	va_list          args;

	va_start(args, format);
	by_vformat_to(&sink.sink, format, args);
	va_end(args);
}


void text_clear(struct text *text)
{
	if (text->base)
		by_free(text->alloc, text->base, text->room);
	*text = (struct text){ .alloc = text->alloc };
}
