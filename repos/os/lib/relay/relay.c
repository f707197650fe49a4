/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Relays: objects that pass on what they get.
 */
#define BY_RELAY_SELF struct relay
#include <relay.h>
#include <by/cap.h>
#include <by/env.h>
#include <by/session/relay_server.h>
#include <by/string.h>


/* Note what is called, and in which thread. */
static void look(struct relay *relay, char call)
{
	size_t const count = by_strlen(relay->calls);

	relay->thread = by_thread_name();
	if (count + 1 < sizeof(relay->calls))
		relay->calls[count] = call;
}


static by_status_t fill(struct relay *relay, void const *most, size_t most_len,
                        void const *rest, size_t rest_len, void *most_back,
                        size_t *most_back_len, void *rest_back, size_t *rest_back_len)
{
	look(relay, 'f');
	memcpy(most_back, most, most_len);
	memcpy(rest_back, rest, rest_len);
	*most_back_len = most_len;
	*rest_back_len = rest_len;

	return BY_OK;
}


static by_status_t nest(struct relay *relay, uint32_t depth, uint64_t *path)
{
	by_status_t status = BY_OK;

	look(relay, 'n');
	*path = 0;
	if (depth > 1)
		status = by_relay_nest(&relay->next, depth - 1, path);
	*path = *path << 4 | relay->id;

	return status;
}


/* What we give has to stay with us until the answer is sent: here, until the next time. */
static by_cap_t give_back(struct relay *relay, struct by_cap_arg *arg, unsigned i)
{
	struct relay *own = by_object_of(arg, &by_relay_interface);

	by_cap_drop(relay->kept[i]);
	relay->kept[i] = by_cap_arg_take(arg);

	return own ? own->object.target.cap : relay->kept[i];
}


static by_status_t swap(struct relay *relay, struct by_cap_arg *a, struct by_cap_arg *b,
                        struct by_cap_arg *c, struct by_cap_arg *d, uint32_t *kinds,
                        by_cap_t *d2, by_cap_t *c2, by_cap_t *b2, by_cap_t *a2)
{
	look(relay, 's');
	*kinds = (uint32_t)(a->kind << 12 | b->kind << 8 | c->kind << 4 | d->kind);
	*d2 = give_back(relay, d, 3);
	*c2 = give_back(relay, c, 2);
	*b2 = give_back(relay, b, 1);
	*a2 = give_back(relay, a, 0);

	return BY_OK;
}


static void wait(struct relay *relay)
{
	by_atomic_fetch_add(&relay->held, 1);
	by_semaphore_down(&relay->go_on);
}


static by_status_t hold(struct relay *relay)
{
	look(relay, 'h');
	wait(relay);

	return BY_OK;
}


static void note(struct relay *relay, uint32_t number)
{
	uint32_t const notes = by_atomic_load_relaxed(&relay->notes);

	look(relay, 't');
	if (!number)
		wait(relay);
	if (notes < RELAY_NOTES)
		relay->note[notes] = number;
	by_atomic_store_release(&relay->notes, notes + 1); /* who looks at 'note' */
}


static by_status_t join(struct relay *relay, struct by_cap_arg *next)
{
	if (next->kind != BY_CAP_FOREIGN)
		return BY_BAD_CAP;

	relay->next.session.cap = by_cap_arg_take(next);

	return BY_OK;
}


static by_status_t trade(struct relay *relay, struct by_cap_arg *mine, by_cap_t *yours)
{
	if (mine->kind != BY_CAP_FOREIGN)
		return BY_BAD_CAP;

	by_cap_drop(relay->theirs);
	relay->theirs = by_cap_arg_take(mine);
	*yours        = relay->ours;

	return BY_OK;
}


static by_status_t quit(struct relay *relay, bool crash)
{
	if (crash)
		__builtin_trap();
	by_exit(relay->object.target.endpoint->env, 3);
}


static struct by_relay_ops const ops = {
	.fill = fill, .nest = nest, .swap = swap, .hold = hold, .note = note, .join = join,
	.trade = trade, .quit = quit,
};


void relay_local(struct by_env *env, struct by_service *service)
{
	by_relay_local(env, service, &ops);
}


void relay_prepare(struct relay *relay, unsigned id)
{
	*relay = (struct relay){ .id = id };
	by_semaphore_init(&relay->go_on, 0);
}


by_status_t relay_publish(struct relay *relay, struct by_endpoint *endpoint)
{
	return by_object_publish(endpoint, &relay->object, &by_relay_interface, &ops, relay);
}


by_status_t relay_init(struct relay *relay, struct by_endpoint *endpoint, unsigned id)
{
	relay_prepare(relay, id);

	return relay_publish(relay, endpoint);
}


struct by_relay relay_handle(struct relay const *relay)
{
	return (struct by_relay){ .session.cap = relay->object.target.cap };
}
