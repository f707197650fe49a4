/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the sandbox share: a child with what belongs to it.
 *
 *     sandbox.c  begins, ends, tries again
 *     apply.c    from one configuration to the next
 *     start.c    the life of one child
 *     config.c   what the configuration says about a child
 *     route.c    where its sessions come from
 *     log.c      and the one that it has before it can ask
 *     offer.c    what it provides to clients above
 *     report.c   what is told about it
 */
#ifndef SANDBOX_START_H
#define SANDBOX_START_H

#include <by/attached.h>
#include <by/own_session.h>
#include <by/session/rom.h>
#include <by/status_name.h>
#include <by/uplink.h>
#include <rom_service.h>
#include <sandbox.h>

enum start_state {
	START_STOPPED,    /* could not be started, because of 'status' */
	START_BINARY,     /* waits for the ROM that it is loaded from, or its LOG session */
	START_RUNNING,
	START_FAULTED,    /* stands where a fault has stopped it */
	START_RESTARTING, /* is going to be started again, after a while */
	START_EXITED,     /* has ended itself with 'code' */
};

/** A node 'start' of the configuration, and what has become of it. */
struct start {
	struct sandbox      *sandbox;
	struct by_dict_node  by_name;
	struct by_list_node  node;
	struct by_hid_node   config;   /* its part of the configuration in force */
	struct by_hid_node   rules;    /* its own routes */
	bool                 kept;     /* while a configuration is applied: stays */
	bool                 changed;  /* and must be started anew, */
	bool                 rerouted; /* or may have to, as rules have changed */
	char                 name[BY_CHILD_NAME + 1];
	char                 program[BY_CHILD_NAME + 1];
	enum start_state     state;
	by_status_t          status;
	int                  code;
	unsigned             restarts;
	unsigned             denials;  /* of sessions that no route allows, up to those told of */
	uint64_t             ram, caps; /* given to it */
	uint64_t             more_ram, more_caps; /* that it has asked for */
	unsigned             skipped;  /* heartbeats */
	struct by_own_session log;     /* that it has from the start, */
	bool                 log_asked; /* once it was asked for */
	by_status_t          log_status;
	struct by_rom        rom;
	struct by_attached   binary;
	struct rom_source    config_rom;     /* content of its ROM 'config', if it has one */
	struct rom_service   config_service;
	struct by_provider   provider;
	struct by_child      child;
	struct by_timeout    delay;    /* until it is restarted */
};


/*
 * Life (start.c)
 */

/** Make the record of a child that is not started. Errors: BY_OUT_OF_RAM, BY_EXISTS, BY_INVALID. */
BY_MUST_USE by_status_t start_create(struct sandbox *sandbox, struct by_hid_node const *config,
                                     struct start **out);

/** End the child and forget it. Takes: start. */
void start_destroy(struct start *start);

/** Try to get the child running, unless it does or has done its work. */
void start_begin(struct start *start);

/** Go on after news of its LOG session: run, stop, or begin anew. False: there are none. */
bool start_go_on(struct start *start);

/** End the child, whatever it is doing; it can begin again. */
void start_end(struct start *start);

/** The quota that the configuration names has changed: give or take. */
void start_set_quota(struct start *start);

/** Ask the child whether it still answers, and restart it if it has not for too long. */
void start_heartbeat(struct start *start);

/** Whether there is a child that has an account. */
static inline bool start_alive(struct start const *start)
{
	return start->state == START_RUNNING || start->state == START_FAULTED;
}

/** Whether it has a ROM 'config' of its own. */
static inline bool start_configured(struct start const *start)
{
	return start->config_rom.current != NULL;
}

/** Take over its configuration from its node 'config', if there is one. */
void start_set_config(struct start *start);

/** Have the children that could not be started tried again, soon. */
void sandbox_retry(struct sandbox *sandbox);

/** Tell the owner that something has changed. */
void sandbox_changed(struct sandbox *sandbox);

static inline struct start *start_of_node(struct by_list_node *node)
{
	return BY_CONTAINER_OF(node, struct start, node);
}

/** The child of this name, or NULL. */
struct start *sandbox_find(struct sandbox *sandbox, char const *name);


/*
 * Configuration (config.c)
 */

/** The first sub node of this type; see config_there(). */
struct by_hid_node config_part(struct by_hid_node const *node, char const *type);

/** Whether a node that config_part() has given is there. */
static inline bool config_there(struct by_hid_node const *part)
{
	return part->text != NULL;
}

/** A sub node of this type and name. */
bool config_find(struct by_hid_node const *node, char const *type, char const *name,
                 struct by_hid_node *found);

/** The name of the program. Errors: BY_NO_SPACE. */
BY_MUST_USE by_status_t config_program(struct by_hid_node const *start, char *program);

/** The quota that the configuration says, or its defaults. */
uint64_t config_ram(struct start const *start);
uint64_t config_caps(struct start const *start);

/** What the sandbox keeps for itself; 'what' is RAM or CAP. */
uint64_t config_preserved(struct sandbox const *sandbox, char const *what);

/** Whether a child may offer a service. */
bool config_provides(struct start const *start, char const *service);

/** Whether one node differs from the other in a sub node of this type. */
bool config_differs(struct by_hid_node const *a, struct by_hid_node const *b, char const *type);

/** The name of a child in routes: itself, or what an alias stands for. */
by_status_t config_child(struct sandbox const *sandbox, struct by_hid_node const *node,
                         char *name, size_t size);


/*
 * Routes (route.c)
 */

/** As 'route' of struct by_child_ops. */
BY_MUST_USE by_status_t route_find(struct by_child *child, char const *service,
                                   char const *label, struct by_route *route);

/** Whether the sessions that a child has would come from where they do, by the same labels. */
bool routes_stay(struct start *start);

/** As 'route' for the LOG session that it has from the start, without rules one from above. */
BY_MUST_USE by_status_t route_log(struct start *start, struct by_route *route);

/** As 'route' of struct by_uplink, for those of offers. */
BY_MUST_USE by_status_t route_offer(struct by_uplink *uplink, char const *label,
                                    struct by_route *route);


/*
 * The LOG session from the start (log.c)
 */

/** Open it, unless that has been done. BY_PENDING: news follow. Errors: why there is none. */
BY_MUST_USE by_status_t log_open(struct start *start);

/** Close it, if it was asked for. */
void log_close(struct start *start);

/** Whether it is none, or not any more. */
bool log_failed(struct start const *start);


/*
 * Services for clients above (offer.c)
 */

/** A node 'service' of the configuration. */
struct offer {
	struct sandbox     *sandbox;
	struct by_list_node node;
	char                service[BY_SERVICE_NAME + 1];
	struct by_uplink    uplink;
};

static inline struct offer *offer_of_node(struct by_list_node *node)
{
	return BY_CONTAINER_OF(node, struct offer, node);
}

/** Offer what the configuration in force says, to whom it says. */
void offers_apply(struct sandbox *sandbox);

/** Offer nothing any more. */
void offers_end(struct sandbox *sandbox);

#endif
