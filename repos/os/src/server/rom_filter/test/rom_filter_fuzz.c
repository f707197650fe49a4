/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any configuration with any inputs: what is written is a document, and the same twice. The data
 * are texts with '=' between them: the configuration, and what inputs have, by the length of
 * their names. The canary is a document of which one input has a value and another one, which
 * no seed is without, has only its default.
 */
#include "canary.h"
#include "filter.h"
#include <string.h>

#undef NDEBUG
#include <assert.h>

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

static struct by_hid_span text[3];


static bool rom(struct filter const *filter, struct by_hid_span input, struct by_hid_node *top)
{
	(void)filter;

	return by_hid_open(text[1 + input.size % 2], top) == BY_OK;
}


static void complain(unsigned node, char const *what, struct by_hid_span detail)
{
	(void)node, (void)what, (void)detail;
}


static bool has(struct filter const *filter, char const *input, char const *wanted)
{
	struct by_hid_span value;

	return filter_value(filter, (struct by_hid_span){ input, strlen(input) }, &value)
	       && (!wanted || by_hid_span_is(value, wanted));
}


static size_t write(struct filter const *filter, char *buffer, size_t size)
{
	struct by_hid_node   output, top;
	struct by_hid_writer writer;
	size_t               used = 0;

	if (!by_hid_first_of(filter->config, "output", &output))
		return 0;

	by_hid_write_init(&writer, buffer, size);
	filter_write(filter, &output, &writer);
	if (by_hid_write_finish(&writer, &used) != BY_OK)
		return 0;

	assert(by_hid_open((struct by_hid_span){ buffer, used }, &top) == BY_OK);

	return used;
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	static char        buffer[2][16384];
	struct by_hid_node config;
	struct filter      filter = { .config = &config, .rom = rom };
	char const        *at = (char const *)data;
	size_t             left = size;

	for (unsigned i = 0; i < 3; i++) {
		char const *const end = left ? memchr(at, '=', left) : NULL;
		text[i] = (struct by_hid_span){ at, end ? (size_t)(end - at) : left };
		at   += text[i].size + (end != NULL);
		left -= text[i].size + (end != NULL);
	}
	if (by_hid_open(text[0], &config) != BY_OK)
		return 0;

	unsigned const mistakes = filter_check(&config, complain);
	size_t const used = write(&filter, buffer[0], sizeof(buffer[0]));

	assert(write(&filter, buffer[1], sizeof(buffer[1])) == used);
	assert(!memcmp(buffer[0], buffer[1], used));
	canary(used && !mistakes && has(&filter, "deep", NULL) && has(&filter, "top", "none"));

	return 0;
}
