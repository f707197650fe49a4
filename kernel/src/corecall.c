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
#include "zone.h"
#include <arch/console.h>
#include <arch/fpu.h>
#include <arch/irqc.h>
#include <arch/machine.h>
#include <arch/screen.h>

enum {
	DESTROY_BATCH = 16,   /* steps of a destruction in one call */
	CONSOLE_BATCH = 64,   /* characters of one call */
};

/** Argument of the call that 'core', core's thread, makes. */
static word_t arg(struct thread const *core, unsigned i)
{
	if (i == 0)
		return frame_cap(&core->frame);
	if (i == 1)
		return frame_tag(&core->frame);

	i -= 2;

	return i < BY_MSG_REGS ? frame_word(&core->frame, i) : core->msg->word[i];
}


/** Results fit into registers. */
static void result(struct thread *core, unsigned i, word_t value)
{
	frame_set_word(&core->frame, i, value);
}


static struct object *arg_object(struct thread const *core, unsigned i,
                                 enum by_object_type type)
{
	return cap_lookup(core_pd, arg(core, i), type);
}


static struct pd *arg_pd(struct thread const *core, unsigned i)
{
	struct object *object = arg_object(core, i, BY_OBJECT_PD);

	return object ? container_of(object, struct pd, obj) : NULL;
}


static struct thread *arg_thread(struct thread const *core, unsigned i)
{
	struct object *object = arg_object(core, i, BY_OBJECT_THREAD);

	return object ? container_of(object, struct thread, obj) : NULL;
}


static struct share *arg_share(struct thread const *core, unsigned i)
{
	struct object *object = arg_object(core, i, BY_OBJECT_SHARE);

	return object ? container_of(object, struct share, obj) : NULL;
}


static struct endpoint *arg_endpoint(struct thread const *core, unsigned i)
{
	struct object *object = arg_object(core, i, BY_OBJECT_ENDPOINT);

	return object ? container_of(object, struct endpoint, obj) : NULL;
}


/** Block of 'size' bytes that core donates, or NULL if it is not a proper one. */
static void *arg_mem(struct thread const *core, unsigned i, word_t size)
{
	paddr_t pa = arg(core, i);

	return (pa & (size - 1)) == 0 && zone_has(pa, size) ? mem_kernel(pa) : NULL;
}


/** Whether argument 0 names a slot of core's table that can be filled. */
static bool arg_slot(struct thread const *core)
{
	struct slot *slot = arg(core, 0) ? cap_slot(core_pd, arg(core, 0)) : NULL;

	return slot && !slot->object;
}


/** Put a new object into the slot that argument 0 names. */
static status_t publish(struct thread const *core, struct object *object)
{
	status_t status = cap_fill(core_pd, arg(core, 0), object);

	ASSERT(status == BY_OK);

	return BY_OK;
}


/*
 * Protection domains
 */

static status_t call_pd_create(struct thread *core)
{
	struct pd *pd   = arg_mem(core, 2, BY_PD_SIZE);
	pte_t     *root = arg_mem(core, 3, BY_ROOT_SIZE);

	if (!pd || !root || !arg_slot(core))
		return BY_INVALID;

	pd_init(pd, arg(core, 1), root);

	return publish(core, &pd->obj);
}


static status_t call_pd_tables(struct thread *core)
{
	struct pd *pd    = arg_pd(core, 0);
	paddr_t    mem   = arg(core, 1);
	word_t     count = arg(core, 2);

	if (!pd)
		return BY_BAD_CAP;
	if (mem % PAGE_SIZE || count > 64 || !zone_has(mem, count * PAGE_SIZE))
		return BY_INVALID;
	if (pd->pool_count + count > POOL_MAX)
		return BY_LIMIT;

	for (word_t i = 0; i < count; i++)
		pd_pool_add(pd, mem_kernel(mem + i * PAGE_SIZE));

	return BY_OK;
}


static status_t call_pd_leaf(struct thread *core)
{
	struct pd   *pd    = arg_pd(core, 0);
	word_t       index = arg(core, 1);
	struct slot *leaf  = arg_mem(core, 2, PAGE_SIZE);

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
static status_t map_args(struct thread *core, struct pd *pd, unsigned first, word_t *done)
{
	word_t  va    = arg(core, first);
	paddr_t pa    = (paddr_t)arg(core, first + 1) << PAGE_SHIFT;
	word_t  pages = arg(core, first + 2);
	word_t  attr  = arg(core, first + 3);

	if (!user_range(va, pages) || ((attr & BY_MAP_WRITE) && (attr & BY_MAP_EXEC)))
		return BY_INVALID;
	if (pd->pool_count + 1 < BY_TABLE_RESERVE)
		return BY_OUT_OF_RAM;

	*done = pd_map(pd, va, pa, pages, (unsigned)attr);

	return BY_OK;
}


static status_t call_pd_map(struct thread *core)
{
	struct pd *pd = arg_pd(core, 0);
	word_t     done;

	if (!pd)
		return BY_BAD_CAP;

	status_t status = map_args(core, pd, 1, &done);
	if (status == BY_OK)
		result(core, 0, done);

	return status;
}


static status_t call_pd_unmap(struct thread *core)
{
	struct pd *pd = arg_pd(core, 0);

	if (!pd)
		return BY_BAD_CAP;
	if (!user_range(arg(core, 1), arg(core, 2)))
		return BY_INVALID;

	result(core, 0, pd_unmap(pd, arg(core, 1), arg(core, 2)));

	return BY_OK;
}


static status_t call_pd_install(struct thread *core)
{
	struct pd     *pd     = arg_pd(core, 0);
	struct object *object = cap_object(core_pd, arg(core, 2));

	if (!pd || !object)
		return BY_BAD_CAP;

	return cap_fill(pd, arg(core, 1), object);
}


/*
 * Threads
 */

static status_t call_thread_create(struct thread *core)
{
	struct thread *thread = arg_mem(core, 2, BY_THREAD_SIZE);
	void          *msg    = arg_mem(core, 3, PAGE_SIZE);
	struct pd     *pd     = arg_pd(core, 4);

	if (!pd)
		return BY_BAD_CAP;
	if (!thread || !msg || !arg_slot(core))
		return BY_INVALID;

	thread_init(thread, arg(core, 1), pd, msg, arg(core, 5));

	return publish(core, &thread->obj);
}


static status_t call_thread_bind(struct thread *core)
{
	struct thread *thread = arg_thread(core, 0);
	struct share  *share  = arg_share(core, 1);

	if (!thread || !share)
		return BY_BAD_CAP;

	return thread_bind(thread, share) ? BY_OK : BY_AGAIN;
}


static status_t call_thread_start(struct thread *core)
{
	struct thread *thread = arg_thread(core, 0);

	if (!thread || !thread->pd)
		return BY_BAD_CAP;
	if (thread->state != THREAD_INACTIVE)
		return BY_EXISTS;
	if (arg(core, 2) > BY_USER_LAST || arg(core, 3) > BY_USER_LAST)
		return BY_INVALID;

	frame_start(&thread->frame, arg(core, 2), arg(core, 3), arg(core, 4));
	atomic_store(&thread->state, (uint8_t)THREAD_READY);
	thread_ready(thread);

	return BY_OK;
}


static status_t call_thread_pause(struct thread *core)
{
	struct thread *thread = arg_thread(core, 0);

	if (!thread)
		return BY_BAD_CAP;

	return thread_stop(thread) ? BY_OK : BY_AGAIN;
}


static status_t call_thread_resume(struct thread *core)
{
	struct thread *thread = arg_thread(core, 0);

	if (!thread || !thread->pd)
		return BY_BAD_CAP;

	thread_resume(thread);

	return BY_OK;
}


static status_t call_thread_cancel(struct thread *core)
{
	struct thread *thread = arg_thread(core, 0);

	if (!thread)
		return BY_BAD_CAP;

	return thread_abort(thread, BY_CANCELLED) ? BY_OK : BY_EMPTY;
}


/** Thread whose registers may be accessed. */
static struct thread *arg_stopped(struct thread const *core)
{
	struct thread *thread = arg_thread(core, 0);

	return thread && (atomic_load(&thread->paused) || thread->state == THREAD_FAULTING
	                  || thread->state == THREAD_FAULTED) ? thread : NULL;
}


_Static_assert(sizeof(struct by_regs) <= sizeof(word_t) * BY_MSG_WORDS, "registers in a message");

static status_t call_thread_read(struct thread *core)
{
	struct thread *thread = arg_stopped(core);

	if (!thread)
		return BY_BAD_CAP;

	struct by_regs regs = { 0 };
	frame_read(&thread->frame, &regs);
	regs.tls = *thread_tls(thread);
	memcpy(core->msg->word, &regs, sizeof(regs));

	return BY_OK;
}


static status_t call_thread_write(struct thread *core)
{
	struct thread *thread = arg_stopped(core);
	struct by_regs regs;

	if (!thread)
		return BY_BAD_CAP;

	memcpy(&regs, core->msg->word, sizeof(regs));
	/* an ordinary register holds whatever user level has put there */
	if (!frame_tls(&thread->frame) && regs.tls > BY_USER_LAST)
		return BY_INVALID;

	frame_write(&thread->frame, &regs);
	*thread_tls(thread) = regs.tls;

	return BY_OK;
}


static status_t call_thread_fpu(struct thread *core)
{
	struct thread *thread = arg_thread(core, 0);
	struct fpu    *fpu    = arg_mem(core, 1, BY_FPU_SIZE);

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

static struct thread *arg_faulter(struct thread const *core)
{
	struct thread *thread = arg_thread(core, 0);

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


static status_t call_fault_resolve(struct thread *core)
{
	struct thread *thread = arg_faulter(core);
	word_t         done;

	if (!thread)
		return BY_BAD_CAP;

	status_t status = map_args(core, thread->pd, 1, &done);
	if (status == BY_OK)
		resume_fault(thread);

	return status;
}


static status_t call_fault_resume(struct thread *core)
{
	struct thread *thread = arg_faulter(core);

	if (!thread)
		return BY_BAD_CAP;

	resume_fault(thread);

	return BY_OK;
}


static status_t call_fault_repeat(struct thread *core)
{
	struct thread *thread = arg_faulter(core);

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


static status_t call_share_create(struct thread *core)
{
	struct share *share = arg_mem(core, 2, BY_SHARE_SIZE);
	word_t        cpu   = arg(core, 3);

	if (!share || !arg_slot(core) || cpu >= cpu_count || !share_args(arg(core, 4), arg(core, 5)))
		return BY_INVALID;

	share_init(share, arg(core, 1), &cpus[cpu], (unsigned)arg(core, 4), (unsigned)arg(core, 5));

	return publish(core, &share->obj);
}


static status_t call_share_set(struct thread *core)
{
	struct share *share = arg_share(core, 0);

	if (!share)
		return BY_BAD_CAP;
	if (!share_args(arg(core, 2), arg(core, 3)))
		return BY_INVALID;

	share_change(share, (unsigned)arg(core, 2), (unsigned)arg(core, 3));

	return BY_OK;
}


static status_t call_endpoint_create(struct thread *core)
{
	struct endpoint *ep     = arg_mem(core, 2, BY_ENDPOINT_SIZE);
	struct thread   *thread = arg_thread(core, 3);

	if (!thread || !thread->pd)
		return BY_BAD_CAP;
	if (!ep || !arg_slot(core))
		return BY_INVALID;
	if (thread->ep || thread->former_ep)
		return BY_EXISTS;

	endpoint_init(ep, arg(core, 1), thread);

	return publish(core, &ep->obj);
}


static status_t call_gate_create(struct thread *core)
{
	struct gate     *gate = arg_mem(core, 2, BY_GATE_SIZE);
	struct endpoint *ep   = arg_endpoint(core, 3);

	if (!ep)
		return BY_BAD_CAP;
	if (!gate || !arg_slot(core))
		return BY_INVALID;

	gate_init(gate, arg(core, 1), ep, arg(core, 4));

	return publish(core, &gate->part.obj);
}


static status_t call_signal_create(struct thread *core)
{
	struct signal   *signal = arg_mem(core, 2, BY_SIGNAL_SIZE);
	struct endpoint *ep     = arg_endpoint(core, 3);

	if (!ep)
		return BY_BAD_CAP;
	if (!signal || !arg_slot(core))
		return BY_INVALID;

	signal_init(signal, arg(core, 1), ep, arg(core, 4), arg(core, 5) ? SIGNAL_IO : SIGNAL_APP);

	return publish(core, &signal->part.obj);
}


static status_t call_irq_create(struct thread *core)
{
	struct irq *irq    = arg_mem(core, 2, BY_IRQ_SIZE);
	word_t      number = arg(core, 3);

	if (!irq || !arg_slot(core))
		return BY_INVALID;

	status_t status = irq_check(number);
	if (status != BY_OK)
		return status;

	irq_init(irq, arg(core, 1), (unsigned)number, (unsigned)arg(core, 4));

	return publish(core, &irq->obj);
}


static status_t call_irq_bind(struct thread *core)
{
	struct object *irq    = arg_object(core, 0, BY_OBJECT_IRQ);
	struct object *signal = arg_object(core, 1, BY_OBJECT_SIGNAL);

	if (!irq || (arg(core, 1) && !signal))
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
static status_t call_destroy(struct thread *core)
{
	enum by_object_type type = (enum by_object_type)arg(core, 1);
	struct teardown     td   = { DESTROY_BATCH, cap_slot(core_pd, arg(core, 0)) };
	struct object      *object = cap_object(core_pd, arg(core, 0));

	if (!object || !destroyable(object, arg(core, 1)))
		return BY_BAD_CAP;
	if (!destroy(object, type, &td))
		return BY_AGAIN;

	cap_drop(core_pd, arg(core, 0));
	object_retire(type);

	return BY_OK;
}


static status_t call_identify(struct thread *core)
{
	struct object *object = cap_object(core_pd, arg(core, 0));
	bool alive = object && object->type != BY_OBJECT_NONE;

	result(core, 0, alive ? object->id : 0);
	result(core, 1, alive ? object->type : BY_OBJECT_NONE);
	result(core, 2, alive ? object_badge(object) : 0);

	return BY_OK;
}


static status_t call_census(struct thread *core)
{
	if (arg(core, 0) >= BY_OBJECT_TYPES)
		return BY_INVALID;

	result(core, 0, object_census((enum by_object_type)arg(core, 0)));

	return BY_OK;
}


/*
 * Memory, console, machine
 */

static status_t call_mem_clear(struct thread *core)
{
	paddr_t pa    = (paddr_t)arg(core, 0) << PAGE_SHIFT;
	word_t  pages = arg(core, 1), done = 0;

	/* a page is the longest that interrupts wait */
	while (done < pages && (!done || !irqc_pending()))
		mem_clear_page(pa + done++ * PAGE_SIZE);
	result(core, 0, done);

	return BY_OK;
}


static status_t call_mem_cache(struct thread *core)
{
	paddr_t pa    = (paddr_t)arg(core, 0) << PAGE_SHIFT;
	word_t  pages = arg(core, 1), done = 0;

	while (done < pages && (!done || !irqc_pending()))
		mem_cache_page(pa + done++ * PAGE_SIZE, (unsigned)arg(core, 2));
	result(core, 0, done);

	return BY_OK;
}


static status_t call_console(struct thread *core)
{
	bool   screen = arg(core, 1) == BY_CONSOLE_SCREEN;
	word_t count = arg(core, 0), done = 0;
	bool (*put)(char c) = screen ? screen_put : console_put;

	if (count == 0)
		(screen ? screen_init : console_init)();
	if (count > CONSOLE_BATCH)
		count = CONSOLE_BATCH;

	/* one character per word, so that byte order does not matter */
	while (done < count && put((char)arg(core, 2 + (unsigned)done)))
		done++;
	result(core, 0, done);

	return BY_OK;
}


static status_t call_port_io(struct thread *core)
{
	word_t   mode  = arg(core, 1);
	word_t   value = arg(core, 2);
	status_t status = machine_port_io(arg(core, 0), mode & 7, mode & BY_PORT_OUT, &value);

	if (status == BY_OK)
		result(core, 0, value);

	return status;
}


static status_t call_machine(struct thread *core)
{
	return machine_control((unsigned)arg(core, 0));
}


static status_t (*const core_calls[])(struct thread *) = {
#define CORE_CALL(NAME, name, number, args, results, doc) \
	[number - BY_CORE_CALL_FIRST] = call_##name,
	BY_CORE_CALLS(CORE_CALL)
#undef CORE_CALL
};


void core_call(struct thread *core, unsigned number)
{
	status_t status = BY_NOT_SUPPORTED;

	number -= BY_CORE_CALL_FIRST;
	lock_take_serving(&core_lock);
	if (number < ARRAY_SIZE(core_calls))
		status = core_calls[number](core);
	lock_release(&core_lock);

	thread_set_status(core, status);
}
