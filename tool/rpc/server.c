/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The server's header: operations, dispatcher, interface descriptor.
 *
 * A function per method decodes a request into 'in', calls the operation and
 * encodes 'out'. Its name has '__', which no declared name has.
 */
#include "emit.h"


static void print_operations(struct out *out)
{
	emit(out, "\n/** What a server does for each call; NULL answers BY_NOT_SUPPORTED. */\n"
	          "struct by_@i_ops {\n");
	EMIT_EACH_METHOD(out->job, method) {
		emit_set_method(out, method);
		emit(out, method->send ? "\tvoid (*@m)(BY_@I_SELF *self"
		                       : "\tby_status_t (*@m)(BY_@I_SELF *self");
		emit_params(out, method, true);
		emit(out, ");\n");
	}
	emit(out, "};\n\n");
}


static void print_values(struct out *out, const struct block *block, const char *name)
{
	static emit_table const values = {
		[TYPE_INT ... TYPE_STRUCT] = "\t\t@t @n;\n",
		[TYPE_STRING] = "\t\tsize_t @n_len;\n\t\tchar @n[@b + 1];\n",
		[TYPE_BYTES]  = "\t\tsize_t @n_len;\n\t\t_Alignas(8) unsigned char @n[@b];\n",
	};

	if (!emit_has_data(block))
		return;

	emit(out, "\tstruct {\n");
	emit_fields(out, block, values);
	emit(out, name);
}


static void print_variables(struct out *out, const struct method *method)
{
	const struct block *const request = &method->request;
	const struct block *const reply   = &method->reply;

	emit_if(out, emit_has_data(request) || reply->count,
	        "\tunsigned char *const block = by_rpc_at(msg, 0);\n");
	emit_if(out, request->variable, "\tconst unsigned char *part;\n");
	emit_if(out, reply->variable, "\tsize_t end;\n");
	emit_if(out, emit_read_checks(request), "\tbool ok = true;\n");
	emit_if(out, request->caps, "\tstruct by_cap_arg caps[@a];\n");
	emit_if(out, reply->caps, "\tby_cap_t gives[@r] = { { 0 } };\n");
	emit_if(out, !method->send, "\tby_status_t status;\n");
	print_values(out, request, "\t} in;\n");
	print_values(out, reply, "\t} out = { 0 };\n");
}


static const char malformed[] = ")\n\t\treturn by_rpc_reject(msg, tag, BY_MALFORMED);\n\n";


static void print_size_check(struct out *out, const struct block *request)
{
	bool const words = request->fixed > 0;
	bool const caps  = request->caps > 0;

	emit(out, "\n\tif (!ops->@m)\n"
	          "\t\treturn by_rpc_reject(msg, tag, BY_NOT_SUPPORTED);\n\n");
	if (!words && !caps)
		return;

	emit(out, "\tif (");
	emit_if(out, words, "by_tag_words(tag) < by_rpc_words(@g)");
	emit_if(out, words && caps, " || ");
	emit_if(out, caps, "by_tag_caps(tag) < @a");
	emit(out, malformed);
}


static void print_request(struct out *out, const struct block *request)
{
	static struct side const side = { "block", "ok", "end", "in.", "in.", "." };
	static emit_table const  copy = {
		[TYPE_STRING] = "\t__builtin_memcpy(in.@n, part, in.@n_len);\n"
		                "\tin.@n[in.@n_len] = 0;\n"
		                "\tok &= by_rpc_length(in.@n, @b) == in.@n_len;\n"
		                "\tpart += by_rpc_padded(in.@n_len);\n",
		[TYPE_BYTES]  = "\t__builtin_memcpy(in.@n, part, in.@n_len);\n"
		                "\tpart += by_rpc_padded(in.@n_len);\n",
	};

	emit_set(out, 'T', "\t");
	emit_read(out, request, &side);
	if (request->variable) {
		emit(out, "\tif (!ok || by_tag_words(tag) < by_rpc_words(");
		emit_end(out, request, "in.");
		emit(out, ")");
		emit(out, malformed);
		emit(out, "\tpart = block + @s;\n");
		emit_fields(out, request, copy);
	}
	emit_if(out, emit_read_checks(request), "\tif (!ok");
	emit_if(out, emit_read_checks(request), malformed);
}


static void print_call(struct out *out, const struct method *method)
{
	static emit_table const in = {
		[TYPE_INT ... TYPE_ENUM] = ", in.@n",
		[TYPE_STRUCT]            = ", &in.@n",
		[TYPE_STRING]            = ", in.@n",
		[TYPE_BYTES]             = ", in.@n, in.@n_len",
		[TYPE_CAP]               = ", &caps[@o]",
	};
	static emit_table const results = {
		[TYPE_INT ... TYPE_STRUCT] = ", &out.@n",
		[TYPE_STRING]              = ", out.@n",
		[TYPE_BYTES]               = ", out.@n, &out.@n_len",
		[TYPE_CAP]                 = ", &gives[@o]",
	};

	emit(out, method->request.caps
	          ? "\tby_rpc_take_caps(msg, tag, caps, @a);\n"
	          : "\tif (by_tag_caps(tag))\n\t\tby_rpc_take_caps(msg, tag, NULL, 0);\n");
	emit(out, method->send ? "\tby_rpc_reply_early();\n\tops->@m(self"
	                       : "\tstatus = ops->@m(self");
	emit_fields(out, &method->request, in);
	emit_fields(out, &method->reply, results);
	emit(out, ");\n");
	emit_if(out, method->request.caps, "\tby_rpc_drop_caps(caps, @a);\n");
}


/* 'again' belongs to the protocol with core; see by_rpc_repeat(). */
static void print_refusal(struct out *out, const struct method *method)
{
	emit(out, "\tif (status != BY_OK)\n"
	          "\t\treturn by_rpc_answer(msg, \"@i\", BY_@I_OPCODE_@M,\n"
	          "\t\t                     by_rpc_set_of(BY_MALFORMED)\n"
	          "\t\t                     | by_rpc_set_of(BY_NOT_SUPPORTED)");
	emit_if(out, out->job->interface.core, "\n\t\t                     "
	                                       "| by_rpc_set_of(BY_AGAIN)");
	emit_errors(out, method, "\n\t\t                     | by_rpc_set_of(BY_@v)");
	emit(out, ", status);\n\n");
}


static void print_reply(struct out *out, const struct block *reply)
{
	static struct side const side = { "block", "ok", "end", "out.", "out.", "." };
	static emit_table const  text = {
		[TYPE_STRING] = "\tout.@n_len = by_rpc_length(out.@n, @b);\n",
	};
	static emit_table const bound = {
		[TYPE_STRING ... TYPE_BYTES] = "\tif (out.@n_len > @b)\n"
		                               "\t\treturn by_rpc_refuse(msg, BY_MALFORMED);\n\n",
	};
	static emit_table const caps = {
		[TYPE_CAP] = "\tmsg->send_cap[@o] = gives[@o].slot;\n",
	};

	emit_fields(out, reply, text);
	emit_fields(out, reply, bound);
	emit(out, "\tby_rpc_set_u32(block, 0);\n");
	emit_write(out, reply, &side);
	emit_fields(out, reply, caps);
	emit_set(out, 'l', reply->variable ? "end" : out->value['f']);
	emit(out, "\n\treturn by_tag(0, by_rpc_words(@l), @r);\n}\n\n\n");
}


static void print_method(struct out *out, const struct method *method)
{
	emit_set_method(out, method);
	emit(out, "static inline by_tag_t\n"
	          "by_@i__@m(BY_@I_SELF *self, const struct by_@i_ops *ops,\n"
	          "\t\tby_tag_t tag, struct by_message *msg)\n{\n");
	print_variables(out, method);
	print_size_check(out, &method->request);
	print_request(out, &method->request);
	print_call(out, method);
	if (method->send) {
		emit(out, "\n\treturn BY_RPC_ANSWERED;\n}\n\n\n");
		return;
	}
	print_refusal(out, method);
	if (method->reply.count)
		print_reply(out, &method->reply);
	else
		emit(out, "\treturn by_rpc_refuse(msg, BY_OK);\n}\n\n\n");
}


static void print_dispatcher(struct out *out)
{
	bool const empty = !emit_live(out->job->interface.methods);

	emit(out, "/** Check and run a request; see doc/rpc.md. */\n"
	          "__attribute__((unused)) static by_tag_t\n"
	          "by_@i_dispatch(void *self, const void *ops, by_tag_t tag,"
	          " struct by_message *msg)\n{\n");
	emit(out, empty ? "\t(void)self;\n\t(void)ops;\n" : "\tswitch (by_tag_opcode(tag)) {\n");
	EMIT_EACH_METHOD(out->job, method) {
		emit_set_method(out, method);
		emit(out, "\tcase BY_@I_OPCODE_@M:\n\t\treturn by_@i__@m(self, ops, tag, msg);\n");
	}
	emit_if(out, !empty, "\t}\n");
	emit(out, "\n\treturn by_rpc_reject(msg, tag, BY_NOT_SUPPORTED);\n}\n\n");
}


/* How a service reads what an open call has passed. */
static void print_args(struct out *out)
{
	static struct side const side  = { "block", "ok", "", "", "", "." };
	struct block const       block = emit_args(&out->job->interface, "read");

	emit_set(out, 'T', "\t");
	emit_set_number(out, 'z', block.fixed);
	emit(out, "/** The arguments of an open call, checked. Errors: BY_INVALID. */\n"
	          "static inline BY_MUST_USE by_status_t\n"
	          "by_@i_args_read(const void *data, size_t data_len, struct by_@i_args *args)\n{\n"
	          "\tconst unsigned char *const block = data;\n"
	          "\tstruct by_@i_args read;\n");
	emit_if(out, emit_read_checks(&block), "\tbool ok = true;\n");
	emit(out, "\n\tif (data_len != @z)\n\t\treturn BY_INVALID;\n\n");
	emit_read(out, &block, &side);
	emit_if(out, emit_read_checks(&block), "\tif (!ok)\n\t\treturn BY_INVALID;\n\n");
	emit(out, "\t*args = read;\n\n\treturn BY_OK;\n}\n\n\n");
}


static const char descriptor[] =
	"};\n"
	"\n"
	"__attribute__((unused)) static const struct by_rpc_interface by_@i_interface = {\n"
	"\t.name         = \"@i\",\n"
	"\t.service      = @q,\n"
	"\t.ram          = @R,\n"
	"\t.caps         = @C,\n"
	"\t.dispatch     = by_@i_dispatch,\n"
	"\t.opcodes      = by_@i__opcodes,\n"
	"\t.opcode_count = BY_@I_OPCODES,\n"
	"};\n"
	"\n";


static void print_descriptor(struct out *out)
{
	const struct interface *const interface = &out->job->interface;
	unsigned                      opcode    = 1;

	emit(out, "static const char *const by_@i__opcodes[] = {\n\t[0] = NULL,\n");
	for (const struct record *record = interface->calls; record; record = record->next) {
		emit_set_number(out, 'o', opcode++);
		emit_set(out, 'n', record->name);
		emit(out, "\t[@o] = \"@n\",\n");
	}
	emit_set(out, 'q', interface->object ? "NULL"
	                   : arena_print(&out->job->arena, "\"%s\"", interface->service));
	emit(out, descriptor);
}


static const char head[] =
	"/* Made by tool/rpc from @i.rpc; changes get lost. */\n"
	"#ifndef BY_@I_SERVER_H_\n"
	"#define BY_@I_SERVER_H_\n"
	"\n"
	"#include <by/@K/@i.h>\n";

static const char self_type[] =
	"\n"
	"/* The server's type of object; define it before this header is included. */\n"
	"#ifndef BY_@I_SELF\n"
	"#define BY_@I_SELF void\n"
	"#endif\n";

static const char provide[] =
	"\n"
	"/** Make the service ready for own children: by_service_init(). Keeps: 'service', 'ops'. */\n"
	"static inline void\n"
	"by_@i_local(struct by_env *env, struct by_service *service, const struct by_@i_ops *ops)\n"
	"{\n"
	"\tby_service_init(env, service, &by_@i_interface, ops);\n"
	"}\n"
	"\n"
	"/** Announce the service: by_service_provide(). Keeps: 'service', 'ops'. */\n"
	"static inline BY_MUST_USE by_status_t\n"
	"by_@i_provide(struct by_env *env, struct by_service *service,\n"
	"\t\tconst struct by_@i_ops *ops)\n"
	"{\n"
	"\treturn by_service_provide(env, service, &by_@i_interface, ops);\n"
	"}\n"
	"\n";


void server_print(struct job *job, struct buffer *buffer)
{
	bool const session = !job->interface.object;
	struct out out;

	emit_init(&out, job, buffer);
	emit(&out, head);
	emit_if(&out, session, "#include <by/service.h>\n");
	emit(&out, self_type);
	print_operations(&out);
	EMIT_EACH_METHOD(job, method)
		print_method(&out, method);
	print_dispatcher(&out);
	print_descriptor(&out);
	if (job->interface.args)
		print_args(&out);
	emit_if(&out, session, provide);
	emit(&out, "#endif\n");
}
