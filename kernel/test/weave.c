/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interleaves simulated CPUs; see weave.h.
 *
 *     scheduler <──> coroutine of CPU 0: entry, entry, ...
 *               <──> coroutine of CPU 1
 */
#include "weave.h"
#include "check.h"
#include "play.h"
#include <arch/irqc.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

enum {
	WEAVE_CPUS = 4,
	STACK      = 256 * 1024,
	HANG       = 200000, /* switches within which some entry must end */
	FINISH     = 100000, /* entries within which everything can be destroyed */
};

/* parts of the sanitizer, absent in other builds */
void __sanitizer_start_switch_fiber(void **save, void const *bottom, size_t size)
	__attribute__((weak));
void __sanitizer_finish_switch_fiber(void *save, void const **bottom, size_t *size)
	__attribute__((weak));
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));
void __sanitizer_cov_trace_pc(void) __attribute__((weak)); /* a fuzzer has its own */

#ifdef __clang__
#define UNTRACED __attribute__((no_sanitize("coverage", "address")))
#else
#define UNTRACED __attribute__((no_sanitize_coverage, no_sanitize_address))
#endif

static ucontext_t    scheduler, cpu_context[WEAVE_CPUS];
static void         *scheduler_fiber, *cpu_fiber[WEAVE_CPUS];
static void const   *scheduler_stack;
static size_t        scheduler_stack_size;
static unsigned char stacks[WEAVE_CPUS][STACK] __attribute__((aligned(4096)));

static uint64_t state, seed_now;
static unsigned running;       /* CPU whose coroutine runs, WEAVE_CPUS: the scheduler */
static unsigned rarity;        /* a switch happens at one of so many points */
static unsigned branch_rarity; /* and at one of so many branches, 0: never */
static bool     done[WEAVE_CPUS];     /* its entry ended, or it found nothing to do */
static bool     idle[WEAVE_CPUS];
static bool     spinning[WEAVE_CPUS];

/** The duel under way, if any, and after how many points a CPU is interrupted. */
static struct weave_duel const *duel;
static unsigned long patience[WEAVE_CPUS];
static bool          finished[WEAVE_CPUS];
static void        (*relax_before)(void), (*point_before)(void);

unsigned long weave_switches;
bool          weave_fine;
unsigned      weave_sparse;
void        (*weave_on_point)(void);


UNTRACED unsigned weave_choose(unsigned n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;

	return n ? (unsigned)((state >> 11) % n) : 0;
}


static void print_seed(void)
{
	fprintf(stderr, "weave: seed %llu\n", (unsigned long long)seed_now);
}


/*
 * Switching
 */

UNTRACED static void to_scheduler(void)
{
	unsigned id = running;

	running = WEAVE_CPUS;
	if (__sanitizer_start_switch_fiber)
		__sanitizer_start_switch_fiber(&cpu_fiber[id], scheduler_stack, scheduler_stack_size);
	swapcontext(&cpu_context[id], &scheduler);
	if (__sanitizer_finish_switch_fiber)
		__sanitizer_finish_switch_fiber(cpu_fiber[id], NULL, NULL);
	running  = id;
	stub_cpu = &cpus[id];
}


UNTRACED static void to_cpu(unsigned id)
{
	running  = id;
	stub_cpu = &cpus[id];
	if (__sanitizer_start_switch_fiber)
		__sanitizer_start_switch_fiber(&scheduler_fiber, stacks[id], STACK);
	swapcontext(&scheduler, &cpu_context[id]);
	if (__sanitizer_finish_switch_fiber)
		__sanitizer_finish_switch_fiber(scheduler_fiber, NULL, NULL);
	running = WEAVE_CPUS;
}


UNTRACED static bool in_kernel(void)
{
	return running < WEAVE_CPUS && play_inside[running];
}


/** Whether the CPU that runs loses its turn now; 'rare' is the chance otherwise. */
UNTRACED static bool turn_over(unsigned rare)
{
	if (duel && patience[running])
		return --patience[running] == 0;

	return !duel && rare && weave_choose(rare) == 0;
}


UNTRACED static void at_point(void)
{
	if (weave_on_point)
		weave_on_point();
	if (in_kernel() && turn_over(rarity)) {
		weave_switches++;
		to_scheduler();
	}
}


UNTRACED static void at_relax(void)
{
	if (running == WEAVE_CPUS)
		return;
	spinning[running] = true;
	to_scheduler();
}


/** Called at each branch of code compiled for it. */
UNTRACED void __sanitizer_cov_trace_pc(void)
{
	static bool busy;

	weave_fine = true;
	if (busy || !in_kernel())
		return;
	busy = true;
	bool now = turn_over(branch_rarity);
	busy = false;
	if (now) {
		weave_switches++;
		to_scheduler();
	}
}


/** One entry of the random programs, or all that the CPU has to do in a duel. */
UNTRACED static void turn(unsigned id)
{
	if (!duel) {
		idle[id] = !play_cpu(id);
	} else if (!finished[id]) {
		play_inside[id] = true;
		duel->act[id]();
		play_inside[id] = false;
		finished[id] = true;
	} else if (irqc_pending()) {
		irqc_take();
		kernel_leave(stub_cpu);
	}
	done[id] = true;
}


UNTRACED static void cpu_main(void)
{
	if (__sanitizer_finish_switch_fiber)
		__sanitizer_finish_switch_fiber(NULL, &scheduler_stack, &scheduler_stack_size);
	for (;;) {
		turn(running);
		to_scheduler();
	}
}


static void make_coroutine(unsigned id)
{
	getcontext(&cpu_context[id]);
	cpu_context[id].uc_stack.ss_sp   = stacks[id];
	cpu_context[id].uc_stack.ss_size = STACK;
	makecontext(&cpu_context[id], cpu_main, 0);
	idle[id] = spinning[id] = false;
	done[id] = true;
}


/*
 * Scheduling
 */

/** A CPU to go on with; one that spins only if all others do, or by chance. */
static unsigned next_cpu(void)
{
	unsigned id = weave_choose(cpu_count);

	for (unsigned i = 0; i < cpu_count && spinning[id] && weave_choose(8); i++)
		id = (id + 1) % cpu_count;
	spinning[id] = false;

	return id;
}


static bool nobody_inside(void)
{
	for (unsigned i = 0; i < cpu_count; i++)
		if (!done[i])
			return false;

	return true;
}


static bool all_idle(void)
{
	for (unsigned i = 0; i < cpu_count; i++)
		if (!idle[i])
			return false;

	return true;
}


/** Let one CPU go on; true if it came to the end of an entry. */
static bool step(void)
{
	unsigned id = next_cpu();

	done[id] = false;
	to_cpu(id);

	return done[id];
}


static const char *check(void)
{
	const char *text = play_error();

	if (!text && nobody_inside() && play_checkable() && weave_choose(4) == 0) {
		text = world_check();
		if (!text)
			text = stub_tlb_check();
	}

	return text;
}


/** One kernel entry of some CPU comes to its end. */
static const char *run_entry(void)
{
	unsigned switches = 0;

	while (!step())
		if (++switches == HANG)
			return "no CPU leaves the kernel";
	if (weave_choose(16) == 0 || (nobody_inside() && all_idle()))
		play_outside();

	return check();
}


/** Nobody is inside the kernel any more. */
static const char *drain(void)
{
	for (unsigned switches = 0; !nobody_inside(); switches++) {
		unsigned id = weave_choose(cpu_count);
		if (!done[id])
			to_cpu(id);
		if (switches == HANG)
			return "a CPU does not leave the kernel";
	}

	return NULL;
}


static const char *destroy_all(void)
{
	const char *text = NULL;

	play_finish();
	for (unsigned entries = 0; !text && !play_over(); entries++)
		text = entries < FINISH ? run_entry() : "core does not come to an end";
	if (!text)
		text = drain();
	if (!text)
		text = world_check();

	return text;
}


static const char *generation(unsigned steps)
{
	const char *text = NULL;

	for (unsigned i = 0; i < cpu_count; i++)
		make_coroutine(i);
	stub_on_point = at_point;
	stub_on_relax = at_relax;
	for (unsigned i = 0; i < steps && !text; i++)
		text = run_entry();
	if (!text)
		text = destroy_all();
	stub_on_point = NULL;
	running = WEAVE_CPUS;

	return text;
}


/*
 * Duels
 */

/** Let CPU 'id' go on until it ends, waits for the other, or loses patience. */
static void duel_turn(unsigned id)
{
	done[id] = spinning[id] = false;
	to_cpu(id);
}


/** Both come to their ends. */
static const char *duel_finish(unsigned first)
{
	for (unsigned turns = 0; !finished[0] || !finished[1] || !nobody_inside(); turns++) {
		duel_turn((first + turns) % 2);
		if (turns == HANG)
			return "a duel does not end";
	}
	stub_on_point = point_before;
	stub_on_relax = relax_before;
	running       = WEAVE_CPUS;
	duel          = NULL;
	world_quiet   = false;

	return NULL;
}


/** No interrupt is left either. */
static const char *duel_end(unsigned first)
{
	const char *hang = duel_finish(first);

	if (hang)
		return hang;
	world_switch(0);
	world_settle();

	const char *text = world_check();

	return text ? text : stub_tlb_check();
}


static void duel_begin(struct weave_duel const *what)
{
	if (what->setup)
		what->setup();
	duel = what;
	for (unsigned id = 0; id < 2; id++) {
		make_coroutine(id);
		finished[id] = false;
		patience[id] = 0;
	}
	world_quiet   = true;
	relax_before  = stub_on_relax;
	point_before  = stub_on_point;
	stub_on_point = at_point;
	stub_on_relax = at_relax;
	stub_on_panic = print_seed;
}


static const char *duel_judged(struct weave_duel const *what, unsigned first)
{
	const char *text = duel_end(first);

	return text || !what->judge ? text : what->judge();
}


/** CPU 'first' is interrupted after 'points' points; 'over' tells that it ended before. */
static const char *duel_switched(struct weave_duel const *what, unsigned first,
                                 unsigned long points, bool *over)
{
	duel_begin(what);
	patience[first] = points;
	seed_now        = points;
	duel_turn(first);
	duel_turn(!first);

	const char *text = duel_judged(what, !first);

	*over = patience[first] != 0;

	return text;
}


static const char *duel_random(struct weave_duel const *what, unsigned long seed)
{
	state    = seed * 0x9e3779b97f4a7c15u + 99;
	seed_now = seed;
	duel_begin(what);
	unsigned longest = 1u << weave_choose(9);
	for (unsigned turns = 0; turns < 1000 && !(finished[0] && finished[1]); turns++) {
		unsigned id = weave_choose(2);
		patience[id] = 1 + weave_choose(longest);
		duel_turn(id);
	}
	patience[0] = patience[1] = 0;

	return duel_judged(what, 0);
}


const char *weave_duel(struct weave_duel const *what, unsigned long seed, unsigned random)
{
	const char *text = NULL;

	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(print_seed);
	for (unsigned first = 0; first < 2; first++) {
		bool over = false;
		for (unsigned long points = 1; !over && !text; points++) {
			text = duel_switched(what, first, points, &over);
			if (weave_sparse)
				points += points / weave_sparse;
		}
	}
	for (unsigned i = 0; i < random && !text; i++)
		text = duel_random(what, seed + i);

	return text;
}


const char *weave_both(struct weave_duel const *what, unsigned first, unsigned points)
{
	duel_begin(what);
	patience[first] = points;
	duel_turn(first);
	duel_turn(!first);

	return duel_finish(first);
}


const char *weave_run(uint64_t seed, unsigned cpu_total, unsigned steps)
{
	static unsigned const rarities[] = { 2, 3, 8, 30, 200 };
	static unsigned const branch_rarities[] = { 0, 5, 20, 100, 500 };

	duel     = NULL;
	seed_now = seed;
	state    = seed * 0x9e3779b97f4a7c15u + 0x1234567;
	running  = WEAVE_CPUS;
	play_choose = weave_choose;
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(print_seed);
	rarity        = rarities[weave_choose(5)];
	branch_rarity = branch_rarities[weave_choose(5)];
	play_begin(cpu_total);
	stub_on_panic   = print_seed;
	stub_quarantine = weave_choose(3) ? weave_choose(40) : 0;

	return generation(steps);
}
