/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A server: a total per session. And a parent: its client is a child of ours.
 */
#define BY_TALLY_SELF struct tally

#include <by/cap.h>
#include <by/child.h>
#include <by/container.h>
#include <by/kernel.h>
#include <by/label.h>
#include <by/log.h>
#include <by/status_name.h>
#include <by/string.h>

/* What a session is to us. */
struct tally {
	struct by_service_session session; /* what the client calls */
	char                      label[BY_LABEL_SIZE];
	uint64_t                  total, most;
	by_cap_t                  sigh;
};

#include <by/session/tally_server.h>


/*
 * Calls
 */

static by_status_t add(struct tally *tally, uint32_t n, uint64_t *total)
{
	if (n > tally->most - tally->total)
		return BY_LIMIT;

	tally->total += n;
	*total = tally->total;
	if (by_cap_valid(tally->sigh))
		by_signal_submit(tally->sigh, 1);

	return BY_OK;
}


static by_status_t watch(struct tally *tally, struct by_cap_arg *sigh)
{
	by_cap_t const taken = by_cap_arg_take(sigh);

	if (!by_cap_valid(taken))
		return BY_BAD_CAP;

	by_cap_drop(tally->sigh);
	tally->sigh = taken;

	return BY_OK;
}


static void note(struct tally *tally, char const *text)
{
	by_log("%s notes: %s", tally->label, text);
}


static struct by_tally_ops const ops = { .add = add, .watch = watch, .note = note };


/*
 * Sessions
 */

static by_status_t open(struct by_service_session *session,
                        struct by_service_request const *request)
{
	struct tally *const tally = BY_CONTAINER_OF(session, struct tally, session);
	struct by_tally_args args;

	by_status_t const status = by_tally_args_read(request->args, request->args_len, &args);
	if (status != BY_OK)
		return status;

	if (args.start > args.most)
		return BY_INVALID;

	tally->total = args.start;
	tally->most  = args.most;
	(void)!by_strcopy(tally->label, sizeof(tally->label), request->label);

	return BY_OK;
}


static void close(struct by_service_session *session)
{
	by_cap_drop(BY_CONTAINER_OF(session, struct tally, session)->sigh);
}


/*
 * The client, a child
 */

static void exited(struct by_child *child, int code)
{
	struct by_env *const env = child->env;

	by_log("the client has ended with %d", code);
	by_child_destroy(child); /* closes its sessions */
	by_exit(env, code);
}


static by_status_t start_client(struct by_env *env, struct by_service *service)
{
	static struct by_attached binary;
	static struct by_child    child;
	static struct by_route    routes[] = { { .service = "Tally" }, { .service = NULL } };

	static struct by_child_ops const  ops_of_child = { .exited = exited };
	static struct by_child_args const args = {
		.name = "client", .binary = &binary, .ram = 512 << 10, .caps = 60, .priority = 8,
		.routes = routes, .ops = &ops_of_child,
	};

	routes[0].local = service;

	by_status_t status = by_attached_rom_init(env, &binary, "tally_client");
	if (status == BY_OK)
		status = by_child_create(env, &child, &args);
	if (status == BY_OK)
		status = by_child_start(&child);

	return status;
}


void component_main(struct by_env *env)
{
	static struct by_service service = {
		.size = sizeof(struct tally), .open = open, .close = close,
	};

	by_tally_local(env, &service, &ops);
	by_status_t const status = start_client(env, &service);
	if (status != BY_OK) {
		by_error("no service: %s", by_status_name(status));
		by_exit(env, 1);
	}
}
