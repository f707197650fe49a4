/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Printing of generated files: templates, and the pieces that several share.
 *
 * A template is text in which '@' and a character stand for the value that was
 * set for this character. The modules agree on these:
 *
 *    @i @I  the interface             @n  the field (argument, result)
 *    @m @M  the method                @t  its C type
 *    @e     expression of a value     @b  its bound
 *    @o @z  its offset and size       @c  number of values of its enum
 *    @B     the block's variable      @k  variable that tells if all is well
 *    @T     indentation               @x  variable with the end of the block
 *    @a @r  caps of request and reply  @g @f  bytes of their fixed parts
 *    @O     opcode                    @q @v @p @l @s  for a moment
 */
#ifndef RPC_EMIT_H
#define RPC_EMIT_H

#include "rpc.h"

struct out {
	struct job    *job;
	struct buffer *buffer;
	const char    *value[128];
};

/** How a piece of code names things. */
struct side {
	const char *block, *ok, *end; /* variables */
	const char *scalar;           /* in front of the name of a scalar */
	const char *member;           /* in front of the name of a struct */
	const char *arrow;            /* between a struct and its member */
};

/** Templates by kind of type; NULL: nothing is printed for this kind. */
typedef const char *const emit_table[TYPE_CAP + 1];

void emit_init(struct out *out, struct job *job, struct buffer *buffer);
void emit_set(struct out *out, char key, const char *text);
void emit_set_number(struct out *out, char key, unsigned number);
void emit_set_side(struct out *out, const struct side *side);
void emit_set_method(struct out *out, const struct method *method);

/** Print a template. */
void emit(struct out *out, const char *template);

/** Print a template if 'condition' holds. */
static inline void emit_if(struct out *out, bool condition, const char *template)
{
	if (condition)
		emit(out, template);
}

/** Print each line of 'doc' behind 'prefix', safe inside a comment of C. */
void emit_doc(struct out *out, const char *prefix, const struct name *doc);

/** Print a template for each field of a block. */
void emit_fields(struct out *out, const struct block *block, emit_table templates);

/** As emit_fields, with @e and @o for each scalar inside structs, too. */
void emit_leaves(struct out *out, const struct block *block, const struct side *side,
                 emit_table templates);

/** Print the code that fills the fixed part, then the variable part of a block. */
void emit_write(struct out *out, const struct block *block, const struct side *side);

/** Print the code that reads the fixed part. */
void emit_read(struct out *out, const struct block *block, const struct side *side);

/** The arguments of the open call, if there are any, as a block of one field. */
struct block emit_args(const struct interface *interface, const char *name);

/** Whether there is more than capabilities. */
static inline bool emit_has_data(const struct block *block)
{
	return block->count > block->caps;
}

/** Whether emit_read's code can find fault with a value. */
bool emit_read_checks(const struct block *block);

/** Print "front + by_rpc_padded(prefix.x_len) + ...": where a variable block ends. */
void emit_end(struct out *out, const struct block *block, const char *prefix);

/** Print the parameters behind the first, for the client or the server. */
void emit_params(struct out *out, const struct method *method, bool server);

/** Print a template for each error of a method, with @v its name in capitals. */
void emit_errors(struct out *out, const struct method *method, const char *template);

/** The next method that is not reserved, from 'method' on. */
const struct method *emit_live(const struct method *method);

#define EMIT_EACH_METHOD(job, method) \
	for (const struct method *method = emit_live((job)->interface.methods); method; \
	     method = emit_live(method->next))

#endif
