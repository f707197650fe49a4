/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's smaller services, as init uses them.
 */
#include "census.h"
#include "inside.h"
#include "../src/console.h"
#include "../src/kcall.h"
#include <stdlib.h>

UNIT_MAIN("core-services")

static struct census before, after;

/* A test's frame: init acts, and in the end everything is as it was. */
#define BEGIN() do { CHECK_CENSUS(&before); CHECK(host_as(&host_init)); } while (0)
#define END()   do { host_core(); CHECK_CENSUS(&after); CHECK_SAME(&before, &after); } while (0)


static by_status_t open_rom(uint32_t id, const char *name, struct by_rom *rom)
{
	return host_open(id, "ROM", name, 8192, 3, NULL, 0, &rom->session.cap);
}


static struct ds *ds_of(by_cap_t cap)
{
	struct item *item = host_item(&host_init, cap);

	return item && item->type == ITEM_DS ? BY_CONTAINER_OF(item, struct ds, item) : NULL;
}


/*
 * Core's own words
 */

CORE_TEST(core_prints_as_much_as_fits_into_a_line)
{
	char     text[300];
	uint64_t from, to, at;

	memset(text, 'x', sizeof(text));
	for (size_t size = 250; size < 260; size++) {
		text[size] = 0;
		(void)console_range(&from, &at);
		console_print("%s", text);
		(void)console_range(&from, &to);
		CHECK_EQ(to - at, size < 255 ? size : 255);
		text[size] = 'x';
	}
}


/*
 * ROM
 */

CORE_TEST(a_module_is_read_only_and_padded_with_zeros)
{
	struct by_rom rom;
	by_cap_t      cap;
	uint64_t      size;

	BEGIN();
	CHECK_STATUS(open_rom(1, "a child -> data", &rom), BY_OK);
	CHECK_STATUS(by_rom_update(&rom, &size), BY_NOT_FOUND);
	CHECK_STATUS(by_rom_dataspace(&rom, &cap, &size), BY_OK);
	CHECK_EQ(size, 5000);
	struct ds *ds = ds_of(cap);
	CHECK_EQ(ds->size, 2 * PAGE_SIZE);
	char const *text = sim_memory(ds->pa);
	for (unsigned i = 0; i < 2 * PAGE_SIZE; i++)
		CHECK_EQ(text[i], i < 5000 ? 'd' : 0);

	uint64_t at;
	by_paddr_t pa;
	CHECK_STATUS(by_region_map_attach(&host_space, cap, 0, 0, 0, BY_ATTACH_WRITE, &at), BY_DENIED);
	CHECK_STATUS(by_region_map_attach(&host_space, cap, 0, 0, 0, 0, &at), BY_OK);
	CHECK(host_access((by_word_t)at, BY_ACCESS_READ, &pa));
	CHECK_EQ(pa, ds->pa);
	CHECK_STATUS(by_rom_update(&rom, &size), BY_OK);
	CHECK_EQ(size, 5000);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


CORE_TEST(core_tells_about_the_machine)
{
	struct by_rom rom;
	by_cap_t      cap;
	uint64_t      size;

	BEGIN();
	CHECK_STATUS(open_rom(1, "platform_info", &rom), BY_OK);
	CHECK_STATUS(by_rom_dataspace(&rom, &cap, &size), BY_OK);
	char const *text = sim_memory(ds_of(cap)->pa);
	CHECK(strstr(text, "platform_info | board: host | cpus: 1 | ram: 8388608\n"));
	CHECK_EQ(strlen(text), size);
	for (size_t i = size; i < PAGE_SIZE; i++)
		CHECK_EQ(text[i], 0);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


CORE_TEST_ON(the_log_before_a_reset_is_shown_and_kept,
             .last_log = "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n"
                         "0123456789012345678901234567890123456789012345678901234567890123456789"
                         "0123456789012345678901234567890123456789012345678901234567890123456789"
                         "0123456789012345678901234567890123456789012345678901234567890123456789")
{
	struct by_rom rom;
	by_cap_t      cap;
	uint64_t      size;

	BEGIN();
	host_core();
	char const *text = host_log_text();
	CHECK(strstr(text, "core: before the reset, the log ended with\ncore: | 2\ncore: | 3\n"));
	CHECK(strstr(text, "core: | 20\ncore: | 0123456789"));
	CHECK(strstr(text, "56789\ncore: | 0123456789\ncore: end of the log before the reset\n"));
	CHECK(host_as(&host_init));
	CHECK_STATUS(open_rom(1, "previous_log", &rom), BY_OK);
	CHECK_STATUS(by_rom_dataspace(&rom, &cap, &size), BY_OK);
	CHECK_EQ(size, 10 * 2 + 11 * 3 + 210);
	CHECK(!strncmp(sim_memory(ds_of(cap)->pa), "0\n1\n2\n", 6));
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


CORE_TEST_ON(a_log_of_one_line_is_shown, .last_log = "x\n")
{
	BEGIN();
	host_core();
	CHECK(strstr(host_log_text(), "ended with\ncore: | x\ncore: end of the log before"));
	CHECK(host_as(&host_init));
	END();
}


/** The number behind 'name' in a census. */
static unsigned long long told(const char *text, const char *name)
{
	char const *at = strstr(text, name);

	return at ? strtoull(at + strlen(name), NULL, 10) : ~0ull;
}


CORE_TEST(core_counts_what_there_is)
{
	struct by_rom rom;
	struct census now;
	by_cap_t      cap, endpoint;
	uint64_t      size;

	BEGIN();
	CHECK_STATUS(open_rom(1, "core_census", &rom), BY_OK);
	CHECK_STATUS(by_rom_dataspace(&rom, &cap, &size), BY_OK);
	char const *text = sim_memory(ds_of(cap)->pa);
	for (unsigned i = 0; i < 2; i++) {
		CHECK_STATUS(by_rom_update(&rom, &size), BY_OK);
		CHECK_EQ(strlen(text), size);
		CHECK_EQ(memcmp(text, "core_census\n+ ram | spare: ", 27), 0);
		host_core();
		CHECK_CENSUS(&now);
		CHECK(host_as(&host_init));
		CHECK_EQ(told(text, "spare: "), (now.free_pages + window_table_pages()) * PAGE_SIZE);
		CHECK_EQ(told(text, "pd: "), now.objects[BY_OBJECT_PD]);
		CHECK_EQ(told(text, "thread: "), now.objects[BY_OBJECT_THREAD]);
		CHECK_EQ(told(text, "share: "), now.objects[BY_OBJECT_SHARE]);
		CHECK_EQ(told(text, "endpoint: "), now.objects[BY_OBJECT_ENDPOINT]);
		CHECK_EQ(told(text, "gate: "), now.objects[BY_OBJECT_GATE]);
		CHECK_EQ(told(text, "signal: "), now.objects[BY_OBJECT_SIGNAL]);
		CHECK_EQ(told(text, "irq: "), now.objects[BY_OBJECT_IRQ]);
		if (i == 0)
			CHECK_STATUS(by_pd_endpoint_create(&host_pd, (by_cap_t){ BY_SLOT_THREAD },
			                                   &endpoint), BY_OK);
	}
	CHECK_STATUS(by_pd_object_free(&host_pd, endpoint), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


CORE_TEST(the_log_can_be_read_and_read_again)
{
	struct by_rom rom;
	by_cap_t      cap;
	uint64_t      size, later;

	BEGIN();
	CHECK_STATUS(open_rom(1, "core_log", &rom), BY_OK);
	CHECK_STATUS(by_rom_dataspace(&rom, &cap, &size), BY_OK);
	char const *text = sim_memory(ds_of(cap)->pa);
	CHECK(strstr(text, "KiB RAM"));
	for (size_t i = size; i < ds_of(cap)->size; i++)
		CHECK_EQ(text[i], 0);
	CHECK_STATUS(by_log_write(&host_log, "news\n", 5), BY_OK);
	CHECK_STATUS(by_rom_update(&rom, &later), BY_OK);
	CHECK_EQ(later, size + strlen("[init] news\n"));
	CHECK(strstr(text, "[init] news\n"));
	/* more than the ring holds, slowly enough: the last part of it */
	for (unsigned i = 0; i < 400; i++) {
		CHECK_STATUS(by_log_write(&host_log, "0123456789012345678901234567890123456789\n", 41),
		             BY_OK);
		sim_pass(20000000), host_settle();
	}
	CHECK_STATUS(by_rom_update(&rom, &later), BY_OK);
	CHECK_EQ(later, 16384);
	CHECK_EQ(text[16383], '\n');
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


/** What a session gives out is the session's: nobody else can free it. */
CORE_TEST(the_content_of_a_rom_cannot_be_freed_as_ram)
{
	static const char *const name[] = { "platform_info", "core_log", "data" };
	struct by_rom rom;
	by_cap_t      cap;
	uint64_t      size;

	BEGIN();
	for (unsigned i = 0; i < 3; i++) {
		CHECK_STATUS(open_rom(1, name[i], &rom), BY_OK);
		CHECK_STATUS(by_rom_dataspace(&rom, &cap, &size), BY_OK);
		CHECK_STATUS(by_pd_ram_free(&host_pd, cap), BY_DENIED);
		CHECK_STATUS(by_pd_ram_seal(&host_pd, cap), BY_DENIED);
		CHECK_STATUS(by_pd_object_free(&host_pd, cap), BY_BAD_CAP);
		CHECK_STATUS(by_rom_update(&rom, &size), BY_OK);
		CHECK_STATUS(host_close(1), BY_OK);
	}
	END();
}


CORE_TEST(an_unknown_name_is_denied)
{
	struct by_rom rom;

	BEGIN();
	CHECK_STATUS(open_rom(1, "nothing", &rom), BY_DENIED);
	CHECK_STATUS(open_rom(1, "previous_log", &rom), BY_DENIED);
	CHECK_STATUS(open_rom(1, "", &rom), BY_DENIED);
	CHECK_STATUS(open_rom(1, "dat", &rom), BY_DENIED);
	CHECK_STATUS(open_rom(1, "data -> ", &rom), BY_INVALID);
	CHECK_STATUS(host_close(1), BY_NOT_FOUND);
	END();
}


CORE_TEST(labels_that_could_fake_lines_are_refused)
{
	by_cap_t cap;

	BEGIN();
	CHECK_STATUS(host_open(1, "LOG", "a\n[init] b", 8192, 2, NULL, 0, &cap), BY_INVALID);
	CHECK_STATUS(host_open(1, "LOG", "a\x1b[2J", 8192, 2, NULL, 0, &cap), BY_INVALID);
	CHECK_STATUS(host_open(1, "LOG", "a|b", 8192, 2, NULL, 0, &cap), BY_INVALID);
	CHECK_STATUS(host_open(1, "LOG", "\xff", 8192, 2, NULL, 0, &cap), BY_INVALID);
	CHECK_STATUS(host_open(1, "LOG", " a", 8192, 2, NULL, 0, &cap), BY_INVALID);
	END();
}


/*
 * LOG
 */

CORE_TEST(lines_are_labelled_and_clean)
{
	struct by_log log;
	char          text[300];

	BEGIN();
	CHECK_STATUS(host_open(1, "LOG", "init -> shell", 8192, 2, NULL, 0, &log.session.cap), BY_OK);
	CHECK_STATUS(by_log_write(&log, "be", 2), BY_OK);
	CHECK_STATUS(by_log_write(&host_log, "other\n", 6), BY_OK);
	CHECK_STATUS(by_log_write(&log, "gin\nand \x1b[1m\tmore\r\n\n", 20), BY_OK);
	CHECK(strstr(host_log_text(), "[init] other\n[init -> shell] begin\n"
	                              "[init -> shell] and ?[1m\tmore?\n[init -> shell] \n"));
	memset(text, 'x', sizeof(text));
	text[239] = '\n';
	CHECK_STATUS(by_log_write(&log, text, 240), BY_OK);
	CHECK(strstr(host_log_text(), "xxx\n[init -> shell] xxx"));
	CHECK_STATUS(by_log_write(&log, text, 0), BY_OK);
	CHECK_STATUS(by_log_write(&log, "unfinished", 10), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


static unsigned count(const char *text, const char *part)
{
	unsigned number = 0;

	for (; (text = strstr(text, part)); text++)
		number++;

	return number;
}


CORE_TEST(who_writes_too_much_loses_his_own_lines)
{
	enum { LINES = 400 };
	uint64_t frequency;
	static const char line[] = "0123456789012345678901234567890123456789\n";
	static const size_t size = sizeof(line) - 1;
	struct by_log log;

	BEGIN();
	(void)kcall_clock(&frequency);
	CHECK_STATUS(host_open(1, "LOG", "loud", 8192, 2, NULL, 0, &log.session.cap), BY_OK);
	for (unsigned i = 0; i < LINES; i++)
		CHECK_STATUS(by_log_write(&log, line, size), BY_OK);
	/* "[loud] " and a newline belong to a line, and 44 bytes tell of lost ones */
	CHECK_EQ(count(host_log_text(), "[loud] "), 8192 / (size + 7));
	CHECK_STATUS(by_log_write(&host_log, "still heard\n", 12), BY_OK);
	CHECK(strstr(host_log_text(), "still heard\n"));

	sim_pass(frequency / 10), host_settle(); /* time for 409 bytes, and 32 are left */
	for (unsigned i = 0; i < LINES; i++)
		CHECK_STATUS(by_log_write(&log, line, size), BY_OK);
	CHECK_EQ(count(host_log_text(), "[loud] 0"), 8192 / (size + 7) + 8);
	CHECK_EQ(count(host_log_text(), "lines lost"), 1);
	CHECK(strstr(host_log_text(), "[loud] (230 lines lost: too many at once)\n[loud] 0"));

	sim_pass(frequency * 1000), host_settle();
	for (unsigned i = 0; i < LINES; i++)
		CHECK_STATUS(by_log_write(&log, line, size), BY_OK);
	const char *more = strstr(host_log_text(), "[loud] (392 lines lost: too many at once)\n");
	CHECK(more && count(more, "[loud] 0") == (8192 - 44) / (size + 7));
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


/*
 * IO_MEM
 */

static by_status_t open_mem(uint32_t id, uint64_t base, uint64_t size, by_cap_t *cap)
{
	struct by_io_mem_args args = { .base = base, .size = size };

	return host_open(id, "IO_MEM", "", 8192, 3, &args, sizeof(args), cap);
}


CORE_TEST_ON(ram_is_not_device_memory, .skip = 16 * PAGE_SIZE, .ram = 8 * MIB, .hole = 2 * MIB,
             .hole_size = 64 * PAGE_SIZE)
{
	uint64_t const ram = SIM_RAM + 16 * PAGE_SIZE, end = ram + 8 * MIB;
	uint64_t const hole = ram + 2 * MIB;
	by_cap_t cap;

	BEGIN();
	static struct { int64_t from, size; } const in_ram[] = {
		{ 0, 1 }, { 0, 4096 }, { -1, 2 }, { -4096, 4097 }, { -100 * 4096, 16 * MIB }, { 5 * MIB, 1 },
	};
	for (unsigned i = 0; i < sizeof(in_ram) / sizeof(in_ram[0]); i++)
		CHECK_STATUS(open_mem(1, ram + (uint64_t)in_ram[i].from, (uint64_t)in_ram[i].size, &cap),
		             BY_DENIED);
	CHECK_STATUS(open_mem(1, end - 1, 1, &cap), BY_DENIED);
	CHECK_STATUS(open_mem(1, hole - 1, 1, &cap), BY_DENIED);
	CHECK_STATUS(open_mem(1, hole, 64 * PAGE_SIZE + 1, &cap), BY_DENIED);
	CHECK_STATUS(open_mem(1, hole, 64 * PAGE_SIZE, &cap), BY_OK);
	CHECK_STATUS(open_mem(2, end, 1, &cap), BY_OK);
	CHECK_STATUS(open_mem(3, ram - 1, 1, &cap), BY_OK);
	for (uint32_t id = 1; id <= 3; id++)
		CHECK_STATUS(host_close(id), BY_OK);
	END();
}


/** Page tables cut off what they cannot hold: a large address must not lead to RAM there. */
CORE_TEST(addresses_that_no_page_table_holds_are_refused)
{
	by_cap_t cap;

	BEGIN();
	for (unsigned bit = 52; bit < 64; bit++)
		CHECK_STATUS(open_mem(1, SIM_RAM + ((uint64_t)1 << bit), PAGE_SIZE, &cap), BY_INVALID);
	CHECK_STATUS(open_mem(1, (uint64_t)1 << 52, 1, &cap), BY_INVALID);
	CHECK_STATUS(open_mem(1, ((uint64_t)1 << 52) - 1, 2, &cap), BY_INVALID);
	CHECK_STATUS(open_mem(1, ((uint64_t)1 << 52) - 1, 1, &cap), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


CORE_TEST(no_range_overflows)
{
	static uint64_t const value[] = {
		0, 1, 4095, 4096, 4097, SIM_RAM - 1, SIM_RAM, (uint64_t)1 << 52, ((uint64_t)1 << 63) - 1,
		(uint64_t)1 << 63, UINT64_MAX - 4096, UINT64_MAX - 4095, UINT64_MAX - 1, UINT64_MAX,
		UINT64_MAX - SIM_RAM, UINT64_MAX - SIM_RAM + 1,
	};
	enum { COUNT = sizeof(value) / sizeof(value[0]) };
	by_cap_t cap;

	BEGIN();
	for (unsigned i = 0; i < COUNT * COUNT; i++) {
		unsigned __int128 const base = value[i / COUNT], size = value[i % COUNT];
		bool const in_ram = size && base < SIM_RAM + 8 * MIB && base + size > SIM_RAM;
		bool const good   = size && base + size <= (unsigned __int128)1 << 52 && !in_ram;
		by_status_t status = open_mem(1, (uint64_t)base, (uint64_t)size, &cap);
		CHECK((status == BY_OK) == good);
		if (good)
			CHECK_STATUS(host_close(1), BY_OK);
	}
	END();
}


/** A range belongs to one session at a time, page by page. */
CORE_TEST(device_memory_is_exclusive)
{
	enum { SESSIONS = 8, PAGES = 40 };
	uint64_t const base = 0xf0000000;
	struct { uint64_t first, end; } range[SESSIONS] = { { 0, 0 } };
	by_cap_t cap;

	BEGIN();
	for (unsigned i = 0; i < 600; i++) {
		uint32_t id = host_random(SESSIONS);
		if (range[id].end) {
			CHECK_STATUS(host_close(id), BY_OK);
			range[id].end = 0;
			continue;
		}
		uint64_t from = host_random(PAGES * PAGE_SIZE), size = 1 + host_random(4 * PAGE_SIZE);
		uint64_t first = from / PAGE_SIZE, end = (from + size + PAGE_SIZE - 1) / PAGE_SIZE;
		bool     taken = false;
		for (unsigned n = 0; n < SESSIONS; n++)
			taken |= range[n].end && first < range[n].end && range[n].first < end;
		CHECK_STATUS(open_mem(id, base + from, size, &cap), taken ? BY_DENIED : BY_OK);
		if (taken)
			continue;
		range[id].first = first, range[id].end = end;
		by_cap_t ds;
		CHECK_STATUS(by_io_mem_dataspace(&(struct by_io_mem){ { .cap = cap } }, &ds), BY_OK);
		CHECK_EQ(ds_of(ds)->pa, base + first * PAGE_SIZE);
		CHECK_EQ(ds_of(ds)->size, (end - first) * PAGE_SIZE);
		CHECK_EQ(ds_of(ds)->flags, BY_DS_WRITE | BY_DS_DEVICE);
		host_drop(&host_init, ds);
		host_drop(&host_init, cap);
	}
	for (uint32_t id = 0; id < SESSIONS; id++)
		if (range[id].end)
			CHECK_STATUS(host_close(id), BY_OK);
	END();
}


CORE_TEST(device_memory_goes_with_its_session)
{
	by_cap_t   session, cap;
	uint64_t   at;
	by_paddr_t pa;

	BEGIN();
	CHECK_STATUS(open_mem(1, 0xf0000123, 8, &session), BY_OK);
	CHECK_STATUS(by_io_mem_dataspace(&(struct by_io_mem){ { .cap = session } }, &cap), BY_OK);
	CHECK_STATUS(by_pd_ram_free(&host_pd, cap), BY_DENIED);
	CHECK_STATUS(by_region_map_attach(&host_space, cap, 0, 0, 0, BY_ATTACH_WRITE, &at), BY_OK);
	CHECK(host_access((by_word_t)at + 0x123, BY_ACCESS_WRITE, &pa));
	CHECK_EQ(pa, 0xf0000123);
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK(!host_access((by_word_t)at + 0x123, BY_ACCESS_WRITE, &pa));
	END();
}


/*
 * IO_PORT
 */

static by_status_t open_port(uint32_t id, uint32_t base, uint32_t size, struct by_io_port *port)
{
	struct by_io_port_args args = { .base = base, .size = size };

	return host_open(id, "IO_PORT", "", 8192, 2, &args, sizeof(args), &port->session.cap);
}


CORE_TEST(ports_are_exclusive_and_bounded)
{
	struct by_io_port port, other;
	uint32_t          value;

	BEGIN();
	CHECK_STATUS(open_port(1, 0x60, 4, &port), BY_OK);
	CHECK_STATUS(open_port(2, 0x63, 1, &other), BY_DENIED);
	CHECK_STATUS(open_port(2, 0x5f, 2, &other), BY_DENIED);
	CHECK_STATUS(open_port(2, 0x64, 1, &other), BY_OK);
	CHECK_STATUS(open_port(3, 0x10000, 1, &other), BY_INVALID);
	CHECK_STATUS(open_port(3, 0xffff, 2, &other), BY_INVALID);
	CHECK_STATUS(open_port(3, 0xfff0, 0xffffffff, &other), BY_INVALID);
	CHECK_STATUS(open_port(3, 0x100, 0, &other), BY_INVALID);
	CHECK_STATUS(by_io_port_write(&port, 0x60, 1, 0xab), BY_OK);
	CHECK_EQ(sim_port_value, 0xab);
	CHECK_STATUS(by_io_port_read(&port, 0x60, 4, &value), BY_OK);
	CHECK_EQ(value, 0xab);
	static struct { uint32_t port, width; by_status_t status; } const access[] = {
		{ 0x60, 0, BY_INVALID }, { 0x60, 3, BY_INVALID }, { 0x60, 8, BY_INVALID },
		{ 0x60, 9, BY_INVALID }, { 0x5f, 1, BY_DENIED }, { 0x5f, 4, BY_DENIED },
		{ 0x61, 4, BY_DENIED }, { 0x63, 2, BY_DENIED }, { 0x64, 1, BY_DENIED },
		{ 0xffffffff, 4, BY_DENIED }, { 0xfffffffd, 4, BY_DENIED },
	};
	for (unsigned i = 0; i < sizeof(access) / sizeof(access[0]); i++) {
		CHECK_STATUS(by_io_port_read(&port, access[i].port, access[i].width, &value),
		             access[i].status);
		CHECK_STATUS(by_io_port_write(&port, access[i].port, access[i].width, 1),
		             access[i].status);
	}
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(host_close(2), BY_OK);
	END();
}


CORE_TEST(sessions_want_arguments_of_their_size)
{
	char     args[64] = { 0 };
	by_cap_t cap;
	static const char *const service[] = { "IO_MEM", "IO_PORT", "IRQ", "CPU" };
	static size_t const      size[]    = { sizeof(struct by_io_mem_args),
	                                       sizeof(struct by_io_port_args),
	                                       sizeof(struct by_irq_args), sizeof(struct by_cpu_args) };

	BEGIN();
	for (unsigned i = 0; i < 4; i++)
		for (size_t len = 0; len <= 64; len++)
			if (len != size[i])
				CHECK_STATUS(host_open(1, service[i], "", 0, 0, args, len, &cap), BY_INVALID);
	CHECK_STATUS(host_open(1, "NOTHING", "", 0, 0, args, 0, &cap), BY_DENIED);
	CHECK_STATUS(host_open(1, "", "", 0, 0, args, 0, &cap), BY_DENIED);
	END();
}


/*
 * The console's device
 */

static void drain(void)
{
	for (unsigned i = 0; i < 3000; i++)
		sim_pass(1000000), host_settle();
}


CORE_TEST(the_console_is_handed_over_and_taken_back)
{
	struct by_io_port low, high;

	BEGIN();
	CHECK_STATUS(by_log_write(&host_log, "one\n", 4), BY_OK);
	drain();
	CHECK(strstr(sim_console(), "[init] one\n"));
	CHECK_STATUS(open_port(1, 0x3f0, 9, &low), BY_OK);
	CHECK_STATUS(open_port(2, 0x3ff, 1, &high), BY_OK);
	unsigned const inits = sim_console_inits();
	sim_console_clear();
	CHECK_STATUS(by_log_write(&host_log, "two\n", 4), BY_OK);
	drain();
	CHECK_STR(sim_console(), "");
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(by_log_write(&host_log, "three\n", 6), BY_OK);
	drain();
	CHECK_STR(sim_console(), "");
	CHECK_STATUS(host_close(2), BY_OK);
	drain();
	char const *back = strstr(sim_console(), "\ncore: console taken back\n");
	CHECK(back == sim_console());
	CHECK(strstr(back, "[init] one\n[init] two\n[init] three\n"));
	CHECK(!strstr(back + 20, "taken back"));
	CHECK_EQ(sim_console_inits(), inits + 1);
	sim_console_clear();
	CHECK_STATUS(by_log_write(&host_log, "four\n", 5), BY_OK);
	drain();
	CHECK_STR(sim_console(), "[init] four\n");
	END();
}


CORE_TEST(the_console_prints_again_at_most_the_last_part)
{
	struct by_io_port port;

	BEGIN();
	CHECK_STATUS(open_port(1, 0x3f8, 8, &port), BY_OK);
	for (unsigned i = 0; i < 100; i++)
		CHECK_STATUS(by_log_write(&host_log, "0123456789012345678901234567890123456789\n", 41),
		             BY_OK);
	drain();
	sim_console_clear();
	CHECK_STATUS(host_close(1), BY_OK);
	drain();

	/* the last lines that fit, and no part of one before */
	size_t const line = strlen("[init] 0123456789012345678901234567890123456789\n");
	char const  *text = sim_console() + strlen("\ncore: console taken back\n");
	CHECK_EQ(strlen(text), 2048 / line * line);
	CHECK(strstr(text, "[init] ") == text);
	END();
}


/** Let so many milliseconds pass, in each of which some characters are printed. */
static void drain_for(unsigned ms)
{
	for (unsigned i = 0; i < ms; i++)
		sim_pass(1000000), host_settle();
}


/* At each moment of the repetition. */
CORE_TEST(the_console_is_handed_over_while_it_repeats)
{
	struct by_io_port port;
	char              text[64];

	BEGIN();
	for (unsigned ms = 0; ms < 60; ms++) {
		CHECK_STATUS(open_port(1, 0x3f8, 8, &port), BY_OK);
		snprintf(text, sizeof(text), "round %u\n", ms);
		CHECK_STATUS(by_log_write(&host_log, text, strlen(text)), BY_OK);
		sim_console_clear();
		CHECK_STATUS(host_close(1), BY_OK);
		drain_for(ms);
		size_t const printed = strlen(sim_console());
		CHECK_STATUS(open_port(1, 0x3f8, 8, &port), BY_OK);
		CHECK_STATUS(by_log_write(&host_log, "hidden\n", 7), BY_OK);
		drain_for(5);
		CHECK_EQ(strlen(sim_console()), printed);
		CHECK_STATUS(host_close(1), BY_OK);
		CHECK_STATUS(by_log_write(&host_log, "new\n", 4), BY_OK);
		drain();
		char const *back = sim_console() + printed;
		CHECK(strstr(back, "\ncore: console taken back\n") == back);
		CHECK(strstr(back, "hidden\n"));
		CHECK(!strcmp(back + strlen(back) - 11, "[init] new\n"));
	}
	END();
}


/* More than the ring holds comes while the last part is repeated. */
CORE_TEST(the_console_goes_on_with_what_is_left)
{
	struct by_io_port port;

	BEGIN();
	CHECK_STATUS(by_log_write(&host_log, "lost\n", 5), BY_OK);
	CHECK_STATUS(open_port(1, 0x3f8, 8, &port), BY_OK);
	sim_console_clear();
	CHECK_STATUS(host_close(1), BY_OK);
	drain_for(2);
	for (unsigned i = 0; i < 2 * CONSOLE_RING / 16; i++)
		console_write("0123456789abcde\n", 16);
	sim_console_clear();
	CHECK_STATUS(by_log_write(&host_log, "the last\n", 9), BY_OK);
	for (unsigned i = 0; i < 8; i++) {
		drain_for(250);
		if (strstr(sim_console(), "the last\n"))
			break;
		CHECK(!strstr(sim_console(), "lost"));
		sim_console_clear();
	}
	CHECK(strstr(sim_console(), "the last\n"));
	drain();
	sim_console_clear();
	drain();
	CHECK_STR(sim_console(), "");
	END();
}


CORE_TEST_ON(a_console_in_memory_is_handed_over_as_well, .console = { 0xfe001000, 0x100, 0, 0 })
{
	by_cap_t          cap;
	struct by_io_port port;

	BEGIN();
	CHECK_STATUS(open_port(1, 0x3f8, 8, &port), BY_OK);
	CHECK_STATUS(open_mem(2, 0xfe000000, 0x1000, &cap), BY_OK);
	CHECK_STATUS(by_log_write(&host_log, "one\n", 4), BY_OK);
	drain();
	CHECK(strstr(sim_console(), "[init] one\n"));
	sim_console_clear();
	CHECK_STATUS(open_mem(3, 0xfe001f00, 0x10, &cap), BY_OK);
	CHECK_STATUS(by_log_write(&host_log, "two\n", 4), BY_OK);
	drain();
	CHECK_STR(sim_console(), "");
	for (uint32_t id = 1; id <= 3; id++)
		CHECK_STATUS(host_close(id), BY_OK);
	drain();
	CHECK(strstr(sim_console(), "\ncore: console taken back\n") == sim_console());
	CHECK(strstr(sim_console(), "[init] one\n[init] two\n"));
	END();
}


CORE_TEST_ON(the_screen_is_handed_over_on_its_own,
             .framebuffer = { 0xfd000800, 1024, 768, 4096, 32 })
{
	uint64_t const    end = 0xfd000800 + 768 * 4096;
	by_cap_t          cap;
	struct by_io_port port;

	BEGIN();
	CHECK_STATUS(open_mem(1, 0xfd000000 - 0x1000, 0x1000, &cap), BY_OK);
	CHECK_STATUS(open_mem(2, end + 0x800, 0x1000, &cap), BY_OK);
	CHECK_STATUS(open_port(3, 0xfd00, 8, &port), BY_OK);
	CHECK_STATUS(by_log_write(&host_log, "one\n", 4), BY_OK);
	drain();
	CHECK(strstr(sim_screen(), "[init] one\n"));
	CHECK_STATUS(open_mem(4, 0xfd000000, 0x1000, &cap), BY_OK);
	CHECK_STATUS(open_mem(5, end, 0x10, &cap), BY_OK);
	CHECK_STATUS(by_log_write(&host_log, "two\n", 4), BY_OK);
	CHECK_STATUS(host_close(4), BY_OK);
	CHECK_STATUS(by_log_write(&host_log, "three\n", 6), BY_OK);
	drain();
	CHECK(strstr(sim_screen(), "[init] one\n") && !strstr(sim_screen(), "two"));
	CHECK(!strstr(sim_screen(), "three") && strstr(sim_console(), "two\n[init] three\n"));
	sim_console_clear();
	CHECK_STATUS(host_close(5), BY_OK);
	drain();
	CHECK_STR(sim_console(), "core: screen taken back\n");
	char const *back = strstr(sim_screen(), "\ncore: screen taken back\n");
	CHECK(back && strstr(back, "[init] one\n[init] two\n[init] three\n"));
	for (uint32_t id = 1; id <= 3; id++)
		CHECK_STATUS(host_close(id), BY_OK);
	END();
}


/*
 * Machine
 */

static by_status_t open_machine(uint32_t id, struct by_machine *machine)
{
	return host_open(id, "Machine", "", 8192, 2, NULL, 0, &machine->session.cap);
}


/** One request, which may be answered 'again'. */
static by_status_t stop_once(struct by_machine *machine, unsigned opcode)
{
	by_tag_t const tag = host_request(machine->session.cap, by_tag(opcode, 0, 0));

	return by_tag_status(tag) != BY_OK ? by_tag_status(tag)
	       : BY_STATUS((uintptr_t)(uint32_t)by_message()->word[0]);
}


/** The log is drained first; a machine that cannot do it goes on. */
CORE_TEST(the_machine_is_stopped_when_all_was_said)
{
	static const struct { unsigned opcode; const char *says; } way[] = {
		[BY_MACHINE_RESET]    = { BY_MACHINE_OPCODE_RESET, "core: reset\n" },
		[BY_MACHINE_POWEROFF] = { BY_MACHINE_OPCODE_POWEROFF, "core: power off\n" },
	};
	static const char last[] = "0123456789012345678901234567890123456789 last words\n";
	struct by_machine machine;
	by_status_t       status;

	BEGIN();
	CHECK_STATUS(open_machine(1, &machine), BY_OK);
	for (unsigned i = 0; i < 2; i++) {
		unsigned again = 0;
		drain();
		sim_console_clear();
		unsigned const asked = sim_machine_asked(i);
		CHECK_STATUS(by_log_write(&host_log, last, sizeof(last) - 1), BY_OK);
		while ((status = stop_once(&machine, way[i].opcode)) == BY_AGAIN && again++ < 100) {
			CHECK_EQ(sim_machine_asked(i), asked);
			sim_pass(1000000), host_settle();
		}
		CHECK_STATUS(status, BY_NOT_SUPPORTED);
		CHECK(again >= 3);
		CHECK_EQ(sim_machine_asked(i), asked + 1);
		char const *said = strstr(sim_console(), "last words\n");
		CHECK(said && strstr(said, way[i].says));
		CHECK(!strstr(sim_console(), "no way"));
		drain();
		CHECK(strstr(sim_console(), "no way"));
	}
	CHECK_STATUS(by_log_write(&host_log, "all goes on\n", 12), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


/** Neither a console that takes nothing nor somebody who has it keeps the machine from it. */
CORE_TEST(the_machine_is_stopped_whatever_the_console_does)
{
	enum { SECOND = 1000000000 };
	struct by_io_port port;
	struct by_machine machine, other;

	BEGIN();
	CHECK_STATUS(open_machine(1, &machine), BY_OK);
	CHECK_STATUS(open_machine(2, &other), BY_OK);
	CHECK_STATUS(by_log_write(&host_log, "nobody hears this for a while\n", 30), BY_OK);
	CHECK_STATUS(stop_once(&machine, BY_MACHINE_OPCODE_RESET), BY_AGAIN);
	CHECK_STATUS(stop_once(&other, BY_MACHINE_OPCODE_RESET), BY_AGAIN);
	sim_pass(SECOND), host_settle();
	CHECK_STATUS(stop_once(&machine, BY_MACHINE_OPCODE_RESET), BY_AGAIN);
	/* who wants something else waits for that anew */
	CHECK_STATUS(stop_once(&other, BY_MACHINE_OPCODE_POWEROFF), BY_AGAIN);
	sim_pass(SECOND), host_settle();
	CHECK_STATUS(stop_once(&machine, BY_MACHINE_OPCODE_RESET), BY_NOT_SUPPORTED);
	CHECK_EQ(sim_machine_asked(BY_MACHINE_RESET), 1);
	CHECK_EQ(sim_machine_asked(BY_MACHINE_POWEROFF), 0);
	CHECK_STATUS(host_close(2), BY_OK);
	drain();
	sim_console_clear();

	CHECK_STATUS(open_port(3, HOST_CONSOLE_PORT, 8, &port), BY_OK);
	CHECK_STATUS(by_log_write(&host_log, "only in memory\n", 15), BY_OK);
	CHECK_STATUS(stop_once(&machine, BY_MACHINE_OPCODE_POWEROFF), BY_AGAIN);
	CHECK_STATUS(stop_once(&machine, BY_MACHINE_OPCODE_POWEROFF), BY_NOT_SUPPORTED);
	CHECK_EQ(sim_machine_asked(BY_MACHINE_POWEROFF), 1);
	CHECK_STR(sim_console(), "");
	CHECK_STATUS(host_close(3), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	drain();
	END();
}


/*
 * IRQ
 */

static by_status_t open_irq(uint32_t id, uint32_t number, struct by_irq *irq)
{
	struct by_irq_args args = { .number = number };

	return host_open(id, "IRQ", "", 8192, 3, &args, sizeof(args), &irq->session.cap);
}


static by_status_t make_signal(by_cap_t *endpoint, by_cap_t *signal)
{
	by_status_t status = by_pd_endpoint_create(&host_pd, (by_cap_t){ BY_SLOT_THREAD }, endpoint);

	return status == BY_OK ? by_pd_signal_create(&host_pd, *endpoint, 55, true, signal) : status;
}


static void acknowledge(by_cap_t irq)
{
	host_call(&(struct by_call){ .op = BY_CALL_IRQ_ACK, .cap = irq.slot });
}


CORE_TEST(an_interrupt_is_one_sessions)
{
	struct by_irq irq, other;

	BEGIN();
	CHECK_STATUS(open_irq(1, 3, &irq), BY_OK);
	CHECK_STATUS(open_irq(2, 3, &other), BY_DENIED);
	CHECK_STATUS(open_irq(2, 16, &other), BY_INVALID);
	CHECK_STATUS(open_irq(2, UINT32_MAX, &other), BY_INVALID);
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(open_irq(2, 3, &other), BY_OK);
	CHECK_STATUS(host_close(2), BY_OK);
	END();
}


CORE_TEST(interrupts_arrive_as_signals_until_the_session_is_closed)
{
	struct by_irq irq;
	by_cap_t      endpoint, signal, object;

	BEGIN();
	CHECK_STATUS(make_signal(&endpoint, &signal), BY_OK);
	CHECK_STATUS(open_irq(1, 3, &irq), BY_OK);
	CHECK_STATUS(by_irq_attach(&irq, irq.session.cap, &object), BY_BAD_CAP);
	CHECK_STATUS(by_irq_attach(&irq, endpoint, &object), BY_BAD_CAP);
	CHECK_STATUS(by_irq_attach(&irq, BY_NO_CAP, &object), BY_BAD_CAP);
	CHECK_STATUS(by_irq_attach(&irq, signal, &object), BY_OK);
	CHECK_EQ(host_signal(), 0);
	sim_interrupt(3);
	CHECK_EQ(host_signal(), 55);
	sim_interrupt(3);
	CHECK_EQ(host_signal(), 0);
	acknowledge(object);
	CHECK_EQ(host_signal(), 55);
	acknowledge(object);
	/* the signal dies first: nothing happens */
	CHECK_STATUS(by_pd_object_free(&host_pd, signal), BY_OK);
	sim_interrupt(3);
	CHECK_EQ(host_signal(), 0);
	CHECK_STATUS(by_pd_signal_create(&host_pd, endpoint, 66, false, &signal), BY_OK);
	CHECK_STATUS(by_irq_attach(&irq, signal, &object), BY_OK);
	sim_interrupt(3);
	CHECK_EQ(host_signal(), 66);
	CHECK_STATUS(host_close(1), BY_OK);
	sim_interrupt(3);
	acknowledge(object);
	CHECK_EQ(host_signal(), 0);
	CHECK_STATUS(by_pd_object_free(&host_pd, signal), BY_OK);
	CHECK_STATUS(by_pd_object_free(&host_pd, endpoint), BY_OK);
	END();
}


/** The interrupt object is within the session's record: only the session destroys it. */
CORE_TEST(an_interrupts_object_cannot_be_freed_as_a_part)
{
	struct by_irq irq;
	by_cap_t      endpoint, signal, object;

	BEGIN();
	CHECK_STATUS(make_signal(&endpoint, &signal), BY_OK);
	CHECK_STATUS(open_irq(1, 3, &irq), BY_OK);
	CHECK_STATUS(by_irq_attach(&irq, signal, &object), BY_OK);
	CHECK_STATUS(by_pd_object_free(&host_pd, object), BY_BAD_CAP);
	host_core();
	CHECK_CENSUS(NULL);
	CHECK(host_as(&host_init));
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(by_pd_object_free(&host_pd, signal), BY_OK);
	CHECK_STATUS(by_pd_object_free(&host_pd, endpoint), BY_OK);
	END();
}


/*
 * Failures at each point
 */

static by_status_t open_all(unsigned which)
{
	struct by_io_mem_args  mem  = { .base = 0xf0000000, .size = 1 };
	struct by_io_port_args port = { .base = 0x100, .size = 1 };
	struct by_irq_args     irq  = { .number = 1 };
	struct by_cpu_args     cpu  = { .priority = 1, .weight = 16 };
	struct by_rom rom;
	by_cap_t      cap, ds;
	uint64_t      size;
	by_status_t   status;

	switch (which) {
	case 0: return host_open(1, "RM", "", 0, 0, NULL, 0, &cap);
	case 1: return host_open(1, "LOG", "", 0, 0, NULL, 0, &cap);
	case 2: return host_open(1, "IRQ", "", 0, 0, &irq, sizeof(irq), &cap);
	case 3: return host_open(1, "CPU", "", 0, 0, &cpu, sizeof(cpu), &cap);
	case 4: return host_open(1, "IO_PORT", "", 0, 0, &port, sizeof(port), &cap);
	case 5:
		status = host_open(1, "IO_MEM", "", 0, 0, &mem, sizeof(mem), &cap);
		return status == BY_OK ? by_io_mem_dataspace(&(struct by_io_mem){ { .cap = cap } }, &ds)
		                       : status;
	case 6:
		status = host_open(1, "RM", "", 0, 0, NULL, 0, &cap);
		if (status == BY_OK)
			status = by_rm_create(&(struct by_rm){ { .cap = cap } }, 8192, &ds);
		return status == BY_OK ? by_region_map_dataspace(&(struct by_region_map){ ds }, &cap)
		                       : status;
	default:
		status = open_rom(1, which == 7 ? "core_log" : which == 8 ? "data" : "platform_info", &rom);
		return status == BY_OK ? by_rom_dataspace(&rom, &ds, &size) : status;
	}
}


CORE_TEST(failures_at_each_point_leave_nothing)
{
	for (unsigned which = 0; which < 10; which++) {
		for (int n = 0; ; n++) {
			by_status_t status;
			BEGIN();
			inside_fail_at(n);
			status = open_all(which);
			inside_fail_at(-1);
			CHECK(inside_failed() == (status != BY_OK));
			if (host_close(1) != BY_OK)
				CHECK(status != BY_OK);
			END();
			CHECK(!inside_undeclared);
			if (status == BY_OK)
				break;
			CHECK(n < 100);
		}
	}
}
