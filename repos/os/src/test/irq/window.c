/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Devices whose registers are in memory.
 */
#include "window.h"
#include "device.h"
#include <by/attached.h>
#include <by/object/dataspace.h>
#include <check.h>

enum { PAGE = 4096 };

static struct by_attached window;


uint32_t window_read(unsigned offset)
{
	return ((uint32_t volatile *)window.base)[offset / 4];
}


void window_write(unsigned offset, uint32_t value)
{
	((uint32_t volatile *)window.base)[offset / 4] = value;
}


by_status_t device_open(struct by_env *env)
{
	by_status_t const status = by_attached_io_mem_init(env, &window, window_base, PAGE, false);

	if (status == BY_OK)
		device_quiet();

	return status;
}


by_status_t device_open_again(struct by_env *env)
{
	struct by_attached other;

	return by_attached_io_mem_init(env, &other, window_base + 16, 4, false);
}


void device_close(struct by_env *env)
{
	by_attached_fini(env, &window);
}


/* A page of RAM, by its physical address: on these machines all of it is in one range. */
void device_test(struct by_env *env)
{
	struct by_dataspace ds = { .cap = window.ds };
	struct by_attached  other;
	uint64_t            size = 0, place;
	uint32_t            flags = 0;

	check_part("registers in memory");
	CHECK_STATUS(by_dataspace_info(&ds, &size, &flags), BY_OK);
	CHECK_EQ(size, PAGE);
	CHECK_EQ(flags & (BY_DS_DEVICE | BY_DS_WRITE), BY_DS_DEVICE | BY_DS_WRITE);
	CHECK_STATUS(by_region_map_attach(&env->space, window.ds, 0, 0, 0, BY_ATTACH_EXEC, &place),
	             BY_DENIED);
	CHECK_STATUS(by_attached_io_mem_init(env, &other, 0, 0, false), BY_INVALID);
	CHECK_STATUS(by_attached_io_mem_init(env, &other, UINT64_MAX - PAGE + 1, PAGE, false),
	             BY_INVALID);
}
