/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capabilities of requests and replies, for generated code; see by/rpc.h.
 */
#include <by/cap.h>
#include <by/rpc.h>


static by_cap_t foreign_cap(struct by_message const *msg, unsigned i)
{
	bool const foreign = msg->cap_kind[i] == BY_CAP_FOREIGN;

	return foreign ? (by_cap_t){ (uint32_t)msg->cap_value[i] } : BY_NO_CAP;
}


/* What was received is in the hands of somebody: name other slots next time. */
static void forget_slots(struct by_message *msg, by_tag_t tag)
{
	for (unsigned i = 0; i < by_tag_caps(tag); i++) {
		if (msg->cap_kind[i] == BY_CAP_FOREIGN) {
			msg->recv_slot[i] = 0;
			by_control()->missing = true;
		}
	}
}


static void drop_from(struct by_message *msg, by_tag_t tag, unsigned first)
{
	for (unsigned i = first; i < by_tag_caps(tag); i++)
		by_cap_drop(foreign_cap(msg, i));
}


void by_rpc_take_caps(struct by_message *msg, by_tag_t tag, struct by_cap_arg *args,
                      unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		args[i] = (struct by_cap_arg){
			.kind  = (enum by_cap_kind)msg->cap_kind[i],
			.badge = msg->cap_value[i],
			.cap   = foreign_cap(msg, i),
		};
	}
	drop_from(msg, tag, count);
	forget_slots(msg, tag);
}


void by_rpc_drop_caps(struct by_cap_arg *args, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		by_cap_drop(by_cap_arg_take(&args[i]));
}


by_status_t by_rpc_name_slots(struct by_message *msg, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		by_cap_t slot;

		if (msg->recv_slot[i])
			continue;
		if (by_slot_alloc(&slot) != BY_OK)
			return BY_OUT_OF_CAPS;
		msg->recv_slot[i] = slot.slot;
	}

	return BY_OK;
}


void by_rpc_drop_results(struct by_message *msg, by_tag_t tag)
{
	drop_from(msg, tag, 0);
	forget_slots(msg, tag);
}


static bool lost_any(struct by_message const *msg, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (msg->cap_kind[i] == BY_CAP_LOST)
			return true;

	return false;
}


by_status_t by_rpc_take_results(struct by_message *msg, by_tag_t tag, by_cap_t *caps,
                                unsigned count)
{
	bool const fewer = by_tag_caps(tag) < count;

	if (fewer || lost_any(msg, count)) {
		by_rpc_drop_results(msg, tag);
		return fewer ? BY_MALFORMED : BY_OUT_OF_CAPS;
	}
	for (unsigned i = 0; i < count; i++)
		caps[i] = foreign_cap(msg, i);
	drop_from(msg, tag, count);
	forget_slots(msg, tag);

	return BY_OK;
}


void by_rpc_reply_early(void)
{
	by_ipc_reply(by_rpc_refuse(by_message(), BY_OK));
}
