/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rpc <file>.rpc --out DIR [--status FILE]: generate
 * rpc --record <file>.rpc [--status FILE]:  note the opcodes of new calls
 * rpc --check <file>.rpc... [--status FILE]: whether all is right, and their names differ
 *
 * See doc/rpc.md. Nothing is written unless everything is right, and nothing
 * that is there already with the same content. Exits with 1 after a mistake in
 * the input or a failing file, with 2 after one in the arguments.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rpc.h"

struct options {
	char      **files; /* up to NULL */
	const char *out, *status;
	bool        record, check;
};


static void die(const char *what, const char *file)
{
	fprintf(stderr, "rpc: cannot %s '%s': %s\n", what, file, strerror(errno));
	exit(1);
}


/* Read a file, but not much more than 'most' bytes. False if there is none. */
static bool read_file(const char *path, struct buffer *buffer, size_t most)
{
	char   chunk[4096];
	size_t len;
	FILE  *file;

	buffer_add(buffer, "", 0);
	file = fopen(path, "rb");
	if (!file)
		return false;

	while (buffer->len <= most && (len = fread(chunk, 1, sizeof(chunk), file)) > 0)
		buffer_add(buffer, chunk, len);
	if (ferror(file))
		die("read", path);
	fclose(file);

	return true;
}


static void must_read_file(const char *path, struct buffer *buffer)
{
	if (!read_file(path, buffer, FILE_MOST))
		die("open", path);
}


static bool same(const char *path, const struct buffer *buffer)
{
	struct buffer old = { 0 };
	bool const    equal = read_file(path, &old, buffer->len) && old.len == buffer->len
	                      && !memcmp(old.text, buffer->text, old.len);

	buffer_fini(&old);

	return equal;
}


/* Write by way of a second file, so that an interrupted run leaves no half one. */
static void write_file(struct job *job, const char *path, const struct buffer *buffer)
{
	char *const temporary = arena_print(&job->arena, "%s.new", path);
	FILE       *file;

	if (same(path, buffer))
		return;

	file = fopen(temporary, "wb");
	if (!file)
		die("create", temporary);
	if (buffer->len && fwrite(buffer->text, buffer->len, 1, file) != 1)
		die("write", temporary);
	if (fclose(file) || rename(temporary, path))
		die("write", path);
}


static void make_directories(struct job *job, const char *file)
{
	char *const path = arena_print(&job->arena, "%s", file);

	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		if (mkdir(path, 0777) && errno != EEXIST)
			die("create", path);
		*slash = '/';
	}
}


static void generate(struct job *job, const char *directory)
{
	static const struct {
		const char *path; /* directory, name, kind */
		void      (*print)(struct job *job, struct buffer *buffer);
	} outputs[] = {
		{ "%1$s/by/%3$s/%2$s.h",        client_print },
		{ "%1$s/by/%3$s/%2$s_server.h", server_print },
		{ "%1$s/%2$s_fuzz.c",           fuzz_print },
		{ "%1$s/%2$s.txt",              manual_print },
	};
	const char *const name = job->interface.name;
	const char *const kind = job->interface.object ? "object" : "session";

	for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++) {
		struct buffer buffer = { 0 };
		char   *const path   = arena_print(&job->arena, outputs[i].path, directory, name,
		                                   kind);

		outputs[i].print(job, &buffer);
		make_directories(job, path);
		write_file(job, path, &buffer);
		buffer_fini(&buffer);
	}
}


static void record(struct job *job, const char *path)
{
	struct buffer buffer = { 0 };

	abi_print(job, &buffer);
	write_file(job, path, &buffer);
	buffer_fini(&buffer);
}


/* What the interface must be called: the file's name without '.rpc'. */
static const char *name_of(struct job *job, const char *file)
{
	const char *const slash = strrchr(file, '/');
	const char *const base  = slash ? slash + 1 : file;
	size_t const      len   = strlen(base);

	if (len <= 4 || strcmp(base + len - 4, ".rpc")) {
		fprintf(stderr, "rpc: '%s' is not called <name>.rpc\n", file);
		exit(2);
	}

	return arena_print(&job->arena, "%.*s", (int)len - 4, base);
}


static void read_statuses(struct job *job, const char *path)
{
	struct buffer status = { 0 };

	must_read_file(path, &status);
	parse_statuses(job, status.text, status.len);
	buffer_fini(&status);
}


static bool run(struct job *job, const char *path, const struct options *options)
{
	struct buffer     source = { 0 }, abi = { 0 };
	char       *const abi_path = arena_print(&job->arena, "%s.abi", path);
	const char *const name     = name_of(job, path);

	job->errors    = 0;
	job->interface = (struct interface){ 0 };
	must_read_file(path, &source);
	parse(job, path, name, source.text, source.len);
	if (!read_file(abi_path, &abi, FILE_MOST) && errno != ENOENT)
		die("open", abi_path);
	if (!job->errors)
		abi_match(job, abi_path, abi.text, abi.len);

	if (!job->errors && options->record)
		record(job, abi_path);
	if (!job->errors && options->out)
		generate(job, options->out);

	buffer_fini(&source);
	buffer_fini(&abi);

	return !job->errors;
}


static void usage(void)
{
	fputs("usage: rpc <file>.rpc --out DIR [--status FILE]\n"
	      "       rpc --record <file>.rpc [--status FILE]\n"
	      "       rpc --check <file>.rpc... [--status FILE]\n", stderr);
	exit(2);
}


static const char *value_of(char **argv, int *i)
{
	if (!argv[++*i])
		usage();

	return argv[*i];
}


/* Options may stand anywhere; the files are moved to the front of 'argv'. */
static struct options parse_options(char **argv)
{
	struct options options = { .files = argv, .status = "kernel/abi/by/status.h" };
	size_t         count   = 0;

	for (int i = 1; argv[i]; i++) {
		if (!strcmp(argv[i], "--record"))
			options.record = true;
		else if (!strcmp(argv[i], "--check"))
			options.check = true;
		else if (!strcmp(argv[i], "--out"))
			options.out = value_of(argv, &i);
		else if (!strcmp(argv[i], "--status"))
			options.status = value_of(argv, &i);
		else if (argv[i][0] == '-')
			usage();
		else
			argv[count++] = argv[i];
	}
	argv[count] = NULL;
	if (options.check ? count == 0 || options.out || options.record
	                  : count != 1 || !(options.out || options.record))
		usage();

	return options;
}


int main(int argc, char **argv)
{
	struct options const options = parse_options(argv);
	struct job           job     = { .log = stderr, .record = options.record };
	bool                 good    = true;

	(void)argc;
	read_statuses(&job, options.status);
	for (char **file = options.files; *file; file++)
		good &= run(&job, *file, &options);
	arena_fini(&job.arena);

	return good ? 0 : 1;
}
