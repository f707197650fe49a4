/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The runtime of generated code on the host; see host_runtime.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host_runtime.h"

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define HOST_UNDEFINED(at, len) __msan_poison(at, len)
#define HOST_CHECK_DEFINED(at, len) __msan_check_mem_is_initialized(at, len)
#endif
#endif
#ifndef HOST_UNDEFINED
#define HOST_UNDEFINED(at, len) ((void)0)
#define HOST_CHECK_DEFINED(at, len) ((void)0)
#endif

enum slot_state { SLOT_FREE, SLOT_NAMED, SLOT_HELD };

struct host host;

static struct {
	enum slot_state state;
	unsigned        object;
	bool            own;
} slots[HOST_SLOTS];

static struct by_message pages[HOST_DEPTH];
static unsigned          depth; /* nested calls: index of the running thread's page */
static bool taken;                /* the capabilities of the present request */
static bool answered[HOST_DEPTH]; /* early */


static void must(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "host: %s\n", what);
		abort();
	}
}


void host_init(void)
{
	memset(&host, 0, sizeof(host));
	memset(slots, 0, sizeof(slots));
	memset(pages, 0, sizeof(pages));
	host.garbage = 0xdb;
	depth = 0;
}


struct by_message *by_message(void)
{
	return &pages[depth];
}


static by_cap_t new_slot(enum slot_state state, unsigned object)
{
	uint32_t slot = 1;

	while (slot < HOST_SLOTS && slots[slot].state != SLOT_FREE)
		slot++;
	must(slot < HOST_SLOTS, "out of slots");
	slots[slot].state  = state;
	slots[slot].object = object;
	slots[slot].own    = false;

	return (by_cap_t){ slot };
}


by_cap_t host_cap(unsigned object)
{
	return new_slot(SLOT_HELD, object);
}


by_cap_t host_own_cap(unsigned badge)
{
	by_cap_t const cap = new_slot(SLOT_HELD, badge);

	slots[cap.slot].own = true;

	return cap;
}


unsigned host_object(by_cap_t cap)
{
	return cap.slot < HOST_SLOTS && slots[cap.slot].state == SLOT_HELD
		? slots[cap.slot].object : 0;
}


void host_release(by_cap_t cap)
{
	must(cap.slot > 0 && cap.slot < HOST_SLOTS, "release of no capability");
	must(slots[cap.slot].state == SLOT_HELD, "capability dropped twice");
	slots[cap.slot].state = SLOT_FREE;
}


unsigned host_caps(void)
{
	unsigned count = 0;

	for (unsigned slot = 0; slot < HOST_SLOTS; slot++)
		count += slots[slot].state == SLOT_HELD;

	return count;
}


static void soil(struct by_message *msg)
{
	memset(msg->word, host.garbage, sizeof(msg->word));
	memset(msg->cap_kind, host.garbage, sizeof(msg->cap_kind));
	memset(msg->cap_value, host.garbage, sizeof(msg->cap_value));
	memset(msg->send_cap, host.garbage, sizeof(msg->send_cap));
	HOST_UNDEFINED(msg->word, sizeof(msg->word));
}


void host_soil_page(void)
{
	soil(by_message());
}


static void name_slots(struct by_message *msg, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (!msg->recv_slot[i])
			msg->recv_slot[i] = new_slot(SLOT_NAMED, 0).slot;
}


void host_receive(struct by_message *msg, unsigned index, enum by_cap_kind kind, unsigned object)
{
	if (kind == BY_CAP_FOREIGN && !msg->recv_slot[index])
		kind = BY_CAP_LOST;

	msg->cap_kind[index]  = (by_word_t)kind;
	msg->cap_value[index] = kind == BY_CAP_OWN ? object : 0;
	if (kind != BY_CAP_FOREIGN)
		return;

	by_word_t const slot = msg->recv_slot[index];

	must(slots[slot].state == SLOT_NAMED, "receive slot is not empty");
	slots[slot].state     = SLOT_HELD;
	slots[slot].object    = object;
	msg->cap_value[index] = slot;
}


static void transfer_cap(const struct by_message *from, struct by_message *to, unsigned index)
{
	by_word_t const slot = from->send_cap[index];

	must(slot < HOST_SLOTS, "a slot was sent that was never set");
	if (!slot)
		host_receive(to, index, BY_CAP_NONE, 0);
	else if (slots[slot].state != SLOT_HELD)
		host_receive(to, index, BY_CAP_DEAD, 0);
	else
		host_receive(to, index, slots[slot].own ? BY_CAP_OWN : BY_CAP_FOREIGN,
		             slots[slot].object);
}


/* Copy what 'tag' describes. Gives: the tag as the receiver sees it. */
static by_tag_t transfer(struct by_message *from, struct by_message *to, by_tag_t tag)
{
	size_t const   word  = host.peer_word > sizeof(by_word_t) ? host.peer_word
	                                                          : sizeof(by_word_t);
	size_t const   len   = by_tag_words(tag) * sizeof(by_word_t);
	size_t const   round = (len + word - 1) / word * word;
	unsigned const caps  = by_tag_caps(tag);

	must(by_tag_event_of(tag) == BY_EVENT_REQUEST, "a message must not be an event");
	must(round <= sizeof(to->word) && caps <= BY_MSG_CAPS, "message is too large");
	HOST_CHECK_DEFINED(from->word, len);
	soil(to);
	memcpy(to->word, from->word, len);
	for (unsigned i = 0; i < caps; i++)
		transfer_cap(from, to, i);

	return by_tag(by_tag_opcode(tag), (unsigned)(round / sizeof(by_word_t)), caps);
}


static void look(struct host_copy *copy, const struct by_message *msg, by_tag_t tag)
{
	copy->tag = tag;
	copy->len = by_tag_words(tag) * sizeof(by_word_t);
	memcpy(copy->byte, msg->word, copy->len);
}


by_tag_t host_dispatch(struct by_message *msg, by_tag_t tag)
{
	by_tag_t reply;

	taken           = by_tag_caps(tag) == 0;
	answered[depth] = false;
	reply = host.server->dispatch(host.self, host.ops, tag, msg);
	must(taken, "the request's capabilities were not taken");
	must((reply == BY_RPC_ANSWERED) == answered[depth], "early answer and tag differ");

	return reply;
}


by_tag_t by_ipc_call(by_cap_t gate, by_tag_t tag)
{
	struct by_message *const client = &pages[depth];
	struct by_message *const server = client + 1;
	by_tag_t                 reply;

	must(gate.slot, "call to no gate");
	must(depth + 1 < HOST_DEPTH, "too many nested calls");
	host.calls++;
	if (depth == 0)
		look(&host.request, client, tag);
	if (host.transport != BY_OK) {
		soil(client);
		return by_tag_event(BY_EVENT_NONE, host.transport);
	}

	name_slots(server, BY_MSG_CAPS);
	tag = transfer(client, server, tag);
	depth++;
	reply = host_dispatch(server, tag);
	depth--;

	if (reply == BY_RPC_ANSWERED) {
		memset(server->word, 0, 8);
		reply = by_tag(0, by_rpc_words(4), 0);
	}
	if (depth == 0)
		look(&host.reply, server, reply);
	if (host.tamper)
		host.tamper(server, &reply);
	reply = transfer(server, client, reply);

	return reply;
}


static void drop(struct by_message *msg, unsigned index)
{
	if (msg->cap_kind[index] == BY_CAP_FOREIGN)
		host_release((by_cap_t){ (uint32_t)msg->cap_value[index] });
}


static void forget_slots(struct by_message *msg, by_tag_t tag)
{
	for (unsigned i = 0; i < by_tag_caps(tag); i++)
		if (msg->cap_kind[i] == BY_CAP_FOREIGN)
			msg->recv_slot[i] = 0;
}


void by_rpc_take_caps(struct by_message *msg, by_tag_t tag, struct by_cap_arg *args,
                      unsigned count)
{
	must(!taken, "the request's capabilities were taken twice");
	must(count <= by_tag_caps(tag), "more capabilities taken than there are");
	taken = true;
	for (unsigned i = 0; i < by_tag_caps(tag); i++) {
		if (i >= count) {
			drop(msg, i);
			continue;
		}
		args[i] = (struct by_cap_arg){
			.kind  = (enum by_cap_kind)msg->cap_kind[i],
			.badge = msg->cap_value[i],
			.cap   = { (uint32_t)msg->cap_value[i] },
		};
	}
	forget_slots(msg, tag);
}


void by_rpc_drop_caps(struct by_cap_arg *args, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (args[i].kind == BY_CAP_FOREIGN)
			host_release(args[i].cap);
		args[i].kind = BY_CAP_NONE;
	}
}


by_status_t by_rpc_name_slots(struct by_message *msg, unsigned count)
{
	soil(msg);
	if (host.no_slots) {
		host.no_slots--;
		return BY_OUT_OF_CAPS;
	}
	name_slots(msg, count);

	return BY_OK;
}


void by_rpc_drop_results(struct by_message *msg, by_tag_t tag)
{
	for (unsigned i = 0; i < by_tag_caps(tag); i++)
		drop(msg, i);
	forget_slots(msg, tag);
}


by_status_t by_rpc_take_results(struct by_message *msg, by_tag_t tag, by_cap_t *caps,
                                unsigned count)
{
	bool lost = false;

	for (unsigned i = 0; i < by_tag_caps(tag) && i < count; i++) {
		bool const foreign = msg->cap_kind[i] == BY_CAP_FOREIGN;

		caps[i].slot = foreign ? (uint32_t)msg->cap_value[i] : 0;
		lost |= msg->cap_kind[i] == BY_CAP_LOST;
	}
	if (lost || by_tag_caps(tag) < count) {
		by_rpc_drop_results(msg, tag);
		return lost ? BY_OUT_OF_CAPS : BY_MALFORMED;
	}
	for (unsigned i = count; i < by_tag_caps(tag); i++)
		drop(msg, i);
	forget_slots(msg, tag);

	return BY_OK;
}


void by_rpc_reply_early(void)
{
	must(!answered[depth], "answered twice");
	soil(by_message());
	answered[depth] = true;
	host.early++;
}


bool by_rpc_upgrade(by_cap_t gate, by_status_t refusal)
{
	must(gate.slot, "upgrade of no session");
	must(refusal == BY_OUT_OF_RAM || refusal == BY_OUT_OF_CAPS, "upgrade without need");
	soil(by_message());
	host.upgrades++;
	if (!host.upgrades_left)
		return false;

	host.upgrades_left--;

	return true;
}


void by_rpc_undeclared(const char *interface, unsigned opcode, by_status_t status)
{
	must(!strcmp(interface, host.server->name), "undeclared status of another interface");
	must(opcode > 0 && opcode < host.server->opcode_count, "undeclared status of no call");
	must(status != BY_OK, "BY_OK needs no declaration");
	host.undeclared++;
}
