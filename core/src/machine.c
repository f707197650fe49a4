/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Machine sessions: reset and power. The drain thread goes on while the client repeats its
 * request.
 */
#define BY_MACHINE_SELF struct machine
#include "machine.h"
#include "console.h"
#include "kcall.h"

enum { DRAIN_SECONDS = 2 };

struct machine {
	struct item item;
	bool        begun;     /* the log is being drained, */
	unsigned    operation; /* for this, */
	uint64_t    end;       /* up to here, */
	by_ticks_t  since;     /* from then on */
};

#include <by/session/machine_server.h>


by_status_t machine_create(struct request const *request, struct item **item)
{
	void       *record;
	by_status_t status = item_create_object(request->account, ITEM_MACHINE,
	                                        sizeof(struct machine), &record);

	if (status == BY_OK)
		*item = &((struct machine *)record)->item;

	return status;
}


static void begin(struct machine *machine, unsigned operation, by_ticks_t now)
{
	uint64_t from;

	console_print("core: %s\n", operation == BY_MACHINE_RESET ? "reset" : "power off");
	machine->begun     = true;
	machine->operation = operation;
	machine->since     = now;
	(void)console_range(&from, &machine->end);
}


static by_status_t stop(struct machine *machine, unsigned operation)
{
	uint64_t         frequency;
	by_ticks_t const now = kcall_clock(&frequency);

	if (!machine->begun || machine->operation != operation)
		begin(machine, operation, now);
	if (!console_drained(machine->end) && now - machine->since < DRAIN_SECONDS * frequency)
		return BY_AGAIN;

	machine->begun = false;
	console_flush();
	by_status_t status = KCALL(MACHINE, operation);
	console_print("core: this machine has no way to do that\n");

	return status;
}


static by_status_t reset(struct machine *machine)
{
	return stop(machine, BY_MACHINE_RESET);
}


static by_status_t poweroff(struct machine *machine)
{
	return stop(machine, BY_MACHINE_POWEROFF);
}


static const struct by_machine_ops ops = { .reset = reset, .poweroff = poweroff };


by_tag_t machine_dispatch(struct item *item, by_tag_t tag, struct by_message *msg)
{
	return by_machine_dispatch(item, &ops, tag, msg);
}
