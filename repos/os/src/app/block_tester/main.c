/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A client of a Block server that does what its configuration says, step by step, and
 * compares. When the server dies it opens a session with the next one, and repeats the step.
 */
#include "tester.h"
#include <by/hid.h>

enum { DEATHS_MAX = 20 };

static struct tester tester;


static void open(void)
{
	check_need(tester.env, block_client_open(tester.env, &tester.client, "", &tester.args, NULL),
	           "session");
}


/* What is answered with BY_GONE is done again, with a new session. */
static void repeat(by_status_t (*step)(struct by_hid_node const *node),
                   struct by_hid_node const *node)
{
	by_status_t status;

	for (unsigned i = 0; (status = step(node)) == BY_GONE && i < DEATHS_MAX; i++) {
		by_log("the server has died");
		block_client_close(&tester.client);
		open();
	}
	CHECK_STATUS(status, BY_OK);
}


static by_status_t run_pass(struct by_hid_node const *node)
{
	struct pass const pass = {
		.op     = by_hid_type_is(node, "write")   ? BLOCK_WRITE
		        : by_hid_type_is(node, "discard") ? BLOCK_DISCARD
		        : by_hid_type_is(node, "zeroes")  ? BLOCK_WRITE_ZEROES : BLOCK_READ,
		.random = by_hid_bool(node, "random", false),
		.zero   = by_hid_bool(node, "zero", false),
		.seed   = (uint32_t)by_hid_u64(node, "seed", 0),
		.blocks = (uint32_t)by_hid_u64(node, "blocks", 0),
	};

	return pass_run(&tester, &pass);
}


static by_status_t run_measure(struct by_hid_node const *node)
{
	struct pass const pass = {
		.op     = by_hid_bool(node, "write", false) ? BLOCK_WRITE : BLOCK_READ,
		.random = by_hid_bool(node, "random", false),
		.blind  = true,
		.blocks = (uint32_t)by_hid_u64(node, "blocks", 1),
	};

	return measure_run(&tester, &pass, (unsigned)by_hid_u64(node, "mark", 0),
	                   by_hid_u64(node, "rounds", 1));
}


static by_status_t run_flush(struct by_hid_node const *node)
{
	struct block_io io = { .op = BLOCK_FLUSH };

	(void)node;

	return block_client_do(&tester.client, &io);
}


/* A block that cannot be read; its neighbours can, unless it is the device that fails. */
static void run_fail(struct by_hid_node const *node)
{
	struct by_hid_span text  = { .base = NULL };
	bool const         gone  = by_hid_attr(node, "status", &text)
	                           && by_hid_span_is(text, "gone");
	by_status_t const  wrong = gone ? BY_GONE : BY_IO_ERROR;
	struct block_io    io    = { .block = by_hid_u64(node, "block", 0), .count = 1 };

	CHECK_STATUS(block_client_do(&tester.client, &io), wrong);
	if (by_hid_bool(node, "alone", false))
		return;

	io.block--;
	CHECK_STATUS(block_client_do(&tester.client, &io), BY_OK);
	io.count = 3;
	CHECK_STATUS(block_client_do(&tester.client, &io), BY_IO_ERROR);
	io.block += 2;
	io.count  = 1;
	CHECK_STATUS(block_client_do(&tester.client, &io), BY_OK);
}


static void run_step(struct by_hid_node const *node)
{
	if (by_hid_type_is(node, "refuse"))
		refuse_run(&tester);
	else if (by_hid_type_is(node, "fail"))
		run_fail(node);
	else if (by_hid_type_is(node, "measure"))
		CHECK_STATUS(run_measure(node), BY_OK);
	else
		repeat(by_hid_type_is(node, "flush") ? run_flush : run_pass, node);
}


static void run_all(struct by_hid_node const *config)
{
	uint64_t const     rounds = by_hid_u64(config, "rounds", 1);
	struct by_hid_node step;

	for (uint64_t i = 0; i < rounds; i++)
		if (by_hid_first(config, &step))
			do
				run_step(&step);
			while (by_hid_next(&step));
}


/* A session that the server's configuration does not allow. */
static void run_denied(void)
{
	CHECK_STATUS(block_client_open(tester.env, &tester.client, "", &tester.args, NULL),
	             BY_DENIED);
	check_finish(tester.env, "denied");
}


static void read_config(struct by_hid_node const *config)
{
	tester.args = (struct by_block_args){
		.first     = by_hid_u64(config, "first", 0),
		.count     = by_hid_u64(config, "count", 0),
		.buffer    = by_hid_u64(config, "buffer", 256 << 10),
		.depth     = (uint32_t)by_hid_u64(config, "depth", 16),
		.writeable = by_hid_bool(config, "writeable", false),
	};
	tester.report = (uint32_t)by_hid_u64(config, "report", 0);
	if (tester.args.depth > DEPTH_MAX)
		check_need(tester.env, BY_LIMIT, "depth");
}


void component_main(struct by_env *env)
{
	struct by_attached rom;
	struct by_hid_node config;

	tester.env = env;
	check_need(env, by_attached_rom_init(env, &rom, "config"), "configuration");
	check_need(env, by_hid_open((struct by_hid_span){ rom.base, rom.size }, &config),
	           "configuration");
	read_config(&config);
	if (by_hid_bool(&config, "denied", false))
		run_denied();
	if (tester.report)
		check_need(env, by_progress_open(env, "", &tester.progress), "progress");

	open();
	by_log("%llu blocks of %u bytes%s", (unsigned long long)tester.client.info.count,
	       tester.client.info.block_size, tester.client.info.writeable ? "" : ", read-only");
	run_all(&config);
	block_client_close(&tester.client);
	by_attached_fini(env, &rom);
	check_finish(env, "block");
}
