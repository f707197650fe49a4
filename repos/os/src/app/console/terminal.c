/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Terminals: each with a line that is typed, and what is still to be shown. While something is,
 * nothing is read, so that who types fast or reads slowly makes nothing pile up. If a terminal's
 * server ends, the session is opened again.
 */
#include "console.h"
#include <by/container.h>
#include <by/endpoint.h>
#include <by/log.h>
#include <by/session/terminal.h>
#include <by/status_name.h>
#include <line_editor.h>

enum { TERMINALS = 4, RETRY_US = 300000 };

struct terminal {
	char                     label[BY_LABEL_SIZE];
	struct by_terminal       session;
	bool                     open;
	struct by_timeout        retry;
	struct by_signal_handler readable, writable;
	struct line_editor       editor;
	unsigned char            typed[BY_TERMINAL_READ_DATA_MAX];
	size_t                   typed_at, typed_size;
	struct text              out;   /* to be shown, */
	size_t                   shown; /* and so much of it is */
};

static struct terminal terminals[TERMINALS];
static unsigned        count;

static void begin(struct terminal *terminal);


static struct terminal *terminal_of(struct line_editor *editor)
{
	return BY_CONTAINER_OF(editor, struct terminal, editor);
}


static struct terminal *terminal_of_session(struct by_session *session)
{
	return BY_CONTAINER_OF(session, struct terminal, session.session);
}


/*
 * Out and in
 */

/* Show what there is; false if that is not possible now. */
static bool flush(struct terminal *terminal)
{
	struct text *const out = &terminal->out;

	while (terminal->shown < out->size) {
		size_t const rest = out->size - terminal->shown;
		size_t const part = rest < BY_TERMINAL_WRITE_DATA_MAX ? rest
		                    : BY_TERMINAL_WRITE_DATA_MAX;
		uint32_t     taken = 0;

		if (by_terminal_write(&terminal->session, out->base + terminal->shown, part, &taken)
		    != BY_OK || taken > part)
			return false;

		terminal->shown += taken;
		if (taken < part)
			return false;
	}
	terminal->shown = 0;
	text_clear(out);

	return true;
}


static bool take_byte(struct terminal *terminal, unsigned char *byte)
{
	if (terminal->typed_at == terminal->typed_size) {
		terminal->typed_at = terminal->typed_size = 0;
		if (by_terminal_read(&terminal->session, terminal->typed, &terminal->typed_size)
		    != BY_OK)
			terminal->typed_size = 0;
		if (!terminal->typed_size)
			return false;
	}
	*byte = terminal->typed[terminal->typed_at++];

	return true;
}


static void go_on(struct terminal *terminal)
{
	unsigned char byte;

	while (terminal->open && flush(terminal) && take_byte(terminal, &byte))
		line_editor_type(&terminal->editor, byte);
}


static void handle_readable(struct by_signal_handler *handler, unsigned signals)
{
	(void)signals;
	go_on(BY_CONTAINER_OF(handler, struct terminal, readable));
}


static void handle_writable(struct by_signal_handler *handler, unsigned signals)
{
	(void)signals;
	go_on(BY_CONTAINER_OF(handler, struct terminal, writable));
}


/*
 * The line
 */

static void show(struct line_editor *editor, char const *bytes, size_t size)
{
	text_add(&terminal_of(editor)->out, bytes, size);
}


static void entered(struct line_editor *editor, char const *line)
{
	struct terminal *const terminal = terminal_of(editor);
	struct text            answer   = { .alloc = console.env->heap };

	command_run(line, &answer);
	text_add_lines(&terminal->out, answer.base, answer.size);
	if (answer.cut || terminal->out.cut) {
		terminal->out.cut = false;
		by_warning("the memory does not suffice for an answer to \"%s\"", line);
	}
	text_clear(&answer);
	line_editor_prompt(editor);
}


static char const *word(struct line_editor *editor, size_t at, unsigned index)
{
	return command_word(editor->line, at, index);
}


/*
 * Sessions
 */

static void close(struct terminal *terminal)
{
	terminal->open = false;
	by_terminal_close(console.env, &terminal->session);
}


static void lost(struct by_session *session)
{
	struct terminal *const terminal = terminal_of_session(session);

	close(terminal);
	begin(terminal);
}


static void retry(struct by_timeout *timeout)
{
	begin(BY_CONTAINER_OF(timeout, struct terminal, retry));
}


static void start(struct terminal *terminal)
{
	static char const greeting[] = "\r\nThis is Banyan. \"help\" lists what can be typed.\r\n";
	by_status_t status = by_session_watch(console.env, &terminal->session.session, lost);

	if (status == BY_OK)
		status = by_terminal_read_sigh(&terminal->session, terminal->readable.target.cap);
	if (status == BY_OK)
		status = by_terminal_write_sigh(&terminal->session, terminal->writable.target.cap);
	if (status != BY_OK) {
		close(terminal);
		if (by_timeout_start(&terminal->retry, RETRY_US) != BY_OK)
			by_error("terminal \"%s\" is lost", terminal->label);
		return;
	}
	terminal->open     = true;
	terminal->typed_at = terminal->typed_size = terminal->shown = 0;
	text_clear(&terminal->out);
	text_add(&terminal->out, greeting, sizeof(greeting) - 1);
	line_editor_prompt(&terminal->editor);
	go_on(terminal);
}


static void settle(struct terminal *terminal, by_status_t status)
{
	if (status == BY_OK) {
		start(terminal);
		return;
	}
	close(terminal);
	by_warning("terminal \"%s\": %s", terminal->label, by_status_name(status));
	if (status == BY_GONE && by_timeout_start(&terminal->retry, RETRY_US) != BY_OK)
		by_error("terminal \"%s\" is lost", terminal->label);
}


static void answered(struct by_session *session, by_status_t status)
{
	settle(terminal_of_session(session), status);
}


static void begin(struct terminal *terminal)
{
	by_status_t const status = by_terminal_begin(console.env, terminal->label,
	                                             &terminal->session, answered);

	if (status != BY_PENDING)
		settle(terminal, status);
}


static by_status_t prepare(struct terminal *terminal)
{
	static struct line_editor_ops const ops = { .show = show, .entered = entered, .word = word };
	struct by_endpoint *const endpoint = console.env->endpoint;

	terminal->out.alloc = console.env->heap;
	line_editor_init(&terminal->editor, &ops, "banyan> ");
	by_timeout_init(&terminal->retry, endpoint, retry);
	by_status_t const status = by_signal_handler_init(&terminal->readable, endpoint,
	                                                  BY_SIGNAL_APPLICATION, handle_readable);

	return status != BY_OK ? status
	       : by_signal_handler_init(&terminal->writable, endpoint, BY_SIGNAL_APPLICATION,
	                                handle_writable);
}


void terminals_begin(struct by_hid_node const *config)
{
	struct by_hid_node node;

	if (!by_hid_first_of(config, "terminal", &node)) {
		by_error("config: no node \"terminal\"");
		return;
	}
	do {
		struct terminal *const terminal = &terminals[count];

		if (count == TERMINALS
		    || by_hid_copy(&node, "name", terminal->label, sizeof(terminal->label)) != BY_OK
		    || prepare(terminal) != BY_OK) {
			by_error("config: terminal %u cannot be used", count + 1);
			return;
		}
		count++;
		begin(terminal);
	} while (by_hid_next_of(&node, "terminal"));
}
