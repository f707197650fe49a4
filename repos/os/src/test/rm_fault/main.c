/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A parent that provides its child's memory when the child touches it, page by page.
 */
#include <by/container.h>
#include <by/kernel.h>
#include <check.h>
#include <nursery.h>

enum { PAGES = 8, PAGE = 4096, AREA = 0x60000000 };

static struct by_env           *env;
static struct nursery_child     child;
static struct by_signal_handler faults;
static struct by_attached       pages[PAGES];
static unsigned                 reads, writes;


/* A page of our RAM that holds its own address, at the place where the child wants it. */
static void provide(uint64_t address, uint32_t access)
{
	uint64_t const at    = address & ~(uint64_t)(PAGE - 1);
	unsigned const index = (unsigned)((at - AREA) / PAGE);
	uint64_t       place = 0;

	CHECK(at >= AREA && index < PAGES);
	if (at < AREA || index >= PAGES || pages[index].base)
		return;

	if (access == BY_ACCESS_WRITE)
		writes++;
	else
		reads++;
	check_need(env, by_attached_ram_init(env, &pages[index], PAGE, BY_PD_CACHE_CACHED), "RAM");
	*(by_word_t *)pages[index].base = (by_word_t)at;
	CHECK_STATUS(by_region_map_attach(&child.child.space, pages[index].ds, 0, 0, at,
	                                  BY_ATTACH_WRITE | BY_ATTACH_AT, &place), BY_OK);
	CHECK_EQ(place, at);
}


static void handle_fault(struct by_signal_handler *handler, unsigned count)
{
	uint64_t address;
	uint32_t access;

	(void)handler, (void)count;
	while (by_region_map_fault(&child.child.space, &address, &access) == BY_OK) {
		by_log("page fault of the child at 0x%llx, %s", (unsigned long long)address,
		       access == BY_ACCESS_WRITE ? "writing" : "reading");
		provide(address, access);
	}
}


static void exited(struct by_child *who, int code)
{
	(void)who;
	CHECK_EQ(code, 0);
	CHECK_EQ(writes, PAGES / 2);
	CHECK_EQ(reads, PAGES / 2);
	for (unsigned i = 0; i < PAGES; i++)
		CHECK_EQ(*(by_word_t *)pages[i].base, i); /* what the child has written */
	nursery_end(env, &child);
	for (unsigned i = 0; i < PAGES; i++)
		by_attached_fini(env, &pages[i]);
	check_finish(env, "rm_fault");
}


static void faulted(struct by_child *who, char const *thread, struct by_cpu_fault const *fault)
{
	by_child_report(who, thread, fault);
	FAIL("the child has crashed");
	check_finish(env, "rm_fault");
}


void component_main(struct by_env *the_env)
{
	static struct by_child_ops const ops = { .exited = exited, .faulted = faulted };
	static char const text[] = "start toucher | binary: crasher | ram: 512K | caps: 60\n"
	                           "+ config | how: touch | at: 0x60000000 | pages: 8\n-\n";
	struct by_hid_span const span = { text, sizeof(text) - 1 };
	struct by_hid_node       node;
	struct nursery_args const args = { .node = &node, .ops = &ops };

	env = the_env;
	check_need(env, by_hid_open(span, &node), "configuration");
	check_need(env, nursery_start(env, &child, &args), "child");
	check_need(env, by_signal_handler_init(&faults, env->endpoint, BY_SIGNAL_APPLICATION,
	                                       handle_fault), "signal");
	CHECK_STATUS(by_region_map_fault_sigh(&child.child.space, faults.target.cap), BY_OK);
}
