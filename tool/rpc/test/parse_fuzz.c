/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target of the generator: the text of an interface and, behind a NUL, of
 * its ABI record. What is accepted must be laid out within bounds, print the
 * same twice, and be at peace with the ABI that was recorded for it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../rpc.h"
#include "../../../base/test/canary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

static char const statuses[] =
	"#define BY_OK            BY_STATUS(0)\n"
	"#define BY_DENIED        BY_STATUS(4)\n"
	"#define BY_OUT_OF_CAPS   BY_STATUS(6)\n";


static void must(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "parse_fuzz: %s\n", what);
		abort();
	}
}


static void check_block(const struct block *block)
{
	struct hole    holes[BLOCK_MOST];
	unsigned const count = layout_holes(block, holes);
	unsigned       used  = block->front;

	must(block->count <= FIELDS_MOST && block->caps <= CAPS_MOST, "too many fields");
	must(block->most <= BLOCK_MOST && block->fixed <= block->start, "block too large");
	for (unsigned i = 0; i < block->count; i++) {
		const struct field *const field = &block->field[i];

		must(field->type->kind == TYPE_CAP || field->offset % field->type->align == 0,
		     "field is not aligned");
		must(field->offset + field->type->size <= block->fixed, "field out of bounds");
		for (unsigned k = 0; k < field->type->leaf_count; k++)
			used += field->type->leaves[k].type->size;
		if (!field->type->leaf_count)
			used += field->type->size;
	}
	for (unsigned i = 0; i < count; i++)
		used += holes[i].len;
	must(used == block->start, "fields and holes overlap or leave a gap");
}


static void check_text(const struct buffer *buffer)
{
	int depth = 0;

	for (size_t i = 0; i < buffer->len; i++) {
		unsigned char const c = (unsigned char)buffer->text[i];

		must((c >= ' ' && c < 0x7f) || c == '\n' || c == '\t', "strange output");
		if (c == '/' && i + 1 < buffer->len && buffer->text[i + 1] == '*')
			must(++depth == 1, "a comment in a comment");
		if (c == '*' && i + 1 < buffer->len && buffer->text[i + 1] == '/')
			must(--depth == 0, "a comment ends twice");
	}
	must(depth == 0, "a comment does not end");
}


static void check_print(struct job *job, void (*print)(struct job *, struct buffer *), bool c)
{
	struct buffer one = { 0 }, two = { 0 };

	print(job, &one);
	print(job, &two);
	must(one.len == two.len && !memcmp(one.text, two.text, one.len), "output differs");
	if (c)
		check_text(&one);
	buffer_fini(&one);
	buffer_fini(&two);
}


static void check_job(struct job *job)
{
	struct buffer abi = { 0 }, again = { 0 };

	for (const struct method *method = job->interface.methods; method; method = method->next) {
		check_block(&method->request);
		check_block(&method->reply);
		must(method->opcode > 0, "a method without opcode");
	}
	check_print(job, client_print, true);
	check_print(job, server_print, true);
	check_print(job, fuzz_print, true);
	check_print(job, manual_print, false);

	abi_print(job, &abi);
	buffer_add(&abi, "", 0); /* so that there is text, even if of length 0 */
	buffer_add(&again, "", 0);
	job->interface.calls   = NULL;
	job->interface.layouts = NULL;
	job->record = false;
	abi_match(job, "again", abi.text, abi.len);
	must(job->errors == 0, "the recorded ABI is refused");
	abi_print(job, &again);
	must(abi.len == again.len && !memcmp(abi.text, again.text, abi.len), "ABI changes");
	buffer_fini(&abi);
	buffer_fini(&again);
}


/* A call that answers with text, in an interface with a struct. */
static bool rich(const struct interface *interface)
{
	bool structs = false;

	for (const struct type *type = interface->types; type; type = type->next)
		structs |= type->kind == TYPE_STRUCT;
	for (const struct method *method = interface->methods; method; method = method->next)
		if (structs && method->reply.variable)
			return true;

	return false;
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE      *log;
	const char *const text = (const char *)data;
	size_t const      len  = size ? strnlen(text, size) : 0;
	size_t const      abi  = len < size ? len + 1 : size;
	struct job        job  = { .record = true };

	if (!log)
		log = fopen("/dev/null", "w");
	job.log = log;
	parse_statuses(&job, statuses, sizeof(statuses) - 1);
	parse(&job, "fuzz.rpc", "fuzz", text, len);
	if (!job.errors)
		abi_match(&job, "fuzz.rpc.abi", text + abi, size - abi);
	if (!job.errors)
		check_job(&job);
	canary(!job.errors && rich(&job.interface));
	arena_fini(&job.arena);

	return 0;
}


/* Put words of the language in, which chance would not find. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	static const char *const words[] = {
		"session fuzz", "object fuzz", " | core: yes", " | ram: 4K", " | caps: 9",
		" | service: X", "\ncall a", "\ncall b ", "\nsend c ", "\nreserved d", "\nenum e | f",
		"\nstruct g | h: u8", " | i: u64", " | j: e", " | k: g", " l: u32", " m: u16",
		" n: bool", " o: cap", " p: e", " q: g", " r: string<9>", " s: bytes<400>", " ->",
		" ! denied", " out_of_caps", " \\\n", "\n# text", "\n", "i64", "i32", "<1>", ": ",
		("\0" "1 reserved d\n"), "2 reserved z\n", "1 call a\n", "1 send c u32 string<9>\n", "*/", "@",
		"\nstruct args | x: u8 | y: bool", "enum e f\n", "struct g h:u8\n", " ! denied\n",
	};
	unsigned const    pick = seed / 4 % (sizeof(words) / sizeof(words[0]));
	const char *const word = words[pick];
	size_t const      len  = word[0] ? strlen(word) : 1 + strlen(word + 1);
	size_t            at   = size ? seed / 256 % (size + 1) : 0;

	if (seed % 4 == 0 || size + len > max_size)
		return LLVMFuzzerMutate(data, size, max_size);

	if (seed % 4 > 1)
		at = size;
	memmove(data + at + len, data + at, size - at);
	memcpy(data + at, word, len);

	return size + len;
}
