/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RAM that was sealed is read-only for good, also where it is attached already; ROMs are
 * from the start. A thread that writes nevertheless is stopped.
 */
#include <by/abi.h>
#include <by/attached.h>
#include <by/cap.h>
#include <by/container.h>
#include <by/endpoint.h>
#include <by/object/dataspace.h>
#include <by/thread.h>
#include <check.h>

enum { PAGE = 4096, AT = 10 };

static struct by_env           *env;
static struct by_cpu            cpu;
static struct by_thread         writer;
static struct by_attached       ram, rom;
static struct by_signal_handler faults;
static unsigned char volatile  *more;  /* another place where the RAM is attached */
static unsigned char volatile  *bytes; /* that the thread writes to: RAM, then ROM */
static unsigned char            before;


static void write(struct by_thread *thread)
{
	(void)thread;
	bytes[AT] = (unsigned char)~before;
	FAIL("a write to read-only memory went through");
	check_finish(env, "sealed");
}


static void start_writer(unsigned char volatile *place)
{
	struct by_thread_args const args = { .name = "writer", .entry = write, .cpu = &cpu };

	bytes  = place;
	before = bytes[AT];
	check_need(env, by_thread_create(env, &writer, &args), "thread");
	CHECK_STATUS(by_thread_run(&writer), BY_OK);
}


static void finish(void)
{
	by_attached_fini(env, &ram);
	by_attached_fini(env, &rom);
	by_signal_handler_fini(&faults);
	by_cpu_close(env, &cpu);
	check_finish(env, "sealed");
}


static void handle_fault(struct by_signal_handler *handler, unsigned count)
{
	struct by_cpu_fault fault = { .cause = 0 };
	char                name[BY_CPU_FAULT_NAME_MAX + 1];
	by_cap_t            thread;

	(void)handler, (void)count;
	if (by_cpu_fault(&cpu, &thread, name, &fault) != BY_OK)
		return;

	by_cap_drop(thread);
	by_log("thread \"%s\" was stopped at a write to %s", name,
	       bytes == rom.base ? "ROM" : "RAM");
	CHECK_EQ(fault.cause, BY_FAULT_PAGE);
	CHECK_EQ(fault.access, BY_ACCESS_WRITE);
	CHECK_EQ(fault.address, (by_word_t)&bytes[AT]);
	CHECK_EQ(bytes[AT], before);
	by_thread_destroy(&writer);
	if (bytes == ram.base)
		start_writer(more);
	else if (bytes == more)
		start_writer(rom.base);
	else
		finish();
}


/* It can be attached to be read, and not otherwise. */
static void test_read_only(struct by_attached *attached, uint32_t needed_flags)
{
	struct by_dataspace handle = { attached->ds };
	unsigned char const content = ((unsigned char *)attached->base)[AT];
	uint64_t            at = 0, size;
	uint32_t            flags = 0;

	CHECK_STATUS(by_dataspace_info(&handle, &size, &flags), BY_OK);
	CHECK_EQ(flags & (needed_flags | BY_DS_WRITE), needed_flags);
	CHECK_STATUS(by_region_map_attach(&env->space, attached->ds, 0, 0, 0, BY_ATTACH_WRITE, &at),
	             BY_DENIED);
	CHECK_STATUS(by_region_map_attach(&env->space, attached->ds, 0, 0, 0, 0, &at), BY_OK);
	CHECK_EQ(*(unsigned char volatile *)(by_word_t)(at + AT), content);
	CHECK_STATUS(by_region_map_detach(&env->space, at), BY_OK);
}


/* Attached several times, to be read only and to be written. */
static void attach_more(void)
{
	uint64_t at = 0;

	for (unsigned i = 0; i < 3; i++) {
		CHECK_STATUS(by_region_map_attach(&env->space, ram.ds, 0, 0, 0,
		                                  i == 1 ? BY_ATTACH_WRITE : 0, &at), BY_OK);
		if (i == 1)
			more = (unsigned char volatile *)(by_word_t)at;
	}
	CHECK_STATUS(by_region_map_detach(&env->space, (by_word_t)ram.base), BY_OK);
	ram.base = (unsigned char *)(by_word_t)at;
}


static void test_ram(void)
{
	attach_more();
	more[AT] = 1;
	bytes = ram.base;
	CHECK_STATUS(by_pd_ram_seal(&env->pd, ram.ds), BY_OK);
	CHECK_STATUS(by_pd_ram_seal(&env->pd, ram.ds), BY_OK); /* again: no effect */
	CHECK_EQ(bytes[AT], 1);
	test_read_only(&ram, BY_DS_SEALED);
}


/* Ours is a module that all components share. */
static void test_rom(void)
{
	test_read_only(&rom, 0);
	CHECK_STATUS(by_pd_ram_seal(&env->pd, rom.ds), BY_DENIED);
	CHECK_STATUS(by_pd_ram_free(&env->pd, rom.ds), BY_DENIED);
}


void component_main(struct by_env *the_env)
{
	struct by_cpu_args const cpu_args = { .priority = 8, .weight = BY_WEIGHT_DEFAULT };

	env = the_env;
	check_need(env, by_attached_ram_init(env, &ram, PAGE, BY_PD_CACHE_CACHED), "RAM");
	check_need(env, by_attached_rom_init(env, &rom, "sealed"), "ROM");
	check_need(env, by_cpu_open(env, "", &cpu_args, &cpu), "CPU session");
	check_need(env, by_signal_handler_init(&faults, env->endpoint, BY_SIGNAL_APPLICATION,
	                                       handle_fault), "signal");
	CHECK_STATUS(by_cpu_fault_sigh(&cpu, faults.target.cap), BY_OK);
	test_ram();
	test_rom();
	start_writer(ram.base);
}
