/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sealed RAM: read-only for good, also where it was attached writeable before. A thread
 * that writes nevertheless is stopped; we are told, because it runs in a CPU session
 * of ours.
 */
#include <by/abi.h>
#include <by/attached.h>
#include <by/cap.h>
#include <by/container.h>
#include <by/endpoint.h>
#include <by/object/dataspace.h>
#include <by/thread.h>
#include <check.h>

enum { PAGE = 4096 };

static struct by_env           *env;
static struct by_cpu            cpu;
static struct by_thread         writer;
static struct by_attached       ram;
static struct by_signal_handler faults;
static unsigned char volatile  *bytes;
static by_atomic_u32            survived;


static void write(struct by_thread *thread)
{
	(void)thread;
	bytes[10] = 2;
	by_atomic_store_release(&survived, 1); /* handle_fault() */
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
	by_log("thread \"%s\" was stopped at a write", name);
	CHECK_EQ(fault.cause, BY_FAULT_PAGE);
	CHECK_EQ(fault.access, BY_ACCESS_WRITE);
	CHECK_EQ(fault.address, (by_word_t)&bytes[10]);
	CHECK_EQ(bytes[10], 1);
	CHECK(!by_atomic_load_acquire(&survived)); /* write() */
	by_thread_destroy(&writer);
	by_attached_fini(env, &ram);
	by_signal_handler_fini(&faults);
	by_cpu_close(env, &cpu);
	check_finish(env, "sealed");
}


static void test_seal(void)
{
	struct by_dataspace handle = { ram.ds };
	uint64_t            at = 0, size;
	uint32_t            flags = 0;

	bytes = ram.base;
	bytes[10] = 1;
	CHECK_STATUS(by_pd_ram_seal(&env->pd, ram.ds), BY_OK);
	CHECK_STATUS(by_pd_ram_seal(&env->pd, ram.ds), BY_OK); /* again: no effect */
	CHECK_EQ(bytes[10], 1);
	CHECK_STATUS(by_dataspace_info(&handle, &size, &flags), BY_OK);
	CHECK(flags & BY_DS_SEALED && !(flags & BY_DS_WRITE));
	CHECK_STATUS(by_region_map_attach(&env->space, ram.ds, 0, 0, 0, BY_ATTACH_WRITE, &at),
	             BY_DENIED);
	CHECK_STATUS(by_region_map_attach(&env->space, ram.ds, 0, 0, 0, 0, &at), BY_OK);
	CHECK_EQ(*(unsigned char volatile *)(by_word_t)(at + 10), 1);
	CHECK_STATUS(by_region_map_detach(&env->space, at), BY_OK);
}


void component_main(struct by_env *the_env)
{
	struct by_cpu_args const    cpu_args = { .priority = 8, .weight = BY_WEIGHT_DEFAULT };
	struct by_thread_args const args     = { .name = "writer", .entry = write, .cpu = &cpu };

	env = the_env;
	check_need(env, by_attached_ram_init(env, &ram, PAGE, BY_PD_CACHE_CACHED), "RAM");
	check_need(env, by_cpu_open(env, "", &cpu_args, &cpu), "CPU session");
	check_need(env, by_signal_handler_init(&faults, env->endpoint, BY_SIGNAL_APPLICATION,
	                                       handle_fault), "signal");
	CHECK_STATUS(by_cpu_fault_sigh(&cpu, faults.target.cap), BY_OK);
	test_seal();
	check_need(env, by_thread_create(env, &writer, &args), "thread");
	CHECK_STATUS(by_thread_run(&writer), BY_OK);
}
