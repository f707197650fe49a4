/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Region maps and what they mean for page tables.
 */
#include "census.h"
#include "inside.h"
#include <unistd.h>

UNIT_MAIN("core-map")

/** A region map of init's, with its dataspace; made by calling core directly. */
struct managed { struct map *map; struct ds *ds; };

static struct by_rm rm_session;


static struct account *init_account(void)
{
	return &host_init_pd->account;
}


static by_status_t make_managed(struct managed *managed, uint64_t size)
{
	by_cap_t map, ds;

	if (!host_as(&host_init))
		host_die("init cannot run");
	by_status_t status = BY_OK;
	if (!by_cap_valid(rm_session.session.cap))
		status = host_open(1000, "RM", "", 8192, 2, NULL, 0, &rm_session.session.cap);
	if (status == BY_OK)
		status = by_rm_create(&rm_session, size, &map);
	if (status == BY_OK) {
		managed->map = BY_CONTAINER_OF(host_item(&host_init, map), struct map, item);
		status = by_region_map_dataspace(&(struct by_region_map){ map }, &ds);
	}
	if (status == BY_OK)
		managed->ds = BY_CONTAINER_OF(host_item(&host_init, ds), struct ds, item);
	host_core();

	return status;
}


static struct ds *make_ram(uint64_t size)
{
	struct ds *ds;

	if (ds_create_ram(init_account(), size, PAGE_SHIFT, 0, 0, &ds) != BY_OK)
		host_die("init has no RAM left");

	return ds;
}


static by_status_t attach_at(struct map *map, struct ds *ds, uint64_t at, uint64_t offset,
                             uint64_t size, uint32_t flags)
{
	uint64_t got;

	return map_attach(map, ds, &(struct attach_args){ offset, size, at, flags | BY_ATTACH_AT },
	                  &got);
}


static void ignore(by_status_t status)
{
	(void)status;
}


static bool reads(struct host_client *client, uint64_t address, by_paddr_t *pa)
{
	bool here = host_as(client) && host_access((by_word_t)address, BY_ACCESS_READ, pa);

	host_core();

	return here;
}


/*
 * Against a model
 */

enum { MODEL = 400 };

struct extent { uint64_t at, size, offset; struct ds *ds; };

static struct extent model[MODEL];  /* ordered */
static unsigned      model_count;


static unsigned model_place(uint64_t at)
{
	unsigned i = 0;

	while (i < model_count && model[i].at < at)
		i++;

	return i;
}


static bool model_free(struct map *map, uint64_t at, uint64_t size)
{
	if (at < map->base || at > map->base + map->size || size > map->base + map->size - at)
		return false;
	for (unsigned i = 0; i < model_count; i++)
		if (at < model[i].at + model[i].size && model[i].at < at + size)
			return false;

	return true;
}


static void model_add(struct extent extent)
{
	unsigned place = model_place(extent.at);

	memmove(&model[place + 1], &model[place], (model_count - place) * sizeof(model[0]));
	model[place] = extent;
	model_count++;
}


static uint64_t model_largest_gap(struct map *map)
{
	uint64_t end = map->base, most = 0;

	for (unsigned i = 0; i <= model_count; i++) {
		uint64_t next = i < model_count ? model[i].at : map->base + map->size;
		if (next - end > most)
			most = next - end;
		end = i < model_count ? next + model[i].size : 0;
	}

	return most;
}


/** What core says about an address agrees with the model. */
static bool lookup_agrees(struct map *map, uint64_t address)
{
	struct place place;
	by_status_t  status = map_lookup(map, address, &place);

	for (unsigned i = 0; i < model_count; i++) {
		struct extent const *e = &model[i];
		if (address - e->at >= e->size)
			continue;
		return status == BY_OK && place.ds == e->ds
		       && place.offset == address - e->at + e->offset
		       && place.before == address - e->at && place.behind == e->at + e->size - address;
	}

	return status == BY_NOT_FOUND && place.map == map && place.address == address;
}


static const char *try_attach(struct map *map, struct ds *ds)
{
	uint64_t pages  = ds->size / PAGE_SIZE;
	uint64_t offset = host_random((uint32_t)pages) * (uint64_t)PAGE_SIZE;
	uint64_t size   = host_random(3) ? 0 : 1 + host_random((uint32_t)(ds->size - offset));
	uint64_t bytes  = size ? (size + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE : ds->size - offset;
	uint64_t at     = map->base + host_random((uint32_t)(map->size / PAGE_SIZE) + 4)
	                              * (uint64_t)PAGE_SIZE;
	bool     fixed  = host_random(2);
	uint64_t got    = at;
	struct attach_args args = { offset, size, at, fixed ? BY_ATTACH_AT : 0 };
	by_status_t status = map_attach(map, ds, &args, &got);

	if (fixed && (status == BY_OK) != model_free(map, at, bytes))
		return "a place is free or not";
	if (!fixed && (status == BY_OK) != (model_largest_gap(map) >= bytes))
		return "there is room or not";
	if (status != BY_OK)
		return NULL;
	if (fixed ? got != at : !model_free(map, got, bytes))
		return "attached where it must not be";
	model_add((struct extent) { got, bytes, offset, ds });

	return NULL;
}


static const char *try_detach(struct map *map)
{
	unsigned i       = host_random(model_count);
	uint64_t address = model[i].at + host_random((uint32_t)model[i].size);

	if (map_detach(map, address) != BY_OK)
		return "cannot be detached";
	memmove(&model[i], &model[i + 1], (--model_count - i) * sizeof(model[0]));

	return NULL;
}


static const char *agrees_with_model(struct map *map)
{
	model_count = 0;
	struct ds *ds[4];
	for (unsigned i = 0; i < 4; i++)
		ds[i] = make_ram((1 + 7 * i) * PAGE_SIZE);

	for (unsigned i = 0; i < 6000; i++) {
		bool        more  = model_count < 3 || (model_count < MODEL - 1 && host_random(100) < 55);
		const char *error = more ? try_attach(map, ds[host_random(4)]) : try_detach(map);
		if (!error && !lookup_agrees(map, map->base + host_random((uint32_t)map->size)))
			error = "looked up something else";
		if (!error && i % 100 == 0)
			error = census_take(NULL);
		if (error)
			return error;
	}
	while (model_count)
		if (try_detach(map))
			return "cannot be detached at last";
	for (unsigned i = 0; i < 4; i++)
		item_close(&ds[i]->item);

	return census_take(NULL);
}


CORE_TEST(random_use_of_a_managed_map_agrees_with_the_model)
{
	struct managed managed;

	CHECK_STATUS(make_managed(&managed, 700 * PAGE_SIZE), BY_OK);
	CHECK_TEXT(agrees_with_model(managed.map));
}


/** The same in an address space: each attachment is entered in page tables and removed. */
CORE_TEST(random_use_of_an_address_space_agrees_with_the_model)
{
	struct pd *pd;

	CHECK_STATUS(pd_create(&(struct request){ .label = "", .ram = MIB, .caps = 20,
	                                          .account = init_account() }, &pd), BY_OK);
	/* only a part of it, so that there are conflicts */
	map_init(&pd->map, &pd->account, &pd->space, BY_PROGRAM_BASE, 700 * PAGE_SIZE);
	CHECK_TEXT(agrees_with_model(&pd->map));
	item_close(&pd->session);
	CHECK_CENSUS(NULL);
}


/*
 * Arguments
 */

CORE_TEST(odd_arguments_are_refused)
{
	struct map *map = &host_init_pd->map;
	struct ds  *ds  = make_ram(4 * PAGE_SIZE);
	struct ds  *rom;
	static uint64_t const huge[] = { UINT64_MAX, UINT64_MAX - 4095, UINT64_MAX - 4096,
	                                 (uint64_t)1 << 63, ((uint64_t)1 << 63) + PAGE_SIZE,
	                                 BY_USER_LAST + 1, (uint64_t)BY_USER_LAST + 1 - PAGE_SIZE };
	struct census before, after;

	CHECK_STATUS(ds_create_fixed(init_account(), boot_info()->modules.base, PAGE_SIZE, 0, 0, &rom),
	             BY_OK);
	CHECK_CENSUS(&before);
	for (unsigned i = 0; i < sizeof(huge) / sizeof(huge[0]); i++) {
		uint64_t h = huge[i];
		CHECK_STATUS(attach_at(map, ds, 0x50000000, h, 0, 0), BY_INVALID);
		CHECK_STATUS(attach_at(map, ds, 0x50000000, 0, h, 0), BY_INVALID);
		CHECK_STATUS(attach_at(map, ds, 0x50000000, PAGE_SIZE, h, 0), BY_INVALID);
		CHECK_STATUS(attach_at(map, ds, h, 0, 0, 0), BY_INVALID);
		CHECK_STATUS(map_detach(map, h), BY_NOT_FOUND);
	}
	CHECK_STATUS(attach_at(map, ds, 0x50000000, 1, 0, 0), BY_INVALID);
	CHECK_STATUS(attach_at(map, ds, 0x50000000, 4 * PAGE_SIZE, 0, 0), BY_INVALID);
	CHECK_STATUS(attach_at(map, ds, 0x50000000, 0, 4 * PAGE_SIZE + 1, 0), BY_INVALID);
	CHECK_STATUS(attach_at(map, ds, 0x50000001, 0, 0, 0), BY_INVALID);
	CHECK_STATUS(attach_at(map, ds, 0, 0, 0, 0), BY_INVALID);
	CHECK_STATUS(attach_at(map, ds, 0x50000000, 0, 0, BY_ATTACH_WRITE | BY_ATTACH_EXEC),
	             BY_INVALID);
	CHECK_STATUS(attach_at(map, rom, 0x50000000, 0, 0, BY_ATTACH_WRITE), BY_DENIED);
	CHECK_CENSUS(&after);
	CHECK_SAME(&before, &after);
	CHECK_STATUS(attach_at(map, ds, (uint64_t)BY_USER_LAST + 1 - 4 * PAGE_SIZE, 0, 0, 0), BY_OK);
	CHECK_STATUS(attach_at(map, ds, BY_USER_FIRST, 0, 0, 0), BY_OK);
	CHECK_CENSUS(NULL);
}


CORE_TEST(a_huge_managed_map_does_not_overflow)
{
	struct managed managed, outer;
	struct ds     *ds = make_ram(PAGE_SIZE);
	uint64_t const size = UINT64_MAX - 4095;
	uint64_t       at;

	CHECK_STATUS(make_managed(&managed, UINT64_MAX), BY_INVALID);
	CHECK_STATUS(make_managed(&managed, UINT64_MAX - 4094), BY_INVALID);
	CHECK_STATUS(make_managed(&managed, 0), BY_INVALID);
	CHECK_STATUS(make_managed(&managed, size), BY_OK);
	CHECK_STATUS(make_managed(&outer, size), BY_OK);
	CHECK_STATUS(attach_at(managed.map, ds, size - PAGE_SIZE, 0, 0, 0), BY_OK);
	CHECK_STATUS(attach_at(managed.map, ds, size, 0, 0, 0), BY_INVALID);
	CHECK_STATUS(map_attach(outer.map, managed.ds, &(struct attach_args){ .size = 0 }, &at), BY_OK);
	CHECK_EQ(at, 0);
	CHECK_STATUS(map_attach(outer.map, ds, &(struct attach_args){ .size = 0 }, &at), BY_NO_SPACE);
	CHECK_STATUS(map_detach(outer.map, size - 1), BY_OK);
	CHECK_STATUS(attach_at(outer.map, managed.ds, PAGE_SIZE, PAGE_SIZE, 0, 0), BY_OK);
	CHECK_STATUS(attach_at(&host_init_pd->map, outer.ds, 0x50000000, size - 4 * PAGE_SIZE,
	                       4 * PAGE_SIZE, 0), BY_OK);
	by_paddr_t pa;
	CHECK(reads(&host_init, 0x50003010, &pa));
	CHECK_EQ(pa, ds->pa + 0x10);
	CHECK_CENSUS(NULL);
	CHECK_STATUS(map_detach(managed.map, size - 1), BY_OK);
	CHECK_CENSUS(NULL);
	CHECK(!reads(&host_init, 0x50003010, &pa));
}


CORE_TEST_ON(large_dataspaces_are_placed_so_that_large_pages_fit, .ram = 32 * MIB)
{
	struct map *map = &host_init_pd->map;
	struct ds  *small = make_ram(3 * PAGE_SIZE), *large;
	uint64_t    at;

	CHECK_STATUS(ds_create_ram(init_account(), 3 * MIB, 21, 0, 0, &large), BY_OK);
	CHECK_EQ(large->pa % (2 * MIB), 0);
	CHECK_STATUS(map_attach(map, small, &(struct attach_args){ .size = 0 }, &at), BY_OK);
	CHECK_STATUS(map_attach(map, large, &(struct attach_args){ .size = 0 }, &at), BY_OK);
	CHECK_EQ(at % (2 * MIB), 0);
	by_paddr_t pa;
	CHECK(reads(&host_init, at + 12345, &pa));
	CHECK_EQ(pa, large->pa + 12345);
	struct census census;
	CHECK_CENSUS(&census);
	CHECK(census.translations >= 512);
	/* the part that is not a whole large page is mapped in small ones, and no further */
	CHECK(reads(&host_init, at + 3 * MIB - 1, &pa));
	CHECK_CENSUS(NULL);
	CHECK(!reads(&host_init, at + 3 * MIB, &pa));
	CHECK_CENSUS(NULL);
}


CORE_TEST(a_map_without_room_for_alignment_takes_any_place)
{
	struct managed managed;
	struct ds     *large;
	uint64_t       at;

	CHECK_STATUS(make_managed(&managed, 3 * MIB), BY_OK);
	CHECK_STATUS(ds_create_ram(init_account(), 2 * MIB, 21, 0, 0, &large), BY_OK);
	struct ds *small = make_ram(PAGE_SIZE);
	CHECK_STATUS(attach_at(managed.map, small, 0, 0, 0, 0), BY_OK);
	CHECK_STATUS(map_attach(managed.map, large, &(struct attach_args){ .size = 0 }, &at), BY_OK);
	CHECK_EQ(at, PAGE_SIZE);
	CHECK_CENSUS(NULL);
}


/*
 * Nesting
 */

enum { CHAIN = 12 };

static struct managed chain[CHAIN];


/** chain[0] holds RAM, chain[i] holds chain[i - 1]; one page each. */
static struct ds *make_chain(void)
{
	struct ds *ram = make_ram(PAGE_SIZE);

	for (unsigned i = 0; i < CHAIN; i++) {
		if (make_managed(&chain[i], PAGE_SIZE) != BY_OK)
			host_die("no map");
		if (attach_at(chain[i].map, i ? chain[i - 1].ds : ram, 0, 0, 0, BY_ATTACH_WRITE) != BY_OK)
			host_die("no attachment");
	}

	return ram;
}


CORE_TEST(nested_maps_are_followed_up_to_the_limit)
{
	struct ds *ram = make_chain();
	struct map *map = &host_init_pd->map;
	by_paddr_t pa;

	for (unsigned i = 0; i < CHAIN; i++)
		CHECK_STATUS(attach_at(map, chain[i].ds, 0x50000000 + i * 16 * PAGE_SIZE, 0, 0,
		                       BY_ATTACH_WRITE), BY_OK);
	for (unsigned i = 0; i < CHAIN; i++) {
		struct place place;
		/* the address space itself is the first of eight maps */
		bool followed = i < 7;
		CHECK_STATUS(map_lookup(map, 0x50000000 + i * 16 * PAGE_SIZE, &place),
		             followed ? BY_OK : BY_LIMIT);
		if (!followed)
			continue;
		CHECK(reads(&host_init, 0x50000000 + i * 16 * PAGE_SIZE, &pa));
		CHECK_EQ(pa, ram->pa);
	}
	CHECK_CENSUS(NULL);
	/* detaching at the bottom reaches all translations */
	CHECK_STATUS(map_detach(chain[0].map, 0), BY_OK);
	struct census census;
	CHECK_CENSUS(&census);
	CHECK(!reads(&host_init, 0x50000000 + 6 * 16 * PAGE_SIZE, &pa));
}


CORE_TEST(too_deep_an_address_is_a_fault_for_the_parent)
{
	by_paddr_t pa;

	make_chain();
	CHECK_STATUS(attach_at(&host_init_pd->map, chain[CHAIN - 1].ds, 0x50000000, 0, 0, 0), BY_OK);
	CHECK(!reads(&host_init, 0x50000000, &pa));
	CHECK(strstr(host_log_text(), "page fault (read) at 50000000"));
}


CORE_TEST(a_map_attached_to_itself_ends_nowhere)
{
	struct managed a, b;
	struct place   place;
	by_paddr_t     pa;

	CHECK_STATUS(make_managed(&a, 4 * PAGE_SIZE), BY_OK);
	CHECK_STATUS(make_managed(&b, 4 * PAGE_SIZE), BY_OK);
	CHECK_STATUS(attach_at(a.map, a.ds, 0, 0, PAGE_SIZE, BY_ATTACH_WRITE), BY_OK);
	CHECK_STATUS(attach_at(a.map, b.ds, PAGE_SIZE, 0, PAGE_SIZE, BY_ATTACH_WRITE), BY_OK);
	CHECK_STATUS(attach_at(b.map, a.ds, 0, PAGE_SIZE, PAGE_SIZE, BY_ATTACH_WRITE), BY_OK);
	CHECK_STATUS(attach_at(&host_init_pd->map, a.ds, 0x50000000, 0, 0, BY_ATTACH_WRITE), BY_OK);
	CHECK_STATUS(map_lookup(a.map, 0, &place), BY_LIMIT);
	CHECK_STATUS(map_lookup(a.map, PAGE_SIZE, &place), BY_LIMIT);
	CHECK(!reads(&host_init, 0x50000000, &pa));
	CHECK_CENSUS(NULL);
	CHECK(ds_seal(make_ram(PAGE_SIZE)));
	CHECK_STATUS(map_detach(a.map, PAGE_SIZE), BY_OK);
	CHECK_STATUS(map_detach(a.map, 0), BY_OK);
	CHECK_CENSUS(NULL);
	if (host_as(&host_init))
		CHECK_STATUS(host_close(1000), BY_OK);
	host_core();
	CHECK_CENSUS(NULL);
}


/**
 * The ways from a map up to address spaces can be many more than attachments: here
 * 40^6. Whatever core does when something is detached must not follow each of them.
 */
CORE_TEST(many_ways_through_nested_maps_cost_little)
{
	enum { LEVELS = 7, WAYS = 40 };
	struct managed level[LEVELS];
	uint64_t       size = PAGE_SIZE;

	alarm(20);
	for (unsigned i = 0; i < LEVELS; i++) {
		CHECK_STATUS(make_managed(&level[i], i ? size * WAYS : size), BY_OK);
		for (unsigned n = 0; i && n < WAYS; n++)
			CHECK_STATUS(attach_at(level[i].map, level[i - 1].ds, n * size, 0, 0, 0), BY_OK);
		size *= i ? WAYS : 1;
	}
	CHECK_STATUS(attach_at(&host_init_pd->map, level[LEVELS - 1].ds, 0x50000000, 0, MIB, 0), BY_OK);
	struct ds *ram = make_ram(PAGE_SIZE);
	CHECK_STATUS(attach_at(level[0].map, ram, 0, 0, 0, 0), BY_OK);
	by_paddr_t pa;
	CHECK(reads(&host_init, 0x50000000 + 3 * PAGE_SIZE, &pa));
	CHECK(reads(&host_init, 0x50000000 + 13 * PAGE_SIZE, &pa));
	CHECK_CENSUS(NULL);
	CHECK_STATUS(map_detach(level[0].map, 0), BY_OK);
	CHECK_CENSUS(NULL);
	alarm(0);
}


CORE_TEST(a_map_attached_to_itself_many_times_costs_little)
{
	struct managed a;

	alarm(20);
	CHECK_STATUS(make_managed(&a, 64 * PAGE_SIZE), BY_OK);
	for (unsigned i = 0; i < 64; i++)
		CHECK_STATUS(attach_at(a.map, a.ds, i * PAGE_SIZE, 0, PAGE_SIZE, 0), BY_OK);
	CHECK_STATUS(map_detach(a.map, 0), BY_OK);
	CHECK_CENSUS(NULL);
	item_close(&a.ds->item);
	CHECK_CENSUS(NULL);
	alarm(0);
}


/** Random maps in maps, in two address spaces; page tables must follow everything. */
CORE_TEST(translations_follow_random_nesting)
{
	enum { MAPS = 5, SLOTS = 6, SPAN = 4 };
	struct managed m[MAPS];
	struct ds     *ram[3];
	static struct host_child child;

	CHECK(host_as(&host_init));
	CHECK_STATUS(host_child(&child, 1, 512 * KIB, 20), BY_OK);
	host_core();
	struct map *map[MAPS + 2] = {
		&host_init_pd->map,
		BY_CONTAINER_OF(item_find_type(child.client.thread, ITEM_THREAD), struct thread, item)->map,
	};
	for (unsigned i = 0; i < MAPS; i++) {
		CHECK_STATUS(make_managed(&m[i], SLOTS * SPAN * PAGE_SIZE), BY_OK);
		map[2 + i] = m[i].map;
	}
	for (unsigned i = 0; i < 3; i++)
		ram[i] = make_ram(SPAN * PAGE_SIZE);
	size_t translations = 0;
	for (unsigned i = 0; i < 2500; i++) {
		unsigned   which = host_random(MAPS + 2);
		uint64_t   at    = (which < 2 ? 0x50000000 : 0) + host_random(SLOTS) * SPAN * PAGE_SIZE;
		unsigned   what  = host_random(8);
		struct ds *ds    = what < 3 ? ram[what] : m[what - 3].ds;
		uint64_t   offset = host_random((uint32_t)(ds->size / PAGE_SIZE) - SPAN + 1) * PAGE_SIZE;
		struct census census;
		by_paddr_t pa;
		if (host_random(5) == 0)
			ignore(map_detach(map[which], at));
		else
			ignore(attach_at(map[which], ds, at, offset, (1 + host_random(SPAN)) * PAGE_SIZE,
			                 host_random(2) ? BY_ATTACH_WRITE : 0));
		uint64_t address = 0x50000000 + host_random(SLOTS * SPAN) * PAGE_SIZE;
		struct place place;
		if (map_lookup(&host_init_pd->map, address, &place) == BY_OK)
			CHECK(reads(&host_init, address, &pa));
		if (map_lookup(map[1], address, &place) == BY_OK)
			CHECK(reads(&child.client, address, &pa));
		CHECK_CENSUS(&census);
		translations += census.translations;
	}
	CHECK(translations > 2500 * 20);
}


CORE_TEST(sealing_reaches_every_translation)
{
	struct managed managed;
	struct ds     *ram = make_ram(4 * PAGE_SIZE);
	struct map    *map = &host_init_pd->map;
	by_paddr_t     pa;

	CHECK_STATUS(make_managed(&managed, 4 * PAGE_SIZE), BY_OK);
	CHECK_STATUS(attach_at(managed.map, ram, 0, 0, 0, BY_ATTACH_WRITE), BY_OK);
	CHECK_STATUS(attach_at(map, managed.ds, 0x50000000, 0, 0, BY_ATTACH_WRITE), BY_OK);
	CHECK_STATUS(attach_at(map, ram, 0x60000000, 0, 0, BY_ATTACH_WRITE), BY_OK);
	CHECK(host_as(&host_init));
	CHECK(host_access(0x50001000, BY_ACCESS_WRITE, &pa));
	CHECK(host_access(0x60001000, BY_ACCESS_WRITE, &pa));
	host_core();
	CHECK(ds_seal(ram));
	CHECK_CENSUS(NULL);
	CHECK_STATUS(attach_at(map, ram, 0x70000000, 0, 0, BY_ATTACH_WRITE), BY_DENIED);
	CHECK(reads(&host_init, 0x50001000, &pa));
	CHECK(reads(&host_init, 0x60001000, &pa));
	CHECK(host_as(&host_init));
	CHECK(!host_access(0x50001000, BY_ACCESS_WRITE, &pa));
	host_core();
	CHECK_CENSUS(NULL);
}


CORE_TEST(rights_hold_on_the_whole_way)
{
	struct managed managed;
	struct ds     *ram = make_ram(PAGE_SIZE);
	struct map    *map = &host_init_pd->map;
	struct place   place;

	CHECK_STATUS(make_managed(&managed, 3 * PAGE_SIZE), BY_OK);
	CHECK_STATUS(attach_at(managed.map, ram, 0, 0, 0, BY_ATTACH_WRITE), BY_OK);
	CHECK_STATUS(attach_at(managed.map, ram, PAGE_SIZE, 0, 0, BY_ATTACH_EXEC), BY_OK);
	CHECK_STATUS(attach_at(managed.map, ram, 2 * PAGE_SIZE, 0, 0, 0), BY_OK);
	CHECK_STATUS(attach_at(map, managed.ds, 0x50000000, 0, 0, BY_ATTACH_WRITE), BY_OK);
	CHECK_STATUS(attach_at(map, managed.ds, 0x60000000, 0, 0, BY_ATTACH_EXEC), BY_OK);
	static struct { uint64_t at; uint32_t attributes; } const expect[] = {
		{ 0x50000000, BY_MAP_WRITE }, { 0x50001000, 0 }, { 0x50002000, 0 },
		{ 0x60000000, 0 }, { 0x60001000, BY_MAP_EXEC }, { 0x60002000, 0 },
	};
	for (unsigned i = 0; i < 6; i++) {
		CHECK_STATUS(map_lookup(map, expect[i].at, &place), BY_OK);
		CHECK_EQ(place_attributes(&place), expect[i].attributes);
	}
}


CORE_TEST(a_message_page_cannot_be_detached_or_covered)
{
	struct map    *map    = &host_init_pd->map;
	uint64_t const page   = BY_STACK_AREA + BY_STACK_SLOT - PAGE_SIZE;
	struct ds     *ram    = make_ram(PAGE_SIZE);

	CHECK(host_as(&host_init));
	CHECK_STATUS(by_region_map_detach(&host_space, page), BY_NOT_FOUND);
	CHECK_STATUS(by_region_map_detach(&host_space, page + 100), BY_NOT_FOUND);
	host_core();
	CHECK_STATUS(attach_at(map, ram, page, 0, 0, 0), BY_CONFLICT);
	CHECK_CENSUS(NULL);
}


/*
 * Faults
 */

/** A child with an endpoint of its own thread, and a signal there. */
struct handler { struct host_child child; by_cap_t endpoint, signal; };

static struct handler handler, victim;


static by_status_t make_handler(struct handler *h, uint32_t id)
{
	by_status_t status;

	if (!host_as(&host_init))
		return BY_DENIED;
	status = host_child(&h->child, id, 256 * KIB, 30);
	if (status == BY_OK)
		status = by_pd_endpoint_create(&h->child.init_pd, h->child.init_thread, &h->endpoint);
	if (status == BY_OK)
		status = by_pd_signal_create(&h->child.init_pd, h->endpoint, 77, false, &h->signal);
	host_core();

	return status;
}


static struct thread *thread_of(struct handler *h)
{
	struct item *item = item_find_type(h->child.client.thread, ITEM_THREAD);

	return item ? BY_CONTAINER_OF(item, struct thread, item) : NULL;
}


/** The handler's thread takes a signal, if there is one. */
static by_word_t take_signal(struct handler *h)
{
	by_word_t badge = host_as(&h->child.client) ? host_signal() : 0;

	host_core();

	return badge;
}


CORE_TEST(a_fault_in_a_managed_map_is_resolved_by_its_handler)
{
	struct managed managed;
	struct ds     *ram = make_ram(PAGE_SIZE);
	by_paddr_t     pa;
	uint64_t       address;
	uint32_t       access;

	CHECK_STATUS(make_handler(&handler, 1), BY_OK);
	CHECK_STATUS(make_handler(&victim, 2), BY_OK);
	CHECK_STATUS(make_managed(&managed, 16 * PAGE_SIZE), BY_OK);
	CHECK_STATUS(attach_at(thread_of(&victim)->map, managed.ds, 0x50000000, 4 * PAGE_SIZE, 0,
	                       BY_ATTACH_WRITE), BY_OK);
	CHECK(host_as(&host_init));
	by_cap_t map = host_init_cap(&managed.map->item);
	CHECK_STATUS(by_region_map_fault_sigh(&(struct by_region_map){ map }, handler.signal), BY_OK);
	CHECK_STATUS(by_region_map_fault(&(struct by_region_map){ map }, &address, &access), BY_EMPTY);
	host_core();

	CHECK(!reads(&victim.child.client, 0x50000000 + 3 * PAGE_SIZE + 8, &pa));
	CHECK_CENSUS(NULL);
	CHECK_EQ(take_signal(&handler), 77);
	CHECK(host_as(&host_init));
	CHECK_STATUS(by_region_map_fault(&(struct by_region_map){ map }, &address, &access), BY_OK);
	CHECK_EQ(address, 7 * PAGE_SIZE + 8);
	CHECK_EQ(access, BY_ACCESS_READ);
	host_core();
	CHECK_STATUS(attach_at(managed.map, ram, 7 * PAGE_SIZE, 0, 0, 0), BY_OK);
	CHECK(reads(&victim.child.client, 0x50000000 + 3 * PAGE_SIZE + 8, &pa));
	CHECK_EQ(pa, ram->pa + 8);
	CHECK_CENSUS(NULL);
	CHECK(!strstr(host_log_text(), "stopped"));
}


/** Whatever makes that a fault cannot be resolved any more: then the parent hears of it. */
static void fault_is_reported_after(void (*end)(struct managed *), bool handled)
{
	struct managed managed;
	by_paddr_t     pa;

	CHECK_STATUS(make_handler(&handler, 1), BY_OK);
	CHECK_STATUS(make_handler(&victim, 2), BY_OK);
	CHECK_STATUS(make_managed(&managed, 16 * PAGE_SIZE), BY_OK);
	struct managed outer;
	CHECK_STATUS(make_managed(&outer, 16 * PAGE_SIZE), BY_OK);
	CHECK_STATUS(attach_at(outer.map, managed.ds, 0, 0, 0, 0), BY_OK);
	CHECK_STATUS(attach_at(thread_of(&victim)->map, outer.ds, 0x50000000, 0, 0, 0), BY_OK);
	CHECK(host_as(&host_init));
	CHECK_STATUS(by_region_map_fault_sigh(
		&(struct by_region_map){ host_init_cap(&managed.map->item) }, handler.signal), BY_OK);
	host_core();
	CHECK(!reads(&victim.child.client, 0x50000000, &pa));
	CHECK(!strstr(host_log_text(), "stopped"));
	end(&managed);
	if (host_as(&host_init)) { /* lets core take what waits for it */ }
	host_core();
	CHECK_CENSUS(NULL);
	CHECK(handled == !strstr(host_log_text(), "stopped"));
	CHECK(handled || thread_of(&victim)->faulted);
}


static void nothing(struct managed *managed)
{
	(void)managed;
}


static void end_signal(struct managed *managed)
{
	(void)managed;
	if (!host_as(&host_init) || by_pd_object_free(&handler.child.init_pd, handler.signal) != BY_OK)
		host_die("cannot free the signal");
	host_core();
}


static void end_handler(struct managed *managed)
{
	(void)managed;
	if (!host_as(&host_init) || host_close(1) != BY_OK)
		host_die("cannot close the handler");
	host_core();
}


static void end_map(struct managed *managed)
{
	if (!host_as(&host_init)
	    || by_rm_destroy(&rm_session, host_init_cap(&managed->map->item)) != BY_OK)
		host_die("cannot destroy the map");
	host_core();
}


static void end_inner_attachment(struct managed *managed)
{
	item_close(&managed->ds->item);
}


static void end_outer_attachment(struct managed *managed)
{
	(void)managed;
	if (map_detach(thread_of(&victim)->map, 0x50000000) != BY_OK)
		host_die("cannot detach");
}


static void set_no_handler(struct managed *managed)
{
	if (!host_as(&host_init)
	    || by_region_map_fault_sigh(&(struct by_region_map){ host_init_cap(&managed->map->item) },
	                                BY_NO_CAP) != BY_OK)
		host_die("cannot set no handler");
	host_core();
}


CORE_TEST(a_fault_waits_for_its_handler)               { fault_is_reported_after(nothing, true); }
CORE_TEST(a_handlers_dead_signal_is_noticed)           { fault_is_reported_after(end_signal, false); }
CORE_TEST(a_dead_handler_is_noticed)                   { fault_is_reported_after(end_handler, false); }
CORE_TEST(a_dead_map_is_noticed)                       { fault_is_reported_after(end_map, false); }
CORE_TEST(a_dead_inner_attachment_is_noticed)          { fault_is_reported_after(end_inner_attachment, false); }
CORE_TEST(a_dead_outer_attachment_is_noticed)          { fault_is_reported_after(end_outer_attachment, false); }
CORE_TEST(a_handler_that_is_taken_away_is_noticed)     { fault_is_reported_after(set_no_handler, false); }


/** A handler that is dead already when the fault occurs. */
CORE_TEST(a_fault_without_living_handler_is_reported)
{
	struct managed managed;
	by_paddr_t     pa;

	CHECK_STATUS(make_handler(&handler, 1), BY_OK);
	CHECK_STATUS(make_handler(&victim, 2), BY_OK);
	CHECK_STATUS(make_managed(&managed, PAGE_SIZE), BY_OK);
	CHECK_STATUS(attach_at(thread_of(&victim)->map, managed.ds, 0x50000000, 0, 0, 0), BY_OK);
	CHECK(host_as(&host_init));
	CHECK_STATUS(by_region_map_fault_sigh(
		&(struct by_region_map){ host_init_cap(&managed.map->item) }, handler.signal), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	host_core();
	CHECK(!reads(&victim.child.client, 0x50000000, &pa));
	CHECK(strstr(host_log_text(), "stopped"));
	CHECK_CENSUS(NULL);
}


CORE_TEST(a_thread_that_dies_while_listed_is_forgotten)
{
	struct managed managed;
	by_paddr_t     pa;
	struct ds     *ram = make_ram(PAGE_SIZE);

	CHECK_STATUS(make_handler(&handler, 1), BY_OK);
	CHECK_STATUS(make_handler(&victim, 2), BY_OK);
	CHECK_STATUS(make_managed(&managed, PAGE_SIZE), BY_OK);
	CHECK_STATUS(attach_at(thread_of(&victim)->map, managed.ds, 0x50000000, 0, 0, 0), BY_OK);
	CHECK(host_as(&host_init));
	CHECK_STATUS(by_region_map_fault_sigh(
		&(struct by_region_map){ host_init_cap(&managed.map->item) }, handler.signal), BY_OK);
	host_core();
	CHECK(!reads(&victim.child.client, 0x50000000, &pa));
	CHECK(host_as(&host_init));
	CHECK_STATUS(host_close(2), BY_OK);
	host_core();
	CHECK_CENSUS(NULL);
	CHECK_STATUS(attach_at(managed.map, ram, 0, 0, 0, 0), BY_OK);
	CHECK_CENSUS(NULL);
}


/** Code of a device is nothing that anybody needs, and would be made visible page by page. */
CORE_TEST(device_memory_cannot_be_executed)
{
	struct by_io_mem_args args = { .base = (uint64_t)1 << 39, .size = (uint64_t)1 << 38 };
	by_cap_t              session, ds;

	alarm(20);
	CHECK(host_as(&host_init));
	CHECK_STATUS(host_open(5, "IO_MEM", "", 8192, 3, &args, sizeof(args), &session), BY_OK);
	CHECK_STATUS(by_io_mem_dataspace(&(struct by_io_mem){ { .cap = session } }, &ds), BY_OK);
	uint64_t at;
	CHECK_STATUS(by_region_map_attach(&host_space, ds, 0, 0, 0, BY_ATTACH_EXEC, &at), BY_DENIED);
	CHECK_STATUS(by_region_map_attach(&host_space, ds, 0, PAGE_SIZE, 0, BY_ATTACH_WRITE, &at),
	             BY_OK);
	host_core();
	CHECK_CENSUS(NULL);
	alarm(0);
}
