/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Address spaces: tables, large pages, the pool, and TLBs that keep what nobody drops.
 */
#include "unit.h"
#include "asid.h"
#include "world.h"

enum {
	PRIO = 10, ENOUGH = BY_TABLE_RESERVE + 2, SPACES = 7,
	MODEL_PAGES = 24, MODEL_FRAMES = 8, MODEL_STEPS = 6000,
};

static word_t const VA = 0x200000, LARGE = 0x200000, HUGE_SPAN = 0x40000000;

static struct made pd[SPACES], thread[SPACES];
static struct thread *t[SPACES];
static paddr_t frame;


/** PDs with a thread each; thread 'i' runs on CPU i % cpus when it is its turn. */
static void setup(unsigned cpu_total, unsigned spaces, unsigned tables)
{
	world_boot(cpu_total);
	for (unsigned i = 0; i < spaces; i++) {
		struct made share;
		world_pd_pool(&pd[i], tables, 1);
		world_share(&share, i % cpu_total, PRIO);
		t[i] = world_run_on(&thread[i], pd[i], share, false);
		world_settle();
	}
	frame = stub_alloc(PAGE_SIZE);
}


static word_t map(unsigned i, word_t va, paddr_t pa, word_t pages, word_t attr)
{
	status_t status = CORE(PD_MAP, pd[i].slot, va, (word_t)pa >> PAGE_SHIFT, pages, attr);
	word_t   done   = status == BY_OK ? world_result(0) : 0;

	world_settle();

	return done;
}


/** Map in as many parts as it takes. */
static word_t map_all(unsigned i, word_t va, paddr_t pa, word_t pages, word_t attr)
{
	word_t done = 0, part;

	do {
		part  = map(i, va + done * PAGE_SIZE, pa + done * PAGE_SIZE, pages - done, attr);
		done += part;
	} while (part && done < pages);

	return done;
}


static word_t unmap(unsigned i, word_t va, word_t pages)
{
	status_t status = CORE(PD_UNMAP, pd[i].slot, va, pages);
	word_t   done   = status == BY_OK ? world_result(0) : 0;

	world_settle();

	return done;
}


/** Access by the thread that runs on this CPU. */
static bool sees(word_t va, unsigned access, paddr_t expected)
{
	paddr_t pa;
	bool    ok = stub_access(stub_cpu, va, access, &pa);

	world_verify();

	return ok && pa == expected;
}


static bool faults(word_t va, unsigned access)
{
	paddr_t pa;

	return !stub_access(stub_cpu, va, access, &pa);
}


TEST(mapped_and_unmapped)
{
	setup(1, 1, ENOUGH);
	CHECK(faults(VA, BY_ACCESS_READ));
	CHECK_EQ(map(0, VA, frame, 1, 0), 1);
	CHECK(sees(VA + 5, BY_ACCESS_READ, frame + 5));
	CHECK(faults(VA, BY_ACCESS_WRITE) && faults(VA, BY_ACCESS_EXEC));
	CHECK(faults(VA + PAGE_SIZE, BY_ACCESS_READ));
	CHECK_EQ(unmap(0, VA, 1), 1);
	CHECK(faults(VA, BY_ACCESS_READ));
	CHECK_EQ(unmap(0, VA, 1), 1);
}


TEST(attributes_change)
{
	setup(1, 1, ENOUGH);
	CHECK_EQ(map(0, VA, frame, 1, BY_MAP_WRITE), 1);
	CHECK(sees(VA, BY_ACCESS_WRITE, frame));
	CHECK_EQ(map(0, VA, frame, 1, 0), 1);
	CHECK(faults(VA, BY_ACCESS_WRITE) && sees(VA, BY_ACCESS_READ, frame));
	CHECK_EQ(map(0, VA, frame, 1, BY_MAP_EXEC), 1);
	CHECK(sees(VA, BY_ACCESS_EXEC, frame));
}


TEST(refused)
{
	setup(1, 1, ENOUGH);
	word_t const f = (word_t)frame >> PAGE_SHIFT, last = BY_USER_LAST & ~(word_t)0xfff;
	word_t const slot = pd[0].slot;

	CHECK(CORE(PD_MAP, slot, VA, f, (word_t)1, (word_t)(BY_MAP_WRITE | BY_MAP_EXEC)) == BY_INVALID);
	CHECK(CORE(PD_MAP, slot, VA + 1, f, (word_t)1) == BY_INVALID);
	CHECK(CORE(PD_MAP, slot, (word_t)0, f, (word_t)1) == BY_INVALID);
	CHECK(CORE(PD_MAP, slot, BY_USER_LAST + 1, f, (word_t)1) == BY_INVALID);
	CHECK(CORE(PD_MAP, slot, last, f, (word_t)2) == BY_INVALID);
	CHECK(CORE(PD_MAP, slot, VA, f, ~(word_t)0) == BY_INVALID);
	CHECK(CORE(PD_MAP, thread[0].slot, VA, f, (word_t)1) == BY_BAD_CAP);
	CHECK(CORE(PD_UNMAP, thread[0].slot, VA, (word_t)1) == BY_BAD_CAP);
	CHECK(CORE(PD_UNMAP, slot, last, (word_t)2) == BY_INVALID);
	CHECK(CORE(PD_MAP, slot, last, f, (word_t)1) == BY_OK);
	CHECK(sees(BY_USER_LAST, BY_ACCESS_READ, frame + 0xfff));
	CHECK_EQ(map(0, BY_USER_FIRST, frame, 1, 0), 1);
	CHECK(CORE(PD_MAP, slot, VA, f, (word_t)0) == BY_OK && world_result(0) == 0);
	CHECK(CORE(PD_UNMAP, slot, VA, (word_t)0) == BY_OK && world_result(0) == 0);
}


TEST(too_few_tables)
{
	setup(1, 1, BY_TABLE_RESERVE - 2);
	CHECK(CORE(PD_MAP, pd[0].slot, VA, (word_t)1, (word_t)1) == BY_OUT_OF_RAM);
	CHECK(CORE(PD_TABLES, pd[0].slot, (word_t)stub_alloc(PAGE_SIZE), (word_t)1) == BY_OK);
	CHECK(CORE(PD_MAP, pd[0].slot, VA, (word_t)frame >> PAGE_SHIFT, (word_t)1) == BY_OK);
}


TEST(large_pages)
{
	paddr_t big;

	setup(1, 1, ENOUGH);
	big = stub_alloc(4 * LARGE);
	CHECK_EQ(map(0, 4 * LARGE, big, 2 * 512, BY_MAP_WRITE), 1024);
	CHECK_EQ(((struct pd *)pd[0].object)->pool_next, 1);
	CHECK(sees(4 * LARGE + 0x123456, BY_ACCESS_WRITE, big + 0x123456));
	CHECK(sees(6 * LARGE - 1, BY_ACCESS_READ, big + 2 * LARGE - 1));

	/* a page in the middle: the large one goes, what is missing faults in again */
	CHECK_EQ(map(0, 4 * LARGE + PAGE_SIZE, frame, 1, 0), 1);
	CHECK(sees(4 * LARGE + PAGE_SIZE, BY_ACCESS_READ, frame));
	CHECK(faults(4 * LARGE, BY_ACCESS_READ));
	CHECK(sees(5 * LARGE, BY_ACCESS_WRITE, big + LARGE));

	/* and what is unmapped in the middle of one takes all of it away */
	CHECK(unmap(0, 5 * LARGE + 3 * PAGE_SIZE, 1) >= 1);
	CHECK(faults(5 * LARGE, BY_ACCESS_READ));

	/* not aligned alike: small pages */
	CHECK(map(0, 8 * LARGE, big + PAGE_SIZE, 512, 0) >= 1);
	CHECK(sees(8 * LARGE + 7, BY_ACCESS_READ, big + PAGE_SIZE + 7));
	/* a table stays where one is, even if a large page would fit */
	CHECK_EQ(map_all(0, 8 * LARGE, big, 512, 0), 512);
	CHECK(sees(8 * LARGE + LARGE - 1, BY_ACCESS_READ, big + LARGE - 1));
}


TEST(in_bounded_parts)
{
	paddr_t big;
	word_t  done = 0, calls = 0;

	setup(1, 1, 20);
	big = stub_alloc(8 * LARGE);
	while (done < 4000) {
		word_t part = map(0, VA + PAGE_SIZE + done * PAGE_SIZE, big + done * PAGE_SIZE,
		                  4000 - done, 0);
		CHECK(part > 0 && part <= 4 * 512);
		done += part;
		calls++;
	}
	CHECK(calls > 1);
	for (word_t i = 0; i < 4000; i += 97)
		CHECK(sees(VA + (1 + i) * PAGE_SIZE, BY_ACCESS_READ, big + i * PAGE_SIZE));
	for (done = 0; done < 4000; ) {
		word_t part = unmap(0, VA + PAGE_SIZE + done * PAGE_SIZE, 4000 - done);
		CHECK(part > 0);
		done += part;
	}
	for (word_t i = 0; i < 4000; i += 97)
		CHECK(faults(VA + (1 + i) * PAGE_SIZE, BY_ACCESS_READ));
	/* where nothing is, unmapping takes large steps */
	CHECK_EQ(unmap(0, 8 * HUGE_SPAN, 4 * (HUGE_SPAN / PAGE_SIZE)), 4 * (HUGE_SPAN / PAGE_SIZE));
}


TEST(oldest_table_is_recycled)
{
	setup(1, 1, ENOUGH);
	struct pd *p = pd[0].object;

	/* each of these takes two tables of their own */
	for (unsigned i = 0; i < 30; i++) {
		word_t va = VA + i * HUGE_SPAN;
		CHECK_EQ(map(0, va, frame, 1, BY_MAP_WRITE), 1);
		CHECK(sees(va, BY_ACCESS_WRITE, frame));
		/* the ones mapped last are still there */
		for (unsigned back = 1; back < 4 && back <= i; back++)
			CHECK(sees(va - back * HUGE_SPAN, BY_ACCESS_WRITE, frame));
	}
	CHECK(p->pool_recycled > 40);
	CHECK(faults(VA, BY_ACCESS_READ));
	CHECK_EQ(p->pool_count, ENOUGH);
}


/** A table that was taken away from below its parent, when the parent goes as well. */
TEST(recycling_follows_the_places)
{
	setup(1, 1, BY_TABLE_RESERVE);
	for (unsigned i = 0; i < 200; i++) {
		word_t va = VA + (word_t)((i * 7) % 5) * HUGE_SPAN + (word_t)((i * 3) % 11) * LARGE;
		CHECK_EQ(map(0, va, frame, 1, 0), 1);
		CHECK(sees(va, BY_ACCESS_READ, frame));
	}
}


TEST(pool_grows_to_its_limit)
{
	setup(1, 1, 0);
	struct pd *p = pd[0].object;
	word_t     pages = 0;
	paddr_t    mem = stub_alloc(64 * PAGE_SIZE);
	status_t   status;

	/* the same memory again and again: nothing is mapped through it */
	while ((status = CORE(PD_TABLES, pd[0].slot, (word_t)mem, (word_t)64)) == BY_OK) {
		pages += 64;
		CHECK(p->pool_count <= POOL_MAX);
		if (pages > 2 * POOL_MAX)
			break;
	}
	CHECK(status == BY_LIMIT);
	CHECK(p->pool_count + 64 > POOL_MAX);
	while (pd_pool_add(p, mem_kernel(mem))) { }
	CHECK_EQ(p->pool_count, POOL_MAX);
	CHECK(CORE(PD_TABLES, pd[0].slot, (word_t)mem + 8, (word_t)1) == BY_INVALID);
	CHECK(CORE(PD_TABLES, pd[0].slot, (word_t)mem, (word_t)65) == BY_INVALID);
	CHECK(CORE(PD_TABLES, pd[0].slot, (word_t)0, (word_t)1) == BY_INVALID);
	CHECK(CORE(PD_TABLES, thread[0].slot, (word_t)mem, (word_t)1) == BY_BAD_CAP);
}


/** Tables beyond those that the PD's own entries describe are handed out as well. */
TEST(large_pool)
{
	enum { TABLES = POOL_FIRST + 40 };

	setup(1, 1, 0);
	for (unsigned i = 0; i < TABLES; i++)
		CHECK(CORE(PD_TABLES, pd[0].slot, (word_t)stub_alloc(PAGE_SIZE), (word_t)1) == BY_OK);
	struct pd *p = pd[0].object;
	CHECK_EQ(p->pool_count, TABLES - 1); /* one of them describes the others */
	for (unsigned i = 0; i < TABLES / 2 - 1; i++)
		CHECK_EQ(map(0, VA + i * HUGE_SPAN / 2, frame, 1, 0), 1);
	CHECK_EQ(p->pool_recycled, 0);
	for (unsigned i = 0; i < TABLES; i++)
		CHECK_EQ(map(0, VA + i * HUGE_SPAN / 2, frame, 1, 0), 1);
	CHECK(p->pool_recycled > 0);
}


/*
 * TLBs
 */

TEST(numbers_of_spaces_run_out)
{
	setup(1, SPACES, ENOUGH);
	for (unsigned i = 0; i < SPACES; i++)
		CHECK_EQ(map(i, VA, frame + (i & 1 ? 0 : 8 * PAGE_SIZE), 1, BY_MAP_WRITE), 1);
	for (unsigned round = 0; round < 5 * SPACES; round++) {
		struct thread *runs = cpus[0].current;
		unsigned i = 0;
		while (t[i] != runs)
			i++;
		CHECK(sees(VA, BY_ACCESS_WRITE, frame + (i & 1 ? 0 : 8 * PAGE_SIZE)));
		/* what another space unmaps does not concern this one, nor the other way round */
		unsigned other = (i + 3) % SPACES;
		CHECK(unmap(other, VA, 1) == 1 && sees(VA, BY_ACCESS_READ,
		                                       frame + (i & 1 ? 0 : 8 * PAGE_SIZE)));
		CHECK_EQ(map(other, VA, frame + (other & 1 ? 0 : 8 * PAGE_SIZE), 1, BY_MAP_WRITE), 1);
		CHECK(USER(runs, BY_CALL_YIELD, 0, 0));
	}
}


TEST(unmapped_on_all_cpus)
{
	struct made share, second;

	setup(2, 1, ENOUGH);
	world_share(&share, 1, PRIO);
	(void)world_run_on(&second, pd[0], share, false);
	world_settle();
	CHECK_EQ(map(0, VA, frame, 1, BY_MAP_WRITE), 1);
	CHECK(sees(VA, BY_ACCESS_WRITE, frame));
	world_switch(1);
	CHECK(sees(VA, BY_ACCESS_WRITE, frame));
	world_switch(0);
	CHECK_EQ(map(0, VA, frame, 1, 0), 1);
	world_switch(1);
	CHECK(faults(VA, BY_ACCESS_WRITE) && sees(VA, BY_ACCESS_READ, frame));
	CHECK_EQ(unmap(0, VA, 1), 1);
	CHECK(faults(VA, BY_ACCESS_READ));
	world_switch(0);
	CHECK(faults(VA, BY_ACCESS_READ));
}


/** A space leaves a CPU and comes back: what it had there must not be there any more. */
TEST(unmapped_while_the_space_is_elsewhere)
{
	setup(1, 3, ENOUGH);
	CHECK(cpus[0].current == t[0]);
	CHECK_EQ(map(0, VA, frame, 1, BY_MAP_WRITE), 1);
	CHECK(sees(VA, BY_ACCESS_WRITE, frame));
	CHECK(USER(t[0], BY_CALL_YIELD, 0, 0) && cpus[0].current == t[1]);
	CHECK_EQ(unmap(0, VA, 1), 1);
	CHECK(world_turn(t[0]) && faults(VA, BY_ACCESS_READ));
}


TEST(space_dies_while_loaded)
{
	for (unsigned cpu = 0; cpu < 2; cpu++) {
		setup(2, 2, ENOUGH);
		CHECK_EQ(map(cpu, VA, frame, 1, BY_MAP_WRITE), 1);
		world_switch(cpu);
		CHECK(sees(VA, BY_ACCESS_WRITE, frame));
		CHECK(USER(t[cpu], BY_CALL_PARK, 0, 0, BY_NEVER));
		CHECK(!cpus[cpu].current && cpus[cpu].pd == pd[cpu].object);
		world_switch(0);
		world_destroy(pd[cpu], BY_OBJECT_PD);
		CHECK(cpus[cpu].pd != pd[cpu].object);
	}
}


static void drop_nothing(void) { }

TEST(tag_tells_whether_it_is_current)
{
	uint64_t tag = 0;

	setup(2, 1, ENOUGH);
	CHECK(!stub_tag_current(tag, 0));
	(void)asid_get(&tag, STUB_ASIDS, drop_nothing);
	CHECK(stub_tag_current(tag, 0));
	for (unsigned i = 0; i < STUB_ASIDS; i++) {
		uint64_t other = 0;
		(void)asid_get(&other, STUB_ASIDS, drop_nothing);
	}
	CHECK(!stub_tag_current(tag, 0));
}


/*
 * Random mappings of two spaces on two CPUs against a model
 */

static struct { bool present; unsigned frame, attr; } model[2][MODEL_PAGES];
static paddr_t  model_frame[MODEL_FRAMES];
static unsigned state;


static unsigned choose(unsigned n)
{
	state = state * 1103515245u + 12345u;

	return state / 65536 % n;
}


static word_t model_va(unsigned page)
{
	return VA + (page % 6) * PAGE_SIZE + (page / 6) * HUGE_SPAN;
}


static bool model_map(unsigned space, unsigned page)
{
	model[space][page].present = true;
	model[space][page].frame   = choose(MODEL_FRAMES);
	model[space][page].attr    = choose(2) ? BY_MAP_WRITE : choose(2) ? BY_MAP_EXEC : 0;

	return map(space, model_va(page), model_frame[model[space][page].frame], 1,
	           model[space][page].attr) == 1;
}


/** What is mapped can have been forgotten, but is never anything else. */
static bool model_access(unsigned cpu, unsigned page)
{
	unsigned space  = cpus[cpu].pd == pd[1].object;
	unsigned access = choose(3);
	paddr_t  pa;

	world_switch(cpu);
	if (!stub_access(&cpus[cpu], model_va(page), access, &pa))
		return true;

	return model[space][page].present && pa == model_frame[model[space][page].frame]
	       && (access != BY_ACCESS_WRITE || model[space][page].attr & BY_MAP_WRITE)
	       && (access != BY_ACCESS_EXEC || model[space][page].attr & BY_MAP_EXEC);
}


TEST(random_mappings)
{
	setup(2, 4, ENOUGH);
	state = 5;
	memset(model, 0, sizeof(model));
	for (unsigned i = 0; i < MODEL_FRAMES; i++)
		model_frame[i] = stub_alloc(PAGE_SIZE);

	for (unsigned step = 0; step < MODEL_STEPS; step++) {
		unsigned space = choose(2), page = choose(MODEL_PAGES), cpu = choose(2);
		switch (choose(6)) {
		case 0:
			CHECK(model_map(space, page));
			break;
		case 1:
			model[space][page].present = false;
			CHECK(unmap(space, model_va(page), 1) == 1);
			break;
		case 2:
			world_switch(cpu);
			CHECK(USER(cpus[cpu].current, BY_CALL_YIELD, 0, 0));
			break;
		default:
			if (cpus[cpu].pd == pd[0].object || cpus[cpu].pd == pd[1].object)
				CHECK(model_access(cpu, page));
		}
		world_switch(choose(2));
	}
}


UNIT_MAIN("kernel_memory")
