/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver component: its client's session, its interrupt.
 */
struct terminal;
#define BY_TERMINAL_SELF struct terminal

#include "line.h"
#include <by/attached.h>
#include <by/cap.h>
#include <by/clock.h>
#include <by/container.h>
#include <by/kernel.h>
#include <by/log.h>
#include <by/service.h>
#include <by/session/irq.h>
#include <by/session/terminal_server.h>
#include <by/status_name.h>
#include <by/timeout.h>

enum {
	TYPED     = 2048,    /* bytes of the buffers of a session */
	SHOWN     = 4096,
	IDLE_US   = 100,     /* to wait for the last characters of whoever had the device, */
	IDLE_MOST = 200,     /* so often at most */
	CALM_US   = 10000,   /* between two interrupts, if they come for nothing */
	REPORT_US = 1000000, /* between two reports of errors */
};

struct terminal {
	struct by_service_session session;
	by_cap_t                  readable, writable;
};

static struct {
	struct uart_config       config;
	struct uart              uart;
	struct line              line;
	struct terminal         *client;
	struct by_irq            irq;
	by_cap_t                 object;    /* to acknowledge interrupts by */
	struct by_signal_handler interrupt;
	struct by_timeout        calm, report;
	bool                     stormed;
	struct uart_errors       reported;
	uint64_t                 forgotten; /* reported */
} driver;


/*
 * Interrupts
 */

static void tell(by_cap_t sigh)
{
	if (by_cap_valid(sigh))
		by_signal_submit(sigh, 1);
}


static void tell_client(unsigned news)
{
	if (driver.client && news & LINE_READABLE)
		tell(driver.client->readable);
	if (driver.client && news & LINE_WRITABLE)
		tell(driver.client->writable);
}


/* An edge that comes before the interrupt is let through would be lost. */
static void listen(void)
{
	if (by_irq_ack(driver.object) != BY_OK)
		by_error("the interrupt is gone");
	line_listen(&driver.line);
}


static bool anything_to_report(void)
{
	struct uart_errors const *const now = &driver.uart.errors, *const then = &driver.reported;

	return now->overrun != then->overrun || now->framing != then->framing
	       || now->parity != then->parity || now->breaks != then->breaks
	       || driver.line.forgotten != driver.forgotten;
}


/* Not for each of them: there can be thousands in a second. */
static void report_soon(void)
{
	if (!anything_to_report() || by_timeout_started(&driver.report))
		return;
	if (by_timeout_start(&driver.report, REPORT_US) != BY_OK)
		by_warning("errors on the line");
}


static void report(struct by_timeout *timeout)
{
	struct uart_errors const *const now = &driver.uart.errors;

	(void)timeout;
	by_warning("on the line since the start: %llu overruns, %llu framing errors, "
	           "%llu parity errors, %llu breaks; %llu bytes not sent",
	           (unsigned long long)now->overrun, (unsigned long long)now->framing,
	           (unsigned long long)now->parity, (unsigned long long)now->breaks,
	           (unsigned long long)driver.line.forgotten);
	driver.reported  = *now;
	driver.forgotten = driver.line.forgotten;
}


static void calm(struct by_timeout *timeout)
{
	(void)timeout;
	tell_client(line_work(&driver.line));
	listen();
}


/* A device that interrupts for nothing is looked at now and then, and must not take the CPU. */
static void handle_interrupt(struct by_signal_handler *handler, unsigned count)
{
	(void)handler, (void)count;
	tell_client(line_work(&driver.line));
	report_soon();
	if (line_storms(&driver.line)) {
		if (!driver.stormed)
			by_warning("the device interrupts without a reason");
		driver.stormed = true;
		if (by_timeout_start(&driver.calm, CALM_US) == BY_OK)
			return;
	}
	listen();
}


/*
 * The client
 */

static by_status_t size(struct terminal *terminal, uint32_t *columns, uint32_t *rows)
{
	(void)terminal;
	*columns = driver.config.columns;
	*rows    = driver.config.rows;

	return BY_OK;
}


static by_status_t write(struct terminal *terminal, void const *data, size_t len, uint32_t *taken)
{
	(void)terminal;
	*taken = line_write(&driver.line, data, (unsigned)len);

	return BY_OK;
}


static by_status_t read(struct terminal *terminal, void *data, size_t *len)
{
	(void)terminal;
	*len = line_read(&driver.line, data, BY_TERMINAL_READ_DATA_MAX);
	report_soon();

	return BY_OK;
}


static by_status_t take(struct by_cap_arg *sigh, by_cap_t *place)
{
	by_cap_t const taken = by_cap_arg_take(sigh);

	if (!by_cap_valid(taken))
		return BY_BAD_CAP;

	by_cap_drop(*place);
	*place = taken;

	return BY_OK;
}


static by_status_t read_sigh(struct terminal *terminal, struct by_cap_arg *sigh)
{
	by_status_t const status = take(sigh, &terminal->readable);

	if (status == BY_OK && driver.line.typed.used)
		tell(terminal->readable);

	return status;
}


static by_status_t write_sigh(struct terminal *terminal, struct by_cap_arg *sigh)
{
	return take(sigh, &terminal->writable);
}


/* The buffers are the client's, out of what it has donated. */
static by_status_t open(struct by_service_session *session,
                        struct by_service_request const *request)
{
	void       *typed, *shown;
	by_status_t status = by_alloc(&session->heap.alloc, TYPED, &typed);

	(void)request;
	if (status == BY_OK)
		status = by_alloc(&session->heap.alloc, SHOWN, &shown);
	if (status == BY_OK)
		status = line_open(&driver.line,
		                   (struct uart_buffer){ .base = typed, .size = TYPED },
		                   (struct uart_buffer){ .base = shown, .size = SHOWN });
	if (status == BY_OK)
		driver.client = BY_CONTAINER_OF(session, struct terminal, session);

	return status;
}


static void close(struct by_service_session *session)
{
	struct terminal *const terminal = BY_CONTAINER_OF(session, struct terminal, session);

	/* whatever ends, the line is only taken from who has it */
	if (driver.client == terminal) {
		line_close(&driver.line);
		driver.client = NULL;
	}
	by_cap_drop(terminal->readable);
	by_cap_drop(terminal->writable);
	report_soon();
}


static struct by_terminal_ops const ops = {
	.size = size, .write = write, .read = read,
	.read_sigh = read_sigh, .write_sigh = write_sigh,
};
static struct by_service service = {
	.size = sizeof(struct terminal), .open = open, .close = close,
};


/*
 * Start
 */

static void need(struct by_env *env, by_status_t status, char const *what)
{
	if (status == BY_OK)
		return;

	by_error("%s: %s", what, by_status_name(status));
	by_exit(env, 1);
}


static void configure(struct by_env *env, struct uart_device const *device)
{
	struct by_attached rom;
	struct by_hid_node top;
	char               mistake[UART_MISTAKE];

	need(env, by_attached_rom_init(env, &rom, "config"), "config");
	need(env, by_hid_open((struct by_hid_span){ rom.base, rom.size }, &top), "config");
	if (uart_config_read(&top, device, &driver.config, mistake) != BY_OK) {
		by_error("%s", mistake);
		by_exit(env, 1);
	}
	by_attached_fini(env, &rom);
}


/* What core has printed last may still be on its way. */
static void start_device(struct by_env *env, struct uart_device const *device)
{
	struct uart *const uart = &driver.uart;

	need(env, uart_registers_open(env, uart, device, &driver.config), "registers");
	if (!device->present(uart)) {
		by_error("config, attribute '%s': there is no such device at 0x%llx",
		         driver.config.ports ? "io_port" : "io_mem",
		         (unsigned long long)driver.config.base);
		by_exit(env, 1);
	}
	for (unsigned i = 0; i < IDLE_MOST && !device->idle(uart); i++)
		by_sleep_us(IDLE_US);
	device->init(uart, &driver.config);
	line_init(&driver.line, device, uart);
}


void uart_serve(struct by_env *env, struct uart_device const *device)
{
	configure(env, device);
	start_device(env, device);
	by_timeout_init(&driver.calm, env->endpoint, calm);
	by_timeout_init(&driver.report, env->endpoint, report);

	struct by_irq_args const args = { .number = driver.config.irq };

	need(env, by_irq_open(env, "uart", &args, &driver.irq), "config, attribute 'irq'");
	need(env, by_signal_handler_init(&driver.interrupt, env->endpoint, BY_SIGNAL_IO,
	                                 handle_interrupt), "signal");
	need(env, by_irq_attach(&driver.irq, driver.interrupt.target.cap, &driver.object),
	     "interrupt");
	line_listen(&driver.line);
	need(env, by_terminal_provide(env, &service, &ops), "service Terminal");
}
