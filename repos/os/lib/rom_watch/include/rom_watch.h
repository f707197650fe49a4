/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ROM that is looked at whenever its content changes.
 */
#ifndef ROM_WATCH_H
#define ROM_WATCH_H

#include <by/attached.h>
#include <by/endpoint.h>
#include <by/hid.h>

/** A ROM with its present content; its user's storage, which must not move. */
struct rom_watch {
	struct by_env           *env;
	char const              *label;
	struct by_attached       rom;
	struct by_signal_handler handler;
	by_status_t              status;   /* of the latest look; BY_PENDING: not there yet */
	void                   (*changed)(struct rom_watch *watch);
};

/**
 * Open the ROM that 'label' names, and watch it. Opening may block, as by_rom_open() does.
 * 'changed' is called by the main endpoint when the content has become another one (or none:
 * see rom_watch_content()), and before this returns, if there is a content. Changes that follow
 * each other closely can be told together, or the last of them twice. 'changed' may end the watch.
 * When the ROM's server has ended, the content is gone ('watch->status' is BY_GONE), and the ROM is
 * opened again, without waiting. Gives: watch. Keeps: env, label. Errors: those of by_rom_open()
 * and by_signal_handler_init().
 */
BY_MUST_USE by_status_t rom_watch_open(struct rom_watch *watch, struct by_env *env,
                                       char const *label,
                                       void (*changed)(struct rom_watch *watch));

/**
 * As rom_watch_open(), but never blocks. If the ROM cannot be had, 'changed' is called without
 * content and 'watch->status' says why. Gives: watch. Keeps: env, label.
 */
void rom_watch_begin(struct rom_watch *watch, struct by_env *env, char const *label,
                     void (*changed)(struct rom_watch *watch));

/** Stop watching and close the ROM. Takes: watch; zeroed, there is nothing to do. */
void rom_watch_fini(struct rom_watch *watch);

/** The present content, borrowed until 'changed' is called or returns; empty: there is none. */
struct by_hid_span rom_watch_content(struct rom_watch const *watch);

#endif
