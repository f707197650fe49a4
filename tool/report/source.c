/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * source FILE...: facts about source files, for report.sh and the checks.
 *
 *   file  <path>  <code lines>  <conditionals>
 *   func  <path>  <line>  <name>  <code lines of the body>
 *   decl  <path>  <line>  <name>  <1 if it has a comment, else 0>
 *
 * Separated by tabs. Code lines are those with anything but blanks and comments.
 * Conditionals are #if, #ifdef, #ifndef and #elif, without include guards and
 * questions whether an assembler reads. 'func' is a definition, 'decl' a
 * declaration or definition in a header; a comment covers all declarations
 * below it up to the next empty line.
 *
 * This is no C parser: it relies on balanced brackets and house style.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 128 };

static const char *path;
static char *text;         /* the file; comments and literals get blanked */
static bool *comment_line; /* by line number: does a comment end there? */


static bool ends_with(const char *string, const char *end)
{
	size_t const a = strlen(string), b = strlen(end);

	return a >= b && !strcmp(string + a - b, end);
}


static bool c_source(void)
{
	return ends_with(path, ".c") || ends_with(path, ".h");
}


static char *read_file(void)
{
	FILE *file = fopen(path, "rb");
	if (!file || fseek(file, 0, SEEK_END)) {
		perror(path);
		exit(1);
	}

	size_t const size = (size_t)ftell(file);
	char *content = calloc(1, size + 2);
	rewind(file);
	if (!content || fread(content, 1, size, file) != size) {
		perror(path);
		exit(1);
	}
	fclose(file);

	return content;
}


static void blank(char *from, const char *to)
{
	for (; from < to; from++)
		if (*from != '\n')
			*from = ' ';
}


/* End of the literal at 'p', behind its closing quote or at the line's end. */
static char *literal_end(char *p)
{
	char const quote = *p++;

	while (*p && *p != quote && *p != '\n')
		p += *p == '\\' && p[1] ? 2 : 1;

	return *p == quote ? p + 1 : p;
}


static bool directive(const char *p)
{
	static const char *const names[] = {
		"include", "define", "undef", "if", "el", "endif", "error", "pragma", "warning",
	};

	p += strspn(p, " \t");
	if (*p++ != '#')
		return false;
	p += strspn(p, " \t");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strncmp(p, names[i], strlen(names[i])))
			return true;

	return false;
}


/* Blank comments, and what stands in literals of C, but keep a mark for these. */
static void strip_c(void)
{
	unsigned line = 0;

	for (char *p = text; *p; ) {
		char *end = NULL;
		if (p[0] == '/' && p[1] == '*')
			end = strstr(p, "*/") ? strstr(p, "*/") + 2 : p + strlen(p);
		else if (p[0] == '/' && p[1] == '/')
			end = p + strcspn(p, "\n");
		if (end) {
			for (char *q = p; q < end; q++)
				line += *q == '\n';
			comment_line[line] = true;
			blank(p, end);
			p = end;
		} else if (*p == '"' || *p == '\'') {
			end = literal_end(p);
			blank(p + 1, end);
			p = end;
		} else {
			line += *p++ == '\n';
		}
	}
}


/* Lines that begin with a comment sign of shells, Tcl, make, awk, assemblers. */
static void strip_hash(void)
{
	for (char *p = text; *p; ) {
		char *end = p + strcspn(p, "\n");
		char *start = p + strspn(p, " \t");
		if ((*start == '#' && !directive(start)) || *start == '@')
			blank(start, end);
		p = *end ? end + 1 : end;
	}
}


static void name_before(const char *p, char *name)
{
	const char *end = p;

	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	for (p = end; p > text && (isalnum((unsigned char)p[-1]) || p[-1] == '_'); )
		p--;
	snprintf(name, NAME_SIZE, "%.*s", (int)(end - p), p);
}


static unsigned code_lines(const char *from, const char *to)
{
	unsigned count = 0;
	bool code = false;

	for (; from < to; from++) {
		if (*from == '\n') {
			count += code;
			code = false;
		} else if (!isspace((unsigned char)*from)) {
			code = true;
		}
	}

	return count + code;
}


/* Preprocessor lines hide no functions from us: blank them. */
static void strip_directives(void)
{
	for (char *p = text; *p; ) {
		char *end = p + strcspn(p, "\n");
		while (directive(p) && *end && end > text && end[-1] == '\\')
			end += 1 + strcspn(end + 1, "\n");
		if (directive(p))
			blank(p, end);
		p = *end ? end + 1 : end;
	}
}


/* Does a comment stand above the line, with nothing but declarations between? */
static bool commented(unsigned line, const bool *empty)
{
	while (line > 0 && !comment_line[line]) {
		line--;
		if (empty[line] && !comment_line[line])
			return false;
	}

	return comment_line[line];
}


/* What is being read at the outermost level. */
struct declaration {
	char        name[NAME_SIZE]; /* in front of the last pair of brackets */
	const char *start;           /* first character, NULL at none */
	unsigned    line;
	bool        assigned;        /* has an initialiser, so it is no function */
	bool        type;            /* typedef, struct, union, enum definition */
};


static void found(const char *kind, const struct declaration *d, unsigned value)
{
	printf("%s\t%s\t%u\t%s\t%u\n", kind, path, d->line + 1, d->name, value);
}


static void begin(struct declaration *d, const char *p, unsigned line)
{
	*d = (struct declaration){ .start = p, .line = line,
	                           .type = !strncmp(p, "typedef", 7) };
}


/* Walk over the stripped text and report functions and declarations. */
static void scan_c(const bool *empty)
{
	struct declaration d = { .start = NULL };
	unsigned line = 0, braces = 0, brackets = 0;
	bool const header = ends_with(path, ".h");
	const char *body = NULL;
	char last = 0;

	for (const char *p = text; *p; line += *p++ == '\n') {
		if (isspace((unsigned char)*p))
			continue;
		if (!d.start && braces == 0)
			begin(&d, p, line);
		if (*p == '(' && braces == 0 && brackets++ == 0) {
			char name[NAME_SIZE];
			name_before(p, name);
			if (strncmp(name, "__attribute__", 13) && !d.assigned)
				memcpy(d.name, name, sizeof(name));
		} else if (*p == ')' && braces == 0 && brackets > 0) {
			brackets--;
		} else if (*p == '=' && braces == 0 && brackets == 0) {
			d.assigned = true;
		} else if (*p == '{' && braces++ == 0) {
			body = last == ')' && !d.assigned ? p + 1 : NULL;
		} else if (*p == '}' && braces > 0 && --braces == 0 && body) {
			found("func", &d, code_lines(body, p));
			if (header)
				found("decl", &d, commented(d.line, empty));
			d.start = NULL;
		} else if (*p == ';' && braces == 0) {
			if (header && last == ')' && *d.name && !d.assigned && !d.type &&
			    strcmp(d.name, "_Static_assert"))
				found("decl", &d, commented(d.line, empty));
			d.start = NULL;
		}
		last = *p;
	}
}


/* "#ifndef X" with "#define X" next to it is an include guard. */
static unsigned conditionals(void)
{
	unsigned count = 0;
	char guard[NAME_SIZE] = "", name[NAME_SIZE];

	for (char *p = text; *p; ) {
		char word[16] = "";
		char *end = p + strcspn(p, "\n");
		if (directive(p) && sscanf(p, " # %15[a-z] %127[A-Za-z0-9_]", word, name) >= 1) {
			if (!strcmp(word, "define") && !strcmp(guard, name))
				count--;
			guard[0] = 0;
			if (!strcmp(word, "ifndef"))
				memcpy(guard, name, sizeof(name));
			if (!strncmp(word, "if", 2) || !strcmp(word, "elif"))
				count += strcmp(name, "__ASSEMBLER__") != 0;
		}
		p = *end ? end + 1 : end;
	}

	return count;
}


static void report(void)
{
	text = read_file();
	size_t const size = strlen(text);
	size_t const lines = size + 2;
	bool *empty = calloc(lines, sizeof(*empty));
	comment_line = calloc(lines, sizeof(*comment_line));
	bool const c_comments = c_source() || ends_with(path, ".S") || ends_with(path, ".ld") ||
	                        ends_with(path, ".pml");
	unsigned line = 0;

	if (c_comments)
		strip_c();
	if (!c_source())
		strip_hash();
	printf("file\t%s\t%u\t%u\n", path, code_lines(text, text + size),
	       c_comments ? conditionals() : 0);
	for (char *p = text; *p; line++) {
		size_t const length = strcspn(p, "\n");
		empty[line] = strspn(p, " \t") == length;
		p += length + (p[length] != 0);
	}
	if (c_source()) {
		strip_directives();
		scan_c(empty);
	}
	free(empty);
	free(comment_line);
	free(text);
}


int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		path = argv[i];
		report();
	}

	return 0;
}
