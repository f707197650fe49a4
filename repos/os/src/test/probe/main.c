/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Probe: does what its configuration says, to see what its parent makes of it.
 */
struct probe_session;
#define BY_PROBE_SELF struct probe_session

#include <by/attached.h>
#include <by/container.h>
#include <by/env.h>
#include <by/hid.h>
#include <by/label.h>
#include <by/log.h>
#include <by/resource.h>
#include <by/session/probe.h>
#include <by/session/probe_server.h>
#include <by/status_name.h>
#include <by/string.h>

enum { TEXT = 161 };

struct probe_session {
	struct by_service_session session;
	char                      label[BY_LABEL_SIZE];
};

static struct {
	struct by_env           *env;
	struct by_attached       config;
	struct by_signal_handler changed;
} probe;


/*
 * The service
 */

static by_status_t op_label(struct probe_session *session, char *label)
{
	(void)!by_strcopy(label, BY_LABEL_SIZE, session->label);

	return BY_OK;
}


static by_status_t open(struct by_service_session *base, struct by_service_request const *request)
{
	struct probe_session *session = BY_CONTAINER_OF(base, struct probe_session, session);

	(void)!by_strcopy(session->label, sizeof(session->label), request->label);

	return BY_OK;
}


static void provide(struct by_hid_node const *node)
{
	static struct by_probe_ops const ops = { .label = op_label };
	static struct by_service service = { .size = sizeof(struct probe_session), .open = open };

	(void)node;
	by_log("provide: %s", by_status_name(by_probe_provide(probe.env, &service, &ops)));
}


/*
 * What else can be done
 */

static char const *text_of(struct by_hid_node const *node, char const *tag, char *text)
{
	if (by_hid_copy(node, tag, text, TEXT) != BY_OK)
		text[0] = '\0';

	return text;
}


static void say(struct by_hid_node const *node)
{
	char text[TEXT];

	by_log("%s", text_of(node, "name", text));
}


/* A session is the runtime's to know as long as it is open. */
static struct by_probe *new_session(void)
{
	void *memory;

	if (by_alloc(probe.env->heap, sizeof(struct by_probe), &memory) == BY_OK)
		return memory;

	by_error("no RAM for a session");
	by_exit(probe.env, -1);
}


static void ask(struct by_hid_node const *node)
{
	char                   text[TEXT], label[BY_LABEL_SIZE];
	struct by_probe *const session = new_session();
	by_status_t            status = by_probe_open(probe.env, text_of(node, "name", text),
	                                              session);
	if (status == BY_OK)
		status = by_probe_label(session, label);
	if (status == BY_OK)
		by_log("ask %s: \"%s\"", text, label);
	else
		by_log("ask %s: %s", text, by_status_name(status));
	if (by_hid_bool(node, "keep", false))
		return;

	by_probe_close(probe.env, session);
	by_free(probe.env->heap, session, sizeof(*session));
}


static void open_any(struct by_hid_node const *node)
{
	char              service[TEXT], label[TEXT];
	struct by_session session;

	struct by_session_args const args = {
		.service = text_of(node, "name", service), .label = text_of(node, "label", label),
		.ram = (size_t)by_hid_u64(node, "ram", 8192),
		.caps = (size_t)by_hid_u64(node, "caps", 4),
	};

	by_log("open %s %s: %s", service, label,
	       by_status_name(by_session_obtain(probe.env, &args, &session)));
	by_session_close(probe.env, &session);
}


/*
 * Resources
 */

enum { BLOCK = 64 << 10, BLOCKS = 64 };

static struct {
	by_cap_t                 block[BLOCKS];
	unsigned                 count;
	struct by_resource_watch watch;
} held;


static void need(struct by_hid_node const *node)
{
	by_log("need: %s", by_status_name(by_resource_wait(probe.env, by_hid_u64(node, "ram", 0),
	                                                   by_hid_u64(node, "caps", 0))));
}


/* The parent wants something back: as much of it as there is. */
static void yield(struct by_resource_watch *watch, uint64_t ram, uint64_t caps)
{
	unsigned freed = 0;

	(void)watch, (void)caps;
	for (; held.count && (uint64_t)freed * BLOCK < ram; freed++)
		if (by_pd_ram_free(&probe.env->pd, held.block[--held.count]) != BY_OK)
			by_error("yield");
	by_log("yield: %u blocks", freed);
}


static void hold(struct by_hid_node const *node)
{
	uint64_t const wanted = by_hid_u64(node, "ram", 0) / BLOCK;
	by_status_t    status = BY_OK;

	while (status == BY_OK && held.count < wanted && held.count < BLOCKS) {
		status = by_pd_ram_alloc(&probe.env->pd, BLOCK, BY_PD_CACHE_CACHED, 12, 0,
		                         &held.block[held.count]);
		if (status == BY_OK)
			held.count++;
	}
	held.watch.yield = yield;
	if (status == BY_OK)
		status = by_resource_watch(probe.env, &held.watch);
	by_log("hold %u blocks: %s", held.count, by_status_name(status));
}


static void end(struct by_hid_node const *node)
{
	by_exit(probe.env, (int)by_hid_u64(node, "code", 0));
}


static void crash(struct by_hid_node const *node)
{
	(void)node;
	__builtin_trap();
}


static void loop(struct by_hid_node const *node)
{
	(void)node;
	for (;;)
		__asm__ volatile("");
}


/*
 * The configuration
 */

static struct by_hid_span text(void)
{
	return (struct by_hid_span){ probe.config.base, probe.config.size };
}


static void print_value(void)
{
	struct by_hid_node top;
	char               value[TEXT];

	if (by_hid_open(text(), &top) == BY_OK)
		by_log("value %s", text_of(&top, "value", value));
}


static void changed(struct by_signal_handler *handler, unsigned count)
{
	(void)handler, (void)count;
	if (by_attached_rom_update(probe.env, &probe.config) == BY_OK)
		print_value();
}


static void watch(struct by_hid_node const *node)
{
	by_status_t status = by_signal_handler_init(&probe.changed, probe.env->endpoint,
	                                            BY_SIGNAL_APPLICATION, changed);
	(void)node;
	if (status == BY_OK)
		status = by_rom_sigh(&probe.config.rom, probe.changed.target.cap);
	if (status != BY_OK)
		by_error("watch: %s", by_status_name(status));
	print_value();
}


static void perform(struct by_hid_node const *node)
{
	static struct {
		char const *type;
		void      (*perform)(struct by_hid_node const *node);
	} const acts[] = {
		{ "provide", provide }, { "say", say }, { "ask", ask }, { "open", open_any },
		{ "watch", watch }, { "need", need }, { "hold", hold }, { "exit", end }, { "crash", crash }, { "loop", loop },
	};

	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (by_hid_type_is(node, acts[i].type))
			acts[i].perform(node);
}


void component_main(struct by_env *env)
{
	struct by_hid_node top, node;
	by_status_t        status;

	probe.env = env;
	status    = by_attached_rom_init(env, &probe.config, "config");
	if (status == BY_OK)
		status = by_hid_open(text(), &top);
	if (status != BY_OK) {
		by_error("no configuration: %s", by_status_name(status));
		return;
	}
	if (by_hid_first(&top, &node)) {
		do
			perform(&node);
		while (by_hid_next(&node));
	}
}
