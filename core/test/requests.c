/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sequences of requests; see requests.h.
 */
#include "requests.h"
#include "census.h"
#include "inside.h"
#include "../src/kcall.h"

/** What a capability is for, and with that which requests make sense. */
enum kind {
	PARENT, PD, CPU, LOG, MAP, DS, RM, ROM, IO_MEM, IO_PORT, IRQ, /* interfaces */
	THREAD, ENDPOINT, GATE, SIGNAL, OTHER,                       /* arguments */
	KINDS,
};

enum {
	CLIENTS = 3, CAPS = 96, SESSIONS = 12, MOST_REQUESTS = 60,
	CHILD_RAM = 512 * KIB, CHILD_CAPS = 40, RING_OF_PLACES = 16,
};

/**
 * A method and its arguments, one letter each:
 *
 *     1 bool   4 u32   8 u64   z size   o offset   a address   i id   x small number
 *     n name   l label   r registers   b bytes   v service with its arguments
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
	{ "parent.upgrade", PARENT, BY_PARENT_OPCODE_UPGRADE, "izx", OTHER },
	{ "parent.close", PARENT, BY_PARENT_OPCODE_CLOSE, "i", OTHER },
	{ "parent.session_sigh", PARENT, BY_PARENT_OPCODE_SESSION_SIGH, "s", OTHER },
	{ "pd.account", PD, BY_PD_OPCODE_ACCOUNT, "", OTHER },
	{ "pd.transfer", PD, BY_PD_OPCODE_TRANSFER, "pzx", OTHER },
	{ "pd.reference", PD, BY_PD_OPCODE_REFERENCE, "p", OTHER },
	{ "pd.ram_alloc", PD, BY_PD_OPCODE_RAM_ALLOC, "zcAL", DS },
	{ "pd.ram_free", PD, BY_PD_OPCODE_RAM_FREE, "d", OTHER },
	{ "pd.ram_seal", PD, BY_PD_OPCODE_RAM_SEAL, "d", OTHER },
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
};

enum { METHODS = sizeof(methods) / sizeof(methods[0]) };
_Static_assert(METHODS <= 64, "a set of methods in a word");

/** A capability that a client has or had. */
struct known { uint8_t client, kind; uint32_t slot; };

static struct host_client *clients[CLIENTS];
static struct host_child   children[CLIENTS - 1];
static struct known        known[CAPS];
static unsigned            known_count;
static enum kind           session_kind[SESSIONS];
static const uint8_t      *input, *input_end;
static struct requests_report *report;
static char                error[500];

/* the request under construction */
static struct { unsigned char fixed[480], variable[480]; size_t fixed_len, variable_len;
                uint32_t cap[BY_MSG_CAPS]; unsigned caps; enum kind result; } request;


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
		struct known const *k = &known[(first + i) % known_count];
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

	if (choice < 200)
		return (uint64_t)(1 + choice % 20) * PAGE_SIZE;
	if (choice < 230)
		return (uint64_t)(choice - 199) * 50000;

	return any64();
}


/** Addresses meet often. */
static uint64_t address_argument(void)
{
	uint8_t choice = byte();

	if (choice < 100)
		return 0x50000000 + (uint64_t)(choice % RING_OF_PLACES) * PAGE_SIZE;
	if (choice < 200)
		return (uint64_t)(choice % RING_OF_PLACES) * PAGE_SIZE;

	return any64();
}


static const char *label_argument(void)
{
	static const char *const label[] = { "data", "init -> config", "platform_info", "core_log", "x",
	                                     "", "nothing", "a|b", "\x1b", " " };

	return label[below(10)];
}


static enum kind put_service(void)
{
	static struct { const char *name; enum kind kind; } const service[] = {
		{ "PD", PD }, { "CPU", CPU }, { "LOG", LOG }, { "ROM", ROM }, { "RM", RM },
		{ "IO_MEM", IO_MEM }, { "IO_PORT", IO_PORT }, { "IRQ", IRQ }, { "TRACE", OTHER },
		{ "", OTHER },
	};
	unsigned    which = below(10), len = 0;
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
	struct by_regs regs;

	memset(&regs, byte(), sizeof(regs));
	put_bytes(&regs, byte() >= 250 ? below(200) : sizeof(regs));
}


static void put_text(void)
{
	char     text[240];
	unsigned len = below(241);

	for (unsigned i = 0; i < len; i++)
		text[i] = "abc \n\t\x1b\xff"[(i * 7 + len) % 8];
	put_bytes(text, len);
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
	case 'X': put32(byte() < 240 ? 0x3f0 + below(24) - (below(2) ? 0x3e0 : 0) : (uint32_t)any64()); break;
	case 'z': put64(size_argument()); break;
	case 'Z': put64(below(3) ? 0 : size_argument()); break;
	case 'o': put64(below(2) ? 0 : size_argument() - PAGE_SIZE); break;
	case 'a': put64(address_argument()); break;
	case 'i': { uint32_t id = below(SESSIONS); put32(id); request.result = session_kind[id]; break; }
	case 'c': put32(byte() < 250 ? below(3) : byte()); break;
	case 'A': put32(byte() < 240 ? 12 + below(3) : byte()); break;
	case 'L': put64(byte() < 200 ? 0 : byte() < 128 ? SIM_RAM + below(8) * MIB : any64()); break;
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


/** Copy the request into the message; its tag, perhaps a hostile one. */
static by_tag_t fill_message(struct by_message *msg, unsigned opcode)
{
	unsigned char *block = by_rpc_at(msg, 0);
	size_t   variable = (request.fixed_len + 7) & ~(size_t)7;
	size_t   len      = request.variable_len ? variable + request.variable_len : request.fixed_len;
	unsigned words    = by_rpc_words(len), caps = request.caps;
	uint8_t  hostile  = byte();

	memset(msg->word, 0, sizeof(msg->word));
	memcpy(block, request.fixed, request.fixed_len);
	memcpy(block + variable, request.variable, request.variable_len);
	switch (hostile) {
	case 255: opcode = byte() * 17u & 0x3fff; break;
	case 254: words = below(128); break;
	case 253: caps = below(8); break;
	case 252: block[below(64)] = byte(); break;
	case 251: caps = caps < BY_MSG_CAPS ? caps + 1 : caps; words = BY_MSG_WORDS; break;
	default:  break;
	}
	for (unsigned i = 0; i < BY_MSG_CAPS; i++)
		msg->send_cap[i] = i < request.caps ? request.cap[i] : hostile >= 250 ? 127 : 0;

	return by_tag(opcode, words, caps);
}


static void wrong(const char *what, struct method const *method)
{
	if (!error[0])
		snprintf(error, sizeof(error), "request %u, %s: %s", report->requests,
		         method ? method->name : "", what);
}


static void take_reply(unsigned client, struct method const *method, by_tag_t tag)
{
	struct by_message *msg    = by_message();
	uint32_t           status = (uint32_t)msg->word[0];

	if (by_tag_status(tag) != BY_OK || by_tag_event_of(tag) != BY_EVENT_REQUEST) {
		report->malformed++;
		return;
	}
	if (!by_tag_words(tag) || status > 21)
		wrong("a reply without a status", method);
	if (status == (uintptr_t)BY_OK) {
		report->served++;
		report->methods |= (uint64_t)1 << (method - methods);
	} else if (status == (uintptr_t)BY_MALFORMED || status == (uintptr_t)BY_NOT_SUPPORTED) {
		report->malformed++;
	} else {
		report->refused++;
	}
	if (status != (uintptr_t)BY_OK && by_tag_caps(tag))
		wrong("a refusal with capabilities", method);
	for (unsigned i = 0; i < by_tag_caps(tag); i++) {
		if (msg->cap_kind[i] == BY_CAP_FOREIGN) {
			know(client, i ? OTHER : request.result, (uint32_t)msg->cap_value[i]);
			msg->recv_slot[i] = 0;
		} else if (msg->cap_kind[i] != BY_CAP_LOST) {
			wrong("a result that is no capability", method);
		}
	}
}


/** What only grows: a PD that lives on may not have too much of it. */
static bool unwanted(struct method const *method, unsigned client, uint32_t gate)
{
	bool grows = method->opcode == BY_PD_OPCODE_SLOTS_ADD || method->opcode == BY_PD_OPCODE_TABLES_ADD;

	return method->kind == PD && grows
	       && host_id(clients[client], (by_cap_t){ gate }) == host_init_pd->session.id;
}


static void make_request(unsigned client)
{
	struct method const *method = &methods[below(METHODS)];
	uint32_t             gate   = choose(client, method->kind);

	if (!gate || unwanted(method, client, gate))
		return;

	build(client, method);
	if (host_as(clients[client])) {
		struct by_message *msg = by_message();
		if (by_rpc_name_slots(msg, 2) == BY_OK) {
			by_tag_t tag = fill_message(msg, method->opcode);
			report->requests++;
			take_reply(client, method, host_request((by_cap_t){ gate }, tag));
		}
	}
	host_core();
	if (inside_undeclared)
		wrong("an undeclared status", method);
	const char *contradiction = census_take(NULL);
	if (contradiction)
		wrong(contradiction, method);
}


static void make_fault(unsigned client)
{
	by_paddr_t pa;
	uint8_t    choice = byte();

	if (host_as(clients[client])) {
		report->faults++;
		if (choice < 200)
			(void)host_access((by_word_t)address_argument(), choice % 3, &pa);
		else
			(void)host_fault((enum by_fault_cause)(2 + choice % 10), 0, 0);
	}
	host_core();
	const char *contradiction = census_take(NULL);
	if (contradiction)
		wrong(contradiction, NULL);
}


/*
 * The world
 */

static void know_child(unsigned client, struct host_child *child)
{
	know(0, PD, child->init_pd.session.cap.slot);
	know(0, THREAD, child->init_thread.slot);
	know(client, PD, child->pd.session.cap.slot);
	know(client, MAP, child->space.cap.slot);
	know(client, THREAD, child->thread.slot);
}


static bool begin(void)
{
	known_count = 0;
	clients[0] = &host_init;
	for (unsigned i = 0; i < SESSIONS; i++)
		session_kind[i] = OTHER;
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

	return true;
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


/** Let init's thread run again, whatever was done to it. */
static void revive_init(void)
{
	struct thread *thread = BY_CONTAINER_OF(item_find(host_init.thread), struct thread, item);
	by_word_t      slot   = item_slot(&thread->item);

	if (thread->faulted || by_list_linked(&thread->fault_node)) {
		if (by_list_linked(&thread->fault_node))
			by_list_remove(&thread->fault_node);
		thread->faulted = false;
		(void)KCALL(FAULT_RESUME, slot);
	}
	(void)KCALL(THREAD_RESUME, slot);
}


/** Close and free everything that init has but did not have before. */
static void end(struct item *const *keep, unsigned count)
{
	struct item       *item;
	struct attachment *a;

	revive_init();
	map_handle(&host_init_pd->map, NULL);
	if (!host_as(&host_init)) {
		snprintf(error, sizeof(error), "init cannot act in the end");
		return;
	}
	for (uint32_t id = 0; id < SESSIONS + CLIENTS; id++) {
		by_status_t status = host_close(id);
		if (status != BY_OK && status != BY_NOT_FOUND)
			wrong("a session cannot be closed", NULL);
	}
	host_core();
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


/** Somewhere deep: a thread of a child waits in a managed map that the child has nested. */
static bool deep_state(void)
{
	for (unsigned i = 1; i < CLIENTS; i++) {
		struct item *item = item_find_type(clients[i]->thread, ITEM_THREAD);
		if (!item)
			continue;
		struct thread *thread = BY_CONTAINER_OF(item, struct thread, item);
		if (by_list_linked(&thread->fault_node) && !thread->faulted
		    && thread->map_address != thread->fault.address)
			return true;
	}

	return false;
}


const char *requests_run(const uint8_t *data, size_t size, struct requests_report *out)
{
	struct item  *keep[32];
	unsigned      kept = list_kept(keep, 32);
	struct census before, after;
	const char   *text = census_take(&before);

	*out      = (struct requests_report) { .requests = 0 };
	report    = out;
	input     = data;
	input_end = data + size;
	error[0]  = 0;
	inside_undeclared = NULL;
	if (text || !begin())
		return text ? text : "no children";

	for (unsigned i = 0; i < 2 * MOST_REQUESTS && input < input_end && !error[0]; i++) {
		uint8_t choice = byte();
		if (choice < 30)
			make_fault(choice % CLIENTS);
		else
			make_request(choice % CLIENTS);
		report->canary |= deep_state();
	}
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
