/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Only the PD that has allocated RAM can free or seal it, and quota goes only where it
 * may go.
 */
#include <by/attached.h>
#include <by/cap.h>
#include <check.h>

enum { PAGE = 4096 };


static void test_ram(struct by_env *env, struct by_pd *other)
{
	struct by_attached window;
	by_cap_t           ds;
	uint64_t           at;

	check_part("RAM of another");
	check_need(env, by_pd_ram_alloc(other, 2 * PAGE, BY_PD_CACHE_CACHED, 12, 0, &ds), "RAM");
	check_need(env, by_attached_ds_init(env, &window, ds, BY_ATTACH_WRITE), "attach");
	unsigned char volatile *const bytes = window.base;

	bytes[5] = 55;
	CHECK_STATUS(by_pd_ram_free(&env->pd, ds), BY_DENIED);
	CHECK_STATUS(by_pd_ram_seal(&env->pd, ds), BY_DENIED);
	CHECK_EQ(bytes[5], 55); /* still there, still writeable */
	bytes[5] = 56;
	CHECK_EQ(bytes[5], 56);

	CHECK_STATUS(by_pd_ram_free(other, ds), BY_OK);
	CHECK_STATUS(by_pd_ram_free(other, ds), BY_BAD_CAP);
	CHECK_STATUS(by_region_map_detach(&env->space, (by_word_t)bytes), BY_NOT_FOUND);
	CHECK_STATUS(by_region_map_attach(&env->space, ds, 0, 0, 0, 0, &at), BY_BAD_CAP);
	by_cap_drop(ds);
}


static void test_rom(struct by_env *env)
{
	struct by_attached rom;

	check_part("what is no RAM");
	check_need(env, by_attached_rom_init(env, &rom, "platform_info"), "ROM");
	CHECK_STATUS(by_pd_ram_free(&env->pd, rom.ds), BY_DENIED);
	CHECK_STATUS(by_pd_ram_free(&env->pd, env->space.cap), BY_BAD_CAP);
	CHECK_STATUS(by_pd_ram_free(&env->pd, BY_NO_CAP), BY_BAD_CAP);
	by_attached_fini(env, &rom);
}


static void test_quota(struct by_env *env, struct by_pd *other, struct by_pd *third)
{
	struct by_pd_balance before = { 0 }, after = { 0 };
	by_cap_t             ds;

	check_part("quota");
	CHECK_STATUS(by_pd_account(other, &before), BY_OK);
	CHECK_STATUS(by_pd_transfer(other, third->session.cap, PAGE, 1), BY_DENIED);
	CHECK_STATUS(by_pd_transfer(&env->pd, other->session.cap, PAGE, 1), BY_OK);
	CHECK_STATUS(by_pd_account(other, &after), BY_OK);
	CHECK_EQ(after.ram_quota, before.ram_quota + PAGE);
	CHECK_EQ(after.caps_quota, before.caps_quota + 1);
	CHECK_STATUS(by_pd_transfer(other, env->pd.session.cap, PAGE, 1), BY_OK);
	CHECK_STATUS(by_pd_transfer(other, env->pd.session.cap, (uint64_t)1 << 40, 0),
	             BY_OUT_OF_RAM);
	CHECK_STATUS(by_pd_transfer(other, env->pd.session.cap, 0, 1 << 20), BY_OUT_OF_CAPS);
	CHECK_STATUS(by_pd_transfer(other, env->space.cap, 0, 0), BY_BAD_CAP);

	/* nobody gets more than there is */
	CHECK_STATUS(by_pd_ram_alloc(other, after.ram_quota, BY_PD_CACHE_CACHED, 12, 0, &ds),
	             BY_OUT_OF_RAM);
	CHECK_STATUS(by_pd_ram_alloc(other, 0, BY_PD_CACHE_CACHED, 12, 0, &ds), BY_INVALID);
	CHECK_STATUS(by_pd_ram_alloc(other, PAGE, BY_PD_CACHE_CACHED, 3, 0, &ds), BY_INVALID);
}


void component_main(struct by_env *env)
{
	struct by_session_args const args = {
		.service = "PD", .label = "other", .ram = 512 << 10, .caps = 40,
	};
	struct by_pd other, third;

	check_need(env, by_session_obtain(env, &args, &other.session), "PD session");
	check_need(env, by_session_obtain(env, &args, &third.session), "PD session");
	other.session.fixed = third.session.fixed = true;
	check_need(env, by_pd_reference(&other, env->pd.session.cap), "reference");
	check_need(env, by_pd_reference(&third, env->pd.session.cap), "reference");
	test_ram(env, &other);
	test_rom(env);
	test_quota(env, &other, &third);
	by_pd_close(env, &other);
	by_pd_close(env, &third);
	check_finish(env, "ds_ownership");
}
