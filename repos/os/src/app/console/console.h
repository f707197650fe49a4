/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the console share.
 *
 *     main.c      configuration, children
 *     terminal.c  who types
 *     commands.c  what can be typed
 *     plan.c      which children there are to be
 *     state.c     what they are and use: of ours, and of theirs by their reports
 *     tree.c      what everybody has, as core tells
 *     log.c       core's log
 *     text.c      text that grows
 */
#ifndef CONSOLE_H
#define CONSOLE_H

#include "text.h"
#include <by/attached.h>
#include <by/format.h>
#include <by/hid.h>
#include <by/session/machine.h>
#include <sandbox.h>

enum { CONSOLE_PATH = 120 }; /* bytes of a child's name with those of its parents in front */

struct console {
	struct by_env    *env;
	struct sandbox    sandbox;
	struct by_machine machine;
	by_status_t       machine_status; /* why there is none */
};

extern struct console console;


/*
 * Terminals
 */

/** Talk to those whom the configuration names by nodes 'terminal'. Later ones are too many. */
void terminals_begin(struct by_hid_node const *config);


/*
 * Commands
 */

/** Do what a line says; the answer goes to 'text'. */
void command_run(char const *line, struct text *text);

/** The index-th word that could stand at 'at' of 'line', or NULL. */
char const *command_word(char const *line, size_t at, unsigned index);


/*
 * Plan
 */

/** A configuration, copied, is what is to be from now on. What was switched off stays so. */
void plan_set(struct by_hid_span document);

/**
 * The index-th child that can be, as 'garden/flower' if it is one of a child's; NULL
 * beyond the last one. Valid until the next call.
 */
char const *plan_path(unsigned index, bool *on);

/** Switch a child on or off, and have it so. Errors: BY_NOT_FOUND, BY_LIMIT, those of sandbox_apply(). */
BY_MUST_USE by_status_t plan_switch(char const *path, bool on);


/*
 * State
 */

/** Take reports of children: the service that 'local' means for Report. */
struct by_service *state_service(struct by_env *env);

/** Append the children, and theirs, and how they are. */
void state_children(struct text *text);

/** Append what sessions they have. */
void state_sessions(struct text *text);

/** Append the names of what children have reported; or the report of this name. */
void state_reports(struct text *text);
bool state_report(struct text *text, char const *name);

/** The index-th name of a report, or NULL. */
char const *state_report_name(unsigned index);


/*
 * What core tells
 */

/** Open what is looked at later; if it cannot be had, those who want to look at it are told. */
void tree_begin(struct by_env *env);
void log_begin(struct by_env *env);

/** Append the tree of accounts with its sum. */
void tree_show(struct text *text);

/** Append the last lines of the log. */
void log_show(struct text *text, unsigned lines);

#endif
