/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPU sessions.
 */
#define BY_CPU_SELF struct cpu
#include "cpu.h"
#include "kcall.h"
#include "pd.h"
#include "work.h"
#include <by/message.h>
#include <by/session/cpu_server.h>
#include <by/string.h>


by_status_t cpu_create(struct account *account, unsigned priority, unsigned weight,
                       unsigned number, struct cpu **out)
{
	void       *record;
	by_status_t status = item_create_object(account, ITEM_CPU, sizeof(struct cpu), &record);

	if (status != BY_OK)
		return status;

	struct cpu *cpu = record;
	by_list_init(&cpu->threads);
	by_list_init(&cpu->faults);
	cpu->priority = priority;
	cpu->weight   = weight;
	cpu->number   = number;
	status = item_register(&cpu->share, account, ITEM_INNER);
	if (status == BY_OK)
		status = item_create_kernel(&cpu->share, BY_OBJECT_SHARE,
		         (struct kargs){ { 0, 0, 0, number, priority, weight } });
	if (status != BY_OK) {
		item_close(&cpu->item);
		return status;
	}
	*out = cpu;

	return BY_OK;
}


/** Go on with the ends of threads: those that are doomed, or of all. */
static bool reap_threads(struct cpu *cpu, bool all)
{
	struct by_list_node *node;

	while ((node = by_list_first(&cpu->threads))) {
		struct thread *thread = BY_CONTAINER_OF(node, struct thread, cpu_node);
		if (!all && !thread->item.dying)
			break;
		if (!thread_reap(&thread->item))
			return false;
	}

	return true;
}


bool cpu_reap(struct item *item)
{
	struct cpu *cpu = BY_CONTAINER_OF(item, struct cpu, item);

	if (!item_drop_kernel(item) || !reap_threads(cpu, true)
	    || (cpu->share.id && !item_drop_kernel(&cpu->share)) || !work(WORK_FREE))
		return false;

	if (cpu->share.id)
		item_end(&cpu->share);
	item_end(item);

	return true;
}


/** Thread of this session that an argument names; NULL and why not. */
static struct thread *own_thread(struct cpu *cpu, struct by_cap_arg const *arg,
                                 by_status_t *status)
{
	struct thread *thread = (struct thread *)item_of_arg(arg, ITEM_THREAD);

	*status = !thread ? BY_BAD_CAP : thread->cpu != cpu ? BY_DENIED : BY_OK;

	return *status == BY_OK ? thread : NULL;
}


static by_status_t op_thread_create(struct cpu *cpu, struct by_cap_arg *arg, const char *name,
                                    uint64_t message, bool passive, by_cap_t *cap)
{
	struct pd *pd = pd_of_arg(arg);

	if (!pd)
		return BY_BAD_CAP;

	struct thread *thread;
	by_status_t    status = thread_create(cpu, &pd->map, &(struct thread_args){ name, message, passive },
	                                      &thread);
	if (status == BY_OK)
		*cap = item_cap(&thread->item);

	return status;
}


static by_status_t op_thread_destroy(struct cpu *cpu, struct by_cap_arg *arg)
{
	by_status_t    status;
	struct thread *thread = own_thread(cpu, arg, &status);

	if (!item_freeable(thread, arg, &cpu->repeats))
		return status;
	if (thread)
		thread_doom(thread);

	return item_freed(thread, reap_threads(cpu, false), &cpu->repeats);
}


static by_status_t op_start(struct cpu *cpu, struct by_cap_arg *arg, uint64_t ip, uint64_t sp,
                            uint64_t argument)
{
	by_status_t    status;
	struct thread *thread = own_thread(cpu, arg, &status);

	if (!thread)
		return status;
	if (ip > BY_USER_LAST || sp > BY_USER_LAST)
		return BY_INVALID;

	return KCALL(THREAD_START, item_slot(&thread->item), 0, (by_word_t)ip, (by_word_t)sp,
	             (by_word_t)argument);
}


static by_status_t op_pause(struct cpu *cpu, struct by_cap_arg *arg)
{
	by_status_t    status;
	struct thread *thread = own_thread(cpu, arg, &status);

	/* 'again': it still runs, on another CPU */
	return thread ? KCALL(THREAD_PAUSE, item_slot(&thread->item)) : status;
}


static by_status_t op_resume(struct cpu *cpu, struct by_cap_arg *arg)
{
	by_status_t    status;
	struct thread *thread = own_thread(cpu, arg, &status);

	return thread ? KCALL(THREAD_RESUME, item_slot(&thread->item)) : status;
}


static by_status_t op_cancel(struct cpu *cpu, struct by_cap_arg *arg)
{
	by_status_t    status;
	struct thread *thread = own_thread(cpu, arg, &status);

	return thread ? KCALL(THREAD_CANCEL, item_slot(&thread->item)) : status;
}


/*
 * Registers travel through the message page, where the request and the reply are too:
 * so they are copied before and after.
 */

static struct by_message *message(void)
{
	return (struct by_message *)BY_CORE_MESSAGE;
}


static by_status_t op_registers(struct cpu *cpu, struct by_cap_arg *arg, void *regs,
                                size_t *regs_len)
{
	by_status_t    status;
	struct thread *thread = own_thread(cpu, arg, &status);

	if (!thread)
		return status;
	if (KCALL(THREAD_READ, item_slot(&thread->item)) != BY_OK)
		return BY_BUSY;

	__builtin_memcpy(regs, message()->word, sizeof(struct by_regs));
	*regs_len = sizeof(struct by_regs);

	return BY_OK;
}


static by_status_t op_set_registers(struct cpu *cpu, struct by_cap_arg *arg, const void *regs,
                                    size_t regs_len)
{
	by_status_t    status;
	struct thread *thread = own_thread(cpu, arg, &status);

	if (!thread)
		return status;
	if (regs_len != sizeof(struct by_regs))
		return BY_INVALID;

	__builtin_memcpy(message()->word, regs, regs_len);
	status = KCALL(THREAD_WRITE, item_slot(&thread->item));

	return status == BY_BAD_CAP ? BY_BUSY : status;
}


static by_status_t op_fault_sigh(struct cpu *cpu, struct by_cap_arg *sigh)
{
	struct item *signal = item_of_signal(sigh);

	if (!signal && sigh->kind != BY_CAP_NONE)
		return BY_BAD_CAP;

	cpu->sigh = signal ? signal->id : 0;
	if (!by_list_empty(&cpu->faults))
		item_submit(cpu->sigh);

	return BY_OK;
}


static by_status_t op_fault(struct cpu *cpu, by_cap_t *cap, char *name,
                            struct by_cpu_fault *fault)
{
	struct by_list_node *node = by_list_take(&cpu->faults);

	if (!node)
		return BY_EMPTY;

	struct thread *thread = BY_CONTAINER_OF(node, struct thread, fault_node);
	__builtin_memcpy(name, thread->name, sizeof(thread->name));
	*cap   = item_cap(&thread->item);
	*fault = (struct by_cpu_fault) {
		.cause = thread->fault.cause, .access = thread->fault.access,
		.address = thread->fault.address, .ip = thread->fault.ip, .sp = thread->fault.sp,
	};

	return BY_OK;
}


static by_status_t op_fault_resume(struct cpu *cpu, struct by_cap_arg *arg)
{
	by_status_t    status;
	struct thread *thread = own_thread(cpu, arg, &status);

	if (!thread)
		return status;
	if (!thread->faulted)
		return BY_EMPTY;

	if (by_list_linked(&thread->fault_node))
		by_list_remove(&thread->fault_node);
	thread->faulted = false;

	return KCALL(FAULT_RESUME, item_slot(&thread->item));
}


static by_status_t op_info(struct cpu *cpu, struct by_cpu_args *args)
{
	*args = (struct by_cpu_args){ cpu->priority, cpu->weight, cpu->number };

	return BY_OK;
}


static const struct by_cpu_ops ops = {
	.thread_create = op_thread_create, .thread_destroy = op_thread_destroy,
	.start = op_start, .pause = op_pause, .resume = op_resume, .cancel = op_cancel,
	.registers = op_registers, .set_registers = op_set_registers,
	.fault_sigh = op_fault_sigh, .fault = op_fault, .fault_resume = op_fault_resume,
	.info = op_info,
};


by_tag_t cpu_dispatch(struct item *item, by_tag_t tag, struct by_message *msg)
{
	return by_cpu_dispatch(item, &ops, tag, msg);
}
