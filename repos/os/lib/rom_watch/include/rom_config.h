/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component's configuration that can change while it runs.
 */
#ifndef ROM_CONFIG_H
#define ROM_CONFIG_H

#include <by/hid.h>
#include <rom_watch.h>

/** The ROM 'config'; its user's storage, which must not move. */
struct rom_config {
	struct rom_watch   watch;
	char              *text; /* a copy of the last one that was complete, NULL: none */
	size_t             size;
	struct by_hid_node top;  /* of it */
	void             (*changed)(struct rom_config *config);
};

/**
 * Read the configuration and watch it. 'changed' is called by the main endpoint, and before
 * this returns for the first one; 'config->top' is valid from then on, until 'changed' is
 * called again. A later one that is no complete document is reported, and the last good one
 * stays. Opening may block. Gives: config. Keeps: env. Errors: those of rom_watch_open();
 * BY_NOT_FOUND, BY_MALFORMED if the first is none. They are reported, too.
 */
BY_MUST_USE by_status_t rom_config_open(struct rom_config *config, struct by_env *env,
                                        void (*changed)(struct rom_config *config));

#endif
