/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core calls. Core is trusted with authority and memory; the types and states
 * of the objects that it names are checked, so that a mistake of core is
 * answered, and asserted there, instead of corrupting the kernel.
 */
#include "cap.h"
#include "endpoint.h"
#include "irq.h"
#include "kernel.h"
#include "panic.h"
#include "sched.h"
#include <arch/console.h>
#include <arch/fpu.h>
#include <arch/irqc.h>
#include <arch/machine.h>

enum {
	DESTROY_BATCH = 16,   /* steps of a destruction in one call */
	CONSOLE_BATCH = 64,   /* characters of one call */
};

/** A core call under way. */
struct call {
	struct cpu    *cpu;
	struct thread *thread;  /* of core */
};


static word_t arg(struct call const *call, unsigned i)
{
	struct thread const *thread = call->thread;

	if (i == 0)
		return frame_cap(&thread->frame);
	if (i == 1)
		return frame_tag(&thread->frame);

	i -= 2;

	return i < BY_MSG_REGS ? frame_word(&thread->frame, i) : thread->msg->word[i];
}


/** Results fit into registers. */
static void result(struct call const *call, unsigned i, word_t value)
{
	frame_set_word(&call->thread->frame, i, value);
}


static struct object *arg_object(struct call const *call, unsigned i,
                                 enum by_object_type type)
{
	return cap_lookup(core_pd, arg(call, i), type);
}


static struct pd *arg_pd(struct call const *call, unsigned i)
{
	struct object *object = arg_object(call, i, BY_OBJECT_PD);

	return object ? container_of(object, struct pd, obj) : NULL;
}


static struct thread *arg_thread(struct call const *call, unsigned i)
{
	struct object *object = arg_object(call, i, BY_OBJECT_THREAD);

	return object ? container_of(object, struct thread, obj) : NULL;
}


static struct share *arg_share(struct call const *call, unsigned i)
{
	struct object *object = arg_object(call, i, BY_OBJECT_SHARE);

	return object ? container_of(object, struct share, obj) : NULL;
}


static struct endpoint *arg_endpoint(struct call const *call, unsigned i)
{
	struct object *object = arg_object(call, i, BY_OBJECT_ENDPOINT);

	return object ? container_of(object, struct endpoint, obj) : NULL;
}


/** Block of 'size' bytes that core donates, or NULL if it is not a proper one. */
static void *arg_mem(struct call const *call, unsigned i, word_t size)
{
	paddr_t pa = arg(call, i);

	return (pa & (size - 1)) == 0 && mem_in_zone(pa, size) ? mem_kernel(pa) : NULL;
}


/** Whether argument 0 names a slot of core's table that can be filled. */
static bool arg_slot(struct call const *call)
{
	struct slot *slot = arg(call, 0) ? cap_slot(core_pd, arg(call, 0)) : NULL;

	return slot && !slot->object;
}


/** Put a new object into the slot that argument 0 names. */
static status_t publish(struct call const *call, struct object *object)
{
	status_t status = cap_fill(core_pd, arg(call, 0), object);

	ASSERT(status == BY_OK);

	return BY_OK;
}


/*
 * Protection domains
 */

static status_t call_pd_create(struct call *call)
{
	struct pd *pd   = arg_mem(call, 2, BY_PD_SIZE);
	pte_t     *root = arg_mem(call, 3, BY_ROOT_SIZE);

	if (!pd || !root || !arg_slot(call))
		return BY_INVALID;

	pd_init(pd, arg(call, 1), root);

	return publish(call, &pd->obj);
}


static status_t call_pd_tables(struct call *call)
{
	struct pd *pd    = arg_pd(call, 0);
	paddr_t    mem   = arg(call, 1);
	word_t     count = arg(call, 2);

	if (!pd)
		return BY_BAD_CAP;
	if (mem % PAGE_SIZE || count > 64 || !mem_in_zone(mem, count * PAGE_SIZE))
		return BY_INVALID;
	if (pd->pool_count + count > POOL_MAX)
		return BY_LIMIT;

	for (word_t i = 0; i < count; i++)
		pd_pool_add(pd, mem_kernel(mem + i * PAGE_SIZE));

	return BY_OK;
}


static status_t call_pd_leaf(struct call *call)
{
	struct pd   *pd    = arg_pd(call, 0);
	word_t       index = arg(call, 1);
	struct slot *leaf  = arg_mem(call, 2, PAGE_SIZE);

	if (!pd)
		return BY_BAD_CAP;
	if (index >= BY_LEAVES || !leaf)
		return BY_INVALID;
	if (pd->leaf[index])
		return BY_EXISTS;

	memset(leaf, 0, PAGE_SIZE);
	atomic_store(&pd->leaf[index], leaf); /* pairs with cap_slot() */

	return BY_OK;
}


/** Whether [va, va + pages) is user memory. */
static bool user_range(word_t va, word_t pages)
{
	return va % PAGE_SIZE == 0 && va >= BY_USER_FIRST && va <= BY_USER_LAST
	       && pages <= (BY_USER_LAST - va) / PAGE_SIZE + 1;
}


/** Map what the arguments from 'first' on describe: address, frame, pages, attributes. */
static status_t map_args(struct call *call, struct pd *pd, unsigned first, word_t *done)
{
	word_t  va    = arg(call, first);
	paddr_t pa    = (paddr_t)arg(call, first + 1) << PAGE_SHIFT;
	word_t  pages = arg(call, first + 2);
	word_t  attr  = arg(call, first + 3);

	if (!user_range(va, pages) || ((attr & BY_MAP_WRITE) && (attr & BY_MAP_EXEC)))
		return BY_INVALID;
	if (pd->pool_count + 1 < BY_TABLE_RESERVE)
		return BY_OUT_OF_RAM;

	*done = pd_map(pd, va, pa, pages, (unsigned)attr);

	return BY_OK;
}


static status_t call_pd_map(struct call *call)
{
	struct pd *pd = arg_pd(call, 0);
	word_t     done;

	if (!pd)
		return BY_BAD_CAP;

	status_t status = map_args(call, pd, 1, &done);
	if (status == BY_OK)
		result(call, 0, done);

	return status;
}


static status_t call_pd_unmap(struct call *call)
{
	struct pd *pd = arg_pd(call, 0);

	if (!pd)
		return BY_BAD_CAP;
	if (!user_range(arg(call, 1), arg(call, 2)))
		return BY_INVALID;

	result(call, 0, pd_unmap(pd, arg(call, 1), arg(call, 2)));

	return BY_OK;
}


static status_t call_pd_install(struct call *call)
{
	struct pd     *pd     = arg_pd(call, 0);
	struct object *object = cap_object(core_pd, arg(call, 2));

	if (!pd || !object)
		return BY_BAD_CAP;

	return cap_fill(pd, arg(call, 1), object);
}


/*
 * Threads
 */

static status_t call_thread_create(struct call *call)
{
	struct thread *thread = arg_mem(call, 2, BY_THREAD_SIZE);
	void          *msg    = arg_mem(call, 3, PAGE_SIZE);
	struct pd     *pd     = arg_pd(call, 4);

	if (!pd)
		return BY_BAD_CAP;
	if (!thread || !msg || !arg_slot(call))
		return BY_INVALID;

	thread_init(thread, arg(call, 1), pd, msg, arg(call, 5));

	return publish(call, &thread->obj);
}


static status_t call_thread_bind(struct call *call)
{
	struct thread *thread = arg_thread(call, 0);
	struct share  *share  = arg_share(call, 1);

	if (!thread || !share)
		return BY_BAD_CAP;

	return thread_bind(thread, share) ? BY_OK : BY_AGAIN;
}


static status_t call_thread_start(struct call *call)
{
	struct thread *thread = arg_thread(call, 0);

	if (!thread || !thread->pd)
		return BY_BAD_CAP;
	if (thread->state != THREAD_INACTIVE)
		return BY_EXISTS;
	if (arg(call, 2) > BY_USER_LAST || arg(call, 3) > BY_USER_LAST)
		return BY_INVALID;

	frame_start(&thread->frame, arg(call, 2), arg(call, 3), arg(call, 4));
	atomic_store(&thread->state, (uint8_t)THREAD_READY);
	thread_ready(thread);

	return BY_OK;
}


static status_t call_thread_pause(struct call *call)
{
	struct thread *thread = arg_thread(call, 0);

	if (!thread)
		return BY_BAD_CAP;

	return thread_stop(thread) ? BY_OK : BY_AGAIN;
}


static status_t call_thread_resume(struct call *call)
{
	struct thread *thread = arg_thread(call, 0);

	if (!thread || !thread->pd)
		return BY_BAD_CAP;

	thread_resume(thread);

	return BY_OK;
}


static status_t call_thread_cancel(struct call *call)
{
	struct thread *thread = arg_thread(call, 0);

	if (!thread)
		return BY_BAD_CAP;

	return thread_abort(thread, BY_CANCELLED) ? BY_OK : BY_EMPTY;
}


/** Thread whose registers may be accessed. */
static struct thread *arg_stopped(struct call const *call)
{
	struct thread *thread = arg_thread(call, 0);

	return thread && (atomic_load(&thread->paused) || thread->state == THREAD_FAULTING
	                  || thread->state == THREAD_FAULTED) ? thread : NULL;
}


_Static_assert(sizeof(struct by_regs) <= sizeof(word_t) * BY_MSG_WORDS, "registers in a message");

static status_t call_thread_read(struct call *call)
{
	struct thread *thread = arg_stopped(call);

	if (!thread)
		return BY_BAD_CAP;

	struct by_regs regs = { 0 };
	frame_read(&thread->frame, &regs);
	regs.tls = *thread_tls(thread);
	memcpy(call->thread->msg->word, &regs, sizeof(regs));

	return BY_OK;
}


static status_t call_thread_write(struct call *call)
{
	struct thread *thread = arg_stopped(call);
	struct by_regs regs;

	if (!thread)
		return BY_BAD_CAP;

	memcpy(&regs, call->thread->msg->word, sizeof(regs));
	/* an ordinary register holds whatever user level has put there */
	if (!frame_tls(&thread->frame) && regs.tls > BY_USER_LAST)
		return BY_INVALID;

	frame_write(&thread->frame, &regs);
	*thread_tls(thread) = regs.tls;

	return BY_OK;
}


static status_t call_thread_fpu(struct call *call)
{
	struct thread *thread = arg_thread(call, 0);
	struct fpu    *fpu    = arg_mem(call, 1, BY_FPU_SIZE);

	if (!thread)
		return BY_BAD_CAP;
	if (!fpu)
		return BY_INVALID;
	if (thread->fpu)
		return BY_EXISTS;

	fpu_init(fpu);
	thread->fpu = fpu;

	return BY_OK;
}


/*
 * Faults
 */

static struct thread *arg_faulter(struct call const *call)
{
	struct thread *thread = arg_thread(call, 0);

	return thread && thread->pd && (thread == core_ep->fault
	                                || thread->state == THREAD_FAULTED) ? thread : NULL;
}


static void resume_fault(struct thread *thread)
{
	bool const direct = core_ep->fault == thread && sched_resumes(thread, core_ep->thread);

	if (core_ep->fault == thread)
		core_ep->fault = NULL;
	thread->callee = NULL;
	atomic_store(&thread->state, (uint8_t)THREAD_READY); /* thread_runnable() */
	if (!direct)
		thread_ready(thread);
}


static status_t call_fault_resolve(struct call *call)
{
	struct thread *thread = arg_faulter(call);
	word_t         done;

	if (!thread)
		return BY_BAD_CAP;

	status_t status = map_args(call, thread->pd, 1, &done);
	if (status == BY_OK)
		resume_fault(thread);

	return status;
}


static status_t call_fault_resume(struct call *call)
{
	struct thread *thread = arg_faulter(call);

	if (!thread)
		return BY_BAD_CAP;

	resume_fault(thread);

	return BY_OK;
}


static status_t call_fault_repeat(struct call *call)
{
	struct thread *thread = arg_faulter(call);

	if (!thread)
		return BY_BAD_CAP;

	if (core_ep->fault == thread)
		core_ep->fault = NULL;
	ipc_fault(thread);
	thread_ready(thread); /* it left the queues when core let it lie; now it can donate */

	return BY_OK;
}


/*
 * Shares, endpoints, gates, signals, interrupts
 */

static bool share_args(word_t priority, word_t weight)
{
	return priority < BY_PRIORITIES && weight && weight <= BY_WEIGHT_MAX;
}


static status_t call_share_create(struct call *call)
{
	struct share *share = arg_mem(call, 2, BY_SHARE_SIZE);
	word_t        cpu   = arg(call, 3);

	if (!share || !arg_slot(call) || cpu >= cpu_count || !share_args(arg(call, 4), arg(call, 5)))
		return BY_INVALID;

	share_init(share, arg(call, 1), &cpus[cpu], (unsigned)arg(call, 4), (unsigned)arg(call, 5));

	return publish(call, &share->obj);
}


static status_t call_share_set(struct call *call)
{
	struct share *share = arg_share(call, 0);

	if (!share)
		return BY_BAD_CAP;
	if (!share_args(arg(call, 2), arg(call, 3)))
		return BY_INVALID;

	share_change(share, (unsigned)arg(call, 2), (unsigned)arg(call, 3));

	return BY_OK;
}


static status_t call_endpoint_create(struct call *call)
{
	struct endpoint *ep     = arg_mem(call, 2, BY_ENDPOINT_SIZE);
	struct thread   *thread = arg_thread(call, 3);

	if (!thread || !thread->pd)
		return BY_BAD_CAP;
	if (!ep || !arg_slot(call))
		return BY_INVALID;
	if (thread->ep || thread->former_ep)
		return BY_EXISTS;

	endpoint_init(ep, arg(call, 1), thread);

	return publish(call, &ep->obj);
}


static status_t call_gate_create(struct call *call)
{
	struct gate     *gate = arg_mem(call, 2, BY_GATE_SIZE);
	struct endpoint *ep   = arg_endpoint(call, 3);

	if (!ep)
		return BY_BAD_CAP;
	if (!gate || !arg_slot(call))
		return BY_INVALID;

	gate_init(gate, arg(call, 1), ep, arg(call, 4));

	return publish(call, &gate->part.obj);
}


static status_t call_signal_create(struct call *call)
{
	struct signal   *signal = arg_mem(call, 2, BY_SIGNAL_SIZE);
	struct endpoint *ep     = arg_endpoint(call, 3);

	if (!ep)
		return BY_BAD_CAP;
	if (!signal || !arg_slot(call))
		return BY_INVALID;

	signal_init(signal, arg(call, 1), ep, arg(call, 4), arg(call, 5) ? SIGNAL_IO : SIGNAL_APP);

	return publish(call, &signal->part.obj);
}


static status_t call_irq_create(struct call *call)
{
	struct irq *irq    = arg_mem(call, 2, BY_IRQ_SIZE);
	word_t      number = arg(call, 3);

	if (!irq || !arg_slot(call))
		return BY_INVALID;

	status_t status = irq_check(number);
	if (status != BY_OK)
		return status;

	irq_init(irq, arg(call, 1), (unsigned)number, (unsigned)arg(call, 4));

	return publish(call, &irq->obj);
}


static status_t call_irq_bind(struct call *call)
{
	struct object *irq    = arg_object(call, 0, BY_OBJECT_IRQ);
	struct object *signal = arg_object(call, 1, BY_OBJECT_SIGNAL);

	if (!irq || (arg(call, 1) && !signal))
		return BY_BAD_CAP;

	irq_bind(container_of(irq, struct irq, obj),
	         signal ? container_of(signal, struct signal, part.obj) : NULL);

	return BY_OK;
}


/*
 * All objects
 */

static bool destroy(struct object *object, enum by_object_type type, struct teardown *td)
{
	switch (type) {
	case BY_OBJECT_PD:
		return pd_destroy(container_of(object, struct pd, obj), td);
	case BY_OBJECT_THREAD:
		return thread_destroy(container_of(object, struct thread, obj), td);
	case BY_OBJECT_SHARE:
		return share_destroy(container_of(object, struct share, obj), td);
	case BY_OBJECT_ENDPOINT:
		return endpoint_destroy(container_of(object, struct endpoint, obj), td);
	case BY_OBJECT_GATE:
		return gate_destroy(container_of(object, struct gate, part.obj), td);
	case BY_OBJECT_SIGNAL:
		return signal_destroy(container_of(object, struct signal, part.obj), td);
	default: /* BY_OBJECT_IRQ */
		return irq_destroy(container_of(object, struct irq, obj), td);
	}
}


/** Whether the object is of the type, or was until its destruction began. */
static bool destroyable(struct object const *object, word_t type)
{
	if (type == BY_OBJECT_NONE)
		return false;

	return object->type == type
	       || (object->type == BY_OBJECT_NONE && object->step / OBJECT_STEPS == type);
}


/** The slot that names a dying object is emptied last: core repeats the call with it. */
static status_t call_destroy(struct call *call)
{
	enum by_object_type type = (enum by_object_type)arg(call, 1);
	struct teardown     td   = { DESTROY_BATCH, cap_slot(core_pd, arg(call, 0)) };
	struct object      *object = cap_object(core_pd, arg(call, 0));

	if (!object || !destroyable(object, arg(call, 1)))
		return BY_BAD_CAP;
	if (!destroy(object, type, &td))
		return BY_AGAIN;

	cap_drop(core_pd, arg(call, 0));
	object_retire(type);

	return BY_OK;
}


static status_t call_identify(struct call *call)
{
	struct object *object = cap_object(core_pd, arg(call, 0));
	bool alive = object && object->type != BY_OBJECT_NONE;

	result(call, 0, alive ? object->id : 0);
	result(call, 1, alive ? object->type : BY_OBJECT_NONE);
	result(call, 2, alive ? object_badge(object) : 0);

	return BY_OK;
}


static status_t call_census(struct call *call)
{
	if (arg(call, 0) >= BY_OBJECT_TYPES)
		return BY_INVALID;

	result(call, 0, object_census((enum by_object_type)arg(call, 0)));

	return BY_OK;
}


/*
 * Memory, console, machine
 */

static status_t call_mem_clear(struct call *call)
{
	paddr_t pa    = (paddr_t)arg(call, 0) << PAGE_SHIFT;
	word_t  pages = arg(call, 1), done = 0;

	/* a page is the longest that interrupts wait */
	while (done < pages && (!done || !irqc_pending()))
		mem_clear_page(pa + done++ * PAGE_SIZE);
	result(call, 0, done);

	return BY_OK;
}


static status_t call_mem_cache(struct call *call)
{
	paddr_t pa    = (paddr_t)arg(call, 0) << PAGE_SHIFT;
	word_t  pages = arg(call, 1), done = 0;

	while (done < pages && (!done || !irqc_pending()))
		mem_cache_page(pa + done++ * PAGE_SIZE, (unsigned)arg(call, 2));
	result(call, 0, done);

	return BY_OK;
}


static status_t call_console(struct call *call)
{
	word_t count = arg(call, 0), done = 0;

	if (count == 0)
		console_init();
	if (count > CONSOLE_BATCH)
		count = CONSOLE_BATCH;

	/* one character per word, so that byte order does not matter */
	while (done < count && console_put((char)arg(call, 2 + (unsigned)done)))
		done++;
	result(call, 0, done);

	return BY_OK;
}


static status_t call_port_io(struct call *call)
{
	word_t   mode  = arg(call, 1);
	word_t   value = arg(call, 2);
	status_t status = machine_port_io(arg(call, 0), mode & 7, mode & BY_PORT_OUT, &value);

	if (status == BY_OK)
		result(call, 0, value);

	return status;
}


static status_t call_machine(struct call *call)
{
	return machine_control((unsigned)arg(call, 0));
}


static status_t (*const core_calls[])(struct call *) = {
#define CORE_CALL(NAME, name, number, args, results, doc) \
	[number - BY_CORE_CALL_FIRST] = call_##name,
	BY_CORE_CALLS(CORE_CALL)
#undef CORE_CALL
};


void core_call(struct cpu *cpu, struct thread *thread, unsigned number)
{
	struct call call   = { cpu, thread };
	status_t    status = BY_NOT_SUPPORTED;

	number -= BY_CORE_CALL_FIRST;
	lock_take_serving(&core_lock);
	if (number < ARRAY_SIZE(core_calls))
		status = core_calls[number](&call);
	lock_release(&core_lock);

	frame_set_tag(&thread->frame, (word_t)(uintptr_t)status);
}
