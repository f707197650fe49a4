/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words of the interface language. Lines matter; a '\' at the end of one
 * continues it, except in a comment, which ends with its line.
 */
#include <ctype.h>
#include <string.h>

#include "rpc.h"


void lex_init(struct lexer *lexer, struct job *job, const char *file, const char *text,
              size_t len)
{
	*lexer = (struct lexer){
		.job   = job,
		.at    = text,
		.end   = text + len,
		.place = { file, 1, 1 },
	};
	lexer->doc_end = &lexer->doc;
}


static int peek(const struct lexer *lexer, size_t offset)
{
	return (size_t)(lexer->end - lexer->at) > offset ? (unsigned char)lexer->at[offset] : -1;
}


static void step(struct lexer *lexer)
{
	lexer->place.column++;
	if (*lexer->at++ == '\n') {
		lexer->place.line++;
		lexer->place.column = 1;
	}
}


static bool word_char(int c)
{
	return c == '_' || (c > 0 && c < 0x80 && isalnum(c));
}


static bool continuation(const struct lexer *lexer)
{
	return peek(lexer, 0) == '\\' && peek(lexer, 1) == '\n';
}


static void forget_doc(struct lexer *lexer)
{
	lexer->doc     = NULL;
	lexer->doc_end = &lexer->doc;
}


static struct word make_word(struct lexer *lexer, enum word_kind kind, size_t len)
{
	struct word const word = {
		kind, arena_print(&lexer->job->arena, "%.*s", (int)len, lexer->at), lexer->place,
	};

	while (len--)
		step(lexer);
	lexer->line_end = lexer->at;

	return word;
}


static struct word wrong_character(struct lexer *lexer)
{
	int const   c = peek(lexer, 0);
	char *const text = arena_print(&lexer->job->arena, isprint(c) ? "%c" : "\\x%02x", c);

	fail(lexer->job, lexer->place, DIAGNOSTIC_character, text);

	return (struct word){ WORD_WRONG, text, lexer->place };
}


/* Stands behind '#'. False if a character is wrong; 'at' stays there. */
static bool read_comment(struct lexer *lexer)
{
	const char *const text  = lexer->at + (peek(lexer, 0) == ' ');
	bool const        above = !lexer->in_line;

	while (peek(lexer, 0) == '\t' || (peek(lexer, 0) >= ' ' && peek(lexer, 0) < 0x7f))
		step(lexer);
	if (peek(lexer, 0) != '\n' && peek(lexer, 0) != -1)
		return false;

	if (above) {
		struct name *const line = arena_alloc(&lexer->job->arena, sizeof(*line));

		line->text = arena_print(&lexer->job->arena, "%.*s",
		                         text < lexer->at ? (int)(lexer->at - text) : 0, text);
		*lexer->doc_end = line;
		lexer->doc_end  = &line->next;
	}

	return true;
}


/* Skip blanks, and before the first word of a line blank lines and comments. */
static bool skip_blanks(struct lexer *lexer)
{
	bool blank = true; /* the line, as far as seen */

	for (;;) {
		int const c = peek(lexer, 0);

		if (c == ' ' || c == '\t') {
			step(lexer);
		} else if (continuation(lexer)) {
			step(lexer);
			step(lexer);
		} else if (c == '#') {
			step(lexer);
			blank = false;
			if (!read_comment(lexer))
				return false;
		} else if (c == '\n' && !lexer->in_line) {
			step(lexer);
			if (blank)
				forget_doc(lexer);
			blank = true;
		} else {
			return true;
		}
	}
}


struct word lex_next(struct lexer *lexer)
{
	size_t len = 0;

	if (!skip_blanks(lexer))
		return wrong_character(lexer);

	if (peek(lexer, 0) == -1 && !lexer->in_line)
		return (struct word){ WORD_FILE, "end of the file", lexer->place };

	if (peek(lexer, 0) == -1 || peek(lexer, 0) == '\n')
		return (struct word){ WORD_END, "end of the line", lexer->place };

	if (!lexer->in_line)
		lexer->line = lexer->at;
	lexer->in_line = true;
	while (word_char(peek(lexer, len)))
		len++;
	if (len)
		return make_word(lexer, WORD_NAME, len);

	if (peek(lexer, 0) == '-' && peek(lexer, 1) == '>')
		return make_word(lexer, WORD_MARK, 2);

	if (peek(lexer, 0) && strchr("|:<>!", peek(lexer, 0)))
		return make_word(lexer, WORD_MARK, 1);

	return wrong_character(lexer);
}


const char *lex_source(const struct lexer *lexer)
{
	return arena_print(&lexer->job->arena, "%.*s", (int)(lexer->line_end - lexer->line),
	                   lexer->line);
}


void lex_skip_line(struct lexer *lexer)
{
	bool comment = false;

	while (peek(lexer, 0) != -1 && peek(lexer, 0) != '\n') {
		comment |= peek(lexer, 0) == '#';
		if (!comment && continuation(lexer))
			step(lexer);
		step(lexer);
	}
	if (peek(lexer, 0) == '\n')
		step(lexer);
	lexer->in_line = false;
	forget_doc(lexer);
}
