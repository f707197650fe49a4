/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Children: what they get from the start, their faults, their end.
 */
#include "child.h"
#include "page.h"
#include "thread.h"
#include <by/abi.h>
#include <by/arch/regs.h>
#include <by/assert.h>
#include <by/cap.h>
#include <by/container.h>
#include <by/kernel.h>
#include <by/format.h>
#include <by/log.h>
#include <by/slots.h>
#include <by/string.h>


/*
 * Faults
 */

char const *by_fault_name(unsigned cause)
{
	static char const *const names[] = {
#define NAME(NAME, number, text) [number] = text,
		BY_FAULT_CAUSES(NAME)
#undef NAME
	};

	return cause < sizeof(names) / sizeof(names[0]) && names[cause] ? names[cause] : "?";
}


void by_child_report(struct by_child const *child, char const *thread,
                     struct by_cpu_fault const *fault)
{
	static char const *const access[] = { "reading", "writing", "executing" };
	bool const other = by_strcmp(child->program, child->name) != 0;
	char what[48] = "", from[40] = "";

	if (fault->cause == BY_FAULT_PAGE && fault->access < 3)
		by_format(what, sizeof(what), ", %s 0x%llx", access[fault->access],
		          (unsigned long long)fault->address);
	if (child->caller)
		by_format(from, sizeof(from), ", called from 0x%lx", (unsigned long)child->caller);
	by_error("child \"%s\"%s%s%s, thread \"%s\": %s%s, ip 0x%llx%s, sp 0x%llx", child->name,
	         other ? " (" : "", other ? child->program : "", other ? ")" : "", thread,
	         by_fault_name(fault->cause), what, (unsigned long long)fault->ip, from,
	         (unsigned long long)fault->sp);
}


/* The word at the stack pointer, if that is the main thread's. */
static by_word_t stack_word(struct by_child *child, by_word_t sp)
{
	struct by_attached stack = { .base = NULL };
	by_word_t          value = 0;

	if (by_attached_ds_init(child->env, &stack, child->stack, 0) != BY_OK)
		return 0;

	by_word_t const base = by_stack_top(0) - stack.size;

	if (sp >= base && sp - base <= stack.size - sizeof(value))
		memcpy(&value, (char const *)stack.base + (sp - base), sizeof(value));
	by_attached_fini(child->env, &stack);

	return value;
}


/* After a jump to nowhere, what matters is who jumped. */
static by_word_t find_caller(struct by_child *child, by_cap_t thread,
                             struct by_cpu_fault const *fault)
{
	unsigned char  bytes[BY_CPU_REGISTERS_REGS_MAX];
	struct by_regs regs;
	size_t         len = 0;

	if (fault->cause != BY_FAULT_PAGE || fault->access != BY_ACCESS_EXEC
	    || by_cpu_registers(&child->cpu, thread, bytes, &len) != BY_OK
	    || len != sizeof(regs))
		return 0;

	memcpy(&regs, bytes, sizeof(regs));

	return by_regs_link(&regs) ? by_regs_link(&regs)
	                           : stack_word(child, (by_word_t)fault->sp);
}


/*
 * Take one fault. The signal is submitted anew for the others, because afterwards
 * the child may exist no more.
 */
static void handle_fault(struct by_signal_handler *handler, unsigned count)
{
	struct by_child    *child = BY_CONTAINER_OF(handler, struct by_child, faults);
	char                name[BY_CPU_FAULT_NAME_MAX + 1];
	struct by_cpu_fault fault;
	by_cap_t            thread;

	(void)count;
	if (by_cpu_fault(&child->cpu, &thread, name, &fault) != BY_OK)
		return;

	child->caller = find_caller(child, thread, &fault);
	by_cap_drop(thread);
	by_signal_submit(handler->target.cap, 1);
	if (child->ops->faulted)
		child->ops->faulted(child, name, &fault);
	else
		by_child_report(child, name, &fault);
}


static by_status_t watch_faults(struct by_child *child)
{
	by_status_t const status = by_signal_handler_init(&child->faults, child->env->endpoint,
	                                                  BY_SIGNAL_APPLICATION, handle_fault);

	return status == BY_OK ? by_cpu_fault_sigh(&child->cpu, child->faults.target.cap) : status;
}


/*
 * Creation
 */

by_status_t by_child_ram(struct by_child *child, size_t size, by_cap_t *ds)
{
	return page_ram(&child->pd, size, ds);
}


by_status_t by_child_attach(struct by_child *child, by_cap_t ds, by_word_t at, uint32_t flags)
{
	uint64_t place;

	return by_region_map_attach(&child->space, ds, 0, 0, at, flags | BY_ATTACH_AT, &place);
}


/*
 * The session costs what every PD costs; the child's quota, of which that is a part, comes
 * directly from our account.
 */
static by_status_t open_pd(struct by_child *child, struct by_child_args const *args)
{
	struct by_env *const env = child->env;

	if (args->ram < BY_PD_RAM)
		return BY_OUT_OF_RAM;
	if (args->caps < BY_PD_CAPS)
		return BY_OUT_OF_CAPS;

	by_status_t status = by_pd_open(env, child->name, &child->pd);
	if (status != BY_OK)
		return status;

	child->pd.session.fixed = true;
	status = by_pd_reference(&child->pd, env->pd.session.cap);
	if (status == BY_OK)
		status = by_pd_transfer(&env->pd, child->pd.session.cap, args->ram - BY_PD_RAM,
		                        args->caps - BY_PD_CAPS);
	if (status == BY_OK && args->dma)
		status = by_pd_dma_grant(&env->pd, child->pd.session.cap);

	return status == BY_OK ? by_pd_space(&child->pd, &child->space.cap) : status;
}


static by_status_t open_cpu(struct by_child *child, struct by_child_args const *args)
{
	struct by_cpu_args const own = {
		.priority = args->priority,
		.weight   = args->weight ? args->weight : BY_WEIGHT_DEFAULT,
		.cpu      = args->cpu,
	};

	return by_cpu_open(child->env, child->name, &own, &child->cpu);
}


static by_status_t open_sessions(struct by_child *child, struct by_child_args const *args)
{
	struct by_env *const env    = child->env;
	by_status_t          status = open_pd(child, args);

	if (status == BY_OK)
		status = open_cpu(child, args);
	if (status == BY_OK && !by_cap_valid(args->log))
		status = by_log_open(env, child->name, &child->log);

	return status;
}


static by_status_t create_thread(struct by_child *child, size_t stack_size)
{
	size_t const size = page_ceil(stack_size ? stack_size : BY_CHILD_STACK);

	if (size > BY_STACK_MAX)
		return BY_INVALID;

	by_status_t status = by_child_ram(child, size, &child->stack);
	if (status != BY_OK)
		return status;

	status = by_child_attach(child, child->stack, by_stack_top(0) - size, BY_ATTACH_WRITE);
	if (status != BY_OK)
		return status;

	return by_cpu_thread_create(&child->cpu, child->pd.session.cap, "main",
	                            by_stack_message(0), false, &child->thread);
}


/* Fill the slots that every component finds filled. */
static by_status_t install_env(struct by_child *child, by_cap_t log)
{
	struct { unsigned slot; by_cap_t cap; } const env[] = {
		{ BY_SLOT_PARENT, child->parent.target.cap },
		{ BY_SLOT_PD,     child->pd.session.cap },
		{ BY_SLOT_CPU,    child->cpu.session.cap },
		{ BY_SLOT_LOG,    by_cap_valid(log) ? log : child->log.session.cap },
		{ BY_SLOT_SPACE,  child->space.cap },
		{ BY_SLOT_THREAD, child->thread },
	};
	by_status_t status = BY_OK;

	for (size_t i = 0; i < sizeof(env) / sizeof(env[0]) && status == BY_OK; i++)
		status = by_pd_assign(&child->pd, env[i].slot, env[i].cap);

	return status;
}


static by_status_t create(struct by_child *child, struct by_child_args const *args)
{
	by_status_t status = by_child_prepare(child->env);

	if (status == BY_OK)
		status = open_sessions(child, args);
	if (status == BY_OK)
		status = watch_faults(child);
	if (status == BY_OK)
		status = by_child_parent_init(child);
	if (status == BY_OK)
		status = by_child_load(child, args->binary);
	if (status == BY_OK)
		status = create_thread(child, args->stack_size);
	if (status == BY_OK)
		status = install_env(child, args->log);

	return status;
}


by_status_t by_child_create(struct by_env *env, struct by_child *child,
                            struct by_child_args const *args)
{
	*child = (struct by_child){
		.env = env, .ops = args->ops, .routes = args->routes, .heartbeat = args->heartbeat,
		.highest = args->highest ? args->highest : args->priority,
	};
	by_tree_init(&child->sessions, NULL);
	by_list_init(&child->records);
	by_list_init(&child->news);
	if (!by_strcopy(child->name, sizeof(child->name), args->name)
	    || !by_strcopy(child->program, sizeof(child->program),
	                   args->program ? args->program : args->name))
		return BY_INVALID;

	if (args->provider)
		by_provider_attach(args->provider, child);
	by_status_t const status = create(child, args);

	if (status != BY_OK)
		by_child_destroy(child);

	return status;
}


by_status_t by_child_start(struct by_child *child)
{
	return by_cpu_start(&child->cpu, child->thread, child->entry, by_stack_top(0),
	                    child->heartbeat ? BY_START_HEARTBEAT : 0);
}


void by_child_destroy(struct by_child *child)
{
	struct by_env *const env = child->env;

	/* first its threads stop, then it loses what it has, last its account is settled */
	by_signal_handler_fini(&child->faults);
	by_cap_drop(child->thread);
	by_cpu_close(env, &child->cpu);
	by_child_parent_fini(child);
	by_log_close(env, &child->log);
	by_cap_drop(child->stack);
	by_cap_drop(child->space.cap);
	by_pd_close(env, &child->pd);
	if (child->provider)
		by_provider_detach(child->provider);
	*child = (struct by_child){ .env = env };
	by_list_init(&child->records);
	by_list_init(&child->news);
	by_child_pay_back();
}
