/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine that core's host tests run on: the real generic kernel on arch/stub.
 *
 * Kernel and core have types and functions of the same names, so only sim.c sees
 * the kernel. Threads and PDs are named by core's number for them (the kernel's
 * objects carry it), slots are those of core's table.
 *
 * What core maps into its own PD appears at the same address of the test program,
 * through a second mapping of the simulated RAM; everything else at those addresses
 * is inaccessible.
 */
#ifndef CORE_TEST_SIM_H
#define CORE_TEST_SIM_H

#include <by/abi.h>
#include <by/arch/call.h>
#include <by/boot_info.h>
#include <by/message.h>

#define SIM_RAM ((by_paddr_t)0x40000000)
enum { SIM_RAM_SIZE = 64 << 20, SIM_CPUS = 4 };

/** Memory of the kernel's object of each type, 0 if it is not one block. */
size_t sim_object_size(unsigned type);

/** RAM as the kernel sees it. */
void *sim_memory(by_paddr_t pa);

/** A new machine; then the kernel starts, and core's first thread is what runs. */
void sim_reset(unsigned cpus);
void sim_start(struct by_boot_info *info);

/** Whether the thread is what one of the CPUs runs. */
bool sim_runs(by_word_t thread);

/** Some user thread that a CPU runs, 0 if none does. */
by_word_t sim_runs_user(void);

/** The thread, which runs, makes a call; it may be blocked afterwards. */
void sim_call(by_word_t thread, struct by_call const *call);

/** What the last call of the thread, which runs, has given. */
void sim_result(by_word_t thread, struct by_call *call);

/** The thread, which runs, faults, or accesses memory through its CPU's TLB. */
void sim_fault(by_word_t thread, enum by_fault_cause cause, by_word_t address,
                   unsigned access);
bool sim_access(by_word_t thread, by_word_t address, unsigned access, by_paddr_t *pa);

/**
 * Calls of core's first thread: the most that it made between two of its waits since the
 * last sim_calls_reset(), and how often it waited.
 */
unsigned sim_calls(void);
unsigned sim_waits(void);
void     sim_calls_reset(void);

/** End the wait of core's first thread. */
void sim_cancel_core(void);

/** Let an interrupt occur. */
void sim_interrupt(unsigned number);

/** Let time pass. */
void sim_pass(by_ticks_t ticks);

/** What a slot of core's table refers to; false if to nothing alive. */
struct sim_object {
	unsigned   type;
	by_word_t  id;
	by_paddr_t pa;    /* 0: part of the kernel itself */
};
bool sim_object(by_word_t slot, struct sim_object *object);

/** Facts about the thread in a slot of core's table. */
struct sim_thread {
	bool       started, parked, faulting, faulted, paused;
	by_paddr_t message, fpu;
	by_word_t  pd;    /* 0: it is dead */
};
bool sim_thread(by_word_t slot, struct sim_thread *thread);

/** Wake the thread in a slot of core's table from its park. */
void sim_unpark(by_word_t slot);

/** Id of what a slot of a PD, itself in a slot of core's table, refers to; 0: nothing, or no PD. */
by_word_t sim_cap(by_word_t pd_slot, by_word_t index);

/** Number of slots that a PD has, from 0 on. */
by_word_t sim_slots(by_word_t pd_slot);

/** Empty a slot of a PD, if there is one. */
void sim_cap_drop(by_word_t pd_slot, by_word_t index);

/** Visit the pages that the kernel uses for a PD: object, root, leaves, tables. */
void sim_pd_pages(by_word_t pd_slot, void (*visit)(void *arg, by_paddr_t pa), void *arg);

/** Visit the translations of a PD, page by page. False from 'visit' ends it. */
typedef bool (*sim_visit_t)(void *arg, by_word_t va, by_paddr_t pa, unsigned attributes);
void sim_translations(by_word_t pd_slot, sim_visit_t visit, void *arg);

/** What the kernel finds wrong with its TLBs, or NULL. */
const char *sim_check(void);

/** Number of objects of a type, as the kernel counts them. */
size_t sim_census(unsigned type);

/** Text that reached the boot console, and room for it. */
const char *sim_console(void);
void        sim_console_clear(void);

/** Its device takes nothing more. */
void sim_console_busy(void);

/** How often its device was initialised. */
unsigned sim_console_inits(void);

/** How often the machine was asked for this (BY_MACHINE_...), which it has no way to do. */
unsigned sim_machine_asked(unsigned operation);
/** What it has put on the screen. */
const char *sim_screen(void);

/** Let port 0x60 answer 'value', and see what was written there last. */
extern uint32_t sim_port_value;

#endif
