/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Batch: runs children one after another, each between a line that says that it begins
 * and one that says how it ended, and looks afterwards whether all that it took came
 * back. The lines go to a LOG session labelled "batch", whose label core puts in front.
 */
#include <by/attached.h>
#include <by/component_heap.h>
#include <by/env.h>
#include <by/format.h>
#include <by/log.h>
#include <by/string.h>
#include <nursery.h>

enum { FAULT = -1, NOT_STARTED = -2, LEAK = -3 };

static struct {
	struct by_env           *env;
	struct by_log            log;
	struct by_attached       config;
	struct by_hid_node       node;    /* of the child that runs, or is next */
	bool                     more;
	struct nursery_child     child;
	char                     name[BY_CHILD_NAME + 1];
	int                      code;
	struct by_attached       census;  /* what core says that there is in all */
	struct by_pd_balance     before;
	char                     there[256]; /* the census before the child */
	struct by_signal_handler next;
} batch;


__attribute__((format(printf, 1, 2)))
static void say(char const *fmt, ...)
{
	char    text[BY_LOG_WRITE_TEXT_MAX];
	va_list args;

	va_start(args, fmt);
	size_t len = by_vformat(text, sizeof(text), fmt, args);
	va_end(args);
	if (len >= sizeof(text))
		len = sizeof(text) - 1;
	if (by_log_write(&batch.log, text, len) != BY_OK)
		by_error("the LOG session does not work");
}


/* What is missing of what could be used before, in bytes and capabilities. */
static long long ram_missing(struct by_pd_balance const *now)
{
	return (long long)((batch.before.ram_quota - batch.before.ram_used)
	                   - (now->ram_quota - now->ram_used));
}


static long long caps_missing(struct by_pd_balance const *now)
{
	return (long long)((batch.before.caps_quota - batch.before.caps_used)
	                   - (now->caps_quota - now->caps_used));
}


/* What core counts; the account, which it charges, is not asked. */
static char const *count_all(void)
{
	uint64_t size;

	if (by_rom_update(&batch.census.rom, &size) != BY_OK)
		by_error("core does not count");

	return batch.census.base;
}


/* Whether everything is back, by our account and by core's count of what there is. */
static bool all_is_back(void)
{
	struct by_pd_balance const now   = nursery_balance(batch.env);
	char const *const          there = count_all();

	if (ram_missing(&now) || caps_missing(&now)) {
		say("census %s: %lld bytes and %lld capabilities are missing\n", batch.name,
		    ram_missing(&now), caps_missing(&now));
		return false;
	}
	if (by_strcmp(there, batch.there)) {
		say("census %s: core counted before and afterwards\n", batch.name);
		say("%s", batch.there);
		say("%s", there);
		return false;
	}
	say("census %s: all is back\n", batch.name);

	return true;
}


static void census(void)
{
	if (!all_is_back() && batch.code == 0)
		batch.code = LEAK;
}


/* The child has ended: settle, and go on when this handler has returned. */
static void finish(int code)
{
	batch.code = code;
	nursery_end(batch.env, &batch.child);
	by_heap_trim_own();
	census();
	say("end %s exit %d\n", batch.name, batch.code);
	batch.more = by_hid_next_of(&batch.node, "child");
	by_signal_submit(batch.next.target.cap, 1);
}


static void exited(struct by_child *child, int code)
{
	(void)child;
	finish(code);
}


static void faulted(struct by_child *child, char const *thread,
                    struct by_cpu_fault const *fault)
{
	by_child_report(child, thread, fault);
	finish(FAULT);
}


static void start_next(struct by_signal_handler *handler, unsigned count)
{
	static struct by_child_ops const ops = { .exited = exited, .faulted = faulted };

	/* this component stands in the place of init, which is known by another name here */
	static struct by_route const own[] = {
		{ .service = "ROM", .last = "init", .label = "inner_init" },
		{ .service = NULL },
	};

	struct nursery_args const args = { .node = &batch.node, .ops = &ops, .own = own };

	(void)handler, (void)count;
	if (!batch.more) {
		say("done\n");
		return;
	}
	if (by_hid_copy(&batch.node, "name", batch.name, sizeof(batch.name)) != BY_OK)
		(void)!by_strcopy(batch.name, sizeof(batch.name), "?");
	say("begin %s\n", batch.name);
	by_heap_trim_own();
	batch.before = nursery_balance(batch.env);
	if (!by_strcopy(batch.there, sizeof(batch.there), count_all()))
		by_error("the census is too long");
	if (nursery_start(batch.env, &batch.child, &args) != BY_OK)
		finish(NOT_STARTED);
}


void component_main(struct by_env *env)
{
	struct by_hid_node top;

	batch.env = env;
	if (nursery_own_config(env, &batch.config, &top) != BY_OK
	    || by_log_open(env, "batch", &batch.log) != BY_OK
	    || by_attached_rom_init(env, &batch.census, "core_census") != BY_OK
	    || by_child_prepare(env) != BY_OK
	    || by_signal_handler_init(&batch.next, env->endpoint, BY_SIGNAL_APPLICATION,
	                              start_next) != BY_OK) {
		by_error("the batch cannot begin");
		return;
	}
	batch.more = by_hid_first_of(&top, "child", &batch.node);
	by_signal_submit(batch.next.target.cap, 1);
}
