/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core as the parent of the first component: its services are core's, its answers
 * never pend.
 */
#define BY_PARENT_SELF struct parent
#include "console.h"
#include "log.h"
#include "server.h"
#include "services.h"
#include <by/label.h>
#include <by/session/cpu_server.h>
#include <by/string.h>

struct parent {
	struct item    item;
	struct pd     *client;
	struct by_list sessions;
};

/** A session that the client opened. */
struct session {
	struct by_list_node node;
	uint32_t            id;
	struct item        *item;
};

#include <by/object/parent_server.h>


/*
 * Services by name
 */

static by_status_t open_pd(struct request const *request, struct item **item)
{
	struct pd  *pd;
	by_status_t status = pd_create(request->account, request->ram, request->caps, &pd);

	if (status == BY_OK)
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


static const struct { const char *name; create_t create; } services[] = {
	{ "PD", open_pd },
	{ "CPU", open_cpu },
	{ "LOG", open_log },
	{ "ROM", rom_create },
	{ "RM", rm_create },
	{ "IO_MEM", io_mem_create },
	{ "IO_PORT", io_port_create },
	{ "IRQ", irq_create },
};


by_status_t service_open(const char *service, struct request const *request,
                         struct item **item)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (!by_strcmp(service, services[i].name))
			return services[i].create(request, item);

	return BY_DENIED;
}


static void parent_destroy(struct item *item);

void item_close(struct item *item)
{
	switch (item->type) {
	case ITEM_PD_SESSION:
		pd_destroy(BY_CONTAINER_OF(item, struct pd, session));
		break;
	case ITEM_CPU:     cpu_destroy((struct cpu *)item); break;
	case ITEM_THREAD:  thread_destroy((struct thread *)item); break;
	case ITEM_DS:      ds_destroy((struct ds *)item); break;
	case ITEM_RM:      rm_destroy(item); break;
	case ITEM_ROM:     rom_destroy(item); break;
	case ITEM_IO_MEM:  io_mem_destroy(item); break;
	case ITEM_IO_PORT: io_port_destroy(item); break;
	case ITEM_IRQ:     irq_destroy(item); break;
	case ITEM_PART:    pd_destroy_part(item); break;
	case ITEM_PARENT:  parent_destroy(item); break;
	default:           item_destroy(item); break;
	}
}


/*
 * The parent interface
 */

by_status_t parent_create(struct pd *client, struct item **item)
{
	void       *record;
	by_status_t status = item_create(&client->account, ITEM_PARENT, sizeof(struct parent),
	                                 &record);

	if (status != BY_OK)
		return status;

	struct parent *parent = record;
	parent->client = client;
	by_list_init(&parent->sessions);
	status = item_publish(&parent->item);
	if (status != BY_OK) {
		item_destroy(&parent->item);
		return status;
	}
	*item = &parent->item;

	return BY_OK;
}


static void close_session(struct parent *parent, struct session *session)
{
	item_close(session->item);
	by_list_remove(&session->node);
	pool_free(parent->item.account->records, session, sizeof(*session));
}


static void parent_destroy(struct item *item)
{
	struct parent       *parent = BY_CONTAINER_OF(item, struct parent, item);
	struct by_list_node *node;

	while ((node = by_list_first(&parent->sessions)))
		close_session(parent, BY_CONTAINER_OF(node, struct session, node));
	item_destroy(item);
}


static struct session *find(struct parent *parent, uint32_t id)
{
	BY_LIST_EACH(&parent->sessions, node) {
		struct session *session = BY_CONTAINER_OF(node, struct session, node);
		if (session->id == id)
			return session;
	}

	return NULL;
}


static void op_exit(struct parent *parent, int32_t code)
{
	(void)parent;
	console_print("core: init exited with value %d\n", (int)code);
}


static by_status_t op_session(struct parent *parent, uint32_t id, const char *service,
                              const char *label, uint64_t ram, uint64_t caps,
                              const void *args, size_t args_len, by_cap_t *cap)
{
	struct account *account = &parent->client->account;
	void *record;

	/* labels stand in front of lines of text */
	if (!by_label_valid(label))
		return BY_INVALID;
	if (find(parent, id))
		return BY_EXISTS;

	by_status_t status = pool_alloc(account->records, sizeof(struct session), &record);
	if (status != BY_OK)
		return status;

	struct session *session = record;
	struct request  request = { label, ram, caps, args, args_len, account };
	status = service_open(service, &request, &session->item);
	if (status != BY_OK) {
		pool_free(account->records, session, sizeof(*session));
		return status;
	}
	session->id = id;
	if (item_independent(session->item))
		item_subordinate(session->item);
	by_list_append(&parent->sessions, &session->node);
	*cap = item_cap(session->item);

	return BY_OK;
}


static by_status_t op_session_cap(struct parent *parent, uint32_t id, by_cap_t *cap)
{
	struct session *session = find(parent, id);

	if (!session)
		return BY_NOT_FOUND;

	*cap = item_cap(session->item);

	return BY_OK;
}


/** Sessions of core but PD are paid by their opener as they grow: nothing to do. */
static by_status_t op_upgrade(struct parent *parent, uint32_t id, uint64_t ram, uint64_t caps)
{
	struct session *session = find(parent, id);

	if (!session)
		return BY_NOT_FOUND;
	if (session->item->type != ITEM_PD_SESSION)
		return BY_OK;

	struct pd *pd = BY_CONTAINER_OF(session->item, struct pd, session);

	return account_donate(&parent->client->account, &pd->account, ram, caps);
}


static by_status_t op_close(struct parent *parent, uint32_t id)
{
	struct session *session = find(parent, id);

	if (!session)
		return BY_NOT_FOUND;

	close_session(parent, session);

	return BY_OK;
}


static by_status_t op_session_sigh(struct parent *parent, struct by_cap_arg *sigh)
{
	(void)parent;

	return item_signal_id(sigh) || sigh->kind == BY_CAP_NONE ? BY_OK : BY_BAD_CAP;
}


static const struct by_parent_ops ops = {
	.exit = op_exit, .session = op_session, .session_cap = op_session_cap,
	.upgrade = op_upgrade, .close = op_close, .session_sigh = op_session_sigh,
};


by_tag_t parent_dispatch(struct item *item, by_tag_t tag, struct by_message *msg)
{
	return by_parent_dispatch(item, &ops, tag, msg);
}
