/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What generated dispatchers need, see by/rpc.h. Core names the same slots for each
 * request and keeps nothing that it receives.
 */
#include "console.h"
#include "item.h"
#include "kcall.h"
#include <by/arch/call.h>
#include <by/rpc.h>


void by_rpc_take_caps(struct by_message *msg, by_tag_t tag, struct by_cap_arg *args,
                      unsigned count)
{
	for (unsigned i = count; i < by_tag_caps(tag); i++)
		if (msg->cap_kind[i] == BY_CAP_FOREIGN)
			console_must(KCALL(CAP_DROP, ITEM_RECEIVE_FIRST + i), "CAP_DROP");

	for (unsigned i = 0; i < count; i++) {
		bool here = i < by_tag_caps(tag);
		args[i].kind  = here ? (enum by_cap_kind)msg->cap_kind[i] : BY_CAP_NONE;
		args[i].badge = here ? msg->cap_value[i] : 0;
		args[i].cap   = (by_cap_t){ (uint32_t)(ITEM_RECEIVE_FIRST + i) };
	}
}


void by_rpc_drop_caps(struct by_cap_arg *args, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (args[i].kind == BY_CAP_FOREIGN)
			console_must(KCALL(CAP_DROP, args[i].cap.slot), "CAP_DROP");
}


void by_rpc_reply_early(void)
{
	struct by_call call = { .op = BY_CALL_IPC_WAIT | BY_WAIT_REPLY,
	                        .tag = by_tag(0, by_rpc_words(sizeof(uint32_t)), 0) };

	by_call(&call); /* word 0 is the status: ok */
}


void by_rpc_undeclared(const char *interface, unsigned opcode, by_status_t status)
{
	console_print("core: %s, opcode %u answers the undeclared status %u\n", interface, opcode,
	              (unsigned)(uintptr_t)status);
}
