/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the sessions of children come from.
 *
 * Labels in rules are those that the child itself has given. A target may rewrite what the
 * provider sees:
 *
 *     child  "->"  identity ...  "->"  resource
 *     \__________ identity _________/
 */
#include "start.h"
#include <by/format.h>
#include <by/label.h>
#include <by/log.h>
#include <by/policy.h>
#include <by/string.h>

enum { DENIALS_TOLD = 20 }; /* of a child: it could fill the log of its parent with them */

/* A request, and what has been found so far. */
struct request {
	struct sandbox  *sandbox;
	struct start    *client;
	char const      *service;
	char const      *full;     /* "child -> label" */
	char const      *label;    /* the child's own */
	struct by_route *route;
};


/*
 * Rules
 */

/* Whether a node says nothing but its type and name, as most do. */
static bool plain(struct by_hid_node const *node)
{
	struct by_hid_attr attr;
	bool               more = by_hid_first_attr(node, &attr);

	if (more && by_hid_span_is(attr.tag, "name"))
		more = by_hid_next_attr(&attr);

	return !more;
}


/* Whether the rule is for this label, as far as it says so. */
static bool label_fits(struct request const *request, struct by_hid_node const *rule)
{
	struct by_hid_span value;

	return plain(rule)
	       || (by_policy_fits(rule, request->label)
	           && (!by_hid_attr(rule, "unscoped_label", &value)
	               || by_hid_span_is(value, request->full)));
}


static bool service_fits(struct request const *request, struct by_hid_node const *rule)
{
	return by_hid_type_is(rule, "any-service")
	       || (by_hid_type_is(rule, "service")
	           && by_hid_span_is(by_hid_name(rule), request->service));
}


/*
 * Targets
 */

static by_status_t to_parent(struct request *request)
{
	struct by_hid_node const *provided = &request->sandbox->provided;
	struct by_hid_node        service;

	return config_there(provided)
	       && config_find(provided, "service", request->service, &service)
	       ? BY_OK : BY_NOT_FOUND;
}


static by_status_t to_local(struct request *request)
{
	struct by_route const *local = request->sandbox->args.local;

	for (; local && local->service; local++)
		if (!by_strcmp(local->service, request->service)
		    && (!local->last || !by_strcmp(local->last, by_label_last(request->label)))) {
			request->route->local = local->local;
			return BY_OK;
		}

	return BY_NOT_FOUND;
}


static by_status_t to_child(struct request *request, struct by_hid_node const *target)
{
	char          name[BY_CHILD_NAME + 1];
	struct start *server = NULL;

	if (config_child(request->sandbox, target, name, sizeof(name)) == BY_OK)
		server = sandbox_find(request->sandbox, name);
	if (!server || !config_provides(server, request->service))
		return BY_NOT_FOUND;

	request->route->provider = &server->provider;

	return BY_OK;
}


static by_status_t to_any_child(struct request *request)
{
	struct start *server = NULL;

	BY_LIST_EACH(&request->sandbox->starts, node) {
		if (!config_provides(start_of_node(node), request->service))
			continue;
		if (server && request->client->denials >= DENIALS_TOLD)
			return BY_DENIED;
		if (server) {
			by_error("child \"%s\": service \"%s\" is offered by \"%s\" and \"%s\"",
			         request->client->name, request->service, server->name,
			         start_of_node(node)->name);
			return BY_DENIED;
		}
		server = start_of_node(node);
	}
	if (!server)
		return BY_NOT_FOUND;

	request->route->provider = &server->provider;

	return BY_OK;
}


static by_status_t to_target(struct request *request, struct by_hid_node const *target)
{
	if (by_hid_type_is(target, "parent"))
		return to_parent(request);
	if (by_hid_type_is(target, "local"))
		return to_local(request);
	if (by_hid_type_is(target, "child"))
		return to_child(request, target);

	return by_hid_type_is(target, "any-child") ? to_any_child(request) : BY_NOT_FOUND;
}


/*
 * Labels
 */

/* All but the last element of what the provider would see. */
static struct by_hid_span identity_of(struct request const *request)
{
	size_t const own = by_strlen(request->label);
	size_t const all = by_strlen(request->full);

	if (!own)
		return (struct by_hid_span){ request->full, all };

	return (struct by_hid_span){ request->full, by_label_parent_len(request->full) };
}


/* Write the label that the target wants into the sandbox's buffer. */
static by_status_t rewrite(struct request *request, struct by_hid_node const *target)
{
	struct by_hid_span identity = identity_of(request);
	struct by_hid_span prepend = { .size = 0 }, resource = { .size = 0 }, label;
	char *const        out = request->sandbox->label;
	size_t             size;

	if (plain(target))
		return BY_OK;
	if (request->label[0]) {
		resource.base = by_label_last(request->label);
		resource.size = by_strlen(resource.base);
	}
	(void)by_hid_attr(target, "identity", &identity);
	(void)by_hid_attr(target, "resource", &resource);
	(void)by_hid_attr(target, "prepend_resource", &prepend);
	if (by_hid_attr(target, "label", &label)) {
		size = by_format(out, BY_LABEL_SIZE, "%.*s", (int)label.size, label.base);
	} else {
		bool const arrow = identity.size && prepend.size + resource.size;

		size = by_format(out, BY_LABEL_SIZE, "%.*s%s%.*s%.*s", (int)identity.size,
		                 identity.base, arrow ? " -> " : "", (int)prepend.size,
		                 prepend.base, (int)resource.size, resource.base);
	}
	if (size > BY_LABEL_MAX)
		return BY_LIMIT;
	if (!by_label_valid(out))
		return BY_INVALID;

	request->route->label = out;

	return BY_OK;
}


/*
 * All together
 */

/*
 * The first target below 'node' that serves. Of targets that stand in one line, as in
 * '| + parent | + any-child', HID takes each for a sub node of the one before. BY_NOT_FOUND:
 * none.
 */
static by_status_t try_targets(struct request *request, struct by_hid_node const *node)
{
	struct by_hid_node target;

	if (!by_hid_first(node, &target))
		return BY_NOT_FOUND;

	do {
		by_status_t status = to_target(request, &target);

		if (status == BY_OK)
			return rewrite(request, &target);
		if (status == BY_NOT_FOUND)
			status = try_targets(request, &target);
		if (status != BY_NOT_FOUND)
			return status;
	} while (by_hid_next(&target));

	return BY_NOT_FOUND;
}


/* Only a rule for any service lets the next ones be tried. */
static by_status_t try_rules(struct request *request, struct by_hid_node const *rules)
{
	struct by_hid_node rule;

	if (!by_hid_first(rules, &rule))
		return BY_NOT_FOUND;

	do {
		if (!service_fits(request, &rule) || !label_fits(request, &rule))
			continue;

		by_status_t const status = try_targets(request, &rule);

		if (status != BY_NOT_FOUND || by_hid_type_is(&rule, "service"))
			return status;
	} while (by_hid_next(&rule));

	return BY_NOT_FOUND;
}


static by_status_t find(struct request *request)
{
	struct start *const client = request->client;

	if (!by_strcmp(request->service, "ROM") && !by_strcmp(request->label, "config")
	    && start_configured(client)) {
		request->route->local = &client->config_service.service;
		return BY_OK;
	}
	struct by_hid_node const *rules = config_there(&client->rules) ? &client->rules
	                                                               : &request->sandbox->rules;

	return config_there(rules) ? try_rules(request, rules) : BY_NOT_FOUND;
}


/* A request of a child; 'full' is "child -> label". */
static struct request request_of(struct start *client, char const *service, char const *full,
                                 struct by_route *route)
{
	size_t const name = by_strlen(client->name);

	return (struct request){
		.sandbox = client->sandbox, .client = client, .service = service, .full = full,
		.label = full[name] ? full + name + by_strlen(" -> ") : "", .route = route,
	};
}


by_status_t route_find(struct by_child *child, char const *service, char const *label,
                       struct by_route *route)
{
	struct start *const client = BY_CONTAINER_OF(child, struct start, child);
	struct request      request = request_of(client, service, label, route);
	by_status_t const status = find(&request);

	if (status == BY_OK)
		return status;

	if (client->denials < DENIALS_TOLD)
		by_warning("child \"%s\": no route to service \"%s\", label \"%s\"", client->name,
		           service, request.label);
	else if (client->denials == DENIALS_TOLD)
		by_warning("child \"%s\": no route to more than %u sessions", client->name,
		           (unsigned)DENIALS_TOLD);
	if (client->denials <= DENIALS_TOLD)
		client->denials++;

	return status == BY_NOT_FOUND ? BY_DENIED : status;
}


by_status_t route_log(struct start *start, struct by_route *route)
{
	struct request request = request_of(start, "LOG", start->name, route);

	*route = (struct by_route){ .service = "LOG" };
	by_status_t const status = find(&request);

	/* a server of LOG cannot wait for itself */
	if (status == BY_NOT_FOUND || route->provider == &start->provider)
		*route = (struct by_route){ .service = "LOG" };

	return status == BY_NOT_FOUND ? BY_OK : status;
}


/* What routes_stay() looks at. */
struct look {
	struct start *start;
	bool          first; /* at the session from the start */
	bool          stays;
};


static void look_at(struct by_child_session const *session, void *arg)
{
	struct look *const look  = arg;
	struct by_route    route = { .service = session->service };
	struct request     request = request_of(look->start, session->service, session->asked,
	                                        &route);

	if (by_strcmp(session->state, "open") && by_strcmp(session->state, "asked"))
		return; /* it has ended, or is going to */

	by_status_t const status = look->first ? route_log(look->start, &route) : find(&request);
	char const *const label  = route.label ? route.label : session->asked;

	if (status != BY_OK || route.provider != session->provider
	    || route.local != session->local || by_strcmp(label, session->label))
		look->stays = false;
}


bool routes_stay(struct start *start)
{
	struct look look = { .start = start, .first = true, .stays = true };

	by_own_session_show(&start->log, look_at, &look);
	look.first = false;
	by_child_sessions(&start->child, look_at, &look);

	return look.stays;
}


/* What is behind the first arrow: in front of it stands who asks. */
static char const *behind_first(char const *label)
{
	for (; *label; label++)
		if (label[0] == ' ' && label[1] == '-' && label[2] == '>' && label[3] == ' ')
			return label + 4;

	return label;
}


by_status_t route_offer(struct by_uplink *uplink, char const *label, struct by_route *route)
{
	struct offer *const offer   = BY_CONTAINER_OF(uplink, struct offer, uplink);
	struct request      request = {
		.sandbox = offer->sandbox, .service = offer->service, .full = label,
		.label = behind_first(label), .route = route,
	};
	struct by_hid_node service, policy, target;

	if (config_find(&offer->sandbox->config, "service", offer->service, &service)
	    && by_policy_find(&service, label, &policy) == BY_OK
	    && by_hid_first_of(&policy, "child", &target) && to_child(&request, &target) == BY_OK)
		return rewrite(&request, &target);

	by_warning("service \"%s\": no child is to serve \"%s\"", offer->service, label);

	return BY_DENIED;
}
