/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What sources and sessions share: versions of a content.
 */
#ifndef ROM_VERSION_H
#define ROM_VERSION_H

#include <by/attached.h>
#include <rom_service.h>

/** A content that does not change. Referred to by its source and by who has seen it. */
struct rom_version {
	struct by_env     *env;
	struct by_attached content; /* sealed */
	size_t             size;
	unsigned           references;
};

struct rom_session;

/** Return another reference to a version, or NULL for NULL. */
struct rom_version *rom_version_get(struct rom_version *version);

/** Give a reference back; the last one frees the version. NULL: no effect. */
void rom_version_put(struct rom_version *version);

/** Tell a session that is in a source's list that it has another content now. */
void rom_session_tell(struct by_list_node *node);

/** Take a session out of the list of its source, which ends. */
void rom_session_leave(struct by_list_node *node);

#endif
