/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is told about the children.
 */
#include "start.h"


static char const *state_name(struct start const *start)
{
	static char const *const names[] = {
		[START_STOPPED] = "stopped", [START_BINARY] = "incomplete",
		[START_RUNNING] = "running", [START_FAULTED] = "faulted",
		[START_RESTARTING] = "restarting", [START_EXITED] = "exited",
	};

	return names[start->state];
}


/* What an account has of one resource; 'assigned' and 'requested' only of children. */
struct amounts { uint64_t quota, used; };


static void write_amounts(struct by_hid_writer *writer, struct amounts amounts)
{
	by_hid_write_u64(writer, "quota", amounts.quota);
	by_hid_write_u64(writer, "used", amounts.used);
	by_hid_write_u64(writer, "avail", amounts.quota - amounts.used);
}


static void write_own(struct sandbox *sandbox, struct by_hid_writer *writer,
                      struct by_hid_node const *what)
{
	struct by_pd_balance balance;

	if (by_pd_account(&sandbox->env->pd, &balance) != BY_OK)
		return;

	if (by_hid_bool(what, "init_ram", false)) {
		by_hid_write_begin(writer, "ram");
		write_amounts(writer, (struct amounts){ balance.ram_quota, balance.ram_used });
		by_hid_write_end(writer);
	}
	if (by_hid_bool(what, "init_caps", false)) {
		by_hid_write_begin(writer, "caps");
		write_amounts(writer, (struct amounts){ balance.caps_quota, balance.caps_used });
		by_hid_write_end(writer);
	}
}


static void write_resource(struct by_hid_writer *writer, char const *type, uint64_t assigned,
                           uint64_t requested, struct amounts amounts)
{
	by_hid_write_begin(writer, type);
	by_hid_write_u64(writer, "assigned", assigned);
	write_amounts(writer, amounts);
	if (requested)
		by_hid_write_u64(writer, "requested", requested);
	by_hid_write_end(writer);
}


static void write_account(struct start *start, struct by_hid_writer *writer,
                          struct by_hid_node const *what)
{
	struct by_pd_balance balance;

	if (!start_alive(start) || by_pd_account(&start->child.pd, &balance) != BY_OK)
		return;

	if (by_hid_bool(what, "child_ram", false))
		write_resource(writer, "ram", start->ram, start->more_ram,
		               (struct amounts){ balance.ram_quota, balance.ram_used });
	if (by_hid_bool(what, "child_caps", false))
		write_resource(writer, "caps", start->caps, start->more_caps,
		               (struct amounts){ balance.caps_quota, balance.caps_used });
}


static void write_session(struct by_child_session const *session, void *arg)
{
	struct by_hid_writer *writer = arg;

	by_hid_write_begin(writer, "session");
	by_hid_write_attr(writer, "service", session->service);
	by_hid_write_attr(writer, "label", session->label);
	by_hid_write_attr(writer, "state", session->state);
	if (session->provider)
		by_hid_write_attr(writer, "child",
		                  BY_CONTAINER_OF(session->provider, struct start, provider)->name);
	by_hid_write_u64(writer, "ram", session->ram);
	by_hid_write_u64(writer, "caps", session->caps);
	by_hid_write_end(writer);
}


/* What clients above have at children. */
static void write_offers(struct sandbox *sandbox, struct by_hid_writer *writer)
{
	BY_LIST_EACH(&sandbox->offers, node) {
		struct offer *offer = offer_of_node(node);

		by_hid_write_begin(writer, "service");
		by_hid_write_attr(writer, "name", offer->service);
		by_uplink_sessions(&offer->uplink, write_session, writer);
		by_hid_write_end(writer);
	}
}


static void write_provided(struct start *start, struct by_hid_writer *writer)
{
	by_hid_write_begin(writer, "provided");
	for (unsigned i = 0; i < start->provider.services; i++) {
		by_hid_write_begin(writer, "service");
		by_hid_write_attr(writer, "name", start->provider.service[i]);
		by_hid_write_end(writer);
	}
	by_hid_write_end(writer);
}


static void write_child(struct start *start, struct by_hid_writer *writer,
                        struct by_hid_node const *what)
{
	struct by_hid_span version;

	by_hid_write_begin(writer, "child");
	by_hid_write_attr(writer, "name", start->name);
	by_hid_write_attr(writer, "binary", start->program);
	if (by_hid_attr(&start->config, "version", &version))
		by_hid_write_span(writer, "version", version);
	by_hid_write_attr(writer, "state", state_name(start));
	if (start->state == START_EXITED)
		by_hid_write_format(writer, "exited", "%d", start->code);
	if (start->state == START_STOPPED && start->status != BY_OK)
		by_hid_write_attr(writer, "reason", by_status_name(start->status));
	if (start->restarts)
		by_hid_write_u64(writer, "restarts", start->restarts);
	if (start->skipped)
		by_hid_write_u64(writer, "skipped_heartbeats", start->skipped);
	write_account(start, writer, what);
	if (by_hid_bool(what, "requested", false)) {
		by_hid_write_begin(writer, "requested");
		by_child_sessions(&start->child, write_session, writer);
		by_hid_write_end(writer);
	}
	if (by_hid_bool(what, "provided", false))
		write_provided(start, writer);
	by_hid_write_end(writer);
}


void sandbox_report(struct sandbox *sandbox, struct by_hid_writer *writer,
                    struct by_hid_node const *what)
{
	struct by_hid_span version;

	if (by_hid_attr(&sandbox->config, "version", &version))
		by_hid_write_span(writer, "version", version);
	write_own(sandbox, writer, what);
	if (by_hid_bool(what, "provided", false))
		write_offers(sandbox, writer);
	BY_LIST_EACH(&sandbox->starts, node)
		write_child(start_of_node(node), writer, what);
}
