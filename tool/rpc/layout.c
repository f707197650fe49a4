/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Offsets: every value at its natural alignment, whatever the machine.
 */
#include <string.h>

#include "rpc.h"

#define INT(text, bytes, c) \
	{ .name = text, .c_name = c, .kind = TYPE_INT, .size = bytes, .align = bytes }

struct type const layout_builtin[] = {
	INT("u8",  1, "uint8_t"),
	INT("u16", 2, "uint16_t"),
	INT("u32", 4, "uint32_t"),
	INT("u64", 8, "uint64_t"),
	INT("i32", 4, "int32_t"),
	INT("i64", 8, "int64_t"),
	{ .name = "bool",   .c_name = "bool",     .kind = TYPE_BOOL,   .size = 1, .align = 1 },
	{ .name = "string", .c_name = "char",     .kind = TYPE_STRING, .size = 2, .align = 2 },
	{ .name = "bytes",  .c_name = "void",     .kind = TYPE_BYTES,  .size = 2, .align = 2 },
	{ .name = "cap",    .c_name = "by_cap_t", .kind = TYPE_CAP,    .size = 0, .align = 1 },
};

unsigned const layout_builtin_count = sizeof(layout_builtin) / sizeof(layout_builtin[0]);


static unsigned align(unsigned offset, unsigned to)
{
	return (offset + to - 1) / to * to;
}


static void add_leaf(struct type *type, struct leaf leaf)
{
	type->leaves[type->leaf_count++] = leaf;
}


bool layout_member(struct job *job, struct type *type, struct member *member)
{
	const struct type *const inner = member->type;
	struct member          **end   = &type->members;

	member->offset = align(type->size, inner->align);
	if (member->offset + inner->size > STRUCT_MOST)
		return false;

	while (*end)
		end = &(*end)->next;
	*end        = member;
	type->size  = member->offset + inner->size;
	type->align = type->align > inner->align ? type->align : inner->align;

	if (inner->kind != TYPE_STRUCT)
		add_leaf(type, (struct leaf){ member->name, inner, member->offset });

	for (unsigned i = 0; i < inner->leaf_count; i++)
		add_leaf(type, (struct leaf){
			arena_print(&job->arena, "%s.%s", member->name, inner->leaves[i].path),
			inner->leaves[i].type, member->offset + inner->leaves[i].offset,
		});

	return true;
}


void layout_struct(struct type *type)
{
	/* a struct without members is one whose line was wrong */
	type->align = type->align ? type->align : 1;
	type->size  = align(type->size, type->align);
}


void layout_block(struct block *block, unsigned front)
{
	unsigned offset = front, contents = 0;

	for (unsigned i = 0; i < block->count; i++) {
		struct field *const field = &block->field[i];

		field->offset    = align(offset, field->type->align);
		offset           = field->type->size ? field->offset + field->type->size : offset;
		contents        += align(field->bound, 8);
		block->variable |= type_variable(field->type);
	}
	block->front = front;
	block->fixed = offset;
	block->start = align(offset, 8);
	block->most  = block->variable ? block->start + contents : block->fixed;
}


static void mark(unsigned char used[], unsigned offset, const struct type *type)
{
	if (type->kind != TYPE_STRUCT)
		memset(used + offset, 1, type->size);
	for (unsigned i = 0; i < type->leaf_count; i++)
		memset(used + offset + type->leaves[i].offset, 1, type->leaves[i].type->size);
}


unsigned layout_holes(const struct block *block, struct hole holes[BLOCK_MOST])
{
	unsigned char used[BLOCK_MOST] = { 0 };
	unsigned      count            = 0;

	memset(used, 1, block->front);
	for (unsigned i = 0; i < block->count; i++)
		mark(used, block->field[i].offset, block->field[i].type);

	for (unsigned at = 0; at < block->start; at++) {
		if (used[at])
			continue;
		if (at > 0 && !used[at - 1])
			holes[count - 1].len++;
		else
			holes[count++] = (struct hole){ at, 1 };
	}

	return count;
}
