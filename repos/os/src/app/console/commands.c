/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can be typed.
 */
#include "console.h"
#include <by/status_name.h>
#include <by/string.h>

enum { LOG_LINES = 20, LOG_MOST = 500 };

/* What an argument stands for, if it is to be completed. */
enum subject { NOTHING, COMMAND, CHILD_ON, CHILD_OFF, REPORT };

struct command {
	char const  *name, *argument, *help;
	enum subject subject;
	void       (*run)(struct text *text, char const *argument);
};


static void list(struct text *text, char const *argument)
{
	(void)argument;
	state_children(text);
}


static void sessions(struct text *text, char const *argument)
{
	(void)argument;
	state_sessions(text);
}


static void tree(struct text *text, char const *argument)
{
	(void)argument;
	tree_show(text);
}


static void log_lines(struct text *text, char const *argument)
{
	uint64_t lines = LOG_LINES;

	if (*argument
	    && (by_parse_u64(argument, by_strlen(argument), &lines) != BY_OK || !lines)) {
		text_format(text, "\"%s\" is no number of lines\n", argument);
		return;
	}
	log_show(text, lines < LOG_MOST ? (unsigned)lines : LOG_MOST);
}


static void report(struct text *text, char const *argument)
{
	if (!*argument)
		state_reports(text);
	else if (!state_report(text, argument))
		text_format(text, "there is no report \"%s\"\n", argument);
}


/* Have a child or not, and say what has become of that. */
static void switch_child(struct text *text, char const *path, bool on)
{
	char const *other;
	bool        is;

	for (unsigned i = 0; (other = plan_path(i, &is)); i++) {
		if (!by_strcmp(other, path) && is == on) {
			text_format(text, "%s is %s already\n", path, on ? "started" : "not there");
			return;
		}
	}
	by_status_t const status = plan_switch(path, on);

	if (status == BY_NOT_FOUND)
		text_format(text, "there is no component \"%s\"; \"list\" shows which there are\n",
		            path);
	else if (status != BY_OK)
		text_format(text, "%s: %s\n", path, by_status_name(status));
	else
		text_format(text, "%s %s\n", path, on ? "starts" : "has ended");
}


static void start(struct text *text, char const *argument)
{
	switch_child(text, argument, true);
}


static void kill(struct text *text, char const *argument)
{
	switch_child(text, argument, false);
}


static void tell_refused(struct text *text, by_status_t status)
{
	if (status != BY_OK)
		text_format(text, "that is not possible: %s\n", by_status_name(status));
}


static void reboot(struct text *text, char const *argument)
{
	(void)argument;
	tell_refused(text, console.machine_status != BY_OK ? console.machine_status
	                   : by_machine_reset(&console.machine));
}


static void poweroff(struct text *text, char const *argument)
{
	(void)argument;
	tell_refused(text, console.machine_status != BY_OK ? console.machine_status
	                   : by_machine_poweroff(&console.machine));
}


static void help(struct text *text, char const *argument);

static struct command const commands[] = {
	{ "help",     "",            "what can be typed",                              NOTHING,   help },
	{ "list",     "",            "components, and how they are",                   NOTHING,   list },
	{ "tree",     "",            "who has how much of the machine's RAM",          NOTHING,   tree },
	{ "sessions", "",            "who uses what of whom",                          NOTHING,   sessions },
	{ "start",    "<component>", "start a component",                              CHILD_OFF, start },
	{ "kill",     "<component>", "end it, with all that it has",                   CHILD_ON,  kill },
	{ "report",   "[<name>]",    "which reports there are, or one of them",        REPORT,    report },
	{ "log",      "[<lines>]",   "the end of the log",                             NOTHING,   log_lines },
	{ "reboot",   "",            "reset the machine",                              NOTHING,   reboot },
	{ "poweroff", "",            "switch it off",                                  NOTHING,   poweroff },
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };


static void help(struct text *text, char const *argument)
{
	(void)argument;
	for (unsigned i = 0; i < COMMANDS; i++)
		text_format(text, "%-9s %-13s %s\n", commands[i].name, commands[i].argument,
		            commands[i].help);
	text_format(text, "Tab completes words; the arrow keys bring lines back.\n");
}


/* The command that the first 'size' bytes name. */
static struct command const *find(char const *name, size_t size)
{
	for (unsigned i = 0; i < COMMANDS; i++)
		if (by_strlen(commands[i].name) == size && !memcmp(commands[i].name, name, size))
			return &commands[i];

	return NULL;
}


static size_t word_size(char const *text)
{
	size_t size = 0;

	while (text[size] && text[size] != ' ')
		size++;

	return size;
}


void command_run(char const *line, struct text *text)
{
	char   argument[CONSOLE_PATH + 1];
	size_t at = 0, end = by_strlen(line);

	while (line[at] == ' ')
		at++;
	if (at == end)
		return;

	while (end > at && line[end - 1] == ' ')
		end--;
	size_t const                size    = word_size(line + at);
	struct command const *const command = find(line + at, size);

	if (!command) {
		text_format(text, "there is no command \"%.*s\"; \"help\" lists them\n", (int)size,
		            line + at);
		return;
	}
	at += size;
	while (at < end && line[at] == ' ')
		at++;
	by_format(argument, sizeof(argument), "%.*s", (int)(end > at ? end - at : 0), line + at);
	if (!*command->argument != !*argument && *command->argument != '[')
		text_format(text, "usage: %s%s%s\n", command->name, *command->argument ? " " : "",
		            command->argument);
	else
		command->run(text, argument);
}


/* The index-th child that is on, or off. */
static char const *child_word(bool on, unsigned index)
{
	char const *path;
	bool        is;

	for (unsigned i = 0; (path = plan_path(i, &is)); i++)
		if (is == on && !index--)
			return path;

	return NULL;
}


char const *command_word(char const *line, size_t at, unsigned index)
{
	size_t begin = 0;

	while (begin < at && line[begin] == ' ')
		begin++;
	if (begin == at)
		return index < COMMANDS ? commands[index].name : NULL;

	struct command const *const command = find(line + begin, word_size(line + begin));

	switch (command ? command->subject : NOTHING) {
	case CHILD_ON:  return child_word(true, index);
	case CHILD_OFF: return child_word(false, index);
	case REPORT:    return state_report_name(index);
	default:        return NULL;
	}
}
