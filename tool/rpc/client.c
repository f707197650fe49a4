/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The client's header: types, handle and a function per call.
 *
 * Variables of generated functions end in '_', which no declared name does, so
 * that they never meet a parameter.
 */
#include "emit.h"


static void print_enum(struct out *out, const struct type *type)
{
	unsigned value = 0;

	emit(out, "\nenum by_@i_@t {\n");
	for (const struct name *name = type->items; name; name = name->next) {
		emit_set(out, 'v', arena_upper(&out->job->arena, name->text));
		emit_set_number(out, 'o', value++);
		emit(out, "\tBY_@I_@q_@v = @o,\n");
	}
	emit(out, "};\n");
}


static void print_member(struct out *out, const struct member *member)
{
	const struct type *const type = member->type;

	emit_set(out, 'n', member->name);
	emit_set(out, 'v', type->c_name ? type->c_name : type->name);
	if (!type->c_name)
		emit(out, type->kind == TYPE_ENUM ? "\tenum by_@i_@v @n;\n"
		                                  : "\tstruct by_@i_@v @n;\n");
	else /* the i386 ABI would align wide numbers by 4 only */
		emit(out, type->align == 8 ? "\t_Alignas(8) @v @n;\n" : "\t@v @n;\n");
}


static void print_struct(struct out *out, const struct type *type)
{
	emit(out, "\nstruct by_@i_@t {\n");
	for (const struct member *member = type->members; member; member = member->next)
		print_member(out, member);
	emit_set_number(out, 'z', type->size);
	emit(out, "};\n\n_Static_assert(sizeof(struct by_@i_@t) == @z, \"as on the wire\");\n");
}


static void print_types(struct out *out)
{
	for (const struct type *type = out->job->interface.types; type; type = type->next) {
		emit_set(out, 't', type->name);
		emit_set(out, 'q', arena_upper(&out->job->arena, type->name));
		emit_if(out, type->doc, "\n/*\n");
		emit_doc(out, " * ", type->doc);
		emit_if(out, type->doc, " */");
		if (type->kind == TYPE_ENUM)
			print_enum(out, type);
		else
			print_struct(out, type);
	}
}


static void print_opcodes(struct out *out)
{
	unsigned count = 1;

	for (const struct record *record = out->job->interface.calls; record;
	     record = record->next)
		count++;

	emit_set_number(out, 'o', count);
	emit(out, "\nenum by_@i_opcode {\n");
	EMIT_EACH_METHOD(out->job, method) {
		emit_set_method(out, method);
		emit(out, "\tBY_@I_OPCODE_@M = @O,\n");
	}
	emit(out, "\tBY_@I_OPCODES = @o, /* highest + 1 */\n};\n");
}


static const char price[] =
	"\n"
	"/* What a session costs at least: bytes, capabilities. */\n"
	"#define BY_@I_RAM  @Ru\n"
	"#define BY_@I_CAPS @Cu\n";


/* Bounds of strings and bytes, so that users can make room for them. */
static void print_bounds(struct out *out, const struct method *method)
{
	static emit_table const bound = {
		[TYPE_STRING ... TYPE_BYTES] = "\tBY_@I_@M_@N_MAX = @b,\n",
	};

	if (!method->request.variable && !method->reply.variable)
		return;

	emit(out, "\nenum {\n");
	emit_fields(out, &method->request, bound);
	emit_fields(out, &method->reply, bound);
	emit(out, "};\n");
}


static void print_contract(struct out *out, const struct method *method)
{
	static emit_table const borrows = { [TYPE_CAP] = " * Borrows: @n.\n" };
	static emit_table const gives   = {
		[TYPE_CAP]    = " * Gives: @n.\n",
		[TYPE_STRING] = " * @n: room for @b + 1 bytes.\n",
		[TYPE_BYTES]  = " * @n: room for @b bytes.\n",
	};

	emit(out, "\n/**\n");
	emit_doc(out, " * ", method->doc);
	emit_if(out, !method->doc, " * @m\n");
	emit_if(out, method->send, " * One way: the status tells if the request was taken.\n");
	emit_fields(out, &method->request, borrows);
	emit_fields(out, &method->reply, gives);
	emit_if(out, method->errors, " * Errors:");
	emit_errors(out, method, " BY_@v");
	emit_if(out, method->errors, "\n");
	emit(out, " */\n");
}


static void print_argument_checks(struct out *out, const struct block *request)
{
	static emit_table const lengths = {
		[TYPE_STRING] = "\tsize_t const @n_len = by_rpc_length(@n, @b);\n\n",
	};
	static emit_table const bounds = {
		[TYPE_STRING ... TYPE_BYTES] = "\tif (@n_len > @b)\n\t\treturn BY_INVALID;\n\n",
	};

	emit_fields(out, request, lengths);
	emit_fields(out, request, bounds);
}


static void print_variables(struct out *out, const struct method *method)
{
	static emit_table const results = {
		[TYPE_INT ... TYPE_STRUCT]   = "\t\t@t @n;\n",
		[TYPE_STRING ... TYPE_BYTES] = "\t\tsize_t @n_len;\n",
	};
	const struct block *const reply = &method->reply;

	emit(out, "\tstruct by_message *const msg_ = by_message();\n");
	emit_if(out, method->request.start || emit_has_data(reply),
	        "\tunsigned char *const block_ = by_rpc_at(msg_, 0);\n");
	emit(out, "\tby_status_t status_;\n\tby_tag_t tag_;\n");
	emit_if(out, method->request.variable, "\tsize_t end_;\n");
	emit_if(out, reply->variable, "\tconst unsigned char *part_;\n");
	emit_if(out, emit_read_checks(reply), "\tbool ok_ = true;\n");
	emit_if(out, reply->caps, "\tby_cap_t caps_[@r];\n");
	emit_if(out, out->job->interface.core, "\tunsigned upgrades_ = 0;\n");
	emit_if(out, emit_has_data(reply), "\tstruct {\n");
	emit_fields(out, reply, results);
	emit_if(out, emit_has_data(reply), "\t} reply_;\n");
	emit(out, "\n");
}


static void print_request(struct out *out, const struct method *method)
{
	static struct side const side = { "block_", "ok_", "end_", "", "", "->" };
	static emit_table const  caps = { [TYPE_CAP] = "@Tmsg_->send_cap[@o] = @n.slot;\n" };
	bool const               core = out->job->interface.core;

	emit_set(out, 'T', core ? "\t\t" : "\t");
	emit_if(out, core, "\tdo {\n");
	emit_if(out, method->reply.caps, "@Tstatus_ = by_rpc_name_slots(msg_, @r);\n"
	                                 "@Tif (status_ != BY_OK)\n@T\treturn status_;\n\n");
	emit_write(out, &method->request, &side);
	emit_fields(out, &method->request, caps);
	emit_set(out, 'l', method->request.variable ? "end_" : out->value['g']);
	emit(out, "@Ttag_ = by_ipc_call(@h,\n"
	          "@T                   by_tag(BY_@I_OPCODE_@M, by_rpc_words(@l), @a));\n"
	          "@Tstatus_ = by_rpc_status(msg_, tag_, by_rpc_words(@f), @r);\n");
	emit_if(out, core, "\t} while (by_rpc_repeat(@h, status_, &upgrades_));\n");
}


static void print_reply_checks(struct out *out, const struct block *reply)
{
	static struct side const side  = { "block_", "ok_", "end_", "reply_.", "reply_.", "." };
	static emit_table const  texts = {
		[TYPE_STRING] = "\tok_ &= by_rpc_text(part_, reply_.@n_len);\n"
		                "\tpart_ += by_rpc_padded(reply_.@n_len);\n",
		[TYPE_BYTES]  = "\tpart_ += by_rpc_padded(reply_.@n_len);\n",
	};
	static const char bad[] = ")\n\t\treturn by_rpc_bad_reply(msg_, tag_);\n\n";

	emit_set(out, 'T', "\t");
	emit_read(out, reply, &side);
	if (reply->variable) {
		emit(out, "\tif (!ok_ || by_tag_words(tag_) < by_rpc_words(");
		emit_end(out, reply, "reply_.");
		emit(out, ")");
		emit(out, bad);
		emit(out, "\tpart_ = block_ + @s;\n");
		emit_fields(out, reply, texts);
	}
	emit_if(out, emit_read_checks(reply), "\tif (!ok_");
	emit_if(out, emit_read_checks(reply), bad);
}


static void print_results(struct out *out, const struct block *reply)
{
	static emit_table const store = {
		[TYPE_INT ... TYPE_STRUCT] = "\t*@n = reply_.@n;\n",
		[TYPE_STRING] = "\t__builtin_memcpy(@n, part_, reply_.@n_len);\n"
		                "\t@n[reply_.@n_len] = 0;\n"
		                "\tpart_ += by_rpc_padded(reply_.@n_len);\n",
		[TYPE_BYTES]  = "\t__builtin_memcpy(@n, part_, reply_.@n_len);\n"
		                "\t*@n_len = reply_.@n_len;\n"
		                "\tpart_ += by_rpc_padded(reply_.@n_len);\n",
		[TYPE_CAP]    = "\t*@n = caps_[@o];\n",
	};

	emit_if(out, reply->caps, "\tstatus_ = by_rpc_take_results(msg_, tag_, caps_, @r);\n"
	                          "\tif (status_ != BY_OK)\n\t\treturn status_;\n\n");
	emit_if(out, reply->variable, "\tpart_ = block_ + @s;\n");
	emit_fields(out, reply, store);
	emit(out, "\n\treturn BY_OK;\n}\n\n");
}


static void print_function(struct out *out, const struct method *method)
{
	emit_set_method(out, method);
	print_bounds(out, method);
	print_contract(out, method);
	emit(out, "static inline BY_MUST_USE by_status_t\nby_@i_@m(struct by_@i *self");
	emit_params(out, method, false);
	emit(out, ")\n{\n");
	print_argument_checks(out, &method->request);
	print_variables(out, method);
	print_request(out, method);
	if (method->reply.count == 0) {
		emit(out, "\n\treturn status_;\n}\n\n");
		return;
	}
	emit(out, "\tif (status_ != BY_OK)\n\t\treturn status_;\n\n");
	print_reply_checks(out, &method->reply);
	print_results(out, &method->reply);
}


static const char head[] =
	"/* Made by tool/rpc from @i.rpc; changes get lost. */\n"
	"#ifndef BY_@I_H_\n"
	"#define BY_@I_H_\n"
	"\n"
	"#include <by/rpc.h>\n";

static const char session_head[] =
	"#include <by/session.h>\n"
	"\n"
	"/*\n";

static const char session_handle[] =
	" */\n"
	"struct by_@i { struct by_session session; };\n";

static const char open_contract[] =
	"\n"
	"/**\n"
	" * Open a session with the service '@S'. May block. Gives: 'handle'.\n"
	" */\n";

static const char begin_contract[] =
	"\n"
	"/**\n"
	" * As by_@i_open(), without blocking: if the answer is BY_PENDING, 'answered' gets the\n"
	" * final one, see by_session_begin(). Keeps: 'handle', until closed.\n"
	" */\n";

static const char begin_parameter[] =
	",\n\t\tvoid (*answered)(struct by_session *session, by_status_t status)";

static const char close[] =
	"\n"
	"/** Close the session. Takes: 'handle'. */\n"
	"static inline void by_@i_close(struct by_env *env, struct by_@i *handle)\n"
	"{\n"
	"\tby_session_close(env, &handle->session);\n"
	"}\n"
	"\n";


/* by_x_open() or by_x_begin(). */
static void print_request_for_session(struct out *out, bool begin)
{
	static struct side const side  = { "block_", "", "", "", "", "->" };
	struct block const       block = emit_args(&out->job->interface, "args");
	bool const               args  = block.count > 0;

	emit_set(out, 'T', "\t");
	emit_set_number(out, 'l', block.start);
	emit_set_number(out, 'z', block.fixed);
	emit(out, begin ? begin_contract : open_contract);
	emit(out, "static inline BY_MUST_USE by_status_t\n");
	emit(out, begin ? "by_@i_begin" : "by_@i_open");
	emit(out, "(struct by_env *env, const char *label,");
	emit_if(out, args, " const struct by_@i_args *args,");
	emit(out, "\n\t\tstruct by_@i *handle");
	emit_if(out, begin, begin_parameter);
	emit(out, ")\n{\n");
	emit_if(out, args, "\tunsigned char block_[@l];\n");
	emit(out, "\tstruct by_session_args const session_ = {\n"
	          "\t\t.service = \"@S\", .label = label, .ram = @R, .caps = @C,\n");
	emit_if(out, args, "\t\t.args = block_, .args_len = @z,\n");
	emit(out, "\t};\n\n");
	emit_write(out, &block, &side);
	emit(out, begin ? "\n\treturn by_session_begin(env, &session_, &handle->session, answered);\n"
	                : "\n\treturn by_session_obtain(env, &session_, &handle->session);\n");
	emit(out, "}\n\n");
}


void client_print(struct job *job, struct buffer *buffer)
{
	const struct interface *const interface = &job->interface;
	struct out                    out;

	emit_init(&out, job, buffer);
	emit_set(&out, 'h', interface->object ? "self->cap" : "self->session.cap");
	emit(&out, head);
	emit(&out, interface->object ? "\n/*\n" : session_head);
	emit_doc(&out, " * ", interface->doc);
	emit_if(&out, !interface->doc, " * @i\n");
	emit(&out, interface->object ? " */\nstruct by_@i { by_cap_t cap; };\n" : session_handle);
	print_opcodes(&out);
	emit_if(&out, !interface->object, price);
	print_types(&out);
	if (!interface->object) {
		print_request_for_session(&out, false);
		print_request_for_session(&out, true);
		emit(&out, close);
	}
	EMIT_EACH_METHOD(job, method)
		print_function(&out, method);
	emit(&out, "#endif\n");
}
