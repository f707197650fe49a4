/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A terminal on the boot framebuffer, with a keyboard that is a Terminal of its own.
 */
struct screen_terminal;
#define BY_TERMINAL_SELF struct screen_terminal

#include "picture.h"
#include <by/cap.h>
#include <by/kernel.h>
#include <by/log.h>
#include <by/service.h>
#include <by/session/terminal.h>
#include <by/session/terminal_server.h>
#include <by/status_name.h>

struct screen_terminal { struct by_service_session session; };

static struct {
	struct vt          vt;
	struct by_terminal keyboard;
	bool               has_keyboard, taken;
} self;


static by_status_t size(struct screen_terminal *terminal, uint32_t *columns, uint32_t *rows)
{
	(void)terminal;
	*columns = self.vt.columns;
	*rows    = self.vt.rows;

	return BY_OK;
}


static by_status_t write(struct screen_terminal *terminal, void const *data, size_t len,
                         uint32_t *taken)
{
	(void)terminal;
	vt_write(&self.vt, data, len);
	*taken = (uint32_t)len;

	return BY_OK;
}


/* A keyboard that is gone, or does not work, types nothing. */
static by_status_t read(struct screen_terminal *terminal, void *data, size_t *len)
{
	(void)terminal;
	*len = 0;
	if (self.has_keyboard && by_terminal_read(&self.keyboard, data, len) != BY_OK)
		*len = 0;

	return BY_OK;
}


/* The keyboard tells the client itself. */
static by_status_t read_sigh(struct screen_terminal *terminal, struct by_cap_arg *arg)
{
	by_cap_t const sigh = by_cap_arg_take(arg);

	(void)terminal;
	if (!by_cap_valid(sigh))
		return BY_BAD_CAP;

	by_status_t const status = self.has_keyboard ? by_terminal_read_sigh(&self.keyboard, sigh)
	                                             : BY_OK;

	by_cap_drop(sigh);

	return status == BY_BAD_CAP ? BY_BAD_CAP : BY_OK;
}


/* All is taken at once, so there is always room. */
static by_status_t write_sigh(struct screen_terminal *terminal, struct by_cap_arg *arg)
{
	by_cap_t const sigh = by_cap_arg_take(arg);

	(void)terminal;
	if (!by_cap_valid(sigh))
		return BY_BAD_CAP;

	by_cap_drop(sigh);

	return BY_OK;
}


static by_status_t open(struct by_service_session *session,
                        struct by_service_request const *request)
{
	(void)session, (void)request;
	if (self.taken)
		return BY_LIMIT;

	self.taken = true;
	vt_write(&self.vt, "\033c", 2);

	return BY_OK;
}


static void close(struct by_service_session *session)
{
	(void)session;
	self.taken = false;
}


static void need(struct by_env *env, by_status_t status, char const *what)
{
	if (status == BY_OK)
		return;

	by_error("%s: %s", what, by_status_name(status));
	by_exit(env, 1);
}


void component_main(struct by_env *env)
{
	static struct by_terminal_ops const ops = {
		.size = size, .write = write, .read = read,
		.read_sigh = read_sigh, .write_sigh = write_sigh,
	};
	static struct by_service service = {
		.size = sizeof(struct screen_terminal), .open = open, .close = close,
	};
	char const *what;
	by_status_t status = by_terminal_open(env, "keyboard", &self.keyboard);

	self.has_keyboard = status == BY_OK;
	if (!self.has_keyboard)
		by_warning("no keyboard: %s", by_status_name(status));
	status = picture_init(env, &self.vt, &what);
	need(env, status, what);
	need(env, by_terminal_provide(env, &service, &ops), "service Terminal");
}
