/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Managed dataspaces: a region map with pieces of RAM, attached as a whole, in part, and
 * twice.
 */
#include <by/attached.h>
#include <by/cap.h>
#include <by/object/dataspace.h>
#include <by/session/rm.h>
#include <check.h>

enum { PAGE = 4096, SIZE = 64 * PAGE };

static struct by_env       *env;
static struct by_rm         rm;
static struct by_region_map map;
static by_cap_t             managed;
static struct by_attached   first, second; /* RAM */


static by_status_t attach_inside(by_cap_t ds, uint64_t offset, uint64_t size, uint64_t at,
                                 uint32_t flags)
{
	uint64_t place;

	return by_region_map_attach(&map, ds, offset, size, at, flags | BY_ATTACH_AT, &place);
}


static unsigned char volatile *attach_here(uint64_t offset, uint64_t size, uint32_t flags)
{
	uint64_t at = 0;

	if (!CHECK_STATUS(by_region_map_attach(&env->space, managed, offset, size, 0, flags, &at),
	                  BY_OK))
		return NULL;

	return (unsigned char volatile *)(by_word_t)at;
}


static void detach_here(unsigned char volatile *place)
{
	CHECK_STATUS(by_region_map_detach(&env->space, (by_word_t)place), BY_OK);
}


static void test_info(void)
{
	struct by_dataspace handle = { managed };
	uint64_t            size = 0;
	uint32_t            flags = 0;

	check_part("what it is");
	CHECK_STATUS(by_dataspace_info(&handle, &size, &flags), BY_OK);
	CHECK_EQ(size, SIZE);
	CHECK(flags & BY_DS_MANAGED);
	CHECK_STATUS(by_pd_ram_free(&env->pd, managed), BY_DENIED);
}


static void test_inside(void)
{
	check_part("places inside");
	CHECK_STATUS(attach_inside(first.ds, 0, 0, 4 * PAGE, BY_ATTACH_WRITE), BY_OK);
	CHECK_STATUS(attach_inside(first.ds, 0, 0, 5 * PAGE, BY_ATTACH_WRITE), BY_CONFLICT);
	CHECK_STATUS(attach_inside(first.ds, 0, 0, SIZE - PAGE, BY_ATTACH_WRITE), BY_INVALID);
	CHECK_STATUS(attach_inside(first.ds, 0, 0, 1, BY_ATTACH_WRITE), BY_INVALID);
	CHECK_STATUS(attach_inside(first.ds, 17, 0, 0, 0), BY_INVALID);
	CHECK_STATUS(attach_inside(first.ds, 0, 100 * PAGE, 0, 0), BY_INVALID);
	CHECK_STATUS(attach_inside(second.ds, PAGE, PAGE, 20 * PAGE, BY_ATTACH_WRITE), BY_OK);
	CHECK_STATUS(by_region_map_detach(&map, 40 * PAGE), BY_NOT_FOUND);

	/* anywhere, until it is full */
	uint64_t    place;
	unsigned    count = 0;
	by_status_t status;
	while ((status = by_region_map_attach(&map, second.ds, 0, 0, 0, 0, &place)) == BY_OK
	       && count < SIZE / PAGE) {
		CHECK(place % PAGE == 0 && place + 4 * PAGE <= SIZE);
		count++;
	}
	CHECK(status == BY_NO_SPACE && count >= 10);
	for (uint64_t at = 0; at < SIZE; at += PAGE)
		if (at != 4 * PAGE && at != 20 * PAGE)
			(void)!by_region_map_detach(&map, at);
	CHECK_STATUS(by_region_map_detach(&map, 4 * PAGE), BY_NOT_FOUND);
	CHECK_STATUS(attach_inside(first.ds, 0, 0, 4 * PAGE, BY_ATTACH_WRITE), BY_OK);
	(void)!by_region_map_detach(&map, 20 * PAGE);
	CHECK_STATUS(attach_inside(second.ds, PAGE, PAGE, 20 * PAGE, BY_ATTACH_WRITE), BY_OK);
}


/* What is written through one window is seen through all others. */
static void test_windows(void)
{
	unsigned char *const ram = first.base, *const other = second.base;

	check_part("windows");
	unsigned char volatile *whole = attach_here(0, 0, BY_ATTACH_WRITE);
	unsigned char volatile *part  = attach_here(4 * PAGE, 8 * PAGE, 0);
	if (!whole || !part)
		return;

	for (unsigned i = 0; i < 8; i++)
		whole[(4 + i) * PAGE + i] = (unsigned char)(i + 1);
	for (unsigned i = 0; i < 8; i++) {
		CHECK_EQ(ram[i * PAGE + i], i + 1);
		CHECK_EQ(part[i * PAGE + i], i + 1);
	}
	other[PAGE + 5] = 77; /* the second page of it is attached at page 20 */
	CHECK_EQ(whole[20 * PAGE + 5], 77);

	/* another piece in the same place */
	CHECK_STATUS(by_region_map_detach(&map, 4 * PAGE), BY_OK);
	CHECK_STATUS(attach_inside(second.ds, 0, 0, 4 * PAGE, BY_ATTACH_WRITE), BY_OK);
	other[3] = 33;
	CHECK_EQ(whole[4 * PAGE + 3], 33);
	CHECK_EQ(part[3], 33);
	detach_here(part);
	CHECK_EQ(whole[4 * PAGE + 3], 33);
	detach_here(whole);
}


void component_main(struct by_env *the_env)
{
	env = the_env;
	check_need(env, by_rm_open(env, "", &rm), "RM session");
	check_need(env, by_rm_create(&rm, SIZE, &map.cap), "region map");
	check_need(env, by_region_map_dataspace(&map, &managed), "managed dataspace");
	check_need(env, by_attached_ram_init(env, &first, 8 * PAGE, BY_PD_CACHE_CACHED), "RAM");
	check_need(env, by_attached_ram_init(env, &second, 4 * PAGE, BY_PD_CACHE_CACHED), "RAM");
	test_info();
	test_inside();
	test_windows();

	CHECK_STATUS(by_rm_destroy(&rm, map.cap), BY_OK);
	CHECK_STATUS(by_rm_destroy(&rm, map.cap), BY_BAD_CAP);
	CHECK_STATUS(by_rm_destroy(&rm, env->space.cap), BY_DENIED);
	by_cap_drop(map.cap);
	by_cap_drop(managed);
	by_attached_fini(env, &first);
	by_attached_fini(env, &second);
	by_rm_close(env, &rm);
	check_finish(env, "sub_rm");
}
