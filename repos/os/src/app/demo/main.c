/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Demo: lets one component after another crash beside a server with its clients, and
 * shows that these go on.
 *
 *     demo ── server ─┬─ client
 *       │             └─ client ...
 *       └──── the component that crashes next
 */
struct progress_session;
#define BY_PROGRESS_SELF struct progress_session

#include <by/container.h>
#include <by/env.h>
#include <by/format.h>
#include <by/log.h>
#include <by/session/progress_server.h>
#include <by/string.h>
#include <nursery.h>

enum {
	CLIENTS = 8,           /* of the server, at most */
	REPORTS = 2,           /* the first may have been on its way when the crash came */
	FOREIGN = 0x50000000,  /* address of something that is ours only */
	PAGE    = 4096,
};

struct progress_session { struct by_service_session session; };

/* A client of the server's. */
struct client {
	char     name[BY_PROGRESS_REPORT_WHO_MAX + 1];
	uint64_t requests;
	unsigned reports; /* since the crash */
};

static struct {
	struct by_env       *env;
	struct by_attached   config;
	struct by_hid_node   node;     /* of the next crash */
	bool                 more;
	bool                 waiting;  /* for the clients */
	struct nursery_child server, crasher;
	struct client        client[CLIENTS];
	unsigned             clients;
	unsigned             crashes;
	struct by_pd_balance before;   /* the crash */
} demo;


/*
 * Crashes
 */

/* End the crasher; from the second one on, all that it had must be back. */
static void clear_away(void)
{
	nursery_end(demo.env, &demo.crasher);
	struct by_pd_balance const now = nursery_balance(demo.env);

	if (demo.crashes++ && memcmp(&now, &demo.before, sizeof(now)))
		by_error("something of the crashed component is not back");
	for (unsigned i = 0; i < demo.clients; i++)
		demo.client[i].reports = 0;
	demo.waiting = true;
}


static void crashed(struct by_child *child, char const *thread,
                    struct by_cpu_fault const *fault)
{
	by_child_report(child, thread, fault);
	clear_away();
}


static void survived(struct by_child *child, int code)
{
	by_error("\"%s\" should have crashed, but exited with %d", child->name, code);
	clear_away();
}


static void start_crasher(struct by_hid_node const *crash)
{
	static struct by_child_ops const ops = { .faulted = crashed, .exited = survived };
	struct by_hid_span const  how = by_hid_name(crash);
	struct by_hid_node        node;
	struct nursery_args const args = { .node = &node, .ops = &ops };
	char                      text[256];

	size_t const len = by_format(text, sizeof(text),
	                             "start %.*s | binary: crasher | ram: 512K | caps: 60\n"
	                             "+ config | how: %.*s | at: %u\n-\n",
	                             (int)how.size, how.base, (int)how.size, how.base, FOREIGN);
	struct by_hid_span const document = { text, len };

	demo.before = nursery_balance(demo.env);
	if (by_hid_open(document, &node) != BY_OK
	    || nursery_start(demo.env, &demo.crasher, &args) != BY_OK)
		by_error("no crasher");
}


static void next_crash(void)
{
	demo.waiting = false;
	if (!demo.more) {
		by_log("%u components have crashed, and nobody else has noticed", demo.crashes);
		return;
	}
	struct by_hid_node const node = demo.node;

	demo.more = by_hid_next_of(&demo.node, "crash");
	start_crasher(&node);
}


/*
 * Progress of the clients
 */

static struct client *find_client(char const *name)
{
	for (unsigned i = 0; i < demo.clients; i++)
		if (!by_strcmp(demo.client[i].name, name))
			return &demo.client[i];

	return NULL;
}


static bool all_go_on(void)
{
	for (unsigned i = 0; i < demo.clients; i++)
		if (demo.client[i].reports < REPORTS)
			return false;

	return true;
}


static void print_progress(void)
{
	char   text[200];
	size_t len = 0;

	for (unsigned i = 0; i < demo.clients && len < sizeof(text); i++)
		len += by_format(text + len, sizeof(text) - len, "%s %s %llu", i ? "," : "",
		                 demo.client[i].name, (unsigned long long)demo.client[i].requests);
	by_log("requests so far:%s", text);
}


static void report(struct progress_session *session, char const *who, uint64_t count)
{
	struct client *client = find_client(who);

	(void)session;
	if (!client)
		return;

	client->requests = count;
	client->reports++;
	if (demo.waiting && all_go_on()) {
		print_progress();
		next_crash();
	}
}


/* Only the server needs one. */
static by_status_t open(struct by_service_session *session,
                        struct by_service_request const *request)
{
	static bool taken;
	bool const  again = taken;

	(void)session, (void)request;
	taken = true;

	return again ? BY_DENIED : BY_OK;
}


/*
 * Start
 */

static void server_ended(struct by_child *child, int code)
{
	by_error("\"%s\" has left with %d", child->name, code);
}


/* Whom the server is going to start. */
static void note_clients(struct by_hid_node const *server)
{
	struct by_hid_node config, node;

	if (!by_hid_first_of(server, "config", &config)
	    || !by_hid_first_of(&config, "start", &node))
		return;

	do {
		struct client *client = &demo.client[demo.clients];

		if (by_hid_copy(&node, "name", client->name, sizeof(client->name)) == BY_OK)
			demo.clients++;
	} while (demo.clients < CLIENTS && by_hid_next_of(&node, "start"));
}


static by_status_t start_server(struct by_hid_node const *top)
{
	static struct by_progress_ops const ops = { .report = report };
	static struct by_service     service = { .size = sizeof(struct progress_session), .open = open };
	static struct by_route const routes[] = {
		{ .service = "Progress", .local = &service },
		{ .service = NULL },
	};
	static struct by_child_ops const child_ops = { .exited = server_ended };
	struct by_hid_node        node;
	struct nursery_args const args = { .node = &node, .ops = &child_ops, .own = routes };

	if (!by_hid_first_of(top, "start", &node))
		return BY_NOT_FOUND;

	note_clients(&node);
	by_progress_local(demo.env, &service, &ops);

	return nursery_start(demo.env, &demo.server, &args);
}


/* Memory that no other component has at this address. */
static by_status_t attach_secret(void)
{
	static struct by_attached secret;
	uint64_t    at;
	by_status_t status = by_attached_ram_init(demo.env, &secret, PAGE, BY_PD_CACHE_CACHED);

	if (status == BY_OK)
		status = by_region_map_attach(&demo.env->space, secret.ds, 0, 0, FOREIGN,
		                              BY_ATTACH_AT, &at);

	return status;
}


void component_main(struct by_env *env)
{
	struct by_hid_node top;

	demo.env = env;
	if (nursery_own_config(env, &demo.config, &top) != BY_OK || attach_secret() != BY_OK
	    || start_server(&top) != BY_OK) {
		by_error("the demo cannot begin");
		by_exit(env, 1);
	}
	by_log("\"%s\" serves %u clients; beside them, others are going to crash",
	       demo.server.child.name, demo.clients);
	demo.more    = by_hid_first_of(&top, "crash", &demo.node);
	demo.waiting = true;
}
