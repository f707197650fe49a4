/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core as the parent of the first component: its services are core's, its answers
 * never pend.
 */
#define BY_PARENT_SELF struct parent
#include "parent.h"
#include "console.h"
#include "cpu.h"
#include "io.h"
#include "irq.h"
#include "kcall.h"
#include "log.h"
#include "machine.h"
#include "reap.h"
#include "rm.h"
#include "rom.h"
#include "work.h"
#include <by/label.h>
#include <by/session/cpu_server.h>
#include <by/string.h>
#include <by/tree.h>

struct parent {
	struct item    item;
	struct pd     *client;
	struct by_tree sessions;
};

/** A session that the client opened. */
struct session {
	struct by_tree_node node;
	uint32_t            id;
	struct item        *item;
	by_status_t         status; /* of its opening; but for BY_OK and BY_AGAIN it is to be closed */
};

#include <by/object/parent_server.h>


/*
 * Services by name
 */

static by_status_t open_pd(struct request const *request, struct item **item)
{
	struct pd  *pd;
	by_status_t status = pd_create(request, &pd);

	if (status == BY_OK || status == BY_AGAIN)
		*item = &pd->session;

	return status;
}


static by_status_t open_cpu(struct request const *request, struct item **item)
{
	struct by_cpu_args args;
	struct cpu *cpu;
	by_status_t status = by_cpu_args_read(request->args, request->args_len, &args);

	/* the highest priority is core's own */
	if (status == BY_OK && args.priority >= BY_PRIORITIES - 1)
		status = BY_INVALID;
	if (status == BY_OK)
		status = cpu_create(request->account, args.priority, args.weight, args.cpu, &cpu);
	if (status == BY_OK)
		*item = &cpu->item;

	return status;
}


static by_status_t open_log(struct request const *request, struct item **item)
{
	return log_create(request->account, request->label, item);
}


static const struct {
	const char *name;
	by_status_t (*create)(struct request const *request, struct item **item);
} services[] = {
	{ "PD", open_pd },
	{ "CPU", open_cpu },
	{ "LOG", open_log },
	{ "ROM", rom_create },
	{ "RM", rm_create },
	{ "IO_MEM", io_mem_create },
	{ "IO_PORT", io_port_create },
	{ "IRQ", irq_create },
	{ "Machine", machine_create },
};


static by_status_t open_service(const char *service, struct request const *request,
                                struct item **item)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (!by_strcmp(service, services[i].name))
			return services[i].create(request, item);

	return BY_DENIED;
}


/*
 * The parent interface
 */

by_status_t parent_create(struct pd *client, struct item **item)
{
	void       *record;
	by_status_t status = item_create_object(&client->account, ITEM_PARENT,
	                                        sizeof(struct parent), &record);

	if (status != BY_OK)
		return status;

	struct parent *parent = record;
	parent->client = client;
	by_tree_init(&parent->sessions, NULL);
	*item = &parent->item;

	return BY_OK;
}


static struct session *session_of(struct by_tree_node const *node)
{
	return BY_CONTAINER_OF((struct by_tree_node *)(uintptr_t)node, struct session, node);
}


static int compare(void const *key, struct by_tree_node const *node)
{
	uint32_t id = *(uint32_t const *)key;

	return id < session_of(node)->id ? -1 : id > session_of(node)->id;
}


/** Session with this number, or NULL; one that is being opened or closed, too. */
static struct session *find_any(struct parent *parent, uint32_t id)
{
	struct by_tree_node *node = by_tree_find(&parent->sessions, &id, compare);

	return node ? session_of(node) : NULL;
}


static struct session *find(struct parent *parent, uint32_t id)
{
	struct session *session = find_any(parent, id);

	return session && session->status == BY_OK && !session->item->dying ? session : NULL;
}


/** Go on with closing. The number stays in use until it is done. */
static bool close_session(struct parent *parent, struct session *session)
{
	item_doom(session->item);
	if (!item_reap(session->item))
		return false;

	by_tree_remove(&parent->sessions, &session->node);
	pool_free(parent->item.account->records, session, sizeof(*session));

	return true;
}


static bool close_sessions(struct parent *parent)
{
	struct by_tree_node *node;

	while ((node = by_tree_first(&parent->sessions)))
		if (!close_session(parent, session_of(node)))
			return false;

	return true;
}


bool parent_reap(struct item *item)
{
	if (!item_drop_kernel(item)
	    || !close_sessions(BY_CONTAINER_OF(item, struct parent, item)) || !work(WORK_FREE))
		return false;

	item_end(item);

	return true;
}


static void op_exit(struct parent *parent, int32_t code)
{
	(void)parent;
	console_print("core: init exited with value %d\n", (int)code);
}


/** Begin to open a session. BY_AGAIN: go_on() with it. */
static by_status_t new_session(struct parent *parent, uint32_t id, const char *service,
                               struct request const *request, struct session **out)
{
	struct pool *records = request->account->records;
	void        *record;
	by_status_t  status = pool_alloc(records, sizeof(struct session), &record);

	if (status != BY_OK)
		return status;

	struct session *session = record;
	status = open_service(service, request, &session->item);
	if (status != BY_OK && status != BY_AGAIN) {
		pool_free(records, session, sizeof(*session));
		return status;
	}
	session->id     = id;
	session->status = status;
	if (item_independent(session->item))
		item_subordinate(session->item);
	console_must(by_tree_insert(&parent->sessions, &session->node, &session->id, compare),
	             "new session");
	*out = session;

	return status;
}


/** Go on opening a session, which is a PD's, or closing it because that failed. */
static by_status_t go_on(struct parent *parent, struct session *session)
{
	if (session->status == BY_AGAIN)
		session->status = pd_complete(BY_CONTAINER_OF(session->item, struct pd, session));

	by_status_t status = session->status;
	if (status == BY_OK || status == BY_AGAIN)
		return status;

	return close_session(parent, session) ? status : BY_AGAIN;
}


static by_status_t op_session(struct parent *parent, uint32_t id, const char *service,
                              const char *label, uint64_t ram, uint64_t caps,
                              const void *args, size_t args_len, by_cap_t *cap)
{
	struct request  request = { label, ram, caps, args, args_len, &parent->client->account };
	struct session *session = find_any(parent, id);
	by_status_t     status  = BY_OK;

	/* labels stand in front of lines of text */
	if (!by_label_valid(label))
		return BY_INVALID;
	if (session && session->status == BY_OK)
		return BY_EXISTS;

	if (session)
		status = go_on(parent, session);
	else
		status = new_session(parent, id, service, &request, &session);
	if (status == BY_OK)
		*cap = item_cap(session->item);

	return status;
}


static by_status_t op_session_cap(struct parent *parent, uint32_t id, by_cap_t *cap)
{
	struct session *session = find(parent, id);

	if (!session)
		return BY_NOT_FOUND;

	*cap = item_cap(session->item);

	return BY_OK;
}


/**
 * Sessions of core but PD are paid by their opener as they grow: what it donates is its own
 * again, if it has so much.
 */
static by_status_t op_upgrade(struct parent *parent, uint32_t id, uint64_t ram, uint64_t caps)
{
	struct session *session = find(parent, id);

	if (!session)
		return BY_NOT_FOUND;

	struct pd *const pd = session->item->type == ITEM_PD_SESSION
	                      ? BY_CONTAINER_OF(session->item, struct pd, session)
	                      : parent->client;

	return account_donate(&parent->client->account, &pd->account, ram, caps);
}


/** What is closed is closed at once, so there is nothing for which a client had to wait. */
static by_status_t op_close(struct parent *parent, uint32_t id)
{
	struct session *session = find_any(parent, id);

	if (!session)
		return BY_NOT_FOUND;

	session->status = BY_OK; /* its opening, if it was under way, is over */

	return close_session(parent, session) ? BY_OK : BY_AGAIN;
}


static by_status_t op_session_sigh(struct parent *parent, struct by_cap_arg *sigh)
{
	(void)parent;

	return item_of_signal(sigh) || sigh->kind == BY_CAP_NONE ? BY_OK : BY_BAD_CAP;
}


/** The records are part of what core's sessions cost. */
static by_status_t op_fee(struct parent *parent, uint64_t *ram)
{
	(void)parent;
	*ram = 0;

	return BY_OK;
}


static const struct by_parent_ops ops = {
	.exit = op_exit, .session = op_session, .session_cap = op_session_cap,
	.upgrade = op_upgrade, .close = op_close, .finish = op_close, .session_sigh = op_session_sigh,
	.fee = op_fee,
};


by_tag_t parent_dispatch(struct item *item, by_tag_t tag, struct by_message *msg)
{
	return by_parent_dispatch(item, &ops, tag, msg);
}
