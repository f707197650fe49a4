/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ROM whose content is a node of our own configuration. It never changes.
 */
struct rom_session;
#define BY_ROM_SELF struct rom_session

#include <by/container.h>
#include <by/session/rom_server.h>
#include <nursery.h>

struct rom_session {
	struct by_service_session session;
};


/*
 * Content
 */

/* Write the document; BY_NO_SPACE tells by 'size' how much it takes. */
static by_status_t write(struct by_hid_node const *node, char *text, size_t *size)
{
	struct by_hid_writer writer;

	by_hid_write_init(&writer, text, *size);
	if (node) {
		by_hid_write_node(&writer, node);
	} else {
		by_hid_write_begin(&writer, "config");
		by_hid_write_end(&writer);
	}
	by_status_t const status = by_hid_write_finish(&writer, size);

	if (status == BY_NO_SPACE)
		*size = by_hid_write_needed(&writer);

	return status;
}


/* Nobody can change the content any more, the child least of all. */
static by_status_t fill(struct by_env *env, struct nursery_rom *rom,
                        struct by_hid_node const *node, size_t size)
{
	by_status_t status = by_attached_ram_init(env, &rom->content, size, BY_PD_CACHE_CACHED);

	if (status != BY_OK)
		return status;

	rom->size = size;
	status = write(node, rom->content.base, &rom->size);
	if (status == BY_OK)
		status = by_pd_ram_seal(&env->pd, rom->content.ds);

	return status;
}


/*
 * Sessions
 */

static struct nursery_rom *rom_of(struct rom_session *session)
{
	return BY_CONTAINER_OF(session->session.service, struct nursery_rom, service);
}


static by_status_t dataspace(struct rom_session *session, by_cap_t *ds, uint64_t *size)
{
	*ds   = rom_of(session)->content.ds;
	*size = rom_of(session)->size;

	return BY_OK;
}


static by_status_t update(struct rom_session *session, uint64_t *size)
{
	*size = rom_of(session)->size;

	return BY_OK;
}


static by_status_t sigh(struct rom_session *session, struct by_cap_arg *signal)
{
	(void)session, (void)signal;

	return BY_OK;
}


static struct by_rom_ops const ops = { .dataspace = dataspace, .update = update, .sigh = sigh };


by_status_t nursery_rom_init(struct by_env *env, struct nursery_rom *rom,
                             struct by_hid_node const *node)
{
	size_t size = 0;

	*rom = (struct nursery_rom){ .service = { .size = sizeof(struct rom_session) } };
	by_status_t status = write(node, NULL, &size);

	if (status == BY_NO_SPACE)
		status = fill(env, rom, node, size);
	by_rom_local(env, &rom->service, &ops);
	if (status != BY_OK)
		nursery_rom_fini(env, rom);

	return status;
}


void nursery_rom_fini(struct by_env *env, struct nursery_rom *rom)
{
	by_attached_fini(env, &rom->content);
}
