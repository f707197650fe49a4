/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IRQ sessions.
 */
#define BY_IRQ_SELF struct irq
#include "irq.h"
#include "console.h"
#include "kcall.h"
#include "work.h"

struct irq {
	struct item item;   /* the RPC object */
	struct item object; /* the kernel's interrupt */
};

#include <by/session/irq_server.h>


by_status_t irq_create(struct request const *request, struct item **item)
{
	struct by_irq_args args;
	void       *record;
	by_status_t status = by_irq_args_read(request->args, request->args_len, &args);

	if (status == BY_OK)
		status = item_create_object(request->account, ITEM_IRQ, sizeof(struct irq), &record);
	if (status != BY_OK)
		return status;

	struct irq *irq = record;
	status = item_register(&irq->object, request->account, ITEM_INNER);
	if (status == BY_OK)
		status = item_create_kernel(&irq->object, BY_OBJECT_IRQ,
		         (struct kargs){ { 0, 0, 0, args.number, args.mode } });
	if (status != BY_OK) {
		item_close(&irq->item);
		return status == BY_EXISTS ? BY_DENIED : status;
	}
	*item = &irq->item;

	return BY_OK;
}


bool irq_reap(struct item *item)
{
	struct irq *irq = BY_CONTAINER_OF(item, struct irq, item);

	if (!item_drop_kernel(item) || (irq->object.id && !item_drop_kernel(&irq->object))
	    || !work(WORK_FREE))
		return false;

	if (irq->object.id)
		item_end(&irq->object);
	item_end(item);

	return true;
}


static by_status_t attach(struct irq *irq, struct by_cap_arg *sigh, by_cap_t *cap)
{
	struct item *signal = item_of_signal(sigh);

	if (!signal)
		return BY_BAD_CAP;

	console_must(KCALL(IRQ_BIND, item_slot(&irq->object), item_slot(signal)), "IRQ_BIND");
	console_must(KCALL(IRQ_ACK, item_slot(&irq->object)), "IRQ_ACK");
	*cap = item_cap(&irq->object);

	return BY_OK;
}


static const struct by_irq_ops ops = { .attach = attach };


by_tag_t irq_dispatch(struct item *item, by_tag_t tag, struct by_message *msg)
{
	return by_irq_dispatch(item, &ops, tag, msg);
}
