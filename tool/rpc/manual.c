/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The manual page: the interface in the words of its source.
 */
#include "emit.h"


static void print_declaration(struct out *out, const char *source, const struct name *doc)
{
	emit_set(out, 'v', source);
	emit(out, "    @v\n");
	emit_doc(out, "        ", doc);
}


void manual_print(struct job *job, struct buffer *buffer)
{
	const struct interface *const interface = &job->interface;
	struct out                    out;

	emit_init(&out, job, buffer);
	emit(&out, "NAME\n    @i - @K interface\n\n");
	emit_doc(&out, "    ", interface->doc);
	emit_if(&out, interface->doc, "\n");
	emit_if(&out, !interface->object, "SERVICE\n    '@S', a session costs at least "
	                                  "@R bytes of RAM and @C capabilities.\n\n");
	emit_if(&out, interface->core, "    Provided by core: calls upgrade the session and are "
	                               "repeated, at\n    most twice.\n\n");
	emit_if(&out, interface->types, "TYPES\n");
	for (const struct type *type = interface->types; type; type = type->next) {
		print_declaration(&out, type->source, type->doc);
		emit(&out, "\n");
	}
	emit(&out, "CALLS\n");
	EMIT_EACH_METHOD(job, method) {
		print_declaration(&out, method->source, method->doc);
		emit_set_method(&out, method);
		emit_set_number(&out, 'p', method->request.most);
		emit_set_number(&out, 'q', method->reply.most);
		emit(&out, "        (opcode @O, request up to @p bytes, reply up to @q bytes)\n\n");
	}
	emit(&out, "SEE\n    by/@K/@i.h, by/@K/@i_server.h, doc/rpc.md\n");
}
