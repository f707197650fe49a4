/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Line editor. Keys send what ECMA-48 and the VT220 (its programmer reference manual, section
 * 3.2) say; the cursor is moved by CSI C and D, and CSI K erases to the end of the line.
 */
#include <by/format.h>
#include <by/mem.h>
#include <by/string.h>
#include <line_editor.h>

enum {
	CTRL_A = 1, CTRL_B, CTRL_C, CTRL_D, CTRL_E, CTRL_F, BELL, BACKSPACE, TAB, NEWLINE,
	CTRL_K, CTRL_L, RETURN, CTRL_N, CTRL_P = 16, CTRL_U = 21, CTRL_W = 23, ESCAPE = 27,
	DELETE = 127,
};

enum { PLAIN, AFTER_ESCAPE, AFTER_CSI, AFTER_SS3 };


/*
 * What is shown
 */

static void show(struct line_editor *editor, char const *bytes, size_t size)
{
	if (size)
		editor->ops->show(editor, bytes, size);
}


static void show_text(struct line_editor *editor, char const *text)
{
	show(editor, text, by_strlen(text));
}


static void bell(struct line_editor *editor)
{
	show(editor, "\a", 1);
}


/* Move the cursor by so many columns; D: to the left, C: to the right. */
static void move(struct line_editor *editor, size_t columns, char direction)
{
	char sequence[16];

	if (columns)
		show(editor, sequence,
		     by_format(sequence, sizeof(sequence), "\033[%zu%c", columns, direction));
}


/* Show anew what stands at the cursor and behind it; what was there is longer. */
static void show_rest(struct line_editor *editor)
{
	show(editor, editor->line + editor->at, editor->size - editor->at);
	show_text(editor, "\033[K");
	move(editor, editor->size - editor->at, 'D');
}


static void show_line(struct line_editor *editor)
{
	show_text(editor, editor->prompt);
	show(editor, editor->line, editor->size);
	move(editor, editor->size - editor->at, 'D');
}


/*
 * Changes
 */

static void go_to(struct line_editor *editor, size_t at)
{
	if (at < editor->at)
		move(editor, editor->at - at, 'D');
	else
		move(editor, at - editor->at, 'C');
	editor->at = at;
}


static void insert(struct line_editor *editor, char const *text, size_t size)
{
	char *const at = editor->line + editor->at;

	if (size > LINE_EDITOR_MAX - editor->size) {
		bell(editor);
		return;
	}
	memmove(at + size, at, editor->size - editor->at);
	memcpy(at, text, size);
	editor->size += size;
	editor->at   += size;
	show(editor, text, size);
	if (editor->at < editor->size)
		show_rest(editor);
}


/* Take out what is between 'from' and 'to'; the cursor stands there afterwards. */
static void cut(struct line_editor *editor, size_t from, size_t to)
{
	if (from == to) {
		bell(editor);
		return;
	}
	go_to(editor, from);
	memmove(editor->line + from, editor->line + to, editor->size - to);
	editor->size -= to - from;
	show_rest(editor);
}


/* Where the word in front of the cursor begins. */
static size_t word_start(struct line_editor const *editor)
{
	size_t at = editor->at;

	while (at && editor->line[at - 1] == ' ')
		at--;
	while (at && editor->line[at - 1] != ' ')
		at--;

	return at;
}


/*
 * History
 */

/* The line that was entered 'back' lines ago; 1: the last one. */
static char *remembered(struct line_editor *editor, unsigned back)
{
	return editor->history[(editor->newest + LINE_EDITOR_HISTORY - (back - 1))
	                       % LINE_EDITOR_HISTORY];
}


static void remember(struct line_editor *editor)
{
	if (!editor->size || (editor->remembered && !by_strcmp(remembered(editor, 1), editor->line)))
		return;

	editor->newest = (editor->newest + 1) % LINE_EDITOR_HISTORY;
	memcpy(editor->history[editor->newest], editor->line, editor->size + 1);
	if (editor->remembered < LINE_EDITOR_HISTORY)
		editor->remembered++;
}


/* Take the line that was entered 'back' lines ago, 0: an empty one. */
static void recall(struct line_editor *editor, unsigned back)
{
	char const *const line = back ? remembered(editor, back) : "";

	go_to(editor, 0);
	editor->back = back;
	editor->size = by_strlen(line);
	memcpy(editor->line, line, editor->size);
	editor->at = editor->size;
	show(editor, editor->line, editor->size);
	show_text(editor, "\033[K");
}


static void older(struct line_editor *editor)
{
	if (editor->back < editor->remembered)
		recall(editor, editor->back + 1);
	else
		bell(editor);
}


static void newer(struct line_editor *editor)
{
	if (editor->back)
		recall(editor, editor->back - 1);
	else
		bell(editor);
}


/*
 * Completion
 */

/* What all words that begin as the one at the cursor does have in common. */
struct completion {
	char   common[LINE_EDITOR_MAX + 1];
	size_t size;
	unsigned words;
};


static bool begins(char const *word, char const *text, size_t size)
{
	return by_strnlen(word, size) == size && !memcmp(word, text, size);
}


static void find_common(struct line_editor *editor, size_t start, struct completion *completion)
{
	size_t const typed = editor->at - start;
	char const  *word;

	completion->words = 0;
	for (unsigned i = 0; (word = editor->ops->word(editor, start, i)); i++) {
		if (!begins(word, editor->line + start, typed))
			continue;
		if (!completion->words++) {
			completion->size = by_strnlen(word, LINE_EDITOR_MAX);
			memcpy(completion->common, word, completion->size);
		}
		size_t const most = by_strnlen(word, completion->size);
		size_t       same = 0;

		while (same < most && word[same] == completion->common[same])
			same++;
		completion->size = same;
	}
}


static void show_words(struct line_editor *editor, size_t start)
{
	char const *word;

	show_text(editor, "\r\n");
	for (unsigned i = 0; (word = editor->ops->word(editor, start, i)); i++) {
		if (begins(word, editor->line + start, editor->at - start)) {
			show_text(editor, word);
			show_text(editor, "  ");
		}
	}
	show_text(editor, "\r\n");
	show_line(editor);
}


static void complete(struct line_editor *editor)
{
	struct completion completion;
	size_t            start = editor->at;

	while (start && editor->line[start - 1] != ' ')
		start--;
	if (!editor->ops->word)
		return;

	find_common(editor, start, &completion);
	size_t const typed = editor->at - start;

	if (!completion.words) {
		bell(editor);
	} else if (completion.words == 1) {
		completion.common[completion.size] = ' ';
		insert(editor, completion.common + typed, completion.size + 1 - typed);
	} else if (completion.size > typed) {
		insert(editor, completion.common + typed, completion.size - typed);
	} else {
		show_words(editor, start);
	}
}


/*
 * Keys
 */

static void begin_line(struct line_editor *editor)
{
	editor->size = editor->at = 0;
	editor->back = 0;
}


static void enter(struct line_editor *editor)
{
	char line[LINE_EDITOR_MAX + 1];

	show_text(editor, "\r\n");
	editor->line[editor->size] = 0;
	remember(editor);
	memcpy(line, editor->line, editor->size + 1);
	begin_line(editor);
	editor->ops->entered(editor, line);
}


static void give_up(struct line_editor *editor)
{
	show_text(editor, "^C\r\n");
	line_editor_prompt(editor);
}


static void redraw(struct line_editor *editor)
{
	show_text(editor, "\033[H\033[J");
	show_line(editor);
}


static void backspace(struct line_editor *editor)
{
	cut(editor, editor->at - (editor->at != 0), editor->at);
}


static void delete(struct line_editor *editor)
{
	cut(editor, editor->at, editor->at + (editor->at < editor->size));
}


static void left(struct line_editor *editor)
{
	go_to(editor, editor->at - (editor->at != 0));
}


static void right(struct line_editor *editor)
{
	go_to(editor, editor->at + (editor->at < editor->size));
}


static void home(struct line_editor *editor)       { go_to(editor, 0); }
static void end(struct line_editor *editor)        { go_to(editor, editor->size); }
static void cut_line(struct line_editor *editor)   { cut(editor, 0, editor->size); }
static void cut_rest(struct line_editor *editor)   { cut(editor, editor->at, editor->size); }
static void cut_word(struct line_editor *editor)   { cut(editor, word_start(editor), editor->at); }


struct key { unsigned code; void (*press)(struct line_editor *editor); };

static struct key const plain_keys[] = {
	{ RETURN, enter }, { NEWLINE, enter }, { TAB, complete }, { BACKSPACE, backspace },
	{ DELETE, backspace }, { CTRL_A, home }, { CTRL_B, left }, { CTRL_C, give_up },
	{ CTRL_D, delete }, { CTRL_E, end }, { CTRL_F, right }, { CTRL_K, cut_rest },
	{ CTRL_L, redraw }, { CTRL_N, newer }, { CTRL_P, older }, { CTRL_U, cut_line },
	{ CTRL_W, cut_word }, { 0, NULL },
};

/* By the last byte of a sequence; if that is '~', by its parameter. */
static struct key const cursor_keys[] = {
	{ 'A', older }, { 'B', newer }, { 'C', right }, { 'D', left }, { 'H', home }, { 'F', end },
	{ 0, NULL },
};

static struct key const editing_keys[] = {
	{ 1, home }, { 3, delete }, { 4, end }, { 7, home }, { 8, end }, { 0, NULL },
};


static void press(struct line_editor *editor, struct key const *keys, unsigned code)
{
	while (keys->press && keys->code != code)
		keys++;
	if (keys->press)
		keys->press(editor);
	else
		bell(editor);
}


/* Another byte behind CSI: digits, ';' and others up to a last one. */
static void type_sequence(struct line_editor *editor, unsigned char byte)
{
	if (byte >= '0' && byte <= '9') {
		editor->parameter = editor->parameter * 10 + (byte - '0');
		if (editor->parameter > LINE_EDITOR_PARAMETER)
			editor->parameter = LINE_EDITOR_PARAMETER;
		return;
	}
	if (byte >= ' ' && byte < '@')
		return;

	editor->state = PLAIN;
	if (byte == '~')
		press(editor, editing_keys, editor->parameter);
	else
		press(editor, cursor_keys, byte);
}


static void type_plain(struct line_editor *editor, unsigned char byte)
{
	char const c = (char)byte;

	if (byte == ESCAPE)
		editor->state = AFTER_ESCAPE;
	else if (byte >= ' ' && byte < DELETE)
		insert(editor, &c, 1);
	else if (byte)
		press(editor, plain_keys, byte);
}


void line_editor_type(struct line_editor *editor, unsigned char byte)
{
	bool const same_key = editor->was_return && byte == NEWLINE;

	editor->was_return = byte == RETURN;
	if (same_key)
		return;

	switch (editor->state) {
	case AFTER_ESCAPE:
		editor->parameter = 0;
		editor->state     = byte == '[' ? AFTER_CSI : byte == 'O' ? AFTER_SS3 : PLAIN;
		break;
	case AFTER_CSI:
		type_sequence(editor, byte);
		break;
	case AFTER_SS3:
		editor->state = PLAIN;
		press(editor, cursor_keys, byte);
		break;
	default:
		type_plain(editor, byte);
	}
}


void line_editor_prompt(struct line_editor *editor)
{
	begin_line(editor);
	show_text(editor, editor->prompt);
}


void line_editor_init(struct line_editor *editor, struct line_editor_ops const *ops,
                      char const *prompt)
{
	*editor = (struct line_editor){ .ops = ops, .prompt = prompt };
}
