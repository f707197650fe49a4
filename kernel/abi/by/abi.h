/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls into the kernel. doc/kernel-abi is made from the lists below, which
 * are also the kernel's dispatch tables, so this is the only list there is.
 *
 * Argument 0 travels in the capability register, argument 1 in the tag
 * register, argument n >= 2 as message word n - 2 (registers first, then the
 * message page). The operation register holds the call's number in bits 0..7
 * and options from bit 8 on. The tag register returns the tag (IPC) or the
 * status (all others), the capability register the badge (IPC), message words
 * from 0 on further results. Where an argument or result is marked (64), it
 * takes two words on 32-bit machines, low half first.
 */
#ifndef BY_ABI_H
#define BY_ABI_H

#include <by/types.h>

/*
 * User calls act on the caller's own capabilities.
 *
 * X(NAME, name, number, "arguments", "results", "what it does")
 */
#define BY_USER_CALLS(X) \
	X(NULL, null, 0, "", "", \
	  "Does nothing.") \
	X(IPC_CALL, ipc_call, 1, "gate, tag, words", "tag, words", \
	  "Send a request and wait for its reply.") \
	X(IPC_WAIT, ipc_wait, 2, "-, tag, words; options", "tag, badge, words", \
	  "Answer the client that waits for a reply (option REPLY), then wait for what " \
	  "the options accept.") \
	X(SIGNAL, signal, 3, "signal, count", "", \
	  "Submit a signal; never blocks.") \
	X(TIMEOUT, timeout, 4, "signal, -, deadline (64)", "", \
	  "Submit an own signal when the clock reaches the deadline; replaces the " \
	  "previous deadline, BY_NEVER clears it.") \
	X(IRQ_ACK, irq_ack, 5, "irq", "", \
	  "Unmask an interrupt after its signal was handled.") \
	X(PARK, park, 6, "owner or none, -, deadline (64)", "", \
	  "Block until unparked; a token left by an earlier unpark is consumed instead. " \
	  "The thread 'owner' runs on the parker's time meanwhile.") \
	X(UNPARK, unpark, 7, "thread", "", \
	  "Wake a parked thread of the caller's PD, or leave it a token.") \
	X(YIELD, yield, 8, "", "", \
	  "Let other threads of the same priority run.") \
	X(CAP_DROP, cap_drop, 9, "slot", "", \
	  "Empty a slot of the caller's table.") \
	X(CAP_INFO, cap_info, 10, "slot", "kind, badge", \
	  "Tell whether a slot holds nothing, an own or a foreign capability.") \
	X(TLS_SET, tls_set, 11, "value", "", \
	  "Set the thread's TLS register as the psABI defines it.") \
	X(CLOCK, clock, 12, "", "time (64), frequency (64)", \
	  "Read the monotonic clock: ticks, and ticks per second.")

/* Options of IPC_WAIT, in the operation register. */
enum {
	BY_WAIT_REPLY    = 1 << 8,  /* answer first, with the tag and words given */
	BY_WAIT_REQUESTS = 1 << 9,  /* accept requests */
	BY_WAIT_SIGNALS  = 1 << 10, /* accept application signals */
	BY_WAIT_IO       = 1 << 11, /* accept I/O signals */
	BY_WAIT_POLL     = 1 << 12, /* answer BY_EMPTY instead of blocking */
};

/*
 * Core calls: accepted from core only. Objects are named by slots of core's own
 * table. 'mem' arguments are physical addresses of blocks that core donates: in
 * the kernel's zone, of the size in by/arch/kernel.h, naturally aligned. 'id' is
 * core's own number for the object. Calls that can take long do a bounded part
 * and answer AGAIN; those with a count return how much is done.
 */
#define BY_CORE_CALLS(X) \
	X(PD_CREATE, pd_create, 64, "slot, id, mem, root mem", "", \
	  "Create a protection domain with an empty root table.") \
	X(PD_TABLES, pd_tables, 65, "pd, mem, count", "", \
	  "Add 'count' contiguous pages to the pool of page tables.") \
	X(PD_LEAF, pd_leaf, 66, "pd, index, mem", "", \
	  "Add a page of slots to the capability table.") \
	X(PD_MAP, pd_map, 67, "pd, address, frame, pages, attributes", "pages done", \
	  "Enter translations; recycles the PD's oldest tables when its pool is empty.") \
	X(PD_UNMAP, pd_unmap, 68, "pd, address, pages", "pages done", \
	  "Remove translations everywhere, TLBs of all CPUs included.") \
	X(PD_INSTALL, pd_install, 69, "pd, slot there, slot here", "", \
	  "Copy a capability of core into an empty slot of a PD.") \
	X(THREAD_CREATE, thread_create, 70, "slot, id, mem, message page, pd, passive", "", \
	  "Create a thread that has no share and is not started.") \
	X(THREAD_BIND, thread_bind, 71, "thread, share", "", \
	  "Make a share the thread's own (the fallback if it is passive); moves it to " \
	  "the share's CPU.") \
	X(THREAD_START, thread_start, 72, "thread, -, ip, sp, argument", "", \
	  "Start a thread that was not started before.") \
	X(THREAD_PAUSE, thread_pause, 73, "thread", "", \
	  "Keep a thread from running; it runs on no CPU when this answers OK.") \
	X(THREAD_RESUME, thread_resume, 74, "thread", "", \
	  "Undo a pause.") \
	X(THREAD_CANCEL, thread_cancel, 75, "thread", "", \
	  "End the thread's blocked operation with CANCELLED; EMPTY if it is not blocked.") \
	X(THREAD_READ, thread_read, 76, "thread", "registers in the message page", \
	  "Read the registers of a paused or faulted thread.") \
	X(THREAD_WRITE, thread_write, 77, "thread; registers in the message page", "", \
	  "Write the registers of a paused or faulted thread.") \
	X(THREAD_FPU, thread_fpu, 78, "thread, mem", "", \
	  "Donate the save area for FPU state.") \
	X(FAULT_RESOLVE, fault_resolve, 79, "thread, address, frame, pages, attributes", "", \
	  "Map as PD_MAP and resume the faulted thread.") \
	X(FAULT_RESUME, fault_resume, 80, "thread", "", \
	  "Resume a faulted thread; it repeats what faulted.") \
	X(FAULT_REPEAT, fault_repeat, 81, "thread", "", \
	  "Announce the fault of a faulted thread once more.") \
	X(SHARE_CREATE, share_create, 82, "slot, id, mem, cpu, priority, weight", "", \
	  "Create a share of a CPU's time.") \
	X(SHARE_SET, share_set, 83, "share, -, priority, weight", "", \
	  "Change a share.") \
	X(ENDPOINT_CREATE, endpoint_create, 84, "slot, id, mem, thread", "", \
	  "Create the endpoint that a thread serves.") \
	X(GATE_CREATE, gate_create, 85, "slot, id, mem, endpoint, badge", "", \
	  "Create an RPC object's identity.") \
	X(SIGNAL_CREATE, signal_create, 86, "slot, id, mem, endpoint, badge, io", "", \
	  "Create a signal; 'io' tells its class.") \
	X(IRQ_CREATE, irq_create, 87, "slot, id, mem, number, mode", "", \
	  "Create the object of an interrupt, masked.") \
	X(IRQ_BIND, irq_bind, 88, "irq, signal or none", "", \
	  "Name the signal that the interrupt submits.") \
	X(DESTROY, destroy, 89, "slot, type", "", \
	  "Destroy an object; on OK its memory may be used anew.") \
	X(IDENTIFY, identify, 90, "slot", "id, type, badge", \
	  "Tell which object a slot holds; id 0 if none.") \
	X(MEM_CLEAR, mem_clear, 91, "frame, pages", "pages done", \
	  "Fill memory with zeros.") \
	X(MEM_CACHE, mem_cache, 92, "frame, pages, operation", "pages done", \
	  "Cache maintenance for code or DMA.") \
	X(CONSOLE, console, 93, "count, device, characters", "count done", \
	  "Print on the boot console or the boot framebuffer; count 0 initialises it anew.") \
	X(PORT_IO, port_io, 94, "port, width and direction, value", "value", \
	  "Access an I/O port.") \
	X(MACHINE, machine, 95, "operation", "", \
	  "Power off or reset the machine.") \
	X(CENSUS, census, 96, "type", "count", \
	  "Count the objects of a type that exist.")

enum {
#define BY_CALL_NUMBER(NAME, name, number, args, results, doc) BY_CALL_##NAME = number,
	BY_USER_CALLS(BY_CALL_NUMBER)
	BY_CORE_CALLS(BY_CALL_NUMBER)
#undef BY_CALL_NUMBER
	BY_CORE_CALL_FIRST = 64,
};

/** Types of kernel objects, as IDENTIFY and CENSUS count them. */
enum by_object_type {
	BY_OBJECT_NONE,
	BY_OBJECT_PD,
	BY_OBJECT_THREAD,
	BY_OBJECT_SHARE,
	BY_OBJECT_ENDPOINT,
	BY_OBJECT_GATE,
	BY_OBJECT_SIGNAL,
	BY_OBJECT_IRQ,
	BY_OBJECT_TYPES,
};

/** Attributes of a mapping (PD_MAP, FAULT_RESOLVE). */
enum {
	BY_MAP_WRITE    = 1 << 0,
	BY_MAP_EXEC     = 1 << 1,
	BY_MAP_UNCACHED = 1 << 2, /* device registers */
	BY_MAP_COMBINE  = 1 << 3, /* uncached, write-combining */
};

/** Operations of MEM_CACHE. */
enum {
	BY_CACHE_CODE  = 0, /* make what was written visible to instruction fetch */
	BY_CACHE_CLEAN = 1, /* write back, before a device reads */
	BY_CACHE_INVAL = 2, /* write back and invalidate, around a device's writes */
};

/** Operations of MACHINE. */
enum {
	BY_MACHINE_RESET    = 0,
	BY_MACHINE_POWEROFF = 1,
};

/** 'device' of CONSOLE. */
enum { BY_CONSOLE_LINE = 0, BY_CONSOLE_SCREEN = 1 };

/** 'width and direction' of PORT_IO: bytes, plus this for output. */
enum { BY_PORT_OUT = 8 };

/** Modes of an interrupt; 0 as the platform describes it. */
enum {
	BY_IRQ_EDGE = 1 << 0,
	BY_IRQ_LOW  = 1 << 1,
};

/** Priorities of shares: 0 is the lowest. The highest belongs to core. */
enum {
	BY_PRIORITIES      = 32,
	BY_WEIGHT_DEFAULT  = 16,
	BY_WEIGHT_MAX      = 1024,
};

/** Causes of faults. */
#define BY_FAULT_CAUSES(X) \
	X(PAGE, 1, "page fault") \
	X(ILLEGAL, 2, "illegal instruction") \
	X(DIVIDE, 3, "division error") \
	X(BREAKPOINT, 4, "breakpoint") \
	X(STEP, 5, "single step") \
	X(ALIGNMENT, 6, "misaligned access") \
	X(PROTECTION, 7, "protection violation") \
	X(FPU, 8, "FPU not available") \
	X(ARITHMETIC, 9, "floating-point error") \
	X(CALL, 10, "invalid kernel call") \
	X(MACHINE, 11, "hardware error")

enum by_fault_cause {
#define BY_FAULT_NUMBER(NAME, number, text) BY_FAULT_##NAME = number,
	BY_FAULT_CAUSES(BY_FAULT_NUMBER)
#undef BY_FAULT_NUMBER
};

/** Kinds of access of a page fault. */
enum { BY_ACCESS_READ = 0, BY_ACCESS_WRITE = 1, BY_ACCESS_EXEC = 2 };

/** Words of a fault message. Its badge is core's id of the thread. */
enum {
	BY_FAULT_WORD_CAUSE,   /* cause | access << 8 */
	BY_FAULT_WORD_ADDRESS, /* of the access, 0 if the cause has none */
	BY_FAULT_WORD_IP,
	BY_FAULT_WORD_SP,
	BY_FAULT_WORDS,
};

#endif
