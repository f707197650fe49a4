/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sandbox: children as a configuration describes them, for any component that wants some.
 *
 * doc/init.md has the language. A configuration is applied as a whole: what differs from
 * the one before is changed, all else goes on undisturbed. A configuration that can not
 * be fulfilled in parts (no such binary, too little RAM) leaves those children stopped, and
 * they are tried again whenever something has changed.
 *
 *     sandbox_init()                 nothing
 *     sandbox_apply(configuration)   children
 *     sandbox_apply(another one)     some are new, some changed, some gone
 *     sandbox_fini()                 nothing
 *
 * All this happens at the main endpoint, and nothing waits for a child.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <by/child.h>
#include <by/dict.h>
#include <by/hid.h>
#include <by/label.h>
#include <by/list.h>
#include <by/timeout.h>

struct sandbox;

struct sandbox_ops {
	/*
	 * Something that sandbox_report() shows has changed, apart from what children use.
	 * Must neither apply nor end the sandbox. NULL: nobody cares.
	 */
	void (*changed)(struct sandbox *sandbox);

	/*
	 * A child for which the configuration says 'exit | propagate: yes' has ended itself,
	 * and is not started again. As above. NULL: it is reported as others are.
	 */
	void (*exited)(struct sandbox *sandbox, char const *child, int code);

	/* A fault has been reported that leaves a child standing. As above. NULL: no more. */
	void (*faulted)(struct sandbox *sandbox, char const *child);

	/*
	 * A child could not be started, which has been reported; told once per reason, also
	 * while a configuration is applied. As above. NULL: no more.
	 */
	void (*stopped)(struct sandbox *sandbox, char const *child, by_status_t status);
};

struct sandbox_args {
	struct sandbox_ops const *ops;
	struct by_route const    *local; /* services for the target 'local'; NULL: none */
};

/** A set of children; its owner's storage. */
struct sandbox {
	struct by_env       *env;
	struct sandbox_args  args;
	struct by_hid_node   config;   /* in 'text' */
	struct by_hid_node   provided, rules; /* its parent-provides and default-route */
	char                *text;     /* of the configuration that is in force, */
	size_t               size;     /* NULL: none */
	struct by_dict       by_name;  /* all children */
	struct by_list       starts;   /* the same, as they stand in the configuration */
	struct by_list       offers;   /* services for clients above */
	struct by_timeout    heartbeat;
	uint64_t             rate_ms;  /* of heartbeats; 0: none */
	struct by_signal_handler retry; /* to try again what could not be started */
	unsigned             priority; /* of the component itself */
	char                 label[BY_LABEL_SIZE]; /* of the latest route */
};

/**
 * Begin without children. Keeps: sandbox, which must not move; what args point to.
 * Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS.
 */
BY_MUST_USE by_status_t sandbox_init(struct sandbox *sandbox, struct by_env *env,
                                     struct sandbox_args const *args);

/**
 * Make the children those of this document, whose top node may be of any type. The text is
 * copied. What can not be done is logged and shown by sandbox_report(). Errors: BY_OUT_OF_RAM,
 * BY_OUT_OF_CAPS, BY_MALFORMED; then all stays as it was.
 */
BY_MUST_USE by_status_t sandbox_apply(struct sandbox *sandbox, struct by_hid_span document);

/**
 * Write what there is as attributes and sub nodes of the open node. 'what' says by its
 * attributes what that is, as the node 'report' of configurations does: doc/init.md.
 */
void sandbox_report(struct sandbox *sandbox, struct by_hid_writer *writer,
                    struct by_hid_node const *what);

/** End all children. Takes: sandbox. */
void sandbox_fini(struct sandbox *sandbox);

#endif
