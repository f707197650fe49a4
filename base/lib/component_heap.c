/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The heap of the component: a heap with a lock, over RAM dataspaces that are
 * attached where there is room.
 *
 *     users ──> component.alloc (lock) ──> heap ──> source ──> PD, address space
 *
 * The dataspaces' records cannot lie in the heap that they are needed for. The first
 * ones are static, more come by the page, whose first record is its own; they stay until
 * the heap is trimmed while the static ones suffice.
 */
#include "component_heap.h"
#include "env.h"
#include "page.h"
#include <by/cap.h>
#include <by/component_heap.h>
#include <by/assert.h>
#include <by/container.h>
#include <by/heap.h>
#include <by/region.h>
#include <by/mutex.h>

enum { FIRST_PIECES = 8 };

/* A dataspace that is part of the heap. */
struct piece {
	struct piece *next;
	void         *base;
	by_cap_t      ds;
};

static struct {
	struct by_alloc  alloc;  /* what users see */
	struct by_mutex  mutex;  /* owns all that follows */
	struct by_heap   heap;
	struct by_alloc  source;
	struct piece    *used, *free;
	struct piece    *pages;  /* of records */
	size_t           consumed;
} component;

static struct piece first_pieces[FIRST_PIECES];


static by_status_t ram_alloc(size_t size, struct piece *piece)
{
	uint64_t    at;
	by_status_t status = page_ram(by_own_pd(), size, &piece->ds);
	if (status != BY_OK)
		return status;

	status = by_region_map_attach(&by_the_env.space, piece->ds, 0, 0, 0, BY_ATTACH_WRITE,
	                              &at);
	if (status == BY_OK)
		piece->base = (char *)(by_word_t)at;

	return status;
}


static void ram_free(struct piece *piece)
{
	if (!by_cap_valid(piece->ds))
		return;

	by_status_t const status = by_pd_ram_free(by_own_pd(), piece->ds);

	BY_ASSERT(status == BY_OK);
	by_cap_drop(piece->ds);
	*piece = (struct piece){ .next = NULL };
}


static void add_free(struct piece *pieces, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		pieces[i].next = component.free;
		component.free = &pieces[i];
	}
}


/* Make sure that there is a record to take. */
static by_status_t need_record(void)
{
	struct piece page = { .next = NULL };

	if (component.free)
		return BY_OK;

	by_status_t const status = ram_alloc(PAGE, &page);

	if (status != BY_OK) {
		ram_free(&page);
		return status;
	}
	struct piece *records = page.base;

	records[0]      = page;
	records[0].next = component.pages;
	component.pages = records;
	add_free(records + 1, PAGE / sizeof(struct piece) - 1);

	return BY_OK;
}


static by_status_t source_alloc(struct by_alloc *self, size_t size, void **out)
{
	by_status_t status = need_record();

	(void)self;
	if (status != BY_OK)
		return status;

	struct piece *piece = component.free, *next = piece->next;

	status = ram_alloc(size, piece);
	if (status != BY_OK) {
		ram_free(piece);
		piece->next = next;
		return status;
	}
	component.free = next;
	piece->next    = component.used;
	component.used = piece;
	component.consumed += size;

	*out = piece->base;
	return BY_OK;
}


static void source_free(struct by_alloc *self, void *ptr, size_t size)
{
	struct piece **link = &component.used;

	(void)self;
	while (*link && (*link)->base != ptr)
		link = &(*link)->next;
	BY_ASSERT(*link);

	struct piece *piece = *link;

	*link = piece->next;
	ram_free(piece);
	add_free(piece, 1);
	component.consumed -= size;
}


static size_t source_consumed(struct by_alloc const *self)
{
	(void)self;

	return component.consumed;
}


static by_status_t locked_alloc(struct by_alloc *self, size_t size, void **out)
{
	(void)self;
	by_mutex_lock(&component.mutex);
	by_status_t const status = by_alloc(&component.heap.alloc, size, out);
	by_mutex_unlock(&component.mutex);

	return status;
}


static void locked_free(struct by_alloc *self, void *ptr, size_t size)
{
	(void)self;
	by_mutex_lock(&component.mutex);
	by_free(&component.heap.alloc, ptr, size);
	by_mutex_unlock(&component.mutex);
}


static size_t locked_consumed(struct by_alloc const *self)
{
	(void)self;
	by_mutex_lock(&component.mutex);
	size_t const consumed = by_consumed(&component.heap.alloc);
	by_mutex_unlock(&component.mutex);

	return consumed;
}


/* Have the static records do, if no more are in use: nobody else knows where records lie. */
static void drop_records(void)
{
	struct piece  kept[FIRST_PIECES];
	size_t        count = 0;
	struct piece *piece;

	for (piece = component.used; piece && count < FIRST_PIECES; piece = piece->next)
		kept[count++] = *piece;
	if (piece)
		return;

	component.used = component.free = NULL;
	add_free(first_pieces + count, FIRST_PIECES - count);
	while (count--) {
		first_pieces[count]      = kept[count];
		first_pieces[count].next = component.used;
		component.used           = &first_pieces[count];
	}
	while (component.pages) {
		struct piece page = *component.pages;

		component.pages = page.next;
		ram_free(&page);
	}
}


void by_heap_trim_own(void)
{
	by_mutex_lock(&component.mutex);
	by_heap_trim(&component.heap);
	drop_records();
	by_mutex_unlock(&component.mutex);
}


size_t by_heap_used_own(void)
{
	by_mutex_lock(&component.mutex);
	size_t const used = component.heap.used;
	by_mutex_unlock(&component.mutex);

	return used;
}


struct by_alloc *by_heap_start(void)
{
	component.alloc  = (struct by_alloc){ locked_alloc, locked_free, locked_consumed };
	component.source = (struct by_alloc){ source_alloc, source_free, source_consumed };
	add_free(first_pieces, FIRST_PIECES);
	by_heap_init(&component.heap, &component.source, SIZE_MAX);

	return &component.alloc;
}
