/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fuzz target of a dispatcher: operations that check their arguments and
 * answer at random, and a description of what good replies look like. The rest
 * is in tool/rpc/test/host_fuzz.c.
 */
#include "emit.h"


static void print_operation(struct out *out, const struct method *method)
{
	static struct side const arg    = { "", "", "", "", "", "->" };
	static struct side const result = { "", "", "", "*", "", "->" };
	static emit_table const  see    = {
		[TYPE_INT]    = "\tby_fuzz_see(self, &@e, @z);\n",
		[TYPE_BOOL]   = "\tby_fuzz_see_bool(self, &@e);\n",
		[TYPE_ENUM]   = "\tby_fuzz_see_below(self, (uint32_t)@e, @c);\n",
		[TYPE_STRING] = "\tby_fuzz_see_text(self, @e, @b);\n",
		[TYPE_BYTES]  = "\tby_fuzz_see_bytes(self, @e, @e_len, @b);\n",
		[TYPE_CAP]    = "\tby_fuzz_see_cap(self, @e);\n",
	};
	static emit_table const  fill   = {
		[TYPE_INT]    = "\tby_fuzz_fill(self, &@e, @z);\n",
		[TYPE_BOOL]   = "\t@e = by_fuzz_below(self, 2) == 1;\n",
		[TYPE_ENUM]   = "\t@e = (@t)by_fuzz_below(self, @c);\n",
		[TYPE_STRING] = "\tby_fuzz_fill_text(self, @n, @b);\n",
		[TYPE_BYTES]  = "\t@e_len = by_fuzz_fill_bytes(self, @n, @b);\n",
		[TYPE_CAP]    = "\t@e = by_fuzz_give(self);\n",
	};

	emit(out, method->send ? "static void " : "static by_status_t ");
	emit(out, "by_@i__fuzz_@m(struct by_fuzz *self");
	emit_params(out, method, true);
	emit(out, ")\n{\n\tby_fuzz_enter(self, BY_@I_OPCODE_@M);\n");
	emit_leaves(out, &method->request, &arg, see);
	emit_leaves(out, &method->reply, &result, fill);
	emit_if(out, !method->send, "\n\treturn by_fuzz_leave(self);\n");
	emit(out, "}\n\n\n");
}


/* One row per opcode: what its replies may contain. */
static void print_reply(struct out *out, const struct method *method)
{
	static struct side const side   = { "", "", "", "", "", "." };
	static emit_table const  checks = {
		[TYPE_BOOL]   = "\t\t\t{ BY_FUZZ_BOOL, @o, 2 },\n",
		[TYPE_ENUM]   = "\t\t\t{ BY_FUZZ_ENUM, @o, @c },\n",
		[TYPE_STRING] = "\t\t\t{ BY_FUZZ_TEXT, @o, @b },\n",
		[TYPE_BYTES]  = "\t\t\t{ BY_FUZZ_BYTES, @o, @b },\n",
	};
	struct hole    holes[BLOCK_MOST];
	unsigned const count = layout_holes(&method->reply, holes);

	emit_set_method(out, method);
	emit(out, "\t[BY_@I_OPCODE_@M] = {\n");
	emit(out, "\t\t.declared = BY_FUZZ_DECLARED(BY_MALFORMED) | BY_FUZZ_DECLARED(BY_NOT_SUPPORTED)");
	emit_if(out, out->job->interface.core, "\n\t\t          | BY_FUZZ_DECLARED(BY_AGAIN)");
	emit_errors(out, method, "\n\t\t          | BY_FUZZ_DECLARED(BY_@v)");
	emit_if(out, method->send, ",\n\t\t.one_way = true");
	emit_if(out, method->request.count > 0, ",\n\t\t.refuses = true");
	emit(out, ",\n\t\t.fixed = @f,\n\t\t.caps = @r,\n\t\t.check = (struct by_fuzz_check[]){\n");
	emit_leaves(out, &method->reply, &side, checks);
	for (unsigned i = 0; i < count; i++) {
		emit_set_number(out, 'o', holes[i].offset);
		emit_set_number(out, 'z', holes[i].len);
		emit(out, "\t\t\t{ BY_FUZZ_HOLE, @o, @z },\n");
	}
	emit(out, "\t\t\t{ BY_FUZZ_END, 0, 0 },\n\t\t},\n\t},\n");
}


static const char head[] =
	"/* Made by tool/rpc from @i.rpc; changes get lost. */\n"
	"/*\n"
	" * Fuzz target of the dispatcher; link with tool/rpc/test/host_fuzz.c.\n"
	" */\n"
	"#include <host_fuzz.h>\n"
	"\n"
	"#define BY_@I_SELF struct by_fuzz\n"
	"#include <by/@K/@i_server.h>\n"
	"\n"
	"\n";

static const char tail[] =
	"int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);\n"
	"\n"
	"int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)\n"
	"{\n"
	"\treturn by_fuzz_run(&by_@i_interface, &by_@i__fuzz_ops, sizeof(by_@i__fuzz_ops),\n"
	"\t                   by_@i__fuzz_replies, data, size);\n"
	"}\n";


void fuzz_print(struct job *job, struct buffer *buffer)
{
	struct out out;

	emit_init(&out, job, buffer);
	emit(&out, head);
	EMIT_EACH_METHOD(job, method) {
		emit_set_method(&out, method);
		print_operation(&out, method);
	}
	emit(&out, "static const struct by_@i_ops by_@i__fuzz_ops = {\n");
	EMIT_EACH_METHOD(job, method) {
		emit_set_method(&out, method);
		emit(&out, "\t.@m = by_@i__fuzz_@m,\n");
	}
	emit(&out, "};\n\nstatic const struct by_fuzz_reply by_@i__fuzz_replies[BY_@I_OPCODES] = {\n");
	EMIT_EACH_METHOD(job, method)
		print_reply(&out, method);
	emit(&out, "};\n\n\n");
	emit(&out, tail);
}
