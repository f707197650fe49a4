/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenarios of reports: somebody who looks at them.
 */
#include <by/timeout.h>
#include <check.h>
#include <rom_watch.h>

static struct {
	struct by_env   *env;
	struct rom_watch watch;
	unsigned         views;
	uint64_t         number, largest;
} viewer;


/* Each row has the document's number. */
static void check_rows(struct by_hid_node const *top, uint64_t number)
{
	struct by_hid_node row;
	uint64_t           rows = 0;

	for (bool more = by_hid_first_of(top, "row", &row); more; more = by_hid_next(&row)) {
		CHECK_EQ(by_hid_u64(&row, "n", 0), number);
		rows++;
	}
	CHECK_EQ(rows, by_hid_u64(top, "rows", 0));
}


static void changed(struct rom_watch *watch)
{
	struct by_hid_span const text = rom_watch_content(watch);
	struct by_hid_node       top;

	check_need(viewer.env, watch->status, "look");
	check_need(viewer.env, by_hid_open(text, &top), "document");
	uint64_t const number = by_hid_u64(&top, "n", 0);

	CHECK(number >= viewer.number);
	check_rows(&top, number);
	viewer.views += number > viewer.number;
	viewer.number = number;
	if (text.size > viewer.largest)
		viewer.largest = text.size;
	if (!by_hid_bool(&top, "last", false))
		return;

	by_log("%u views of %llu, largest beyond 64K: %s", viewer.views, (unsigned long long)number,
	       viewer.largest > 65536 ? "yes" : "no");
	check_finish(viewer.env, "viewer");
}


static void start(struct by_timeout *timeout)
{
	(void)timeout;
	rom_watch_begin(&viewer.watch, viewer.env, "numbers", changed);
}


void component_main(struct by_env *env)
{
	static struct by_attached rom;
	static struct by_timeout  wait;
	struct by_hid_node        top;

	viewer.env = env;
	check_need(env, by_attached_rom_init(env, &rom, "config"), "config");
	check_need(env, by_hid_open((struct by_hid_span){ rom.base, rom.size }, &top), "config");
	by_timeout_init(&wait, env->endpoint, start);
	check_need(env, by_timeout_start(&wait, by_hid_u64(&top, "wait_ms", 0) * 1000), "timeout");
}
