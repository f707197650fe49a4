/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Watching ROMs. Everything happens at the main endpoint, and nothing waits but the opening.
 */
#include <by/container.h>
#include <rom_watch.h>

static void look(struct rom_watch *watch);
static void reopen(struct rom_watch *watch);


static struct rom_watch *watch_of(struct by_session *session)
{
	struct by_attached *const rom = BY_CONTAINER_OF(session, struct by_attached, session);

	return BY_CONTAINER_OF(rom, struct rom_watch, rom);
}


/* The server knows what was donated, or has failed. */
static void donated(struct by_session *session, by_status_t status)
{
	struct rom_watch *const watch = watch_of(session);

	watch->status = status;
	if (status == BY_OK)
		look(watch);
	else
		watch->changed(watch);
}


/* BY_PENDING: more was donated, and donated() goes on. */
static by_status_t update(struct rom_watch *watch)
{
	by_status_t status;

	while ((status = by_attached_rom_update(watch->env, &watch->rom)) == BY_PENDING) {
		status = by_session_upgrade(watch->env, &watch->rom.session, 0, 0, donated);
		if (status != BY_OK)
			break;
	}

	return status;
}


/* What is told is always the present content; between none and none nothing has changed. */
static void tell(struct rom_watch *watch, bool had)
{
	if (watch->status == BY_PENDING)
		return;

	if (had || watch->rom.base || watch->status != BY_NOT_FOUND)
		watch->changed(watch);
}


static void look(struct rom_watch *watch)
{
	bool const had = watch->rom.base != NULL;

	watch->status = update(watch);
	tell(watch, had);
}


/* While the server is to hear of a donation there is no need to look. */
static void handle(struct by_signal_handler *handler, unsigned count)
{
	struct rom_watch *const watch = BY_CONTAINER_OF(handler, struct rom_watch, handler);

	(void)count;
	if (watch->status != BY_PENDING)
		look(watch);
}


/* The server is gone, and with it the content. There may be another one some time. */
static void lost(struct by_session *session)
{
	struct rom_watch *const watch = watch_of(session);

	by_attached_fini(watch->env, &watch->rom);
	by_signal_handler_fini(&watch->handler);
	watch->status = BY_GONE;
	watch->changed(watch);
	if (watch->env && watch->status == BY_GONE)
		reopen(watch);
}


/*
 * The session is open: look, and hear of changes from now on. The server tells at once of one that
 * has come in between.
 */
static by_status_t begin(struct rom_watch *watch)
{
	by_status_t status = by_signal_handler_init(&watch->handler, watch->env->endpoint,
	                                            BY_SIGNAL_APPLICATION, handle);
	if (status != BY_OK)
		return status;

	watch->status = update(watch);
	status = by_rom_sigh(&watch->rom.rom, watch->handler.target.cap);

	return status == BY_OK ? by_session_watch(watch->env, &watch->rom.session, lost) : status;
}


static void opened(struct by_session *session, by_status_t status)
{
	struct rom_watch *const watch = watch_of(session);

	if (status == BY_OK)
		status = begin(watch);
	if (status != BY_OK)
		watch->status = status;
	tell(watch, false);
}


static void reopen(struct rom_watch *watch)
{
	watch->status = BY_PENDING;
	by_status_t const status = by_rom_begin(watch->env, watch->label, &watch->rom.rom, opened);

	if (status != BY_PENDING)
		opened(&watch->rom.session, status);
}


static void prepare(struct rom_watch *watch, struct by_env *env, char const *label,
                    void (*changed)(struct rom_watch *watch))
{
	*watch = (struct rom_watch){
		.env = env, .label = label, .changed = changed, .status = BY_PENDING,
	};
}


by_status_t rom_watch_open(struct rom_watch *watch, struct by_env *env, char const *label,
                           void (*changed)(struct rom_watch *watch))
{
	prepare(watch, env, label, changed);
	by_status_t status = by_rom_open(env, label, &watch->rom.rom);

	if (status == BY_OK)
		status = begin(watch);
	if (status != BY_OK) {
		rom_watch_fini(watch);
		return status;
	}
	tell(watch, false);

	return BY_OK;
}


void rom_watch_begin(struct rom_watch *watch, struct by_env *env, char const *label,
                     void (*changed)(struct rom_watch *watch))
{
	prepare(watch, env, label, changed);
	reopen(watch);
}


void rom_watch_fini(struct rom_watch *watch)
{
	if (!watch->env)
		return;

	by_attached_fini(watch->env, &watch->rom);
	by_signal_handler_fini(&watch->handler);
	watch->env = NULL;
}


struct by_hid_span rom_watch_content(struct rom_watch const *watch)
{
	/* what a server that is dead has given is not there any more */
	bool const good = watch->rom.base && watch->status != BY_GONE;

	return (struct by_hid_span){ watch->rom.base, good ? watch->rom.size : 0 };
}
