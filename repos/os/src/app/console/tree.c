/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tree of accounts, as core's ROM core_accounts shows it at one moment: whatever is part of
 * the machine's RAM is somebody's, so the quotas add up to it.
 */
#include "console.h"
#include <by/component_heap.h>
#include <by/env.h>
#include <by/status_name.h>

enum { TRIES = 5, DEPTH = 24, NAME = 34 };

static struct by_attached rom;
static by_status_t        opened;


void tree_begin(struct by_env *env)
{
	opened = by_attached_rom_init(env, &rom, "core_accounts");
}


/* Take a snapshot during which nothing has moved, if there is one. */
static by_status_t look(struct by_hid_node *top)
{
	by_status_t status = opened;

	for (unsigned i = 0; i < TRIES && status == BY_OK; i++) {
		status = by_attached_rom_update(console.env, &rom);
		if (status == BY_OK)
			status = by_hid_open((struct by_hid_span){ rom.base, rom.size }, top);
		if (status == BY_OK && by_hid_bool(top, "exact", false))
			break;
	}

	return status;
}


static void show_row(struct text *text, struct by_hid_node const *account, unsigned depth)
{
	struct by_hid_span const name = by_hid_name(account);
	unsigned const           left = 2 * depth < NAME ? NAME - 2 * depth : 0;

	text_format(text, "%*s%-*.*s %14llu %13llu %8llu %7llu\n", (int)(2 * depth), "", (int)left,
	            (int)name.size, name.base,
	            (unsigned long long)by_hid_u64(account, "ram_quota", 0),
	            (unsigned long long)by_hid_u64(account, "ram_used", 0),
	            (unsigned long long)by_hid_u64(account, "caps_quota", 0),
	            (unsigned long long)by_hid_u64(account, "caps_used", 0));
}


/* The accounts below one, each with those below it. Returns the sum of what they have. */
static uint64_t show_below(struct text *text, struct by_hid_node const *top, uint64_t parent,
                           unsigned depth)
{
	struct by_hid_node node;
	uint64_t           sum = 0;

	if (depth == DEPTH || !by_hid_first_of(top, "account", &node))
		return 0;

	do {
		uint64_t const id = by_hid_u64(&node, "id", 0);

		if (!id || by_hid_u64(&node, "parent", 0) != parent)
			continue;
		show_row(text, &node, depth);
		sum += by_hid_u64(&node, "ram_quota", 0) + show_below(text, top, id, depth + 1);
	} while (by_hid_next_of(&node, "account"));

	return sum;
}


static uint64_t show_share(struct text *text, struct by_hid_node const *ram, char const *who)
{
	uint64_t const amount = by_hid_u64(ram, who, 0);

	text_format(text, "%-*s %14llu\n", NAME, who, (unsigned long long)amount);

	return amount;
}


void tree_show(struct text *text)
{
	struct by_hid_node top, ram;

	by_heap_trim_own(); /* what our heap keeps in reserve would look like a loss */

	by_status_t const status = look(&top);

	if (status != BY_OK || !by_hid_first_of(&top, "ram", &ram)) {
		text_format(text, "core does not tell: %s\n", by_status_name(status));
		return;
	}
	text_format(text, "%-*s %14s %13s %8s %7s\n", NAME, "component", "RAM", "used", "caps",
	            "used");
	uint64_t sum = show_share(text, &ram, "kernel") + show_share(text, &ram, "core");

	sum += show_below(text, &top, 0, 0);

	uint64_t const total = by_hid_u64(&ram, "total", 0);

	text_format(text, "%-*s %14llu bytes, ", NAME, "sum", (unsigned long long)sum);
	if (sum == total)
		text_format(text, "the machine's RAM\n");
	else if (!by_hid_bool(&top, "exact", false))
		text_format(text, "while some of %llu moved\n", (unsigned long long)total);
	else
		text_format(text, "but the machine has %llu\n", (unsigned long long)total);
}
