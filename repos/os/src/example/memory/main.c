/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory from the heap and as a dataspace: every byte is paid for by the component's
 * account, and comes back to it.
 */
#include <by/attached.h>
#include <by/env.h>
#include <by/log.h>
#include <by/status_name.h>
#include <by/string.h>

enum { SIZE = 64 * 1024, LINES = 100 };

/* A text, and where its lines begin. */
struct book {
	struct by_attached text;
	size_t            *line;
};


static by_status_t book_init(struct by_env *env, struct book *book)
{
	void       *memory;
	by_status_t status = by_alloc(env->heap, LINES * sizeof(*book->line), &memory);

	if (status != BY_OK)
		return status;

	book->line = memory;
	status = by_attached_ram_init(env, &book->text, SIZE, BY_PD_CACHE_CACHED);
	if (status != BY_OK)
		goto free_lines;

	return BY_OK;

free_lines:
	by_free(env->heap, book->line, LINES * sizeof(*book->line));

	return status;
}


static void book_fini(struct by_env *env, struct book *book)
{
	by_attached_fini(env, &book->text);
	by_free(env->heap, book->line, LINES * sizeof(*book->line));
}


/* Write, and then let nobody write any more, ourselves included. */
static by_status_t publish(struct by_env *env, struct book *book)
{
	static char const title[] = "All about banyans";

	memcpy(book->text.base, title, sizeof(title));
	book->line[0] = 0;

	return by_pd_ram_seal(&env->pd, book->text.ds);
}


static uint64_t ram_used(struct by_env *env)
{
	struct by_pd_balance balance;

	return by_pd_account(&env->pd, &balance) == BY_OK ? balance.ram_used : 0;
}


void component_main(struct by_env *env)
{
	static struct book book;
	uint64_t const     before = ram_used(env);

	by_status_t status = book_init(env, &book);
	if (status == BY_OK)
		status = publish(env, &book);
	if (status != BY_OK) {
		by_error("no book: %s", by_status_name(status));
		by_exit(env, 1);
	}

	char const *const text = book.text.base;

	by_log("\"%s\" takes at least 64 KiB: %s", text + book.line[0],
	       ram_used(env) - before >= SIZE ? "yes" : "no");
	book_fini(env, &book);
	by_log("the dataspace came back: %s", ram_used(env) - before < SIZE ? "yes" : "no");
	by_exit(env, 0);
}
