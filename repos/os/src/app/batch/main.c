/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Batch: runs children one after another, each in a sandbox of its own and between a line
 * that says that it begins and one that says how it ended, and looks afterwards whether all
 * that it took came back. The lines go to a LOG session labelled "batch", whose label core
 * puts in front.
 */
#include <by/attached.h>
#include <by/component_heap.h>
#include <by/env.h>
#include <by/format.h>
#include <by/kernel.h>
#include <by/log.h>
#include <by/status_name.h>
#include <by/string.h>
#include <rom_config.h>
#include <sandbox.h>

enum { FAULT = -1, NOT_STARTED = -2, LEAK = -3 };

static struct {
	struct by_env           *env;
	struct by_log            log;
	struct rom_config        config;
	struct by_hid_node       node;    /* of the child that runs, or is next */
	bool                     more;
	struct sandbox           sandbox; /* of the child that runs, */
	bool                     begun;   /* if one does */
	bool                     over;    /* it has ended with 'code' */
	char                     name[BY_CHILD_NAME + 1];
	int                      code;
	struct by_attached       census;  /* what core says that there is in all */
	struct by_pd_balance     before;
	size_t                   blocks;     /* of our heap, before the child */
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


/*
 * Whether everything is back
 */

static struct by_pd_balance balance(void)
{
	struct by_pd_balance result = { .ram_quota = 0 };

	by_heap_trim_own();
	if (by_pd_account(&batch.env->pd, &result) != BY_OK)
		by_error("the account does not answer");

	return result;
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


/* By our account and by core's count of what there is. */
static bool all_is_back(void)
{
	struct by_pd_balance const now    = balance();
	char const *const          there  = count_all();
	long const                 blocks = (long)(by_heap_used_own() - batch.blocks);

	if (ram_missing(&now) || caps_missing(&now) || blocks) {
		say("census %s: %lld bytes and %lld capabilities are missing, %ld blocks are left\n",
		    batch.name, ram_missing(&now), caps_missing(&now), blocks);
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


/*
 * How a child ends: what is to be done about it is done when the sandbox has returned
 */

/* The first end counts: a thread that has faulted is not forgiven because another one exits. */
static void ended(int code)
{
	if (batch.over)
		return;

	batch.over = true;
	batch.code = code;
	by_signal_submit(batch.next.target.cap, 1);
}


static void exited(struct sandbox *sandbox, char const *child, int code)
{
	(void)sandbox, (void)child;
	ended(code);
}


static void faulted(struct sandbox *sandbox, char const *child)
{
	(void)sandbox, (void)child;
	ended(FAULT);
}


static void stopped(struct sandbox *sandbox, char const *child, by_status_t status)
{
	(void)sandbox, (void)child, (void)status;
	ended(NOT_STARTED);
}


/*
 * One child after the other
 */

/*
 * The sandbox's configuration: ours, with this child only. BY_NO_SPACE tells by 'size' how much
 * it takes.
 */
static by_status_t write(char *text, size_t *size)
{
	struct by_hid_writer writer;
	struct by_hid_node   node;

	by_hid_write_init(&writer, text, *size);
	by_hid_write_begin(&writer, "config");
	if (by_hid_first(&batch.config.top, &node)) {
		do
			if (!by_hid_type_is(&node, "start"))
				by_hid_write_node(&writer, &node);
		while (by_hid_next(&node));
	}
	by_hid_write_node(&writer, &batch.node);
	by_hid_write_end(&writer);
	by_status_t const status = by_hid_write_finish(&writer, size);

	if (status == BY_NO_SPACE)
		*size = by_hid_write_needed(&writer);

	return status;
}


static by_status_t apply(void)
{
	size_t      size   = 0;
	void       *text   = NULL;
	by_status_t status = write(NULL, &size);

	if (status == BY_NO_SPACE)
		status = by_alloc(batch.env->heap, size, &text);
	if (status != BY_OK)
		return status;

	size_t const whole = size;

	status = write(text, &size);
	if (status == BY_OK)
		status = sandbox_apply(&batch.sandbox, (struct by_hid_span){ text, size });
	by_free(batch.env->heap, text, whole);

	return status;
}


static by_status_t start(void)
{
	static struct sandbox_ops const ops = {
		.exited = exited, .faulted = faulted, .stopped = stopped,
	};
	by_status_t status = sandbox_init(&batch.sandbox, batch.env,
	                                  &(struct sandbox_args){ .ops = &ops });

	if (status == BY_OK)
		status = apply();

	/* what is no node for a child is left out */
	return status == BY_OK && !by_list_first(&batch.sandbox.starts) ? BY_INVALID : status;
}


static void begin(void)
{
	if (by_hid_copy(&batch.node, "name", batch.name, sizeof(batch.name)) != BY_OK)
		(void)!by_strcopy(batch.name, sizeof(batch.name), "?");
	say("begin %s\n", batch.name);
	batch.before = balance();
	batch.blocks = by_heap_used_own();
	if (!by_strcopy(batch.there, sizeof(batch.there), count_all()))
		by_error("the census is too long");
	batch.begun = true;
	batch.over  = false;

	by_status_t const status = start();

	if (status != BY_OK) {
		by_error("no sandbox for \"%s\": %s", batch.name, by_status_name(status));
		ended(NOT_STARTED);
	}
}


static void settle(void)
{
	sandbox_fini(&batch.sandbox);
	batch.begun = false;
	if (!all_is_back() && batch.code == 0)
		batch.code = LEAK;
	say("end %s exit %d\n", batch.name, batch.code);
	batch.more = by_hid_next_of(&batch.node, "start");
}


static void go_on(struct by_signal_handler *handler, unsigned count)
{
	(void)handler, (void)count;
	if (batch.begun)
		settle();
	if (batch.more)
		begin();
	else
		say("done\n");
}


/* It does not, and needs not: it comes from core. */
static void config_changed(struct rom_config *config)
{
	(void)config;
}


void component_main(struct by_env *env)
{
	batch.env = env;
	if (rom_config_open(&batch.config, env, config_changed) != BY_OK
	    || by_log_open(env, "batch", &batch.log) != BY_OK
	    || by_attached_rom_init(env, &batch.census, "core_census") != BY_OK
	    || by_child_prepare(env) != BY_OK
	    || by_signal_handler_init(&batch.next, env->endpoint, BY_SIGNAL_APPLICATION,
	                              go_on) != BY_OK) {
		by_error("the batch cannot begin");
		return;
	}
	batch.more = by_hid_first_of(&batch.config.top, "start", &batch.node);
	by_signal_submit(batch.next.target.cap, 1);
}
