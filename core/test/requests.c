/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sequences of requests; see requests.h.
 */
#include "requests.h"
#include "accounts.h"
#include "census.h"
#include "inside.h"
#include "../src/kcall.h"
#include "../src/work.h"

/** What a capability is for, and with that which requests make sense. */
enum kind {
	PARENT, PD, CPU, LOG, MAP, DS, RM, ROM, IO_MEM, IO_PORT, IRQ, MACHINE, /* interfaces */
	THREAD, ENDPOINT, GATE, SIGNAL, OTHER,                       /* arguments */
	KINDS,
};

enum {
	CLIENTS = 3, CAPS = 96, SESSIONS = 12, MOST_STEPS = 200,
	RING = 0x50000000, CHILD_RAM = 512 * KIB, CHILD_CAPS = 40, RING_OF_PLACES = 16, REPEATS_MAX = 200, PERIOD = 100000000,
	FIRST_OTHER = SESSIONS + CLIENTS + 1, LAST_OTHER = FIRST_OTHER + 10, STRANGE = 16,
};

/**
 * A method and its arguments, one letter each:
 *
 *     1 bool   4 u32   8 u64   z size   o offset   a address   i id   x small number
 *     n name   l label   r registers   b bytes   v service with its arguments
 *     q number of capabilities
 *     p t d m e s *   capability: pd thread dataspace map endpoint signal anything
 */
struct method {
	const char *name;
	enum kind   kind;
	unsigned    opcode;
	const char *args;
	enum kind   result;   /* what a capability in the reply is; OTHER: none */
};

static struct method const methods[] = {
	{ "parent.exit", PARENT, BY_PARENT_OPCODE_EXIT, "4", OTHER },
	{ "parent.session", PARENT, BY_PARENT_OPCODE_SESSION, "v", KINDS },
	{ "parent.session_cap", PARENT, BY_PARENT_OPCODE_SESSION_CAP, "i", KINDS },
	{ "parent.upgrade", PARENT, BY_PARENT_OPCODE_UPGRADE, "i88", OTHER },
	{ "parent.close", PARENT, BY_PARENT_OPCODE_CLOSE, "i", OTHER },
	{ "parent.finish", PARENT, BY_PARENT_OPCODE_FINISH, "i", OTHER },
	{ "parent.fee", PARENT, BY_PARENT_OPCODE_FEE, "", OTHER },
	{ "parent.session_sigh", PARENT, BY_PARENT_OPCODE_SESSION_SIGH, "s", OTHER },
	{ "pd.account", PD, BY_PD_OPCODE_ACCOUNT, "", OTHER },
	{ "pd.transfer", PD, BY_PD_OPCODE_TRANSFER, "pzq", OTHER },
	{ "pd.set_aside", PD, BY_PD_OPCODE_SET_ASIDE, "zq", OTHER },
	{ "pd.reference", PD, BY_PD_OPCODE_REFERENCE, "p", OTHER },
	{ "pd.ram_alloc", PD, BY_PD_OPCODE_RAM_ALLOC, "zcAL", DS },
	{ "pd.ram_free", PD, BY_PD_OPCODE_RAM_FREE, "d", OTHER },
	{ "pd.ram_seal", PD, BY_PD_OPCODE_RAM_SEAL, "d", OTHER },
	{ "pd.dma_grant", PD, BY_PD_OPCODE_DMA_GRANT, "p", OTHER },
	{ "pd.dma_address", PD, BY_PD_OPCODE_DMA_ADDRESS, "d", OTHER },
	{ "pd.space", PD, BY_PD_OPCODE_SPACE, "", MAP },
	{ "pd.endpoint_create", PD, BY_PD_OPCODE_ENDPOINT_CREATE, "t", ENDPOINT },
	{ "pd.gate_create", PD, BY_PD_OPCODE_GATE_CREATE, "e8", GATE },
	{ "pd.signal_create", PD, BY_PD_OPCODE_SIGNAL_CREATE, "e81", SIGNAL },
	{ "pd.object_free", PD, BY_PD_OPCODE_OBJECT_FREE, "*", OTHER },
	{ "pd.slots_add", PD, BY_PD_OPCODE_SLOTS_ADD, "", OTHER },
	{ "pd.tables_add", PD, BY_PD_OPCODE_TABLES_ADD, "X", OTHER },
	{ "pd.assign", PD, BY_PD_OPCODE_ASSIGN, "X*", OTHER },
	{ "cpu.thread_create", CPU, BY_CPU_OPCODE_THREAD_CREATE, "pna1", THREAD },
	{ "cpu.thread_destroy", CPU, BY_CPU_OPCODE_THREAD_DESTROY, "t", OTHER },
	{ "cpu.start", CPU, BY_CPU_OPCODE_START, "taaa", OTHER },
	{ "cpu.pause", CPU, BY_CPU_OPCODE_PAUSE, "t", OTHER },
	{ "cpu.resume", CPU, BY_CPU_OPCODE_RESUME, "t", OTHER },
	{ "cpu.cancel", CPU, BY_CPU_OPCODE_CANCEL, "t", OTHER },
	{ "cpu.registers", CPU, BY_CPU_OPCODE_REGISTERS, "t", OTHER },
	{ "cpu.set_registers", CPU, BY_CPU_OPCODE_SET_REGISTERS, "tr", OTHER },
	{ "cpu.fault_sigh", CPU, BY_CPU_OPCODE_FAULT_SIGH, "s", OTHER },
	{ "cpu.fault", CPU, BY_CPU_OPCODE_FAULT, "", THREAD },
	{ "cpu.fault_resume", CPU, BY_CPU_OPCODE_FAULT_RESUME, "t", OTHER },
	{ "log.write", LOG, BY_LOG_OPCODE_WRITE, "b", OTHER },
	{ "region_map.attach", MAP, BY_REGION_MAP_OPCODE_ATTACH, "doZaF", OTHER },
	{ "region_map.detach", MAP, BY_REGION_MAP_OPCODE_DETACH, "a", OTHER },
	{ "region_map.fault_sigh", MAP, BY_REGION_MAP_OPCODE_FAULT_SIGH, "s", OTHER },
	{ "region_map.fault", MAP, BY_REGION_MAP_OPCODE_FAULT, "", OTHER },
	{ "region_map.dataspace", MAP, BY_REGION_MAP_OPCODE_DATASPACE, "", DS },
	{ "dataspace.info", DS, BY_DATASPACE_OPCODE_INFO, "", OTHER },
	{ "rm.create", RM, BY_RM_OPCODE_CREATE, "z", MAP },
	{ "rm.destroy", RM, BY_RM_OPCODE_DESTROY, "m", OTHER },
	{ "rom.dataspace", ROM, BY_ROM_OPCODE_DATASPACE, "", DS },
	{ "rom.update", ROM, BY_ROM_OPCODE_UPDATE, "", OTHER },
	{ "rom.sigh", ROM, BY_ROM_OPCODE_SIGH, "s", OTHER },
	{ "io_mem.dataspace", IO_MEM, BY_IO_MEM_OPCODE_DATASPACE, "", DS },
	{ "io_port.read", IO_PORT, BY_IO_PORT_OPCODE_READ, "XX", OTHER },
	{ "io_port.write", IO_PORT, BY_IO_PORT_OPCODE_WRITE, "XX4", OTHER },
	{ "irq.attach", IRQ, BY_IRQ_OPCODE_ATTACH, "s", OTHER },
	{ "machine.reset", MACHINE, BY_MACHINE_OPCODE_RESET, "", OTHER },
	{ "machine.poweroff", MACHINE, BY_MACHINE_OPCODE_POWEROFF, "", OTHER },
};

enum { METHODS = sizeof(methods) / sizeof(methods[0]) };
_Static_assert((int)METHODS <= (int)REQUESTS_METHODS_MAX, "room in the report");

/** A capability that a client has or had. */
struct known { uint8_t client, kind; uint32_t slot; };

static struct host_client *clients[CLIENTS];
static struct host_child   children[CLIENTS - 1];
static struct known        known[CAPS];
static unsigned            known_count;
static enum kind           session_kind[SESSIONS + CLIENTS];
static uint32_t            strange[STRANGE]; /* numbers that sessions may have, too */
static unsigned            strange_count;
static const uint8_t      *input, *input_end;
static struct requests_report *report;
static char                error[500];

/* the request under construction */
static struct { unsigned char fixed[480], variable[480]; size_t fixed_len, variable_len;
                uint32_t cap[BY_MSG_CAPS]; unsigned caps; enum kind result; } request;


/* who was asked for what */
static enum item_type asked_type;
static unsigned       asked_opcode;


unsigned requests_methods(void)
{
	return METHODS;
}


const char *requests_method_name(unsigned method)
{
	return methods[method].name;
}


/*
 * Bytes to decide with; zeros when there are no more
 */

static uint8_t byte(void)
{
	return input < input_end ? *input++ : 0;
}


static unsigned below(unsigned count)
{
	return byte() % count;
}


static uint64_t any64(void)
{
	static uint64_t const edge[] = {
		0, 1, PAGE_SIZE - 1, PAGE_SIZE, UINT32_MAX, (uint64_t)UINT32_MAX + 1, BY_USER_LAST,
		(uint64_t)1 << 52, (uint64_t)1 << 63, UINT64_MAX - PAGE_SIZE + 1, UINT64_MAX - PAGE_SIZE,
		UINT64_MAX, SIM_RAM, SIM_RAM + 4 * MIB, 0x3f8, 0x60,
	};
	uint8_t  which = byte();
	uint64_t value = edge[which % 16];

	switch (which / 64) {
	case 0:  return value;
	case 1:  return value + byte();
	case 2:  return value - byte();
	default: return (uint64_t)byte() << (byte() % 64);
	}
}


/*
 * Capabilities
 */

static void know(unsigned client, enum kind kind, uint32_t slot)
{
	unsigned place = known_count < CAPS ? known_count++ : below(CAPS);

	if (known_count == CAPS) {
		struct known const *old = &known[place];
		if (clients[old->client]->used[old->slot] && old->slot >= BY_SLOT_FREE)
			host_drop(clients[old->client], (by_cap_t){ old->slot });
	}
	known[place] = (struct known) { (uint8_t)client, (uint8_t)kind, slot };
}


/** Some capability of a client, mostly of the given kind; 0 if it has none. */
static uint32_t choose(unsigned client, enum kind kind)
{
	uint8_t  choice = byte();
	unsigned first  = choice % (known_count ? known_count : 1);

	if (choice >= 250)
		kind = KINDS;
	if (choice >= 254)
		return choice == 255 ? 0 : 127;
	for (unsigned i = 0; i < known_count; i++) {
		/* often the latest, so that one request builds upon the other */
		unsigned            at = choice & 1 ? known_count - 1 - i : (first + i) % known_count;
		struct known const *k  = &known[at];
		if (k->client == client && (kind == KINDS || k->kind == kind))
			return k->slot;
	}

	return 0;
}


/*
 * Arguments
 */

static void put(const void *value, size_t size)
{
	size_t at = (request.fixed_len + size - 1) / size * size;

	memcpy(request.fixed + at, value, size);
	request.fixed_len = at + size;
}


static void put32(uint32_t value) { put(&value, 4); }
static void put64(uint64_t value) { put(&value, 8); }


static void put_bytes(const void *data, size_t len)
{
	uint16_t const length = (uint16_t)len;

	put(&length, 2);
	memcpy(request.variable + request.variable_len, data, len);
	request.variable_len += (len + 7) & ~(size_t)7;
}


static void put_cap(unsigned client, enum kind kind)
{
	if (request.caps < BY_MSG_CAPS)
		request.cap[request.caps++] = choose(client, kind);
}


static uint64_t size_argument(void)
{
	uint8_t choice = byte();

	if (choice < 180)
		return (uint64_t)(1 + choice % 20) * PAGE_SIZE;
	if (choice < 190)
		return 0;
	if (choice < 230)
		return (uint64_t)(choice - 190) * 50000;

	return any64();
}


/** Addresses meet often. */
static uint64_t address_argument(void)
{
	uint8_t choice = byte();

	if (choice < 100)
		return RING + (uint64_t)(choice % RING_OF_PLACES) * PAGE_SIZE;
	if (choice < 200)
		return (uint64_t)(choice % RING_OF_PLACES) * PAGE_SIZE;

	return any64();
}


static const char *label_argument(void)
{
	static const char *const label[] = { "data", "init -> config", "platform_info", "core_log", "x",
	                                     "", "nothing", "a|b", "\x1b", " ", "core_accounts",
	                                     "core_census" };

	return label[below(sizeof(label) / sizeof(label[0]))];
}


static enum kind put_service(void)
{
	static struct { const char *name; enum kind kind; } const service[] = {
		{ "PD", PD }, { "CPU", CPU }, { "LOG", LOG }, { "ROM", ROM }, { "RM", RM },
		{ "IO_MEM", IO_MEM }, { "IO_PORT", IO_PORT }, { "IRQ", IRQ }, { "Machine", MACHINE },
		{ "TRACE", OTHER }, { "", OTHER },
	};
	unsigned    which = below(sizeof(service) / sizeof(service[0])), len = 0;
	uint32_t    id    = below(SESSIONS);
	const char *label = label_argument();
	uint64_t    args[8] = { 0 };

	switch (service[which].kind) {
	case CPU: {
		uint32_t value[3] = { below(40), below(4) ? 16 : (uint32_t)any64(), below(16) == 1 };
		memcpy(args, value, len = sizeof(value));
		break;
	}
	case IO_MEM:
		args[0] = below(2) ? 0xf0000000 + below(8) * 2048u : any64();
		args[1] = below(2) ? below(3) * 4096u : any64();
		args[2] = below(2);
		len = sizeof(struct by_io_mem_args);
		break;
	case IO_PORT: {
		uint32_t value[2] = { below(2) ? 0x3f0 + below(16) : (uint32_t)any64(), below(20) };
		memcpy(args, value, len = sizeof(value));
		break;
	}
	case IRQ: {
		uint32_t value[2] = { below(18), below(4) };
		memcpy(args, value, len = sizeof(value));
		break;
	}
	default:
		break;
	}
	if (byte() >= 250)
		len = below(65);
	put32(id);
	put_bytes(service[which].name, strlen(service[which].name));
	put_bytes(label, strlen(label));
	put64(service[which].kind == PD ? CHILD_RAM : size_argument());
	put64(service[which].kind == PD ? 20 : below(10));
	put_bytes(args, len);
	if (session_kind[id] == OTHER)
		session_kind[id] = service[which].kind;

	return session_kind[id];
}


static void put_registers(void)
{
	unsigned char regs[200];

	_Static_assert(sizeof(regs) >= sizeof(struct by_regs), "registers, or too much of them");
	memset(regs, byte() & 1 ? 0x41 : 0, sizeof(regs));
	put_bytes(regs, byte() >= 250 ? below(sizeof(regs)) : sizeof(struct by_regs));
}


static void put_text(void)
{
	char     text[240];
	unsigned len = below(241);

	for (unsigned i = 0; i < len; i++)
		text[i] = "abc \n\t\x1b\xff"[(i * 7 + len) % 8];
	put_bytes(text, len);
}


static uint32_t small_or_port(void)
{
	uint8_t choice = byte();

	if (choice < 120)
		return choice % 24;

	return choice < 180 ? 0x3f0u + choice % 24 : choice < 240 ? 0x60 : (uint32_t)any64();
}


static uint64_t limit_argument(void)
{
	uint8_t choice = byte();

	if (choice < 200)
		return 0;

	return choice < 240 ? SIM_RAM + choice % 8 * MIB : any64();
}


static void put_argument(unsigned client, char letter)
{
	static enum kind const kind_of[256] = {
		['p'] = PD, ['t'] = THREAD, ['d'] = DS, ['m'] = MAP, ['e'] = ENDPOINT, ['s'] = SIGNAL,
	};

	switch (letter) {
	case '1': { uint8_t value = byte() < 250 ? (uint8_t)below(2) : byte(); put(&value, 1); break; }
	case '4': put32((uint32_t)any64()); break;
	case '8': put64(any64()); break;
	case 'x': put64(byte() < 240 ? below(8) : any64()); break;
	case 'q': put64(byte() < 200 ? below(8) : below(4 * CHILD_CAPS)); break;
	case 'X': put32(small_or_port()); break;
	case 'z': put64(size_argument()); break;
	case 'Z': put64(below(3) ? 0 : size_argument()); break;
	case 'o': put64(below(3) ? 0 : size_argument() - PAGE_SIZE); break;
	case 'a': put64(address_argument()); break;
	case 'i': { uint32_t id = below(SESSIONS + CLIENTS); put32(id); request.result = session_kind[id]; break; }
	case 'c': put32(byte() < 250 ? below(3) : byte()); break;
	case 'A': put32(byte() < 240 ? 12 + below(3) : byte()); break;
	case 'L': put64(limit_argument()); break;
	case 'F': put32(byte() < 240 ? below(8) : (uint32_t)any64()); break;
	case 'n': put_bytes("thread", below(7)); break;
	case 'r': put_registers(); break;
	case 'b': put_text(); break;
	case 'v': request.result = put_service(); break;
	case '*': put_cap(client, (enum kind)(THREAD + below(4))); break;
	default:  put_cap(client, kind_of[(unsigned char)letter]); break;
	}
}


/*
 * One request
 */

static void build(unsigned client, struct method const *method)
{
	memset(&request, 0, sizeof(request));
	request.result = method->result;
	for (const char *letter = method->args; *letter; letter++)
		put_argument(client, *letter);
}


/** Make the request hostile, perhaps; how its tag would be otherwise is in 'opcode'. */
static by_tag_t hostile_tag(unsigned opcode)
{
	size_t   variable = (request.fixed_len + 7) & ~(size_t)7;
	size_t   len      = request.variable_len ? variable + request.variable_len : request.fixed_len;
	unsigned words    = by_rpc_words(len), caps = request.caps;
	uint8_t  hostile  = byte();

	switch (hostile) {
	case 255: opcode = byte() * 17u & 0x3fff; break;
	case 254: words = below(128); break;
	case 253: caps = below(8); break;
	case 252: request.fixed[below(64)] = byte(); break;
	case 251: caps = caps < BY_MSG_CAPS ? caps + 1 : caps; words = BY_MSG_WORDS; break;
	default:  break;
	}
	for (unsigned i = request.caps; i < BY_MSG_CAPS && hostile >= 250; i++)
		request.cap[i] = 127;

	return by_tag(opcode, words, caps);
}


static void fill_message(struct by_message *msg)
{
	unsigned char *block    = by_rpc_at(msg, 0);
	size_t         variable = (request.fixed_len + 7) & ~(size_t)7;

	memset(msg->word, 0, sizeof(msg->word));
	memcpy(block, request.fixed, request.variable_len ? request.fixed_len : 64);
	memcpy(block + variable, request.variable, request.variable_len);
	for (unsigned i = 0; i < BY_MSG_CAPS; i++)
		msg->send_cap[i] = request.cap[i];
}


static void wrong(const char *what, struct method const *method)
{
	if (!error[0])
		snprintf(error, sizeof(error), "request %u, %s: %s", report->requests,
		         method ? method->name : "", what);
}


static void take_caps(unsigned client, by_tag_t tag, struct method const *method)
{
	struct by_message *msg = by_message();

	for (unsigned i = 0; i < by_tag_caps(tag); i++) {
		if (msg->cap_kind[i] == BY_CAP_FOREIGN) {
			know(client, i ? OTHER : request.result, (uint32_t)msg->cap_value[i]);
			msg->recv_slot[i] = 0;
		} else if (msg->cap_kind[i] != BY_CAP_LOST) {
			wrong("a result that is no capability", method);
		}
	}
}


/** To the method that the request really was, whatever it was meant to be. */
static void note_status(uint32_t status)
{
	static enum kind const kind_of[ITEM_TYPES] = {
		[ITEM_PARENT] = PARENT, [ITEM_PD_SESSION] = PD, [ITEM_CPU] = CPU, [ITEM_LOG] = LOG,
		[ITEM_MAP] = MAP, [ITEM_DS] = DS, [ITEM_RM] = RM, [ITEM_ROM] = ROM,
		[ITEM_IO_MEM] = IO_MEM, [ITEM_IO_PORT] = IO_PORT, [ITEM_IRQ] = IRQ,
		[ITEM_MACHINE] = MACHINE,
	};

	for (unsigned i = 0; i < METHODS; i++)
		if (methods[i].kind == kind_of[asked_type] && methods[i].opcode == asked_opcode)
			report->statuses[i] |= 1u << (status & 31);
}


/** Note what was answered; the method's status, BY_GONE if there was no reply. */
static by_status_t take_reply(unsigned client, struct method const *method, by_tag_t tag)
{
	uint32_t const    status = (uint32_t)by_message()->word[0];
	by_status_t const answer = BY_STATUS((uintptr_t)status);

	if (by_tag_status(tag) != BY_OK || by_tag_event_of(tag) != BY_EVENT_REQUEST) {
		report->malformed++;
		return BY_GONE;
	}
	if (!by_tag_words(tag) || status > 21)
		wrong("a reply without a status", method);
	if (answer != BY_OK && by_tag_caps(tag))
		wrong("a refusal with capabilities", method);
	if (answer == BY_OK)
		report->served++;
	else if (answer == BY_AGAIN)
		report->unfinished++;
	else if (answer == BY_MALFORMED || answer == BY_NOT_SUPPORTED)
		report->malformed++;
	else
		report->refused++;
	note_status(status);
	take_caps(client, tag, method);

	return answer;
}


/** What core has done for one request. */
static void check_work(struct method const *method)
{
	if (sim_calls() > report->most_calls) {
		report->most_calls = sim_calls();
		report->most_method = method ? (unsigned)(method - methods) : 0;
	}
	if (inside_work_spent() > report->most_work)
		report->most_work = inside_work_spent();
	if (inside_undeclared)
		wrong("an undeclared status", method);

	struct census now;
	const char   *contradiction = census_take(&now);
	if (!contradiction)
		contradiction = accounts_check_all();
	if (contradiction)
		wrong(contradiction, method);

	/* deep: the end of something takes more than one request, while a thread waits in a map */
	report->canary |= now.dying && now.waiting;
}


/** What would not be undone: init's thread has to close everything in the end. */
static bool unwanted(unsigned client, uint32_t gate, by_tag_t tag)
{
	struct item *item = host_item(clients[client], (by_cap_t){ gate });

	if (item && item->type == ITEM_CPU && by_tag_opcode(tag) == BY_CPU_OPCODE_THREAD_DESTROY)
		return host_id(clients[client], (by_cap_t){ request.cap[0] }) == host_init.thread;

	/* a PD that lives on only gets more slots and tables */
	return item == &host_init_pd->session && (by_tag_opcode(tag) == BY_PD_OPCODE_SLOTS_ADD
	                                          || by_tag_opcode(tag) == BY_PD_OPCODE_TABLES_ADD);
}


/** The request once; BY_GONE if the client cannot act, or gets no reply. */
static by_status_t try_request(unsigned client, struct method const *method, uint32_t gate,
                               by_tag_t tag)
{
	by_status_t status = BY_GONE;

	sim_calls_reset();
	if (host_as(clients[client])) {
		struct by_message *msg = by_message();
		if (by_rpc_name_slots(msg, 2) == BY_OK) {
			struct item *item = host_item(clients[client], (by_cap_t){ gate });
			asked_type   = item ? (enum item_type)item->type : ITEM_TYPES - 1;
			asked_opcode = by_tag_opcode(tag);
			fill_message(msg);
			report->requests++;
			status = take_reply(client, method, host_request((by_cap_t){ gate }, tag));
		}
	}
	host_core();
	check_work(method);

	return status;
}


/** Let a thread that is stopped go on, as a parent would. */
static void revive(struct host_client *client)
{
	struct item *item = item_find_type(client->thread, ITEM_THREAD);

	if (!item)
		return;

	struct thread *thread = BY_CONTAINER_OF(item, struct thread, item);
	if (thread->faulted || by_list_linked(&thread->fault_node)
	    || by_list_linked(&thread->waiter.node)) {
		thread_unlist(thread);
		thread->faulted = false;
		(void)KCALL(FAULT_RESUME, item_slot(item));
	}
	(void)KCALL(THREAD_RESUME, item_slot(item));
	(void)KCALL(THREAD_CANCEL, item_slot(item)); /* of a call to another client */
}


/** A hostile request for a session may have changed the number. */
static void note_session(struct method const *method)
{
	uint32_t id;

	if (method->kind != PARENT || method->opcode != BY_PARENT_OPCODE_SESSION)
		return;

	memcpy(&id, request.fixed, sizeof(id));
	if (id >= LAST_OTHER && strange_count < STRANGE)
		strange[strange_count++] = id;
}


/** Repeat it while it is not finished, unless the client loses patience. */
static void make_request(unsigned client)
{
	struct method const *method = &methods[below(METHODS)];
	uint32_t             gate   = choose(client, method->kind);
	uint8_t              mood   = byte();

	if (mood & 1)
		revive(clients[client]);
	if (!gate)
		return;

	sim_console_clear();
	build(client, method);
	by_tag_t tag = hostile_tag(method->opcode);
	if (unwanted(client, gate, tag))
		return;

	note_session(method);
	unsigned const patience = mood > 240 ? mood % 4 : REPEATS_MAX;
	inside_fail_at(mood > 144 && mood < 224 ? mood % 5 : -1);
	for (unsigned i = 0; i <= patience && !error[0]; i++)
		if (try_request(client, method, gate, tag) != BY_AGAIN)
			break;
		else if (i == REPEATS_MAX)
			wrong("it never ends", method);
		else if (asked_type == ITEM_MACHINE)
			sim_pass(PERIOD), host_settle(); /* core's log is drained meanwhile */
	inside_fail_at(-1);
}


static void make_fault(unsigned client)
{
	by_paddr_t pa;
	uint8_t    choice = byte();

	if (choice & 1)
		revive(clients[client]);
	sim_console_clear();
	sim_calls_reset();
	if (host_as(clients[client])) {
		report->faults++;
		by_word_t const address = (by_word_t)address_argument();
		if (choice < 200 && address <= BY_USER_LAST)
			(void)host_access(address, choice % 3, &pa);
		else if (choice < 220)
			(void)host_fault(BY_FAULT_PAGE, address, choice % 3);
		else
			(void)host_fault((enum by_fault_cause)(2 + choice % 10), 0, 0);
	}
	host_core();
	check_work(NULL);
}


/*
 * The world
 */

/** What init gets once and keeps: the FPU. */
static void settle_init(void)
{
	struct thread *thread = BY_CONTAINER_OF(item_find(host_init.thread), struct thread, item);

	if (thread->fpu)
		return;
	if (!host_as(&host_init) || !host_fault(BY_FAULT_FPU, 0, 0))
		host_die("init cannot use the FPU");
	host_core();
}


static void know_child(unsigned client, struct host_child *child)
{
	know(0, PD, child->init_pd.session.cap.slot);
	know(0, THREAD, child->init_thread.slot);
	know(client, PD, child->pd.session.cap.slot);
	know(client, MAP, child->space.cap.slot);
	know(client, THREAD, child->thread.slot);
}


/** A child gets one of init's capabilities as well. */
static void share(unsigned client, enum kind kind, by_cap_t cap)
{
	know(client, kind, host_give(&children[client - 1], cap).slot);
}


/** Memory in a managed dataspace that all see at RING, and whose handler is a child's signal. */
static bool make_managed(void)
{
	enum { ID = FIRST_OTHER - 1, PAGES = RING_OF_PLACES };
	struct by_rm     rm;
	struct by_region_map map;
	by_cap_t         ep, signal, ds, ram;
	uint64_t         at;

	if (!host_as(&host_init) || host_open(ID, "RM", "", 0, 0, NULL, 0, &rm.session.cap) != BY_OK
	    || by_rm_create(&rm, PAGES * PAGE_SIZE, &map.cap) != BY_OK
	    || by_region_map_dataspace(&map, &ds) != BY_OK
	    || by_pd_ram_alloc(&host_pd, 4 * PAGE_SIZE, 0, 12, 0, &ram) != BY_OK
	    || by_region_map_attach(&map, ram, 0, 0, 0, BY_ATTACH_AT | BY_ATTACH_WRITE, &at) != BY_OK
	    || by_pd_endpoint_create(&children[0].init_pd, children[0].init_thread, &ep) != BY_OK
	    || by_pd_signal_create(&children[0].init_pd, ep, 1, false, &signal) != BY_OK
	    || by_region_map_fault_sigh(&map, signal) != BY_OK)
		return false;
	know(0, RM, rm.session.cap.slot);
	know(0, MAP, map.cap.slot);
	know(0, DS, ds.slot);
	know(0, DS, ram.slot);
	know(0, ENDPOINT, ep.slot);
	know(0, SIGNAL, signal.slot);
	for (unsigned i = 1; i < CLIENTS; i++) {
		struct by_region_map space;
		if (by_pd_space(&children[i - 1].init_pd, &space.cap) != BY_OK
		    || by_region_map_attach(&space, ds, 0, 0, RING, BY_ATTACH_AT | BY_ATTACH_WRITE,
		                            &at) != BY_OK)
			return false;
		know(0, MAP, space.cap.slot);
		share(i, MAP, map.cap);
		share(i, DS, ds);
		share(i, DS, ram);
		share(i, SIGNAL, signal);
	}
	host_core();

	return true;
}


/** A session of each other kind. */
static bool make_others(void)
{
	struct by_io_mem_args  io_mem  = { 0xf0000000, PAGE_SIZE, 0 };
	struct by_io_port_args io_port = { 0x60, 4 };
	struct by_irq_args     irq     = { 7, 0 };
	struct by_cpu_args     cpu     = { 5, 16, 0 };
	struct { const char *service, *label; enum kind kind; const void *args; size_t len; } other[] = {
		{ "CPU", "", CPU, &cpu, sizeof(cpu) },
		{ "ROM", "core_log", ROM, NULL, 0 }, { "ROM", "core_accounts", ROM, NULL, 0 },
		{ "IO_MEM", "", IO_MEM, &io_mem, sizeof(io_mem) },
		{ "IO_PORT", "", IO_PORT, &io_port, sizeof(io_port) },
		{ "IRQ", "", IRQ, &irq, sizeof(irq) }, { "Machine", "", MACHINE, NULL, 0 },
	};
	by_cap_t cap;

	if (!host_as(&host_init))
		return false;
	for (unsigned i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		if (host_open(FIRST_OTHER + i, other[i].service, other[i].label, 0, 0, other[i].args,
		              other[i].len, &cap) != BY_OK)
			return false;
		know(0, other[i].kind, cap.slot);
	}
	host_core();

	return true;
}


static bool begin(void)
{
	known_count = strange_count = 0;
	clients[0] = &host_init;
	for (unsigned i = 0; i < SESSIONS + CLIENTS; i++)
		session_kind[i] = i < SESSIONS ? OTHER : PD;
	know(0, PARENT, BY_SLOT_PARENT);
	know(0, PD, BY_SLOT_PD);
	know(0, CPU, BY_SLOT_CPU);
	know(0, LOG, BY_SLOT_LOG);
	know(0, MAP, BY_SLOT_SPACE);
	know(0, THREAD, BY_SLOT_THREAD);
	for (unsigned i = 1; i < CLIENTS; i++) {
		struct host_child *child = &children[i - 1];
		if (!host_as(&host_init) || host_child(child, SESSIONS + i, CHILD_RAM, CHILD_CAPS) != BY_OK)
			return false;
		clients[i] = &child->client;
		know_child(i, child);
		by_cap_t cpu = host_give(child, host_cpu.session.cap);
		know(i, CPU, cpu.slot);
		host_core();
	}

	return make_managed() && make_others();
}


static struct item *leftover(struct item *const *keep, unsigned count)
{
	BY_LIST_EACH(&host_init_pd->account.items, node) {
		struct item *item = BY_CONTAINER_OF(node, struct item, node);
		bool kept = false;
		for (unsigned i = 0; i < count; i++)
			kept |= keep[i] == item;
		if (!kept)
			return item;
	}

	return NULL;
}


static struct attachment *unwanted_attachment(void)
{
	struct by_tree_node *node = by_tree_first(&host_init_pd->map.attachments);

	for (; node != &host_init_pd->map.end.node; node = by_tree_next(node)) {
		struct attachment *a = BY_CONTAINER_OF(node, struct attachment, node);
		if (!(a->flags & (uint32_t)ATTACH_PINNED) && a->at >= BY_LINKER_AREA)
			return a;
		if (a->at < BY_PROGRAM_BASE)
			return a;
	}

	return NULL;
}


/** Close and free everything that init has but did not have before. */
static void end(struct item *const *keep, unsigned count)
{
	struct item       *item;
	struct attachment *a;

	revive(&host_init);
	map_handle(&host_init_pd->map, NULL);
	if (!host_as(&host_init)) {
		snprintf(error, sizeof(error), "init cannot act in the end");
		return;
	}
	for (uint32_t i = 0; i < LAST_OTHER + strange_count; i++) {
		by_status_t status = host_close(i < LAST_OTHER ? i : strange[i - LAST_OTHER]);
		if (status != BY_OK && status != BY_NOT_FOUND)
			wrong("a session cannot be closed", NULL);
	}
	host_core();
	if (host_init_pd->pending) {
		item_close(&host_init_pd->pending->item);
		host_init_pd->pending = NULL;
	}
	while ((item = leftover(keep, count)))
		item_close(item);
	while ((a = unwanted_attachment()))
		if (map_detach(&host_init_pd->map, a->at) != BY_OK)
			host_die("an attachment of init's remains");
	for (uint32_t slot = BY_SLOT_FREE; slot < HOST_CLIENT_SLOTS; slot++)
		if (host_init.used[slot])
			host_drop(&host_init, (by_cap_t){ slot });
	host_init.control.message->recv_slot[0] = host_init.control.message->recv_slot[1] = 0;
}


static unsigned list_kept(struct item **keep, unsigned most)
{
	unsigned count = 0;

	BY_LIST_EACH(&host_init_pd->account.items, node)
		if (count < most)
			keep[count++] = BY_CONTAINER_OF(node, struct item, node);

	return count;
}


const char *requests_run(const uint8_t *data, size_t size, struct requests_report *out)
{
	struct item  *keep[32];
	struct census before, after;

	settle_init();

	unsigned    kept = list_kept(keep, 32);
	const char *text = census_take(&before);

	*out      = (struct requests_report) { .requests = 0 };
	report    = out;
	input     = data;
	input_end = data + size;
	error[0]  = 0;
	inside_undeclared = NULL;
	sim_calls_reset();
	if (text || !begin())
		return text ? text : "no children";

	inside_work(byte() % 3 ? WORK_REQUEST : INSIDE_WORK_LEAST);
	for (unsigned i = 0; i < MOST_STEPS && input < input_end && !error[0]; i++) {
		uint8_t choice = byte();
		if (choice < 30)
			make_fault(choice % CLIENTS);
		else
			make_request(choice % CLIENTS);
	}
	inside_work(WORK_REQUEST);
	if (error[0])
		return error;

	end(keep, kept);
	text = census_take(&after);
	if (!text)
		text = census_differ(&before, &after);
	if (text)
		wrong(text, NULL);

	return error[0] ? error : NULL;
}
