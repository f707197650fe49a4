/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory and text of the generator.
 */
#include <stdlib.h>
#include <string.h>

#include "rpc.h"

struct arena_chunk {
	struct arena_chunk *next;
	max_align_t         memory[];
};


static void *must_have(void *memory)
{
	if (!memory) {
		fputs("rpc: out of memory\n", stderr);
		exit(1);
	}

	return memory;
}


void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_chunk *const chunk = must_have(calloc(1, sizeof(*chunk) + size));

	chunk->next   = arena->chunks;
	arena->chunks = chunk;

	return chunk->memory;
}


void arena_fini(struct arena *arena)
{
	while (arena->chunks) {
		struct arena_chunk *const next = arena->chunks->next;

		free(arena->chunks);
		arena->chunks = next;
	}
}


char *arena_print(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	char   *text;
	int     len;

	va_start(args, format);
	va_copy(again, args);
	len  = vsnprintf(NULL, 0, format, args);
	text = arena_alloc(arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, again);
	va_end(again);
	va_end(args);

	return text;
}


char *arena_upper(struct arena *arena, const char *text)
{
	char *const upper = arena_print(arena, "%s", text);

	for (char *c = upper; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');

	return upper;
}


void name_add(struct job *job, struct name **list, const char *text, struct place place)
{
	struct name *const name = arena_alloc(&job->arena, sizeof(*name));

	*name = (struct name){ .text = text, .place = place };
	while (*list)
		list = &(*list)->next;
	*list = name;
}


bool name_listed(const struct name *list, const char *text)
{
	while (list && strcmp(list->text, text))
		list = list->next;

	return list;
}


void buffer_add(struct buffer *buffer, const char *text, size_t len)
{
	if (!buffer->text || buffer->len + len > buffer->size) {
		buffer->size = 2 * (buffer->len + len) + 64;
		buffer->text = must_have(realloc(buffer->text, buffer->size));
	}
	if (len > 0)
		memcpy(buffer->text + buffer->len, text, len);
	buffer->len += len;
}


void buffer_fini(struct buffer *buffer)
{
	free(buffer->text);
	*buffer = (struct buffer){ 0 };
}


static const char *const diagnostic_text[] = {
#define X(name, text) [DIAGNOSTIC_##name] = text,
	RPC_DIAGNOSTICS(X)
#undef X
};


bool fail(struct job *job, struct place place, enum diagnostic diagnostic, ...)
{
	va_list args;

	job->errors++;
	if (!job->log)
		return false;

	va_start(args, diagnostic);
	fprintf(job->log, "%s:%u:%u: error: ", place.file, place.line, place.column);
	vfprintf(job->log, diagnostic_text[diagnostic], args);
	fputc('\n', job->log);
	va_end(args);

	return false;
}
