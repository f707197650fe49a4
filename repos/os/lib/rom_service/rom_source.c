/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sources of ROMs, and the versions of their content.
 */
#include "rom_version.h"
#include <by/assert.h>
#include <by/env.h>
#include <by/mem.h>


/*
 * Versions
 */

static void version_free(struct rom_version *version)
{
	struct by_env *const env = version->env;

	by_attached_fini(env, &version->content);
	by_free(env->heap, version, sizeof(*version));
}


/* Memory for a content of so many bytes, to be filled and sealed. Gives: out. */
static by_status_t version_alloc(struct by_env *env, size_t size, struct rom_version **out)
{
	void       *memory;
	by_status_t status = by_alloc(env->heap, sizeof(struct rom_version), &memory);

	if (status != BY_OK)
		return status;

	struct rom_version *version = memory;

	*version = (struct rom_version){ .env = env, .size = size, .references = 1 };
	status = by_attached_ram_init(env, &version->content, size ? size : 1, BY_PD_CACHE_CACHED);
	if (status != BY_OK) {
		by_free(env->heap, version, sizeof(*version));
		return status;
	}
	*out = version;

	return BY_OK;
}


static by_status_t version_seal(struct rom_version *version)
{
	return by_pd_ram_seal(&version->env->pd, version->content.ds);
}


struct rom_version *rom_version_get(struct rom_version *version)
{
	if (version)
		version->references++;

	return version;
}


void rom_version_put(struct rom_version *version)
{
	if (version && --version->references == 0)
		version_free(version);
}


/*
 * Sources
 */

void rom_source_init(struct rom_source *source, struct by_env *env)
{
	*source = (struct rom_source){ .env = env };
	by_list_init(&source->sessions);
}


void rom_source_fini(struct rom_source *source)
{
	BY_LIST_EACH_SAFE(&source->sessions, node)
		rom_session_leave(node);
	rom_version_put(source->current);
	source->current = NULL;
}


/* Make a version, or NULL, the present one. Takes: version. */
static void source_change(struct rom_source *source, struct rom_version *version)
{
	rom_version_put(source->current);
	source->current = version;
	BY_LIST_EACH(&source->sessions, node)
		rom_session_tell(node);
}


static bool source_has(struct rom_source const *source, void const *content, size_t size)
{
	struct rom_version const *const current = source->current;

	return current && current->size == size && !memcmp(current->content.base, content, size);
}


/* Seal a version that is filled, and make it the present one. Takes: version. */
static by_status_t source_take(struct rom_source *source, struct rom_version *version)
{
	by_status_t const status = version_seal(version);

	if (status == BY_OK)
		source_change(source, version);
	else
		version_free(version);

	return status;
}


by_status_t rom_source_set(struct rom_source *source, void const *content, size_t size)
{
	struct rom_version *version;

	if (source_has(source, content, size))
		return BY_OK;

	by_status_t status = version_alloc(source->env, size, &version);
	if (status != BY_OK)
		return status;

	memcpy(version->content.base, content, size);

	return source_take(source, version);
}


/* Write the document into a buffer of 'size' bytes; 'size' is what it takes. */
static by_status_t document(void (*write)(struct by_hid_writer *writer, void *arg), void *arg,
                            void *buffer, size_t *size)
{
	struct by_hid_writer writer;
	size_t               used;

	by_hid_write_init(&writer, buffer, *size);
	write(&writer, arg);
	by_status_t const status = by_hid_write_finish(&writer, &used);

	*size = by_hid_write_needed(&writer);

	return status;
}


by_status_t rom_source_write(struct rom_source *source,
                             void (*write)(struct by_hid_writer *writer, void *arg), void *arg)
{
	struct rom_version *version;
	size_t              size   = 0;
	by_status_t         status = document(write, arg, NULL, &size);

	BY_ASSERT(status != BY_OK); /* the shortest document does not fit into nothing */
	if (status != BY_NO_SPACE)
		return status;

	status = version_alloc(source->env, size, &version);
	if (status != BY_OK)
		return status;

	status = document(write, arg, version->content.base, &version->size);
	if (status == BY_OK && source_has(source, version->content.base, version->size)) {
		version_free(version);
		return BY_OK;
	}
	if (status != BY_OK) {
		version_free(version);
		return status;
	}

	return source_take(source, version);
}


void rom_source_clear(struct rom_source *source)
{
	if (source->current)
		source_change(source, NULL);
}


struct by_hid_span rom_source_content(struct rom_source const *source)
{
	struct rom_version const *const current = source->current;

	if (!current)
		return (struct by_hid_span){ .size = 0 };

	return (struct by_hid_span){ current->content.base, current->size };
}
