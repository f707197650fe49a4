/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Templates and the code that requests and replies have in common.
 */
#include <assert.h>
#include <string.h>

#include "emit.h"


void emit_set(struct out *out, char key, const char *text)
{
	out->value[(unsigned char)key] = text;
}


void emit_set_number(struct out *out, char key, unsigned number)
{
	emit_set(out, key, arena_print(&out->job->arena, "%u", number));
}


void emit_init(struct out *out, struct job *job, struct buffer *buffer)
{
	const struct interface *const interface = &job->interface;

	*out = (struct out){ .job = job, .buffer = buffer };
	emit_set(out, 'i', interface->name);
	emit_set(out, 'I', arena_upper(&job->arena, interface->name));
	emit_set(out, 'K', interface->object ? "object" : "session");
	emit_set(out, 'S', interface->service ? interface->service : "");
	emit_set_number(out, 'R', interface->ram);
	emit_set_number(out, 'C', interface->caps);
}


void emit_set_side(struct out *out, const struct side *side)
{
	emit_set(out, 'B', side->block);
	emit_set(out, 'k', side->ok);
	emit_set(out, 'x', side->end);
}


void emit_set_method(struct out *out, const struct method *method)
{
	emit_set(out, 'm', method->name);
	emit_set(out, 'M', arena_upper(&out->job->arena, method->name));
	emit_set_number(out, 'O', method->opcode);
	emit_set_number(out, 'a', method->request.caps);
	emit_set_number(out, 'r', method->reply.caps);
	emit_set_number(out, 'g', method->request.fixed);
	emit_set_number(out, 'f', method->reply.fixed);
}


void emit(struct out *out, const char *template)
{
	while (*template) {
		size_t const len = strcspn(template, "@");

		buffer_add(out->buffer, template, len);
		template += len;
		if (*template) {
			const char *const value = out->value[template[1] & 0x7f];

			assert(value);
			buffer_add(out->buffer, value, strlen(value));
			template += 2;
		}
	}
}


void emit_doc(struct out *out, const char *prefix, const struct name *doc)
{
	for (; doc; doc = doc->next) {
		size_t len = strlen(prefix);

		while (!doc->text[0] && len > 0 && prefix[len - 1] == ' ')
			len--;
		buffer_add(out->buffer, prefix, len);
		for (const char *c = doc->text; *c; c++) {
			buffer_add(out->buffer, c, 1);
			if ((c[0] == '*' && c[1] == '/') || (c[0] == '/' && c[1] == '*'))
				buffer_add(out->buffer, " ", 1);
		}
		emit(out, "\n");
	}
}


static const char *c_type(struct out *out, const struct type *type)
{
	if (type->c_name)
		return type->c_name;

	return arena_print(&out->job->arena, "%s by_%s_%s",
	                   type->kind == TYPE_ENUM ? "enum" : "struct",
	                   out->job->interface.name, type->name);
}


static void set_value(struct out *out, const struct type *type, unsigned offset)
{
	emit_set(out, 't', c_type(out, type));
	emit_set_number(out, 'o', offset);
	emit_set_number(out, 'z', type->size);
	emit_set_number(out, 'c', type->count);
}


static void set_field(struct out *out, const struct field *field)
{
	emit_set(out, 'n', field->name);
	emit_set(out, 'N', arena_upper(&out->job->arena, field->name));
	emit_set_number(out, 'b', field->bound);
	set_value(out, field->type, field->offset);
}


void emit_fields(struct out *out, const struct block *block, emit_table templates)
{
	unsigned caps = 0;

	for (unsigned i = 0; i < block->count; i++) {
		const struct field *const field    = &block->field[i];
		const char         *const template = templates[field->type->kind];

		set_field(out, field);
		if (field->type->kind == TYPE_CAP)
			emit_set_number(out, 'o', caps++);
		if (template)
			emit(out, template);
	}
}


static void struct_leaves(struct out *out, const struct field *field,
                          const struct side *side, emit_table templates)
{
	for (unsigned i = 0; i < field->type->leaf_count; i++) {
		const struct leaf *const leaf = &field->type->leaves[i];

		if (!templates[leaf->type->kind])
			continue;
		set_value(out, leaf->type, field->offset + leaf->offset);
		emit_set(out, 'e', arena_print(&out->job->arena, "%s%s%s%s", side->member,
		                               field->name, side->arrow, leaf->path));
		emit(out, templates[leaf->type->kind]);
	}
}


void emit_leaves(struct out *out, const struct block *block, const struct side *side,
                 emit_table templates)
{
	for (unsigned i = 0; i < block->count; i++) {
		const struct field *const field    = &block->field[i];
		const char         *const template = templates[field->type->kind];

		set_field(out, field);
		emit_set(out, 'e', arena_print(&out->job->arena, "%s%s", side->scalar,
		                               field->name));
		if (template)
			emit(out, template);
		struct_leaves(out, field, side, templates);
	}
}


static void write_holes(struct out *out, const struct block *block)
{
	struct hole    holes[BLOCK_MOST];
	unsigned const count = layout_holes(block, holes);

	for (unsigned i = 0; i < count; i++) {
		emit_set_number(out, 'o', holes[i].offset);
		emit_set_number(out, 'z', holes[i].len);
		emit(out, "@T__builtin_memset(@B + @o, 0, @z);\n");
	}
}


void emit_write(struct out *out, const struct block *block, const struct side *side)
{
	static emit_table const fixed = {
		[TYPE_INT ... TYPE_BOOL]     = "@T__builtin_memcpy(@B + @o, &@e, @z);\n",
		[TYPE_ENUM]                  = "@Tby_rpc_set_u32(@B + @o, (uint32_t)@e);\n",
		[TYPE_STRING ... TYPE_BYTES] = "@Tby_rpc_set_u16(@B + @o, @e_len);\n",
	};
	static emit_table const content = {
		[TYPE_STRING ... TYPE_BYTES] = "@T@x = by_rpc_put(@B, @x, @e, @e_len);\n",
	};

	emit_set_side(out, side);
	emit_leaves(out, block, side, fixed);
	write_holes(out, block);
	emit_set_number(out, 's', block->start);
	emit_if(out, block->variable, "@T@x = @s;\n");
	emit_leaves(out, block, side, content);
}


struct block emit_args(const struct interface *interface, const char *name)
{
	struct block block = {
		.field = { { .name = name, .type = interface->args } },
		.count = interface->args != NULL,
	};

	layout_block(&block, 0);

	return block;
}


void emit_read(struct out *out, const struct block *block, const struct side *side)
{
	static emit_table const fixed = {
		[TYPE_INT]                   = "@T__builtin_memcpy(&@e, @B + @o, @z);\n",
		[TYPE_BOOL]                  = "@T@e = by_rpc_get_bool(@B + @o, &@k);\n",
		[TYPE_ENUM]                  = "@T@e = (@t)by_rpc_get_enum(@B + @o, @c, &@k);\n",
		[TYPE_STRING ... TYPE_BYTES] = "@T@e_len = by_rpc_get_length(@B + @o, @b, &@k);\n",
	};

	emit_set_side(out, side);
	emit_leaves(out, block, side, fixed);
}


static bool checked(const struct type *type)
{
	return type->kind != TYPE_INT && type->kind != TYPE_STRUCT && type->kind != TYPE_CAP;
}


bool emit_read_checks(const struct block *block)
{
	for (unsigned i = 0; i < block->count; i++) {
		const struct type *const type = block->field[i].type;

		if (checked(type))
			return true;
		for (unsigned k = 0; k < type->leaf_count; k++)
			if (checked(type->leaves[k].type))
				return true;
	}

	return false;
}


void emit_end(struct out *out, const struct block *block, const char *prefix)
{
	static emit_table const part = {
		[TYPE_STRING ... TYPE_BYTES] = " + by_rpc_padded(@p@n_len)",
	};

	emit_set(out, 'p', prefix);
	emit_set_number(out, 's', block->start);
	emit(out, "@s");
	emit_fields(out, block, part);
}


static emit_table const args = {
	[TYPE_INT ... TYPE_ENUM] = ",@T@t @n",
	[TYPE_STRUCT]            = ",@Tconst @t *@n",
	[TYPE_STRING]            = ",@Tconst char *@n",
	[TYPE_BYTES]             = ",@Tconst void *@n, size_t @n_len",
	[TYPE_CAP]               = ",@T@q@n",
};

static emit_table const results = {
	[TYPE_INT ... TYPE_STRING] = ",@T@t *@n",
	[TYPE_BYTES]               = ",@Tvoid *@n, size_t *@n_len",
	[TYPE_CAP]                 = ",@Tby_cap_t *@n",
};


/* Parameters, with those counted twice that take much room. */
static unsigned width(const struct block *block)
{
	unsigned total = block->count;

	for (unsigned i = 0; i < block->count; i++)
		if (block->field[i].type->leaf_count || type_variable(block->field[i].type))
			total++;

	return total;
}


void emit_params(struct out *out, const struct method *method, bool server)
{
	bool const wide = width(&method->request) + width(&method->reply) > 2;

	emit_set(out, 'T', wide ? "\n\t\t" : " ");
	emit_set(out, 'q', server ? "struct by_cap_arg *" : "by_cap_t ");
	emit_fields(out, &method->request, args);
	emit_fields(out, &method->reply, results);
}


void emit_errors(struct out *out, const struct method *method, const char *template)
{
	for (const struct name *error = method->errors; error; error = error->next) {
		emit_set(out, 'v', arena_upper(&out->job->arena, error->text));
		emit(out, template);
	}
}


const struct method *emit_live(const struct method *method)
{
	while (method && method->reserved)
		method = method->next;

	return method;
}
