/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the ROM core_accounts says; see accounts.h.
 */
#include "accounts.h"
#include "host.h"
#include "inside.h"
#include <stdarg.h>

static char error[200];
static const char title[] = "core_accounts | exact: ";


__attribute__((format(printf, 1, 2)))
static const char *wrong(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error, sizeof(error), format, args);
	va_end(args);

	return error;
}


static bool read_row(const char *line, struct accounts_row *row)
{
	int used = 0;

	*row = (struct accounts_row) { .name = "" };
	if (sscanf(line, "+ account %32[^|]", row->name) == 1)
		row->name[strlen(row->name) - (row->name[strlen(row->name) - 1] == ' ')] = 0;
	line = strstr(line, "| id:");

	return line
	       && sscanf(line, "| id: %lu | parent: %lu | ram_quota: %llu | ram_used: %llu"
	                 " | caps_quota: %llu | caps_used: %llu\n%n", &row->id, &row->parent,
	                 &row->ram_quota, &row->ram_used, &row->caps_quota, &row->caps_used, &used) == 6
	       && line[used - 1] == '\n';
}


static const char *check_rows(struct accounts_text const *read)
{
	unsigned long long ram = read->kernel + read->core, caps = read->core_caps;

	for (unsigned i = 0; i < read->count; i++) {
		struct accounts_row const *row = &read->row[i];
		bool known = !row->parent;
		for (unsigned k = 0; k < read->count; k++) {
			known |= read->row[k].id == row->parent;
			if (k != i && read->row[k].id == row->id)
				return wrong("two accounts are %lu", row->id);
		}
		if (!row->id || !known || row->ram_used > row->ram_quota || row->caps_used > row->caps_quota)
			return wrong("account %lu of %lu is impossible", row->id, row->parent);
		ram  += row->ram_quota;
		caps += row->caps_quota;
	}
	if (ram != read->total || caps != read->caps)
		return wrong("%llu bytes and %llu capabilities, not %llu and %llu", ram, caps, read->total,
		             read->caps);

	return NULL;
}


const char *accounts_read(const char *text, struct accounts_text *read)
{
	char answer[8] = "";
	int  used = 0;

	*read = (struct accounts_text) { .count = 0 };
	if (sscanf(text, "core_accounts | exact: %7[a-z]\n"
	           "+ ram | total: %llu | kernel: %llu | core: %llu | core_used: %llu | spare: %llu\n"
	           "+ kernel | kernel: %llu | core: %llu | modules: %llu | log: %llu | other: %llu\n"
	           "+ caps | total: %llu | core: %llu | core_used: %llu\n%n", answer,
	           &read->total, &read->kernel, &read->core, &read->core_used, &read->spare,
	           &read->part[0], &read->part[1], &read->part[2], &read->part[3], &read->part[4],
	           &read->caps, &read->core_caps, &read->core_caps_used, &used) != 14)
		return wrong("no such beginning: %.60s", text);
	for (text += used; *text == '+'; text = strchr(text, '\n') + 1)
		if (read->count == ACCOUNTS_ROWS || !read_row(text, &read->row[read->count++]))
			return wrong("not understood: %.100s", text);
	if (strcmp(text, "-\n"))
		return wrong("no end: %.60s", text);

	unsigned long long parts = 0;
	for (unsigned i = 0; i < 5; i++)
		parts += read->part[i];
	if (parts != read->kernel || read->core_used > read->core || read->spare >= read->total)
		return wrong("%llu bytes in the parts of %llu", parts, read->kernel);

	read->exact = !strcmp(answer, "yes");

	return read->exact ? check_rows(read) : NULL;
}


static const char *first_wrong;


static void check_one(void *arg, struct item *item)
{
	static struct accounts_text read;

	(void)arg;
	if (item->type != ITEM_DS || first_wrong)
		return;

	struct ds const *ds = BY_CONTAINER_OF(item, struct ds, item);
	if (ds->managed || !ds->owned || ds->size < PAGE_SIZE)
		return;

	const char *text = sim_memory(ds->pa);
	if (!memcmp(text, title, sizeof(title) - 1) && memchr(text, 0, (size_t)ds->size)
	    && strstr(text, "\n-\n"))
		first_wrong = accounts_read(text, &read);
}


const char *accounts_check_all(void)
{
	first_wrong = NULL;
	inside_each_item(check_one, NULL);

	return first_wrong;
}
