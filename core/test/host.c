/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core on the host; see host.h.
 */
#include "host.h"
#include "inside.h"
#include "../src/console.h"
#include <by/core.h>
#include <by/modules.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

enum { STACK_SIZE = 512 * KIB, MODULES_PAGES = 16, LAST_LOG_PAGES = 3, CONTEXTS = 2, SECONDS_MAX = 60 };

void core_main(void);

/** A thread of core. */
struct context {
	ucontext_t uc;
	by_word_t  id;
	void     (*entry)(void);
	void      *fake;          /* the sanitizer's stack */
	char      *stack;
};

static struct context contexts[CONTEXTS], *self; /* NULL: the test itself */
static unsigned       context_count;
static ucontext_t     test_uc;
static void          *test_fake;
static const void    *test_stack;
static size_t         test_stack_size;

static bool                hold = true; /* core is to stop in front of its next wait, */
static bool                held;        /* and does so */
static struct host_client *actor;
static by_word_t           core_thread = BY_CORE_SLOT_THREAD;

struct host_client   host_init;
struct pd           *host_init_pd;
struct by_parent     host_parent = { { BY_SLOT_PARENT } };
struct by_pd         host_pd     = { { .cap = { BY_SLOT_PD } } };
struct by_cpu        host_cpu    = { { .cap = { BY_SLOT_CPU } } };
struct by_log        host_log    = { { .cap = { BY_SLOT_LOG } } };
struct by_region_map host_space  = { { BY_SLOT_SPACE } };

/* parts of the sanitizer, absent in other builds */
void __sanitizer_start_switch_fiber(void **fake, void const *stack, size_t size)
	__attribute__((weak));
void __sanitizer_finish_switch_fiber(void *fake, void const **stack, size_t *size)
	__attribute__((weak));


void host_die(const char *text)
{
	fprintf(stderr, "host: %s\n%s\n", text, sim_console());
	abort();
}


/*
 * Coroutines
 */

/** Save the registers in 'from' and go on with those in 'to'. (swapcontext() would do, but
 * the address sanitizer complains about it.) */
static void swap(ucontext_t *from, ucontext_t *to)
{
	volatile bool resumed = false;

	getcontext(from);
	if (resumed)
		return;

	resumed = true;
	setcontext(to);
}


static void switch_to(struct context *context)
{
	self = context;
	if (__sanitizer_start_switch_fiber)
		__sanitizer_start_switch_fiber(&test_fake, context->stack, STACK_SIZE);
	swap(&test_uc, &context->uc);
	if (__sanitizer_finish_switch_fiber)
		__sanitizer_finish_switch_fiber(test_fake, NULL, NULL);
	self = NULL;
}


static void yield(void)
{
	struct context *context = self;

	if (__sanitizer_start_switch_fiber)
		__sanitizer_start_switch_fiber(&context->fake, test_stack, test_stack_size);
	swap(&context->uc, &test_uc);
	if (__sanitizer_finish_switch_fiber)
		__sanitizer_finish_switch_fiber(context->fake, &test_stack, &test_stack_size);
}


static void begin(void)
{
	if (__sanitizer_finish_switch_fiber)
		__sanitizer_finish_switch_fiber(NULL, &test_stack, &test_stack_size);
	self->entry();
	host_die("a thread of core came to its end");
}


static void add_context(by_word_t id, void (*entry)(void))
{
	struct context *context = &contexts[context_count++];

	if (context_count > CONTEXTS)
		host_die("core has more threads than expected");
	context->id    = id;
	context->entry = entry;
	context->stack = malloc(STACK_SIZE);
	getcontext(&context->uc);
	context->uc.uc_stack = (stack_t){ .ss_sp = context->stack, .ss_size = STACK_SIZE };
	makecontext(&context->uc, begin, 0);
}


/** Let one of core's threads go on, if one can. */
static bool dispatch(void)
{
	for (unsigned i = 0; i < context_count; i++) {
		struct context *context = &contexts[i];
		if (sim_runs(context->id) && !(held && context->id == core_thread)) {
			switch_to(context);
			return true;
		}
	}

	return false;
}


static void run(void)
{
	while (dispatch()) { }
}


/*
 * Calls
 */

/** A second thread of core starts: its code is here, and its addresses mean nothing there. */
static void watch_start(struct by_call *call)
{
	struct sim_thread thread;

	if (call->op != BY_CALL_THREAD_START || !sim_thread(call->cap, &thread)
	    || thread.pd != BY_CORE_SLOT_PD)
		return;

	struct sim_object object;
	sim_object(call->cap, &object);
	union { by_word_t word; void (*entry)(void); } code = { .word = call->word[0] };
	add_context(object.id, code.entry);
	call->word[0] = call->word[1] = 0x1000;
}


static void core_call(struct by_call *call)
{
	by_word_t const id   = self ? self->id : core_thread;
	by_word_t const wait = BY_CALL_IPC_WAIT | BY_WAIT_REQUESTS;

	if (id == core_thread && call->op == wait && hold) {
		held = true;
		yield();
		held = false;
	}
	watch_start(call);
	sim_call(id, call);
	while (!sim_runs(id)) {
		if (self)
			yield();
		else if (!dispatch())
			host_die("core does not run");
	}
	sim_result(id, call);
}


static void client_call(struct by_call *call)
{
	by_word_t const id = actor->thread;

	sim_call(id, call);
	run();
	if (sim_runs(id))
		sim_result(id, call);
	else
		call->tag = by_tag_event(BY_EVENT_NONE, BY_GONE);
}


void host_call(struct by_call *call)
{
	if (!self && actor)
		client_call(call);
	else
		core_call(call);
}


struct by_control *host_control(void)
{
	if (!actor)
		host_die("a stub was called, but no client acts");

	return &actor->control;
}


/*
 * Who acts
 */

static void park_users(void)
{
	by_word_t const never = (by_word_t)BY_NEVER; /* both words of it on 32 bit */
	by_word_t       id;

	while ((id = sim_runs_user())) {
		sim_call(id, &(struct by_call){ .op = BY_CALL_PARK, .word = { never, never } });
		run();
	}
}


/** Core's slot of an item, by its number. */
static by_word_t slot_of(by_word_t id)
{
	struct item *item = item_find(id);

	return item ? item_slot(item) : 0;
}


bool host_as(struct host_client *client)
{
	struct sim_thread thread;

	if (actor)
		host_die("somebody acts already");
	hold = false;
	switch_to(&contexts[0]);
	run();
	park_users();

	actor = client;
	by_word_t slot = slot_of(client->thread);
	if (!slot || !sim_thread(slot, &thread))
		return false;
	if (thread.parked)
		sim_unpark(slot);
	run();

	return sim_runs(client->thread);
}


void host_core(void)
{
	actor = NULL;
	park_users();
	hold = true;
	sim_cancel_core();
	run();
	if (!held)
		host_die("core does not come back");
}


static struct item *item_in_slot(by_word_t slot)
{
	struct sim_object object;

	return sim_object(slot, &object) ? item_find(object.id) : NULL;
}


void host_client(struct host_client *client, by_word_t id)
{
	struct sim_thread thread;

	if (!sim_thread(slot_of(id), &thread))
		host_die("no such thread");

	*client = (struct host_client) { .thread = id, .pd = slot_of(thread.pd) };
	client->control.message = sim_memory(thread.message);
	for (unsigned i = 0; i < BY_SLOT_FREE; i++)
		client->used[i] = true;
}


/*
 * What stubs need of the runtime, per client
 */

static by_word_t slot_alloc(void)
{
	by_word_t const slots = sim_slots(actor->pd);

	for (by_word_t i = BY_SLOT_FREE; i < slots && i < HOST_CLIENT_SLOTS; i++) {
		if (actor->used[i])
			continue;
		actor->used[i] = true;
		return i;
	}

	return 0;
}


by_status_t by_rpc_name_slots(struct by_message *msg, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (!msg->recv_slot[i] && !(msg->recv_slot[i] = slot_alloc()))
			return BY_OUT_OF_CAPS;

	return BY_OK;
}


static by_cap_t received(struct by_message *msg, unsigned i)
{
	if (msg->cap_kind[i] != BY_CAP_FOREIGN)
		return BY_NO_CAP;

	msg->recv_slot[i] = 0;

	return (by_cap_t){ (uint32_t)msg->cap_value[i] };
}


void by_rpc_drop_results(struct by_message *msg, by_tag_t tag)
{
	for (unsigned i = 0; i < by_tag_caps(tag); i++)
		host_drop(actor, received(msg, i));
}


by_status_t by_rpc_take_results(struct by_message *msg, by_tag_t tag, by_cap_t *caps,
                                unsigned count)
{
	if (by_tag_caps(tag) != count)
		host_die("core's reply has another number of capabilities");
	for (unsigned i = 0; i < count; i++) {
		if (msg->cap_kind[i] == BY_CAP_LOST)
			host_die("a client named no empty slot");
		caps[i] = received(msg, i);
	}

	return BY_OK;
}


bool by_rpc_upgrade(by_cap_t gate, by_status_t refusal)
{
	(void)gate, (void)refusal;

	return false;
}


void host_drop(struct host_client *client, by_cap_t cap)
{
	if (!cap.slot)
		return;

	sim_cap_drop(client->pd, cap.slot);
	client->used[cap.slot] = false;
}


by_tag_t host_request(by_cap_t gate, by_tag_t tag)
{
	return by_ipc_call(gate, tag);
}


by_word_t host_id(struct host_client *client, by_cap_t cap)
{
	return sim_cap(client->pd, cap.slot);
}


by_cap_t host_init_cap(struct item const *item)
{
	for (uint32_t i = 1; i < HOST_CLIENT_SLOTS; i++)
		if (sim_cap(host_init.pd, i) == item->id)
			return (by_cap_t){ i };
	host_die("init does not have it");
}


struct item *host_item(struct host_client *client, by_cap_t cap)
{
	return item_find(host_id(client, cap));
}


/*
 * Faults and signals
 */

bool host_fault(enum by_fault_cause cause, by_word_t address, unsigned access)
{
	sim_fault(actor->thread, cause, address, access);
	run();

	return sim_runs(actor->thread);
}


bool host_access(by_word_t address, unsigned access, by_paddr_t *pa)
{
	for (unsigned i = 0; i < 64; i++) {
		if (sim_access(actor->thread, address, access, pa))
			return true;
		if (!host_fault(BY_FAULT_PAGE, address, access))
			return false;
	}
	host_die("a fault is resolved again and again");
}


void host_settle(void)
{
	run();
}


by_word_t host_signal(void)
{
	struct by_call call = { .op = BY_CALL_IPC_WAIT | BY_WAIT_SIGNALS | BY_WAIT_IO
	                              | BY_WAIT_POLL };

	host_call(&call);

	return by_tag_event_of((by_tag_t)call.tag) == BY_EVENT_SIGNAL ? call.cap : 0;
}


/*
 * Sessions and children
 */

by_status_t host_open(uint32_t id, const char *service, const char *label, uint64_t ram,
                      uint64_t caps, const void *args, size_t args_len, by_cap_t *cap)
{
	return by_parent_session(&host_parent, id, service, label, ram, caps, args, args_len, cap);
}


by_status_t host_close(uint32_t id)
{
	return by_parent_close(&host_parent, id);
}


by_cap_t host_give(struct host_child *child, by_cap_t cap)
{
	struct host_client *client = &child->client;

	for (uint32_t i = BY_SLOT_FREE; i < BY_LEAF_SLOTS; i++) {
		if (client->used[i])
			continue;
		client->used[i] = true;
		if (by_pd_assign(&child->init_pd, i, cap) != BY_OK)
			host_die("a capability cannot be given");
		return (by_cap_t){ i };
	}
	host_die("the child's table is full");
}


by_status_t host_child(struct host_child *child, uint32_t id, uint64_t ram, uint64_t caps)
{
	by_cap_t    cap, space;
	by_status_t status = host_open(id, "PD", "child", ram, caps, NULL, 0, &cap);

	if (status != BY_OK)
		return status;

	*child = (struct host_child) { .id = id };
	child->init_pd.session.cap = cap;
	status = by_cpu_thread_create(&host_cpu, cap, "child", BY_STACK_AREA, false,
	                              &child->init_thread);
	if (status == BY_OK)
		status = by_cpu_start(&host_cpu, child->init_thread, 0x1000, 0x2000, 0);
	if (status == BY_OK)
		status = by_pd_space(&child->init_pd, &space);
	if (status != BY_OK)
		return status;

	host_client(&child->client, host_id(&host_init, child->init_thread));
	child->pd.session.cap = host_give(child, cap);
	child->space.cap      = host_give(child, space);
	child->thread         = host_give(child, child->init_thread);

	return BY_OK;
}


/*
 * Boot
 */

static struct by_boot_info info;
static unsigned            module_count;
static uint64_t            module_next;


/** The modules' content is visible at 'archive', before core has it. */
static void add_module(unsigned char *archive, const char *name, const void *content, size_t size)
{
	struct by_modules_header *header = (void *)archive;
	struct by_modules_entry  *entry  = (void *)(header + 1);

	entry += module_count++;
	*entry = (struct by_modules_entry) { .offset = module_next, .size = size };
	snprintf(entry->name, sizeof(entry->name), "%s", name);
	memcpy(archive + module_next, content, size);
	module_next += (size + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
	header->count = module_count;
}


/** A program with a segment of code and one of data. */
static size_t make_elf(unsigned char *elf)
{
	struct header {
		uint8_t  ident[16];
		uint16_t type, machine;
		uint32_t version;
		uint64_t entry, phoff, shoff;
		uint32_t flags;
		uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
	} header = {
		.ident = { 0x7f, 'E', 'L', 'F', 2, 1, 1 }, .type = 2, .machine = BY_ELF_NATIVE,
		.version = 1, .entry = BY_PROGRAM_BASE, .phoff = 64, .ehsize = 64, .phentsize = 56,
		.phnum = 2,
	};
	struct segment {
		uint32_t type, flags;
		uint64_t offset, va, pa, file, memory, align;
	} segment[2] = {
		{ 1, 5, PAGE_SIZE, BY_PROGRAM_BASE, 0, 100, 100, PAGE_SIZE },
		{ 1, 6, 2 * PAGE_SIZE, BY_PROGRAM_BASE + 4 * PAGE_SIZE, 0, 200, 2 * PAGE_SIZE, PAGE_SIZE },
	};

	memcpy(elf, &header, sizeof(header));
	memcpy(elf + 64, segment, sizeof(segment));
	memset(elf + PAGE_SIZE, 0xc3, 100);
	memset(elf + 2 * PAGE_SIZE, 0xda, 200);

	return 2 * PAGE_SIZE + 200;
}


static void make_modules(unsigned char *archive)
{
	static unsigned char elf[3 * PAGE_SIZE];
	static char          data[5000];

	memset(archive, 0, MODULES_PAGES * PAGE_SIZE);
	memcpy(archive, BY_MODULES_MAGIC, 8);
	module_next = PAGE_SIZE;
	memset(data, 'd', sizeof(data));
	add_module(archive, "config", "config\n-\n", 9);
	add_module(archive, "data", data, sizeof(data));
	add_module(archive, "init", elf, make_elf(elf));
}


static void make_info(struct host_machine const *machine)
{
	uint64_t const base = SIM_RAM + machine->skip;
	uint64_t const ram  = machine->ram ? machine->ram : 8 * MIB;
	uint64_t const log  = (1 + MODULES_PAGES) * PAGE_SIZE; /* behind core's image and modules */
	uint64_t const used = log + sizeof(struct by_log_ring)
	                      + (machine->last_log ? LAST_LOG_PAGES * PAGE_SIZE : 0);

	if (machine->skip + ram > SIM_RAM_SIZE)
		host_die("more RAM than there is");
	info = (struct by_boot_info) {
		.magic = BY_BOOT_MAGIC, .size = sizeof(info), .board = "host", .command_line = "none",
		.ram_count = 1, .free_count = 1,
		.ram[0]  = { base, ram }, .free[0] = { base + used, ram - used },
		.zone    = { base, machine->zone ? machine->zone : ram },
		.modules = { base + PAGE_SIZE, MODULES_PAGES * PAGE_SIZE },
		.log     = { base + log, sizeof(struct by_log_ring) },
		.core[0] = { BY_CORE_IMAGE, base, PAGE_SIZE, BY_MAP_EXEC, 0 },
		.clock_frequency = 1000000000, .cpu_count = machine->cpus ? machine->cpus : 1,
		.console = machine->console, .framebuffer = machine->framebuffer,
	};
	if (!machine->console.size)
		info.console = (struct by_boot_console) { HOST_CONSOLE_PORT, 8, 1, 0 };
	if (machine->hole_size) {
		uint64_t end = machine->hole + machine->hole_size;
		info.ram[0].size  = machine->hole;
		info.free[0].size = machine->hole - used;
		info.ram[1]  = info.free[1] = (struct by_boot_region) { base + end, ram - end };
		info.ram_count = info.free_count = 2;
	}
	/* what a client must never see */
	memset(sim_memory(base), HOST_SECRET, ram);
	make_modules(sim_memory(info.modules.base));
	if (machine->last_log) {
		info.previous_log.base = base + used - LAST_LOG_PAGES * PAGE_SIZE;
		info.previous_log.size = strlen(machine->last_log);
		memcpy(sim_memory(info.previous_log.base), machine->last_log,
		       info.previous_log.size);
	}
}


static void find_init(void)
{
	for (by_word_t slot = 1; slot < BY_LEAVES * BY_LEAF_SLOTS; slot++) {
		struct item *item = item_in_slot(slot);
		if (!item || item->type != ITEM_THREAD)
			continue;
		struct thread *thread = BY_CONTAINER_OF(item, struct thread, item);
		if (strcmp(thread->name, "init"))
			continue;
		host_client(&host_init, item->id);
		host_init_pd = BY_CONTAINER_OF(thread->map, struct pd, map);
	}
	if (!host_init_pd)
		host_die("no init");
}


/** What was covered is written at the end of a process, but for those that end early. */
void __llvm_profile_write_file(void) __attribute__((weak));

static void write_profile(void)
{
	if (__llvm_profile_write_file)
		__llvm_profile_write_file();
}


void host_leave(void)
{
	fflush(NULL);
	write_profile();
	_exit(0);
}


/** Core stops itself by a trap; what it said before is on the console. */
static void show_last_words(int number)
{
	const char *text = sim_console();
	ssize_t     done = write(STDERR_FILENO, text, strlen(text));

	(void)done;
	write_profile();
	signal(number, SIG_DFL);
	raise(number);
}


bool host_try_boot(struct host_machine const *machine)
{
	signal(SIGILL, show_last_words);
	signal(SIGTRAP, show_last_words);
	sim_reset(machine->cpus ? machine->cpus : 1);
	make_info(machine);
	sim_start(&info);
	add_context(core_thread, core_main);
	run();
	if (!held)
		return false;

	find_init();
	/* so that they make no difference between one census and the next */
	for (uint32_t i = 0; i < info.ram_count; i++)
		inside_warm_window(info.ram[i].base, info.ram[i].size);

	return true;
}


void host_boot(struct host_machine const *machine)
{
	if (!host_try_boot(machine))
		host_die("core does not wait for requests");
}


const char *host_log_text(void)
{
	static char text[CONSOLE_RING + 1];

	uint64_t from, end;

	console_range(&from, &end);
	text[console_copy(text, CONSOLE_RING, from, end)] = 0;

	return text;
}


/*
 * Tests
 */

static uint32_t random_state = 1;


void host_seed(uint32_t seed)
{
	random_state = seed * 2 + 1;
}


uint32_t host_random(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;

	return random_state % below;
}


/** Let the first failure that a child process printed be one of this process's test. */
static void relay(const char *text, int status)
{
	char        reason[300], file[120] = "core/test";
	int         line = 0;
	const char *fail = strstr(text, "FAIL ");

	if (fail && sscanf(fail, "FAIL %*s %119[^:]:%d: %299[^\n]", file, &line, reason) == 3)
		unit_fail(file, line, reason);
	else if (status)
		unit_fail(file, line, WIFSIGNALED(status) ? "killed by a signal" : "ended with an error");
}


/** End a test that hangs. Processor time, because the machine may be busy with other things. */
static void limit_time(void)
{
	struct rlimit const limit = { SECONDS_MAX, SECONDS_MAX };

	setrlimit(RLIMIT_CPU, &limit);
}


void host_test(void (*test)(void), struct host_machine const *machine)
{
	char    text[4096];
	size_t  used = 0;
	ssize_t got;
	int     end[2], status;

	fflush(NULL);
	if (pipe(end))
		host_die("no pipe");
	pid_t child = fork();
	if (child == 0) {
		dup2(end[1], STDOUT_FILENO);
		limit_time();
		host_boot(machine);
		test();
		host_leave();
	}
	close(end[1]);
	while (used < sizeof(text) - 1 && (got = read(end[0], text + used, sizeof(text) - 1 - used)) > 0)
		used += (size_t)got;
	text[used] = 0;
	close(end[0]);
	if (child < 0 || waitpid(child, &status, 0) != child)
		host_die("no process");
	relay(text, status);
}
