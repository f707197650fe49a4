/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The generator's model of an interface and what its modules offer.
 *
 *    text --lex--> words --parse--> interface --layout--> offsets
 *                                      |  ^
 *            client, server,  <--------+  +-- abi: opcodes
 *            fuzz, manual
 *
 * Everything lives in the arena of a 'struct job' and dies with it.
 */
#ifndef RPC_H
#define RPC_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "diagnostics.h"

enum {
	FILE_MOST   = 64 * 1024, /* bytes of a source; also bounds opcodes and nesting */
	FIELDS_MOST = 8,         /* arguments, results */
	CAPS_MOST   = 4,
	BOUND_MOST  = 400,       /* bytes of a string */
	STRUCT_MOST = 64,        /* bytes of a struct, so also the leaves of one */
	BLOCK_MOST  = 480,       /* bytes of a request or reply */
};

/* text.c: memory and text */

struct arena_chunk;

struct arena { struct arena_chunk *chunks; };

/** Zeroed memory until arena_fini. Ends the program if there is none. */
void *arena_alloc(struct arena *arena, size_t size);
void arena_fini(struct arena *arena);

/** Text made as by printf. Gives: the text, owned by the arena. */
__attribute__((format(printf, 2, 3)))
char *arena_print(struct arena *arena, const char *format, ...);
char *arena_upper(struct arena *arena, const char *text);

/** Growing text, not terminated. 'text' is not NULL once something was added, even of length 0. */
struct buffer {
	char  *text;
	size_t len, size;
};

void buffer_add(struct buffer *buffer, const char *text, size_t len);
void buffer_fini(struct buffer *buffer);

/* The model */

struct job;

struct place {
	const char *file;
	unsigned    line, column;
};

/** A list of names: values of an enum, fields of a struct, errors, lines of text. */
struct name {
	const char  *text;
	struct place place;
	struct name *next;
};

/** Append to a list. */
void name_add(struct job *job, struct name **list, const char *text, struct place place);

/** Whether 'text' is in the list. */
bool name_listed(const struct name *list, const char *text);

/** A name of generated C code, which no other may have. */
struct claim {
	const char   *text;
	bool          tag;  /* of a struct or enum: these have a space of their own */
	struct place  place;
	struct claim *next;
};

/* Tables use ranges: INT ... STRUCT are passed as they are, STRING ... BYTES have a length. */
enum type_kind { TYPE_INT, TYPE_BOOL, TYPE_ENUM, TYPE_STRUCT, TYPE_STRING, TYPE_BYTES, TYPE_CAP };

/** A scalar or enum inside a struct, at any depth. */
struct leaf {
	const char        *path; /* as C writes it: "inner.x" */
	const struct type *type;
	unsigned           offset;
};

struct member {
	const char        *name;
	const struct type *type;
	unsigned           offset;
	struct member     *next;
};

struct type {
	const char     *name;    /* in the source */
	const char     *source;  /* its declaration as written */
	const char     *c_name;  /* NULL: declared by the interface */
	enum type_kind  kind;
	struct place    place;
	unsigned        size, align; /* in the fixed part: of strings and bytes the length's */
	struct name    *items;   /* as recorded: values of an enum, "name:type" of members */
	unsigned        count;   /* of items */
	struct member  *members; /* of a struct */
	struct leaf     leaves[STRUCT_MOST];
	unsigned        leaf_count;
	struct name    *doc;
	struct type    *next;
};

/** An argument or result. */
struct field {
	const char        *name;
	const struct type *type;
	unsigned           bound;  /* of strings and bytes */
	unsigned           offset; /* in the fixed part */
};

/** A request or reply. */
struct block {
	struct field field[FIELDS_MOST];
	unsigned     count, caps;
	unsigned     front; /* bytes of the status */
	unsigned     fixed; /* bytes of the fixed part */
	unsigned     start; /* of the variable part */
	unsigned     most;  /* bytes of the largest block */
	bool         variable;
};

struct method {
	const char    *name;
	const char    *source; /* its declaration as written */
	struct place   place;
	bool           send;
	bool           reserved; /* as declared in the source */
	struct block   request, reply;
	struct name   *errors;
	struct name   *doc;
	unsigned       opcode;
	struct method *next;
};

/** A line of the recorded ABI; among the calls, its place in the list is its opcode. */
struct record {
	const char    *kind;   /* "call", "send", "reserved", "enum", "struct" */
	const char    *name;
	struct place   place;
	struct name   *items;  /* types of arguments and results, values, fields */
	struct name   *errors; /* of a call */
	struct record *next;
};

struct interface {
	const char    *name;
	const char    *service;
	bool           object, core;
	unsigned       ram, caps;
	struct name   *doc;
	struct type   *types;   /* what the interface declares */
	struct type   *args;    /* of a session's open call, or NULL */
	struct method *methods;
	struct record *calls;   /* records of all opcodes from 1 */
	struct record *layouts; /* records of the types */
};

/** One run of the generator. */
struct job {
	struct arena     arena;
	FILE            *log;      /* of the diagnostics, NULL: nowhere */
	unsigned         errors;
	bool             record;    /* what is new, instead of complaining about it */
	struct name     *statuses; /* known names for '! errors' */
	struct claim    *claims;   /* of all interfaces of this run */
	struct interface interface;
};

/** Report a mistake. Always false, so that 'return fail(...)' reads well. */
bool fail(struct job *job, struct place place, enum diagnostic diagnostic, ...);

/* lex.c */

enum word_kind {
	WORD_NAME,  /* letters, digits, '_' */
	WORD_MARK,  /* | : < > ! -> */
	WORD_END,   /* end of the line */
	WORD_FILE,  /* end of the file */
	WORD_WRONG, /* reported */
};

struct word {
	enum word_kind kind;
	const char    *text;
	struct place   place;
};

struct lexer {
	struct job  *job;
	const char  *at, *end;
	struct place place;
	struct name *doc;      /* comment lines directly above the present line */
	struct name **doc_end;
	bool         in_line;  /* a word of the present line was seen */
	const char  *line, *line_end; /* from its first to behind its last word */
};

void lex_init(struct lexer *lexer, struct job *job, const char *file, const char *text,
              size_t len);

/** The next word; strings live in the job's arena. */
struct word lex_next(struct lexer *lexer);

/** The present line as written, as far as read. */
const char *lex_source(const struct lexer *lexer);

/** Go to the start of the next line, and of its continuations. */
void lex_skip_line(struct lexer *lexer);

/* parse.c */

/**
 * Read an interface and lay it out. 'name' is what the file's name demands.
 * Gives: job->interface, complete only if job->errors is 0.
 */
void parse(struct job *job, const char *file, const char *name, const char *text, size_t len);

/** Take the status names from the text of by/status.h. */
void parse_statuses(struct job *job, const char *text, size_t len);

/* layout.c */

extern struct type const layout_builtin[];
extern unsigned const    layout_builtin_count;

static inline bool type_variable(const struct type *type)
{
	return type->kind == TYPE_STRING || type->kind == TYPE_BYTES;
}

/** Append a member. False if the struct becomes too large. */
bool layout_member(struct job *job, struct type *type, struct member *member);

/** Complete a struct behind its last member. */
void layout_struct(struct type *type);

/** Compute the offsets of a block whose fields are known. */
void layout_block(struct block *block, unsigned front);

struct hole { unsigned offset, len; };

/** Unused bytes before the variable part. Gives: 'holes', of which there are the result. */
unsigned layout_holes(const struct block *block, struct hole holes[BLOCK_MOST]);

/* abi.c */

/**
 * Compare the interface with its recorded ABI and assign the opcodes. If the job is
 * to record, the records take over what is new.
 */
void abi_match(struct job *job, const char *file, const char *text, size_t len);

/** The text of the ABI file. */
void abi_print(struct job *job, struct buffer *buffer);

/* client.c, server.c, fuzz.c, manual.c: the generated files */

void client_print(struct job *job, struct buffer *buffer);
void server_print(struct job *job, struct buffer *buffer);
void fuzz_print(struct job *job, struct buffer *buffer);
void manual_print(struct job *job, struct buffer *buffer);

#endif
