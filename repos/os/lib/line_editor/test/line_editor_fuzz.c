/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: any keys. The line that a terminal shows is the one that the editor has, with
 * the cursor in the same place.
 */
#include "canary.h"
#include <line_editor.h>
#include <string.h>
#include <vt.h>

enum { COLUMNS = 130, ROWS = 4, PROMPT = 2 };

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

static struct vt          vt;
static struct line_editor editor;
static bool               found;


static void require(bool condition)
{
	if (!condition)
		abort();
}


static void draw(struct vt *self, unsigned row, unsigned column, struct vt_cell cell, bool cursor)
{
	(void)self, (void)row, (void)column, (void)cell, (void)cursor;
}


static void show(struct line_editor *self, const char *bytes, size_t size)
{
	(void)self;
	vt_write(&vt, bytes, size);
}


static void take(struct line_editor *self, const char *line)
{
	require(strlen(line) <= LINE_EDITOR_MAX);
	found |= !strcmp(line, "kill x");
	line_editor_prompt(self);
}


static const char *word(struct line_editor *self, size_t at, unsigned index)
{
	static const char *const words[] = { "help", "kill", "kick" };

	(void)self;

	return at || index > 2 ? NULL : words[index];
}


static void compare(void)
{
	const struct vt_cell *cells = vt.cells[vt.row];

	require(editor.at <= editor.size && editor.size <= LINE_EDITOR_MAX);
	require(vt.column == PROMPT + editor.at);
	for (size_t i = 0; i < COLUMNS - PROMPT; i++)
		require(cells[PROMPT + i].c == (i < editor.size ? editor.line[i] : ' '));
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	static const struct line_editor_ops ops = { .show = show, .entered = take, .word = word };

	found = false;
	vt_init(&vt, COLUMNS, ROWS, draw);
	line_editor_init(&editor, &ops, "> ");
	line_editor_prompt(&editor);
	for (size_t i = 0; i < size; i++) {
		line_editor_type(&editor, data[i]);
		compare();
	}
	canary(found);

	return 0;
}
