/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A line that somebody types at a terminal: what the bytes that come make of it, and the bytes
 * that show it. README has the keys. No device, no memory but the struct.
 */
#ifndef LINE_EDITOR_H
#define LINE_EDITOR_H

#include <by/types.h>

enum {
	LINE_EDITOR_MAX       = 120, /* characters of a line */
	LINE_EDITOR_HISTORY   = 8,   /* lines that are remembered */
	LINE_EDITOR_PARAMETER = 100, /* larger ones of control sequences count as this */
};

struct line_editor;

struct line_editor_ops {
	/* Show these bytes. */
	void (*show)(struct line_editor *editor, char const *bytes, size_t size);

	/*
	 * A line is complete, and shown as such. Whoever has dealt with it calls
	 * line_editor_prompt() for the next one. Borrows: line.
	 */
	void (*entered)(struct line_editor *editor, char const *line);

	/*
	 * The index-th word that could stand at 'at' of the line (of its first 'at' bytes
	 * alone), or NULL beyond the last one. Stays valid until the next call. NULL:
	 * no completion.
	 */
	char const *(*word)(struct line_editor *editor, size_t at, unsigned index);
};

/** A line; its user's storage. */
struct line_editor {
	struct line_editor_ops const *ops;
	char const *prompt;
	char        line[LINE_EDITOR_MAX + 1];
	size_t      size, at;          /* at: before which byte the cursor stands */
	char        history[LINE_EDITOR_HISTORY][LINE_EDITOR_MAX + 1];
	unsigned    remembered;        /* lines there, */
	unsigned    newest;            /* the one that came last, */
	unsigned    back;              /* and how far back the present one was taken from */
	unsigned    state, parameter;  /* in the midst of a control sequence */
	bool        was_return;        /* the byte before: a newline behind it is the same key */
};

/** Begin with an empty line and no history; nothing is shown. Keeps: ops, prompt. */
void line_editor_init(struct line_editor *editor, struct line_editor_ops const *ops,
                      char const *prompt);

/** Begin an empty line, and show the prompt. */
void line_editor_prompt(struct line_editor *editor);

/** A byte was typed. */
void line_editor_type(struct line_editor *editor, unsigned char byte);

#endif
