/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hid: checks, formats and queries HID files; see doc/hid.md.
 *
 *    hid check [--schema FILE.hsd] FILE...   tell each mistake as file:line:column
 *    hid format FILE                         print the file indented anew
 *    hid get FILE PATH                       print values of attributes
 *
 * A file named *.hsd is checked as the schema that it is. Ends with 1 if there
 * was a mistake, or nothing was found; with 2 if it was called wrongly.
 */
#include "tree.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


static int usage(void)
{
	fprintf(stderr, "usage: hid check [--schema FILE.hsd] FILE...\n"
	                "       hid format FILE\n"
	                "       hid get FILE 'TYPE | + TYPE NAME | : TAG'\n");
	return 2;
}


/* Read a whole file and terminate it; ends the program if that fails. */
static char *file_read(char const *name, size_t *size)
{
	FILE  *file = fopen(name, "rb");
	char  *text = NULL;
	size_t room = 0, got = 1;

	*size = 0;
	while (file && got > 0) {
		if (*size + 1 >= room)
			text = realloc(text, room = 2 * room + 4096);
		if (!text)
			abort();
		got = fread(text + *size, 1, room - *size - 1, file);
		*size += got;
	}
	if (!file || ferror(file)) {
		perror(name);
		exit(2);
	}
	fclose(file);

	text[*size] = 0;

	return text;
}


/* Read and check the syntax. */
static void document_open(struct document *doc, char const *name)
{
	size_t size;
	char  *text = file_read(name, &size);

	*doc = (struct document){ 0 };
	tree_parse(doc, name, text, size);
}


static void document_close(struct document *doc)
{
	tree_free(doc);
	free((char *)(uintptr_t)doc->base);
}


static bool schema_name(char const *name)
{
	size_t const size = strlen(name);

	return size >= 4 && strcmp(name + size - 4, ".hsd") == 0;
}


static unsigned check_file(char const *name, struct document *schema)
{
	struct document doc;

	document_open(&doc, name);
	if (!doc.mistakes && schema)
		schema_check(&doc, schema);
	else if (!doc.mistakes && schema_name(name))
		schema_check_schema(&doc);
	document_close(&doc);

	return doc.mistakes;
}


static int check(char const *schema_file, int files, char **names)
{
	struct document schema;
	unsigned        mistakes = 0;

	if (schema_file) {
		document_open(&schema, schema_file);
		if (!schema.mistakes)
			schema_check_schema(&schema);
		mistakes = schema.mistakes;
	}
	for (int i = 0; i < files && !(schema_file && schema.mistakes); i++)
		mistakes += check_file(names[i], schema_file ? &schema : NULL);
	if (schema_file)
		document_close(&schema);

	return mistakes > 0;
}


static int format(char const *name)
{
	struct document doc;

	document_open(&doc, name);
	if (!doc.mistakes)
		format_print(&doc);
	document_close(&doc);

	return doc.mistakes > 0;
}


static int get(char const *name, char const *path)
{
	struct document doc;
	unsigned        found = 0;

	document_open(&doc, name);
	if (!doc.mistakes)
		found = query_print(&doc, path);
	document_close(&doc);

	return found == 0;
}


int main(int argc, char **argv)
{
	if (argc >= 5 && strcmp(argv[1], "check") == 0 && strcmp(argv[2], "--schema") == 0)
		return check(argv[3], argc - 4, argv + 4);
	if (argc >= 3 && strcmp(argv[1], "check") == 0 && argv[2][0] != '-')
		return check(NULL, argc - 2, argv + 2);
	if (argc == 3 && strcmp(argv[1], "format") == 0)
		return format(argv[2]);
	if (argc == 4 && strcmp(argv[1], "get") == 0)
		return get(argv[2], argv[3]);

	return usage();
}
