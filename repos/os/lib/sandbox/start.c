/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of one child.
 *
 *     stopped --begin--> binary --> running --> exited
 *        ^                  |          |  \--> faulted
 *        |__________________|          v          |
 *        ^---- restarting <------------------------
 *
 * Whatever happens, its record and its provider stay as long as it stands in the
 * configuration, so that others can wait for it.
 */
#include "start.h"
#include <by/assert.h>
#include <by/cap.h>
#include <by/clock.h>
#include <by/log.h>
#include <by/status_name.h>
#include <by/string.h>

enum { RESTART_DELAY_MS = 100 }; /* unless the configuration says otherwise */

static struct start *start_of(struct by_child *child)
{
	return BY_CONTAINER_OF(child, struct start, child);
}


static void set_state(struct start *start, enum start_state state)
{
	start->state = state;
	sandbox_changed(start->sandbox);
}


/* It can not be started; said once per reason. */
static void stop(struct start *start, by_status_t status)
{
	struct sandbox *const sandbox = start->sandbox;
	bool const            known   = start->state == START_STOPPED && start->status == status;

	log_close(start);
	start->status = status;
	set_state(start, START_STOPPED);
	if (known)
		return;

	by_error("child \"%s\" (binary \"%s\") could not be started: %s", start->name,
	         start->program, by_status_name(status));
	if (sandbox->args.ops && sandbox->args.ops->stopped)
		sandbox->args.ops->stopped(sandbox, start->name, status);
}


/*
 * The end
 */

static void close_binary(struct start *start)
{
	struct by_env *const env = start->sandbox->env;
	by_cap_t const       ds  = start->binary.ds;

	by_attached_fini(env, &start->binary);
	by_cap_drop(ds);
	by_rom_close(env, &start->rom);
}


/* End the child, but keep the binary for the next one. */
static void end_child(struct start *start)
{
	by_timeout_stop(&start->delay);
	if (start_alive(start))
		by_child_destroy(&start->child);
	log_close(start);
	start->ram = start->caps = 0;
	start->more_ram = start->more_caps = 0;
	start->skipped = 0;
}


void start_end(struct start *start)
{
	end_child(start);
	close_binary(start);
	start->status  = BY_OK;
	start->state   = START_STOPPED;
	start->denials = 0;
}


void start_destroy(struct start *start)
{
	struct sandbox *const sandbox = start->sandbox;

	start_end(start);
	by_provider_fini(&start->provider);
	rom_source_fini(&start->config_rom);
	by_dict_remove(&sandbox->by_name, &start->by_name);
	by_list_remove(&start->node);
	by_free(sandbox->env->heap, start, sizeof(*start));
}


/*
 * What the child does
 */

/* Whether the child is to be started again after this; 'tag' is 'fault' or 'exit'. */
static bool restarts_after(struct start const *start, char const *tag)
{
	struct by_hid_node node;

	if (!by_hid_first_of(&start->config, "restart", &node) || !by_hid_bool(&node, tag, false))
		return false;

	uint64_t const limit = by_hid_u64(&node, "limit", 0);

	return !limit || start->restarts < limit;
}


static uint64_t restart_delay(struct start const *start)
{
	struct by_hid_node node;
	uint64_t           ms = RESTART_DELAY_MS;

	if (by_hid_first_of(&start->config, "restart", &node))
		ms = by_hid_u64(&node, "delay_ms", ms);

	return by_us_of_ms(ms);
}


static void restart_now(struct by_timeout *timeout)
{
	struct start *const start = BY_CONTAINER_OF(timeout, struct start, delay);

	start->state = START_STOPPED;
	start_begin(start);
}


/* The child is dead; a next one comes after a while, so that it cannot take all our time. */
static void restart(struct start *start)
{
	end_child(start);
	start->restarts++;
	by_status_t const status = by_timeout_start(&start->delay, restart_delay(start));

	if (status == BY_OK)
		set_state(start, START_RESTARTING);
	else
		stop(start, status);
	sandbox_retry(start->sandbox);
}


/* The end of the child is that of the whole, if the configuration says so. */
static void propagate_exit(struct start *start, int code)
{
	struct sandbox *const sandbox = start->sandbox;
	struct by_hid_node    node;

	if (by_hid_first_of(&start->config, "exit", &node) && by_hid_bool(&node, "propagate", false)
	    && sandbox->args.ops && sandbox->args.ops->exited)
		sandbox->args.ops->exited(sandbox, start->name, code);
}


static void exited(struct by_child *child, int code)
{
	struct start *const start = start_of(child);

	by_log("child \"%s\" exited with value %d", start->name, code);
	if (restarts_after(start, "exit")) {
		restart(start);
		return;
	}
	start_end(start);
	start->code = code;
	set_state(start, START_EXITED);
	sandbox_retry(start->sandbox);
	propagate_exit(start, code);
}


static void faulted(struct by_child *child, char const *thread, struct by_cpu_fault const *fault)
{
	struct start *const   start   = start_of(child);
	struct sandbox *const sandbox = start->sandbox;

	by_child_report(child, thread, fault);
	if (restarts_after(start, "fault")) {
		restart(start);
		return;
	}
	set_state(start, START_FAULTED);
	if (sandbox->args.ops && sandbox->args.ops->faulted)
		sandbox->args.ops->faulted(sandbox, start->name);
}


static void wants(struct by_child *child, uint64_t ram, uint64_t caps)
{
	struct start *const start = start_of(child);

	start->more_ram  = ram;
	start->more_caps = caps;
	sandbox_changed(start->sandbox);
}


static void sessions_changed(struct by_child *child)
{
	sandbox_changed(start_of(child)->sandbox);
}


static void yielded(struct by_child *child, uint64_t ram, uint64_t caps)
{
	struct start *const start = start_of(child);

	start->ram  -= ram;
	start->caps -= caps;
	sandbox_changed(start->sandbox);
	sandbox_retry(start->sandbox);
}


static bool may_offer(struct by_provider *provider, char const *service)
{
	return config_provides(BY_CONTAINER_OF(provider, struct start, provider), service);
}


/*
 * The beginning
 */

/* 0 is the highest, -1 below it, and so on; all of them below the sandbox itself. */
static unsigned priority(struct start const *start)
{
	struct by_hid_span value;
	uint64_t           below = 0;
	unsigned const     highest = start->sandbox->priority ? start->sandbox->priority - 1 : 0;

	if (by_hid_attr(&start->config, "priority", &value) && value.size && value.base[0] == '-')
		for (size_t i = 1; i < value.size && value.base[i] >= '0' && value.base[i] <= '9'; i++)
			below = below < 100 ? below * 10 + (uint64_t)(value.base[i] - '0') : below;

	return below < highest ? highest - (unsigned)below : 0;
}


/* What the sandbox keeps for itself is not given away. */
static by_status_t check_preserved(struct sandbox *sandbox, uint64_t ram, uint64_t caps)
{
	struct by_pd_balance own;
	by_status_t const    status = by_pd_account(&sandbox->env->pd, &own);

	if (status != BY_OK)
		return status;
	if (own.ram_quota - own.ram_used < config_preserved(sandbox, "RAM")
	    || own.ram_quota - own.ram_used - config_preserved(sandbox, "RAM") < ram)
		return BY_OUT_OF_RAM;
	if (own.caps_quota - own.caps_used < config_preserved(sandbox, "CAP")
	    || own.caps_quota - own.caps_used - config_preserved(sandbox, "CAP") < caps)
		return BY_OUT_OF_CAPS;

	return BY_OK;
}


/* More than a size can say is more than anybody has. */
static size_t size_of(uint64_t amount)
{
	return amount < SIZE_MAX ? (size_t)amount : SIZE_MAX;
}


static by_status_t create(struct start *start)
{
	static struct by_child_ops const ops = {
		.exited = exited, .faulted = faulted, .route = route_find, .wants = wants,
		.yielded = yielded, .sessions = sessions_changed,
	};
	struct by_hid_node heartbeat;
	struct by_child_args const args = {
		.name       = start->name,
		.program    = start->program,
		.binary     = &start->binary,
		.ram        = size_of(config_ram(start)),
		.caps       = size_of(config_caps(start)),
		.stack_size = size_of(by_hid_u64(&start->config, "stack", 0)),
		.priority   = priority(start),
		.dma        = by_hid_bool(&start->config, "dma", false),
		.heartbeat  = by_hid_first_of(&start->config, "heartbeat", &heartbeat),
		.provider   = &start->provider,
		.log        = start->log.gate,
		.ops        = &ops,
	};
	by_status_t status = check_preserved(start->sandbox, args.ram, args.caps);

	if (status == BY_OK)
		status = by_child_create(start->sandbox->env, &start->child, &args);
	if (status != BY_OK)
		return status;

	status = by_child_start(&start->child);
	if (status != BY_OK) {
		by_child_destroy(&start->child);
		return status;
	}
	start->ram  = args.ram;
	start->caps = args.caps;

	return BY_OK;
}


static void run(struct start *start)
{
	by_status_t status = log_open(start);

	if (status == BY_PENDING) {
		set_state(start, START_BINARY);
		return;
	}
	if (status == BY_OK)
		status = create(start);
	if (status == BY_OK)
		set_state(start, START_RUNNING);
	else
		stop(start, status);
}


/* Attach the binary, of which there is a session. */
static by_status_t attach_binary(struct start *start)
{
	uint64_t    size = 0;
	by_cap_t    ds = BY_NO_CAP;
	by_status_t status = by_rom_dataspace(&start->rom, &ds, &size);

	if (status != BY_OK)
		return status;

	status = by_attached_ds_init(start->sandbox->env, &start->binary, ds, 0);
	if (status != BY_OK)
		by_cap_drop(ds);
	else if (size < start->binary.size)
		start->binary.size = (size_t)size;

	return status;
}


static void binary_answered(struct start *start, by_status_t status)
{
	if (status == BY_OK)
		status = attach_binary(start);
	if (status == BY_OK) {
		run(start);
	} else {
		close_binary(start);
		stop(start, status);
	}
}


static void answered(struct by_session *session, by_status_t status)
{
	struct start *const start = BY_CONTAINER_OF(BY_CONTAINER_OF(session, struct by_rom, session),
	                                            struct start, rom);

	binary_answered(start, status);
}


/* Begin again from the binary. */
static void begin_anew(struct start *start)
{
	end_child(start);
	start->state = START_STOPPED;
	start_begin(start);
}


bool start_go_on(struct start *start)
{
	bool const waits = start->state == START_BINARY && start->binary.base;

	if (waits && start->log_asked && start->log_status != BY_PENDING) {
		run(start);
		return true;
	}
	if (start->state != START_RUNNING || !log_failed(start))
		return false;

	by_warning("child \"%s\" begins anew, because its LOG session has ended", start->name);
	begin_anew(start);

	return true;
}


void start_begin(struct start *start)
{
	if (start->state == START_BINARY && log_failed(start)) {
		begin_anew(start);
		return;
	}
	if (start->state != START_STOPPED)
		return;
	if (start->binary.base) {
		run(start);
		return;
	}
	by_status_t status = config_program(&start->config, start->program);

	if (status != BY_OK) {
		start->program[0] = '\0';
		stop(start, status);
		return;
	}
	status = by_rom_begin(start->sandbox->env, start->program, &start->rom, answered);
	if (status == BY_PENDING)
		set_state(start, START_BINARY);
	else
		binary_answered(start, status);
}


by_status_t start_create(struct sandbox *sandbox, struct by_hid_node const *config,
                         struct start **out)
{
	void       *memory;
	by_status_t status = by_alloc(sandbox->env->heap, sizeof(struct start), &memory);

	if (status != BY_OK)
		return status;

	struct start *start = memory;

	*start = (struct start){ .sandbox = sandbox, .config = *config, .child.env = sandbox->env };
	status = by_hid_copy(config, "name", start->name, sizeof(start->name));
	if (status == BY_OK)
		status = by_label_valid(start->name) && start->name[0] ? BY_OK : BY_INVALID;
	if (status == BY_OK)
		status = by_dict_insert(&sandbox->by_name, &start->by_name, start->name);
	if (status != BY_OK) {
		by_free(sandbox->env->heap, memory, sizeof(struct start));
		return status;
	}
	by_provider_init(&start->provider, may_offer);
	by_timeout_init(&start->delay, sandbox->env->endpoint, restart_now);
	rom_source_init(&start->config_rom, sandbox->env);
	start->config_service = (struct rom_service){
		.only = &start->config_rom, .free_of_charge = true,
	};
	rom_service_local(sandbox->env, &start->config_service);
	by_list_append(&sandbox->starts, &start->node);
	if (config_program(config, start->program) != BY_OK)
		start->program[0] = '\0'; /* told when it is to begin */
	*out = start;

	return BY_OK;
}


/*
 * While it runs
 */

static void write_config(struct by_hid_writer *writer, void *arg)
{
	struct by_hid_node const *config = arg;

	by_hid_write_node(writer, config);
}


void start_set_config(struct start *start)
{
	struct by_hid_node config;

	if (!by_hid_first_of(&start->config, "config", &config)) {
		rom_source_clear(&start->config_rom);
		return;
	}
	by_status_t const status = rom_source_write(&start->config_rom, write_config, &config);

	if (status != BY_OK)
		by_error("child \"%s\" keeps the configuration that it has: %s", start->name,
		         by_status_name(status));
}


static void give(struct start *start, uint64_t ram, uint64_t caps)
{
	by_status_t status = check_preserved(start->sandbox, ram, caps);

	if (status == BY_OK)
		status = by_child_give(&start->child, ram, caps);
	if (status != BY_OK) {
		by_warning("child \"%s\" gets nothing more: %s", start->name, by_status_name(status));
		return;
	}
	start->ram  += ram;
	start->caps += caps;
	start->more_ram = start->more_caps = 0;
}


static void take(struct start *start, uint64_t ram, uint64_t caps)
{
	if (by_child_take(&start->child, ram, caps) != BY_OK)
		return;

	start->ram  -= ram;
	start->caps -= caps;
}


void start_set_quota(struct start *start)
{
	uint64_t const ram = config_ram(start), caps = config_caps(start);

	if (!start_alive(start))
		return;
	if (ram > start->ram || caps > start->caps)
		give(start, ram > start->ram ? ram - start->ram : 0,
		     caps > start->caps ? caps - start->caps : 0);
	if (ram < start->ram || caps < start->caps)
		take(start, ram < start->ram ? start->ram - ram : 0,
		     caps < start->caps ? start->caps - caps : 0);
}


void start_heartbeat(struct start *start)
{
	struct by_hid_node node;

	if (start->state != START_RUNNING || !by_hid_first_of(&start->config, "heartbeat", &node))
		return;

	unsigned const skipped = by_child_heartbeat(&start->child);
	uint64_t const limit   = by_hid_u64(&node, "restart_after_skipped", 0);

	if (skipped != start->skipped) {
		start->skipped = skipped;
		sandbox_changed(start->sandbox);
	}
	if (!limit || skipped <= limit)
		return;

	by_warning("child \"%s\" has not answered %u heartbeats and is restarted", start->name,
	           skipped);
	restart(start);
}
