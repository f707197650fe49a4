/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attached dataspaces.
 */
#include "fake/fake.h"
#include "unit.h"
#include <by/attached.h>
#include <by/cap.h>
#include <string.h>

#include "../lib/env.h"

UNIT_MAIN("attached")

static struct fake_amounts base;
static char const text[] = "some text";


static void begin(void)
{
	fake_init();
	fake.rom[0].name = "text";
	fake.rom[0].data = text;
	fake.rom[0].size = sizeof(text) - 1;
	base = fake_amounts();
}


static bool balanced(void)
{
	return fake_has(&base);
}


/* Each init, with every refusal on the way. */

static by_status_t init_ram(struct by_attached *attached)
{
	return by_attached_ram_init(&by_the_env, attached, 10000, BY_PD_CACHE_CACHED);
}


static by_status_t init_rom(struct by_attached *attached)
{
	return by_attached_rom_init(&by_the_env, attached, "text");
}


static by_status_t init_io_mem(struct by_attached *attached)
{
	return by_attached_io_mem_init(&by_the_env, attached, 0xfee00123, 0x100, false);
}


/* As long as upgrades can help, a refusal may be overcome. */
static bool refusals_leave_nothing(by_status_t (*init)(struct by_attached *attached))
{
	for (unsigned i = 1; ; i++) {
		struct by_attached attached;
		fake.fail_at = i;
		by_status_t const status = init(&attached);
		fake.fail_at = 0;
		by_attached_fini(&by_the_env, &attached);
		if (!balanced() || i > 50)
			return false;
		if (status == BY_OK)
			return true;
	}
}


TEST(ram)
{
	struct by_attached attached;

	begin();
	CHECK_EQ(init_ram(&attached), BY_OK);
	CHECK_EQ(attached.size, 10000);
	memset(attached.base, 7, attached.size);
	by_attached_fini(&by_the_env, &attached);
	CHECK(attached.base == NULL);
	by_attached_fini(&by_the_env, &attached); /* no effect */
	CHECK(balanced());
	CHECK(refusals_leave_nothing(init_ram));
}


TEST(rom)
{
	struct by_attached attached;

	begin();
	CHECK_EQ(init_rom(&attached), BY_OK);
	CHECK_EQ(attached.size, sizeof(text) - 1);
	CHECK(!memcmp(attached.base, text, attached.size));
	by_attached_fini(&by_the_env, &attached);
	CHECK(balanced());
	CHECK(refusals_leave_nothing(init_rom));
	CHECK_EQ(by_attached_rom_init(&by_the_env, &attached, "none"), BY_DENIED);
	by_attached_fini(&by_the_env, &attached);
	CHECK(balanced());
}


static by_status_t update_rom(struct by_attached *attached)
{
	by_status_t status;

	fake.rom[0].data = text;
	fake.rom[0].size = sizeof(text) - 1;
	status = init_rom(attached);
	if (status != BY_OK)
		return status;

	fake.rom[0].data = "a new one";
	fake.rom[0].size = 9;
	status = by_attached_rom_update(&by_the_env, attached);
	if (status != BY_OK)
		by_attached_fini(&by_the_env, attached);

	return status;
}


TEST(rom_that_changes)
{
	struct by_attached attached;

	begin();
	CHECK_EQ(init_rom(&attached), BY_OK);
	void const *const before = attached.base;
	CHECK_EQ(by_attached_rom_update(&by_the_env, &attached), BY_OK);
	CHECK(attached.base == before && attached.size == sizeof(text) - 1);
	by_attached_fini(&by_the_env, &attached);

	CHECK_EQ(update_rom(&attached), BY_OK);
	CHECK_EQ(attached.size, 9);
	CHECK(!memcmp(attached.base, "a new one", 9));

	/* it has no content for a while */
	fake.rom[0].data = NULL;
	CHECK_EQ(by_attached_rom_update(&by_the_env, &attached), BY_NOT_FOUND);
	CHECK(attached.base == NULL);
	CHECK_EQ(by_attached_rom_update(&by_the_env, &attached), BY_NOT_FOUND);
	fake.rom[0].data = text;
	fake.rom[0].size = sizeof(text) - 1;
	CHECK_EQ(by_attached_rom_update(&by_the_env, &attached), BY_OK);
	CHECK(!memcmp(attached.base, text, sizeof(text) - 1));
	by_attached_fini(&by_the_env, &attached);
	CHECK(balanced());
	CHECK(refusals_leave_nothing(update_rom));
}


TEST(io_mem_points_to_the_register)
{
	struct by_attached attached;

	begin();
	CHECK_EQ(init_io_mem(&attached), BY_OK);
	CHECK_EQ((uintptr_t)attached.base % 4096, 0x123);
	memset(attached.base, 0, attached.size);
	by_attached_fini(&by_the_env, &attached);
	CHECK(balanced());
	CHECK(refusals_leave_nothing(init_io_mem));
}


TEST(foreign_dataspaces_stay_whose_they_are)
{
	struct by_attached ram, window;

	begin();
	CHECK_EQ(init_ram(&ram), BY_OK);
	CHECK_EQ(by_attached_ds_init(&by_the_env, &window, ram.ds, BY_ATTACH_WRITE), BY_OK);
	CHECK_EQ(window.size, 3 * 4096);
	by_attached_fini(&by_the_env, &window);
	memset(ram.base, 7, ram.size); /* still there */
	CHECK_EQ(by_attached_ds_init(&by_the_env, &window, by_the_env.pd.session.cap, 0),
	         BY_BAD_CAP);
	by_attached_fini(&by_the_env, &ram);
	CHECK(balanced());
}


/* A ROM that changes under us. */

static char const longer[] = "another text";

static void change(char const *data, size_t size)
{
	fake.rom[0].data = data;
	fake.rom[0].size = size;
}


static bool holds(struct by_attached const *attached, char const *content)
{
	return attached->size == strlen(content) && !memcmp(attached->base, content, attached->size);
}


TEST(new_content_is_taken_over)
{
	struct by_attached attached;

	begin();
	CHECK_EQ(init_rom(&attached), BY_OK);
	unsigned const objects = fake_live_all(), filled = fake_filled();

	CHECK_EQ(by_attached_rom_update(&by_the_env, &attached), BY_OK);
	CHECK(holds(&attached, text));
	change(longer, sizeof(longer) - 1);
	CHECK(holds(&attached, text)); /* nothing changes before we ask */
	CHECK_EQ(by_attached_rom_update(&by_the_env, &attached), BY_OK);
	CHECK(holds(&attached, longer));
	CHECK_EQ(fake_live_all(), objects);
	CHECK_EQ(fake_filled(), filled);
	change(NULL, 0);
	CHECK_EQ(by_attached_rom_update(&by_the_env, &attached), BY_NOT_FOUND);
	CHECK(attached.base == NULL && attached.size == 0);
	CHECK_EQ(by_attached_rom_update(&by_the_env, &attached), BY_NOT_FOUND);
	change(text, sizeof(text) - 1);
	CHECK_EQ(by_attached_rom_update(&by_the_env, &attached), BY_OK);
	CHECK(holds(&attached, text));
	by_attached_fini(&by_the_env, &attached);
	CHECK(balanced());
}


TEST(content_that_costs_more)
{
	struct by_attached attached;

	begin();
	fake.rom[0].price = 100000;
	CHECK_EQ(init_rom(&attached), BY_OK);
	CHECK(holds(&attached, text));
	change(longer, sizeof(longer) - 1);
	fake.rom[0].price = fake.pd[0].ram_quota * 2; /* nobody has so much */
	CHECK_EQ(by_attached_rom_update(&by_the_env, &attached), BY_OUT_OF_RAM);
	CHECK(holds(&attached, text));
	by_attached_fini(&by_the_env, &attached);
	CHECK(balanced());
	CHECK_EQ(init_rom(&attached), BY_OUT_OF_RAM);
	CHECK(balanced());
}


/* A server that says more than there is would make us read where nothing is. */
TEST(content_that_is_smaller_than_told)
{
	static uint64_t const lies[] = { 4096, UINT64_MAX / 2, UINT64_MAX - 4000, UINT64_MAX - 100 };

	for (unsigned i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct by_attached attached;

		begin();
		fake.rom[0].lie = lies[i];
		by_status_t const status = init_rom(&attached);
		CHECK(status == BY_MALFORMED || status == BY_NO_SPACE);
		CHECK(attached.base == NULL);
		CHECK(balanced());

		fake.rom[0].lie = 0;
		CHECK_EQ(init_rom(&attached), BY_OK);
		fake.rom[0].lie = lies[i];
		CHECK(by_attached_rom_update(&by_the_env, &attached) != BY_OK); /* in place */
		CHECK(attached.base == NULL);
		change(longer, sizeof(longer) - 1);
		CHECK(by_attached_rom_update(&by_the_env, &attached) != BY_OK); /* a new one */
		CHECK(attached.base == NULL);
		fake.rom[0].lie = 0;
		CHECK_EQ(by_attached_rom_update(&by_the_env, &attached), BY_OK);
		CHECK(holds(&attached, longer));
		by_attached_fini(&by_the_env, &attached);
		CHECK(balanced());
	}
}


/* Each call refused in turn: what is attached is the old content, the new, or none. */
TEST(refused_updates)
{
	for (unsigned i = 1; i < 50; i++) {
		struct by_attached attached;

		begin();
		CHECK_EQ(init_rom(&attached), BY_OK);
		change(longer, sizeof(longer) - 1);
		fake.fail_at = i;
		by_status_t const status = by_attached_rom_update(&by_the_env, &attached);
		fake.fail_at = 0;
		CHECK(!attached.base || holds(&attached, text) || holds(&attached, longer));
		if (status != BY_OK)
			CHECK_EQ(by_attached_rom_update(&by_the_env, &attached), BY_OK);
		CHECK(holds(&attached, longer));
		by_attached_fini(&by_the_env, &attached);
		CHECK(balanced());
		if (status == BY_OK) {
			CHECK(i > 2);
			return;
		}
	}
	CHECK(false);
}
