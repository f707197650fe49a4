/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of the list.
 */
#include <by/list.h>
#include <unit.h>

#include "support.h"

UNIT_MAIN("list")

enum { COUNT = 20 };

struct item {
	int                 value;
	struct by_list_node node;
};

static struct by_list list;
static struct item    items[COUNT];


static struct item *item_of(struct by_list_node *node)
{
	return BY_CONTAINER_OF(node, struct item, node);
}


static void reset(void)
{
	by_list_init(&list);
	for (int i = 0; i < COUNT; i++)
		items[i] = (struct item){ .value = i };
}


/* True if the list has exactly the items of these numbers, forwards and backwards. */
static bool holds(int const *numbers, int count)
{
	int at = 0;

	BY_LIST_EACH(&list, node) {
		if (at == count || item_of(node)->value != numbers[at])
			return false;
		if (by_list_next(&list, node) != (at + 1 < count ? node->next : NULL))
			return false;
		at++;
	}
	for (struct by_list_node *node = list.head.prev; node != &list.head; node = node->prev)
		if (item_of(node)->value != numbers[--at])
			return false;

	return at == 0;
}


TEST(empty)
{
	reset();
	CHECK(by_list_empty(&list));
	CHECK(!by_list_first(&list) && !by_list_last(&list) && !by_list_take(&list));
	CHECK(!by_list_linked(&items[0].node));
	BY_LIST_EACH(&list, node)
		CHECK(!node);
}


TEST(order)
{
	reset();
	by_list_append(&list, &items[1].node);
	by_list_append(&list, &items[2].node);
	by_list_prepend(&list, &items[0].node);
	by_list_insert_before(&items[2].node, &items[5].node);
	CHECK(holds((int[]){ 0, 1, 5, 2 }, 4));
	CHECK(item_of(by_list_first(&list))->value == 0);
	CHECK(item_of(by_list_last(&list))->value == 2);
	CHECK(by_list_linked(&items[5].node) && !by_list_empty(&list));
}


TEST(remove)
{
	reset();
	for (int i = 0; i < 4; i++)
		by_list_append(&list, &items[i].node);
	by_list_remove(&items[1].node);
	CHECK(holds((int[]){ 0, 2, 3 }, 3));
	by_list_remove(&items[3].node);
	by_list_remove(&items[0].node);
	CHECK(holds((int[]){ 2 }, 1));
	by_list_remove(&items[2].node);
	CHECK(by_list_empty(&list) && !by_list_linked(&items[2].node));
}


TEST(remove_while_walking)
{
	reset();
	for (int i = 0; i < 6; i++)
		by_list_append(&list, &items[i].node);
	BY_LIST_EACH_SAFE(&list, node)
		if (item_of(node)->value % 2 == 0)
			by_list_remove(node);
	CHECK(holds((int[]){ 1, 3, 5 }, 3));
	BY_LIST_EACH_SAFE(&list, node)
		by_list_remove(node);
	CHECK(by_list_empty(&list));
}


static void append_twice(void *item)
{
	by_list_append(&list, item);
}


static void remove_unlinked(void *item)
{
	by_list_remove(item);
}


TEST(misuse_asserts)
{
	reset();
	by_list_append(&list, &items[0].node);
	CHECK(support_asserts(append_twice, &items[0].node));
	CHECK(support_asserts(remove_unlinked, &items[1].node));
	CHECK(holds((int[]){ 0 }, 1));
}


/* The model is an array of the numbers in the list. */
struct model {
	int numbers[COUNT];
	int count;
};


static void model_insert(struct model *model, int place, int number)
{
	memmove(&model->numbers[place + 1], &model->numbers[place],
	        (size_t)(model->count - place) * sizeof(int));
	model->numbers[place] = number;
	model->count++;
}


static void model_remove(struct model *model, int place)
{
	model->count--;
	memmove(&model->numbers[place], &model->numbers[place + 1],
	        (size_t)(model->count - place) * sizeof(int));
}


static int model_place(struct model const *model, int number)
{
	int place = 0;

	while (place < model->count && model->numbers[place] != number)
		place++;

	return place;
}


static void insert_somewhere(struct model *model, int number, int place)
{
	struct by_list_node *node = &items[number].node;

	if (place == 0)
		by_list_prepend(&list, node);
	else if (place == model->count)
		by_list_append(&list, node);
	else
		by_list_insert_before(&items[model->numbers[place]].node, node);
	model_insert(model, place, number);
}


TEST(random_against_array)
{
	struct model model = { .count = 0 };
	uint64_t seed = 7;

	reset();
	for (int i = 0; i < 20000; i++) {
		int number = (int)support_below(&seed, COUNT);

		if (!by_list_linked(&items[number].node)) {
			insert_somewhere(&model, number,
			                 (int)support_below(&seed, (unsigned)model.count + 1));
		} else if (support_below(&seed, 4) == 0) {
			CHECK(item_of(by_list_take(&list))->value == model.numbers[0]);
			model_remove(&model, 0);
		} else {
			by_list_remove(&items[number].node);
			model_remove(&model, model_place(&model, number));
		}
		CHECK(holds(model.numbers, model.count));
	}
}
