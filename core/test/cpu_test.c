/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPU sessions, threads and their faults.
 */
#include "census.h"
#include "inside.h"

UNIT_MAIN("core-cpu")

static struct census     before, after;
static struct host_child one, two;

#define BEGIN() do { CHECK_CENSUS(&before); CHECK(host_as(&host_init)); } while (0)
#define END()   do { host_core(); CHECK_CENSUS(&after); CHECK_SAME(&before, &after); } while (0)


static by_status_t open_cpu(uint32_t id, struct by_cpu_args args, struct by_cpu *cpu)
{
	return host_open(id, "CPU", "", 16384, 4, &args, sizeof(args), &cpu->session.cap);
}


static struct thread *thread_of(struct host_client *client)
{
	struct item *item = item_find_type(client->thread, ITEM_THREAD);

	return item ? BY_CONTAINER_OF(item, struct thread, item) : NULL;
}


/** Let another client act. */
static bool turn(struct host_client *client)
{
	host_core();

	return host_as(client);
}


CORE_TEST(shares_have_arguments_in_range)
{
	struct by_cpu cpu;

	BEGIN();
	CHECK_STATUS(open_cpu(1, (struct by_cpu_args){ BY_PRIORITIES - 1, 16, 0 }, &cpu), BY_INVALID);
	CHECK_STATUS(open_cpu(1, (struct by_cpu_args){ UINT32_MAX, 16, 0 }, &cpu), BY_INVALID);
	CHECK_STATUS(open_cpu(1, (struct by_cpu_args){ 0, 0, 0 }, &cpu), BY_INVALID);
	CHECK_STATUS(open_cpu(1, (struct by_cpu_args){ 0, BY_WEIGHT_MAX + 1, 0 }, &cpu), BY_INVALID);
	CHECK_STATUS(open_cpu(1, (struct by_cpu_args){ 0, 16, 1 }, &cpu), BY_INVALID);
	CHECK_STATUS(open_cpu(1, (struct by_cpu_args){ 0, 16, UINT32_MAX }, &cpu), BY_INVALID);
	CHECK_STATUS(open_cpu(1, (struct by_cpu_args){ BY_PRIORITIES - 2, BY_WEIGHT_MAX, 0 }, &cpu),
	             BY_OK);
	struct by_cpu_args info = { .priority = 0 };
	CHECK_STATUS(by_cpu_info(&cpu, &info), BY_OK);
	CHECK_EQ(info.priority, BY_PRIORITIES - 2);
	CHECK_EQ(info.weight, BY_WEIGHT_MAX);
	CHECK_EQ(info.cpu, 0);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


/** A message page comes zeroed, whatever was in the memory before. */
CORE_TEST(a_message_page_is_zero_and_shown_to_its_pd)
{
	by_paddr_t pa;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 256 * KIB, 20), BY_OK);
	struct thread *thread = thread_of(&one.client);
	CHECK(turn(&one.client));
	unsigned char const *page = sim_memory(thread->message.pa);
	CHECK(host_access(BY_STACK_AREA, BY_ACCESS_WRITE, &pa));
	CHECK_EQ(pa, thread->message.pa);
	memset(sim_memory(pa), 'S', PAGE_SIZE);
	CHECK(turn(&host_init));
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(host_child(&two, 1, 256 * KIB, 20), BY_OK);
	page = sim_memory(thread_of(&two.client)->message.pa);
	for (unsigned i = 0; i < PAGE_SIZE; i++)
		CHECK_EQ(page[i], 0);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


CORE_TEST(a_thread_needs_a_place_for_its_message_page)
{
	static uint64_t const bad[] = { 0, 1, BY_USER_FIRST + 1, (uint64_t)BY_USER_LAST + 1,
	                                UINT64_MAX, UINT64_MAX - 4095, (uint64_t)1 << 63 };
	by_cap_t thread;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 256 * KIB, 20), BY_OK);
	by_cap_t pd = one.init_pd.session.cap;
	host_core();
	struct census inner;
	CHECK_CENSUS(&inner);
	CHECK(host_as(&host_init));
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_STATUS(by_cpu_thread_create(&host_cpu, pd, "t", bad[i], false, &thread), BY_INVALID);
	CHECK_STATUS(by_cpu_thread_create(&host_cpu, pd, "t", BY_STACK_AREA, false, &thread),
	             BY_CONFLICT);
	CHECK_STATUS(by_cpu_thread_create(&host_cpu, host_cpu.session.cap, "t", 0x50000000, false,
	                                  &thread), BY_BAD_CAP);
	CHECK_STATUS(by_cpu_thread_create(&host_cpu, BY_NO_CAP, "t", 0x50000000, false, &thread),
	             BY_BAD_CAP);
	host_core();
	CHECK_CENSUS(&after);
	CHECK_SAME(&inner, &after);
	CHECK(host_as(&host_init));
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


CORE_TEST(a_thread_starts_once)
{
	by_cap_t thread;

	BEGIN();
	CHECK_STATUS(by_cpu_thread_create(&host_cpu, host_pd.session.cap, "12345678901234567890123456789012",
	                                  0x50000000, true, &thread), BY_OK);
	CHECK_STATUS(by_cpu_start(&host_cpu, thread, (uint64_t)BY_USER_LAST + 1, 0, 0), BY_INVALID);
	CHECK_STATUS(by_cpu_start(&host_cpu, thread, 0, UINT64_MAX, 0), BY_INVALID);
	CHECK_STATUS(by_cpu_start(&host_cpu, thread, UINT64_MAX << 32 | 1, 0, 0), BY_INVALID);
	CHECK_STATUS(by_cpu_start(&host_cpu, thread, 0, UINT64_MAX << 32 | 1, 0), BY_INVALID);
	CHECK_STATUS(by_cpu_start(&host_cpu, thread, 0, 0, UINT64_MAX), BY_OK);
	CHECK_STATUS(by_cpu_start(&host_cpu, thread, 0, 0, 0), BY_EXISTS);
	CHECK_STATUS(by_cpu_thread_destroy(&host_cpu, thread), BY_OK);
	CHECK_STATUS(by_cpu_thread_destroy(&host_cpu, thread), BY_BAD_CAP);
	CHECK_STATUS(by_cpu_start(&host_cpu, thread, 0, 0, 0), BY_BAD_CAP);
	END();
}


/** Whoever has another CPU session, or another kind of capability, controls nothing. */
CORE_TEST(only_a_threads_own_session_controls_it)
{
	struct by_cpu other;
	unsigned char regs[400];
	size_t        len;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 256 * KIB, 20), BY_OK);
	CHECK_STATUS(open_cpu(2, (struct by_cpu_args){ 1, 16, 0 }, &other), BY_OK);
	by_cap_t const wrong[] = { one.init_thread, host_pd.session.cap, BY_NO_CAP, { 300 } };
	for (unsigned i = 0; i < 4; i++) {
		by_status_t const status = i ? BY_BAD_CAP : BY_DENIED;
		CHECK_STATUS(by_cpu_thread_destroy(&other, wrong[i]), status);
		CHECK_STATUS(by_cpu_start(&other, wrong[i], 0, 0, 0), status);
		CHECK_STATUS(by_cpu_pause(&other, wrong[i]), status);
		CHECK_STATUS(by_cpu_resume(&other, wrong[i]), status);
		CHECK_STATUS(by_cpu_cancel(&other, wrong[i]), status);
		CHECK_STATUS(by_cpu_registers(&other, wrong[i], regs, &len), status);
		CHECK_STATUS(by_cpu_set_registers(&other, wrong[i], regs, sizeof(struct by_regs)), status);
		CHECK_STATUS(by_cpu_fault_resume(&other, wrong[i]), status);
	}
	CHECK_STATUS(host_close(2), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


CORE_TEST(registers_are_accessible_while_paused_only)
{
	struct by_regs regs = { 0 }, back;
	unsigned char  raw[400];
	size_t         len;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 256 * KIB, 20), BY_OK);
	CHECK_STATUS(by_cpu_registers(&host_cpu, one.init_thread, raw, &len), BY_BUSY);
	CHECK_STATUS(by_cpu_set_registers(&host_cpu, one.init_thread, &regs, sizeof(regs)), BY_BUSY);
	CHECK_STATUS(by_cpu_pause(&host_cpu, one.init_thread), BY_OK);
	CHECK_STATUS(by_cpu_pause(&host_cpu, one.init_thread), BY_OK);
	CHECK_STATUS(by_cpu_registers(&host_cpu, one.init_thread, raw, &len), BY_OK);
	CHECK_EQ(len, sizeof(regs));
	regs.ip = 0x1234, regs.word[2] = 77, regs.tls = 0x4000;
	CHECK_STATUS(by_cpu_set_registers(&host_cpu, one.init_thread, &regs, sizeof(regs) - 1),
	             BY_INVALID);
	CHECK_STATUS(by_cpu_set_registers(&host_cpu, one.init_thread, &regs, 0), BY_INVALID);
	CHECK_STATUS(by_cpu_set_registers(&host_cpu, one.init_thread, &regs, sizeof(regs)), BY_OK);
	CHECK_STATUS(by_cpu_registers(&host_cpu, one.init_thread, &raw, &len), BY_OK);
	memcpy(&back, raw, sizeof(back));
	CHECK(!memcmp(&back, &regs, sizeof(regs)));
	regs.tls = (by_word_t)BY_USER_LAST + 1;
	CHECK_STATUS(by_cpu_set_registers(&host_cpu, one.init_thread, &regs, sizeof(regs)), BY_INVALID);
	CHECK(!turn(&one.client));
	CHECK(turn(&host_init));
	CHECK_STATUS(by_cpu_resume(&host_cpu, one.init_thread), BY_OK);
	CHECK_STATUS(by_cpu_resume(&host_cpu, one.init_thread), BY_OK);
	CHECK(turn(&one.client));
	CHECK(turn(&host_init));
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


CORE_TEST(a_parked_thread_can_be_cancelled)
{
	by_cap_t thread;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 256 * KIB, 20), BY_OK);
	CHECK_STATUS(by_cpu_thread_create(&host_cpu, host_pd.session.cap, "t", 0x50000000, false,
	                                  &thread), BY_OK);
	CHECK_STATUS(by_cpu_cancel(&host_cpu, thread), BY_EMPTY);
	CHECK(turn(&one.client)); /* and is parked when it does not act */
	CHECK(turn(&host_init));
	CHECK_STATUS(by_cpu_cancel(&host_cpu, one.init_thread), BY_OK);
	CHECK_STATUS(by_cpu_thread_destroy(&host_cpu, thread), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


/*
 * Faults
 */

static by_cap_t endpoint, signal;


static by_status_t make_signal(void)
{
	by_status_t status = by_pd_endpoint_create(&host_pd, (by_cap_t){ BY_SLOT_THREAD }, &endpoint);

	return status == BY_OK ? by_pd_signal_create(&host_pd, endpoint, 55, false, &signal) : status;
}


static by_status_t free_signal(void)
{
	by_status_t status = by_pd_object_free(&host_pd, signal);

	return status == BY_OK ? by_pd_object_free(&host_pd, endpoint) : status;
}


CORE_TEST(a_fault_is_told_once_and_can_be_resumed)
{
	struct by_cpu_fault fault;
	by_cap_t            thread;
	by_paddr_t          pa;
	char                name[33];

	BEGIN();
	CHECK_STATUS(make_signal(), BY_OK);
	CHECK_STATUS(host_child(&one, 1, 256 * KIB, 20), BY_OK);
	CHECK_STATUS(by_cpu_fault_sigh(&host_cpu, signal), BY_OK);
	CHECK_STATUS(by_cpu_fault(&host_cpu, &thread, name, &fault), BY_EMPTY);
	CHECK_STATUS(by_cpu_fault_resume(&host_cpu, one.init_thread), BY_EMPTY);
	CHECK(turn(&one.client));
	CHECK(!host_access(0x7000123, BY_ACCESS_WRITE, &pa));
	CHECK(turn(&host_init));
	CHECK_EQ(host_signal(), 55);
	CHECK_STATUS(by_cpu_fault(&host_cpu, &thread, name, &fault), BY_OK);
	CHECK_STR(name, "child");
	CHECK_EQ(host_id(&host_init, thread), one.client.thread);
	CHECK_EQ(fault.cause, BY_FAULT_PAGE);
	CHECK_EQ(fault.access, BY_ACCESS_WRITE);
	CHECK_EQ(fault.address, 0x7000123);
	CHECK_STATUS(by_cpu_fault(&host_cpu, &thread, name, &fault), BY_EMPTY);
	CHECK_STATUS(by_cpu_fault_resume(&host_cpu, one.init_thread), BY_OK);
	CHECK_STATUS(by_cpu_fault_resume(&host_cpu, one.init_thread), BY_EMPTY);
	/* another one, resumed before it was taken */
	CHECK(turn(&one.client));
	CHECK(!host_fault(BY_FAULT_DIVIDE, 0, 0));
	CHECK(turn(&host_init));
	CHECK_EQ(host_signal(), 55);
	CHECK_STATUS(by_cpu_fault_resume(&host_cpu, one.init_thread), BY_OK);
	CHECK_STATUS(by_cpu_fault(&host_cpu, &thread, name, &fault), BY_EMPTY);
	CHECK(!strstr(host_log_text(), "stopped"));
	/* a thread that dies while its fault waits to be taken */
	CHECK(turn(&one.client));
	CHECK(!host_fault(BY_FAULT_ILLEGAL, 0, 0));
	CHECK(turn(&host_init));
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(by_cpu_fault(&host_cpu, &thread, name, &fault), BY_EMPTY);
	CHECK_EQ(host_signal(), 55);
	CHECK_STATUS(by_cpu_fault_sigh(&host_cpu, BY_NO_CAP), BY_OK);
	CHECK_STATUS(free_signal(), BY_OK);
	END();
}


CORE_TEST(a_handler_that_comes_later_hears_of_earlier_faults)
{
	BEGIN();
	CHECK_STATUS(make_signal(), BY_OK);
	CHECK_STATUS(host_child(&one, 1, 256 * KIB, 20), BY_OK);
	CHECK(turn(&one.client));
	CHECK(!host_fault(BY_FAULT_ILLEGAL, 0, 0));
	CHECK(turn(&host_init));
	CHECK(strstr(host_log_text(), "core: thread \"child\" stopped: illegal instruction"));
	CHECK_STATUS(by_cpu_fault_sigh(&host_cpu, endpoint), BY_BAD_CAP);
	CHECK_STATUS(by_cpu_fault_sigh(&host_cpu, one.init_thread), BY_BAD_CAP);
	CHECK_STATUS(by_cpu_fault_sigh(&host_cpu, signal), BY_OK);
	CHECK_EQ(host_signal(), 55);
	CHECK_STATUS(free_signal(), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


/** Faults of a session whose handler is dead are told in the log again. */
CORE_TEST(a_fault_without_living_handler_is_logged)
{
	BEGIN();
	CHECK_STATUS(make_signal(), BY_OK);
	CHECK_STATUS(host_child(&one, 1, 256 * KIB, 20), BY_OK);
	CHECK_STATUS(by_cpu_fault_sigh(&host_cpu, signal), BY_OK);
	CHECK_STATUS(free_signal(), BY_OK);
	CHECK(turn(&one.client));
	CHECK(!host_fault(BY_FAULT_ILLEGAL, 0, 0));
	CHECK(turn(&host_init));
	CHECK(strstr(host_log_text(), "illegal instruction"));
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


CORE_TEST(writing_where_only_reading_is_allowed_stops_a_thread)
{
	by_cap_t   rom, ds;
	uint64_t   size, at;
	by_paddr_t pa;

	BEGIN();
	CHECK_STATUS(host_open(1, "ROM", "data", 0, 0, NULL, 0, &rom), BY_OK);
	CHECK_STATUS(by_rom_dataspace(&(struct by_rom){ { .cap = rom } }, &ds, &size), BY_OK);
	CHECK_STATUS(by_region_map_attach(&host_space, ds, 0, 0, 0, 0, &at), BY_OK);
	CHECK(host_access((by_word_t)at, BY_ACCESS_READ, &pa));
	CHECK(!host_access((by_word_t)at, BY_ACCESS_WRITE, &pa));
	host_core();
	CHECK(strstr(host_log_text(), "page fault (write)"));
	CHECK_CENSUS(NULL);
}


/*
 * FPU
 */

static bool fpu_small(void)
{
	return (size_t)BY_FPU_SIZE <= POOL_MAX;
}


CORE_TEST(an_fpu_area_is_paid_by_the_pd_and_given_back)
{
	struct by_pd_balance start, balance;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 256 * KIB, 20), BY_OK);
	CHECK_STATUS(by_pd_account(&one.init_pd, &start), BY_OK);
	CHECK(turn(&one.client));
	CHECK(host_fault(BY_FAULT_FPU, 0, 0));
	CHECK_STATUS(by_pd_account(&one.pd, &balance), BY_OK);
	if (!fpu_small())
		CHECK_EQ(balance.ram_used, start.ram_used + BY_FPU_SIZE);
	host_core();
	CHECK_CENSUS(NULL);
	/* a second time there is something wrong with the thread */
	CHECK(host_as(&one.client));
	CHECK(!host_fault(BY_FAULT_FPU, 0, 0));
	CHECK(turn(&host_init));
	CHECK_STATUS(by_cpu_thread_destroy(&host_cpu, one.init_thread), BY_OK);
	CHECK_STATUS(by_pd_account(&one.init_pd, &balance), BY_OK);
	CHECK(balance.ram_used < start.ram_used);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


/** Take all RAM that a child's account has left. */
static void starve(struct host_child *child)
{
	struct by_pd_balance balance;
	by_cap_t ds;

	while (by_pd_ram_alloc(&child->init_pd, 1, BY_PD_CACHE_CACHED, 12, 0, &ds) == BY_OK) { }
	if (by_pd_account(&child->init_pd, &balance) == BY_OK && balance.ram_quota > balance.ram_used
	    && by_pd_transfer(&child->init_pd, host_pd.session.cap,
	                      balance.ram_quota - balance.ram_used, 0) != BY_OK)
		host_die("cannot take RAM away");
}


CORE_TEST(a_thread_without_ram_for_the_fpu_waits_for_its_parent)
{
	struct by_cpu_fault fault;
	by_cap_t            thread;
	char                name[33];

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 256 * KIB, 200), BY_OK);
	starve(&one);
	CHECK(turn(&one.client));
	/* what is left of the pool's pages may do for a small area */
	bool small = fpu_small();
	CHECK(small || !host_fault(BY_FAULT_FPU, 0, 0));
	CHECK(turn(&host_init));
	if (!small) {
		CHECK_STATUS(by_cpu_fault(&host_cpu, &thread, name, &fault), BY_OK);
		CHECK_EQ(fault.cause, BY_FAULT_FPU);
		CHECK_STATUS(by_parent_upgrade(&host_parent, 1, 64 * KIB, 0), BY_OK);
		CHECK_STATUS(by_cpu_fault_resume(&host_cpu, one.init_thread), BY_OK);
	}
	CHECK(turn(&one.client));
	CHECK(host_fault(BY_FAULT_FPU, 0, 0));
	CHECK(turn(&host_init));
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


/** Many threads with FPU areas: each its own, all given back. */
CORE_TEST(fpu_areas_of_many_threads)
{
	static struct host_client client[20];
	by_cap_t thread[20];

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, MIB, 60), BY_OK);
	for (unsigned i = 0; i < 20; i++) {
		CHECK_STATUS(by_cpu_thread_create(&host_cpu, one.init_pd.session.cap, "f",
		                                  0x50000000 + i * PAGE_SIZE, false, &thread[i]), BY_OK);
		CHECK_STATUS(by_cpu_start(&host_cpu, thread[i], 0, 0, 0), BY_OK);
		host_client(&client[i], host_id(&host_init, thread[i]));
	}
	for (unsigned i = 0; i < 20; i++) {
		CHECK(turn(&client[i]));
		CHECK(host_fault(BY_FAULT_FPU, 0, 0));
		host_core();
		CHECK_CENSUS(NULL);
		CHECK(host_as(&host_init));
	}
	for (unsigned i = 0; i < 20; i += 3)
		CHECK_STATUS(by_cpu_thread_destroy(&host_cpu, thread[i]), BY_OK);
	host_core();
	CHECK_CENSUS(NULL);
	CHECK(host_as(&host_init));
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


/*
 * Who dies first
 */

CORE_TEST(a_pd_that_dies_takes_its_threads_out_of_the_cpu_session)
{
	struct by_cpu cpu;
	by_cap_t      thread;

	BEGIN();
	CHECK_STATUS(open_cpu(2, (struct by_cpu_args){ 5, 16, 0 }, &cpu), BY_OK);
	CHECK_STATUS(host_child(&one, 1, 256 * KIB, 20), BY_OK);
	CHECK_STATUS(by_cpu_thread_create(&cpu, one.init_pd.session.cap, "t", 0x50000000, false,
	                                  &thread), BY_OK);
	CHECK_STATUS(by_cpu_start(&cpu, thread, 0, 0, 0), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(by_cpu_pause(&cpu, thread), BY_BAD_CAP);
	host_core();
	CHECK_CENSUS(NULL);
	CHECK(host_as(&host_init));
	CHECK_STATUS(host_close(2), BY_OK);
	END();
}


CORE_TEST(a_cpu_session_that_dies_takes_its_threads_with_it)
{
	struct by_cpu        cpu;
	struct by_pd_balance start, balance;
	by_cap_t             thread, ep, gate;

	BEGIN();
	CHECK_STATUS(open_cpu(2, (struct by_cpu_args){ 5, 16, 0 }, &cpu), BY_OK);
	CHECK_STATUS(host_child(&one, 1, 256 * KIB, 20), BY_OK);
	CHECK_STATUS(by_pd_account(&one.init_pd, &start), BY_OK);
	CHECK_STATUS(by_cpu_thread_create(&cpu, one.init_pd.session.cap, "t", 0x50000000, false,
	                                  &thread), BY_OK);
	CHECK_STATUS(by_cpu_start(&cpu, thread, 0, 0, 0), BY_OK);
	CHECK_STATUS(by_pd_endpoint_create(&one.init_pd, thread, &ep), BY_OK);
	CHECK_STATUS(by_pd_endpoint_create(&one.init_pd, thread, &gate), BY_EXISTS);
	CHECK_STATUS(by_pd_gate_create(&one.init_pd, ep, 1, &gate), BY_OK);
	CHECK_STATUS(host_close(2), BY_OK);
	host_core();
	CHECK_CENSUS(NULL);
	CHECK(host_as(&host_init));
	/* an endpoint without thread is still the PD's, and refuses */
	CHECK(by_tag_status(host_request(gate, by_tag(1, 0, 0))) == BY_GONE);
	CHECK_STATUS(by_pd_object_free(&one.init_pd, gate), BY_OK);
	CHECK_STATUS(by_pd_object_free(&one.init_pd, ep), BY_OK);
	CHECK_STATUS(by_pd_account(&one.init_pd, &balance), BY_OK);
	CHECK_EQ(balance.ram_used, start.ram_used);
	CHECK_EQ(balance.caps_used, start.caps_used);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


CORE_TEST(a_thread_can_end_itself)
{
	struct by_cpu own;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 256 * KIB, 20), BY_OK);
	own.session.cap = host_give(&one, host_cpu.session.cap);
	CHECK(turn(&one.client));
	CHECK_STATUS(by_cpu_thread_destroy(&own, one.thread), BY_GONE);
	host_core();
	CHECK(!host_as(&one.client));
	CHECK(turn(&host_init));
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


CORE_TEST(a_thread_can_pause_itself)
{
	struct by_cpu own;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 256 * KIB, 20), BY_OK);
	own.session.cap = host_give(&one, host_cpu.session.cap);
	CHECK(turn(&one.client));
	(void)(by_cpu_pause(&own, one.thread) == BY_OK);
	host_core();
	CHECK(!host_as(&one.client));
	CHECK(turn(&host_init));
	CHECK_STATUS(by_cpu_resume(&host_cpu, one.init_thread), BY_OK);
	CHECK(turn(&one.client));
	CHECK(turn(&host_init));
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


/** Init's own CPU session cannot be closed; that of a helper can, while it uses it. */
CORE_TEST(a_session_that_is_closed_by_its_own_thread)
{
	struct by_cpu cpu;
	by_cap_t      thread;
	static struct host_client helper;

	BEGIN();
	CHECK_STATUS(open_cpu(2, (struct by_cpu_args){ 5, 16, 0 }, &cpu), BY_OK);
	CHECK_STATUS(by_cpu_thread_create(&cpu, host_pd.session.cap, "helper", 0x50000000, false,
	                                  &thread), BY_OK);
	CHECK_STATUS(by_cpu_start(&cpu, thread, 0, 0, 0), BY_OK);
	host_client(&helper, host_id(&host_init, thread));
	CHECK(turn(&helper));
	CHECK_STATUS(host_close(2), BY_GONE);
	host_core();
	CHECK(!host_as(&helper));
	CHECK(turn(&host_init));
	CHECK_STATUS(host_close(2), BY_NOT_FOUND);
	END();
}


/*
 * Failures at each point
 */

CORE_TEST(failures_while_creating_a_thread_leave_nothing)
{
	by_cap_t      thread;
	struct census inner;

	BEGIN();
	CHECK_STATUS(host_child(&one, 1, 256 * KIB, 20), BY_OK);
	host_core();
	CHECK_CENSUS(&inner);
	for (int n = 0; ; n++) {
		CHECK(host_as(&host_init));
		inside_fail_at(n);
		by_status_t status = by_cpu_thread_create(&host_cpu, one.init_pd.session.cap, "t",
		                                          0x50000000, false, &thread);
		inside_fail_at(-1);
		if (status == BY_OK)
			CHECK_STATUS(by_cpu_thread_destroy(&host_cpu, thread), BY_OK);
		host_core();
		CHECK(inside_failed() == (status != BY_OK));
		CHECK(!inside_undeclared);
		CHECK_CENSUS(&after);
		CHECK_SAME(&inner, &after);
		if (status == BY_OK)
			break;
		CHECK(n < 100);
	}
	CHECK(host_as(&host_init));
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


/*
 * Several CPUs
 */

CORE_TEST_ON(threads_on_other_cpus_are_controlled_as_well, .cpus = 2)
{
	struct by_cpu cpu;
	by_cap_t      thread;
	struct by_regs regs;
	size_t        len;
	static struct host_client far;
	unsigned char raw[400];

	BEGIN();
	CHECK_STATUS(open_cpu(2, (struct by_cpu_args){ 5, 16, 1 }, &cpu), BY_OK);
	CHECK_STATUS(host_child(&one, 1, 256 * KIB, 20), BY_OK);
	CHECK_STATUS(by_cpu_thread_create(&cpu, one.init_pd.session.cap, "far", 0x50000000, false,
	                                  &thread), BY_OK);
	CHECK_STATUS(by_cpu_start(&cpu, thread, 0x1000, 0, 0), BY_OK);
	host_client(&far, host_id(&host_init, thread));
	memcpy(far.used, one.client.used, sizeof(far.used));
	CHECK(turn(&far));
	struct by_pd_balance balance;
	CHECK_STATUS(by_pd_account(&one.pd, &balance), BY_OK);
	by_cap_t ds;
	CHECK_STATUS(by_pd_ram_alloc(&one.pd, 4096, BY_PD_CACHE_CACHED, 12, 0, &ds), BY_OK);
	uint64_t at;
	by_paddr_t pa;
	CHECK_STATUS(by_region_map_attach(&one.space, ds, 0, 0, 0, BY_ATTACH_WRITE, &at), BY_OK);
	CHECK(host_access((by_word_t)at, BY_ACCESS_WRITE, &pa));
	host_core();
	CHECK_CENSUS(NULL);
	CHECK(host_as(&host_init));
	CHECK_STATUS(by_cpu_pause(&cpu, thread), BY_OK);
	CHECK_STATUS(by_cpu_registers(&cpu, thread, raw, &len), BY_OK);
	CHECK_EQ(len, sizeof(regs));
	CHECK_STATUS(by_cpu_resume(&cpu, thread), BY_OK);
	/* what the far CPU has in its TLB must go, too */
	CHECK(turn(&one.client));
	CHECK_STATUS(by_pd_ram_free(&one.pd, ds), BY_OK);
	host_core();
	CHECK_CENSUS(NULL);
	CHECK(host_as(&far));
	CHECK(!host_access((by_word_t)at, BY_ACCESS_WRITE, &pa));
	CHECK(turn(&host_init));
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(host_close(2), BY_OK);
	END();
}
