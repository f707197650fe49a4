/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Badges. Lookups take no lock: a chunk is complete before an id from it exists, and
 * what happens to other entries does not concern the one that is looked at.
 */
#include "badge.h"
#include "env.h"
#include <by/id_space.h>
#include <by/mutex.h>

enum { FIRST_BADGES = 16 };

static struct by_id_space badges;
static struct by_mutex    badges_mutex;


void by_badges_init(void)
{
	static struct by_id_entry first[FIRST_BADGES];
	by_status_t status;

	by_id_space_init(&badges);
	status = by_id_space_add(&badges, first, FIRST_BADGES);
	(void)status;
}


static by_status_t grow(void)
{
	size_t const wanted = (size_t)FIRST_BADGES << badges.chunks;
	size_t const count = wanted < BY_ID_CHUNK_MAX ? wanted : BY_ID_CHUNK_MAX;
	size_t const size  = count * sizeof(struct by_id_entry);
	void        *entries;
	by_status_t  status = by_alloc(by_the_env.heap, size, &entries);

	if (status != BY_OK)
		return status;

	status = by_id_space_add(&badges, entries, count);
	if (status != BY_OK)
		by_free(by_the_env.heap, entries, size);

	return status == BY_LIMIT ? BY_OUT_OF_CAPS : status;
}


by_status_t by_badge_alloc(void *target, by_word_t *badge)
{
	by_status_t status;

	by_mutex_lock(&badges_mutex);
	while ((status = by_id_space_alloc(&badges, target, badge)) == BY_NO_SPACE) {
		status = grow();
		if (status != BY_OK)
			break;
	}
	by_mutex_unlock(&badges_mutex);

	return status;
}


void by_badge_free(by_word_t *badge)
{
	by_mutex_lock(&badges_mutex);
	by_id_space_free(&badges, *badge);
	by_mutex_unlock(&badges_mutex);
	*badge = 0;
}


void *by_badge_find(by_word_t badge)
{
	return by_id_space_find(&badges, badge);
}
