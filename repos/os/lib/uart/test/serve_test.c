/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver component on a model of the device: its client's session, signals, interrupts
 * that come for nothing, reports. The component is part of this file; the model of core has
 * no interrupts and no registers, so their sessions are this file's.
 */
#include <by/kernel.h>
#include <by/session/irq.h>


static by_status_t test_irq_open(void);
static by_status_t test_irq_attach(by_cap_t *object);
static by_status_t test_irq_ack(void);

#define by_irq_open(env, label, args, irq)  (((void)(args)), test_irq_open())
#define by_irq_attach(irq, sigh, object)    test_irq_attach(object)
#define by_irq_ack(object)                  test_irq_ack()

#include "../serve.c"

#include "fake/fake.h"
#include "model.h"
#include "unit.h"
#include <string.h>

#include "env.h"

UNIT_MAIN("uart_serve")

enum { MANY = 1000 };

extern struct uart_device const uart_16550;

static struct model               model;
static struct by_service_session *session;
static struct by_signal_handler   readable_handler, writable_handler;
static unsigned                   read_signals, write_signals, acks;
static bool                       masked, announced;


static by_status_t test_irq_open(void)
{
	return BY_OK;
}


static by_status_t test_irq_attach(by_cap_t *object)
{
	*object = BY_NO_CAP;
	masked  = false;

	return BY_OK;
}


static by_status_t test_irq_ack(void)
{
	acks++;
	masked = false;
	model.masked = false;
	if (!model.kind->edge)
		model.pending = model.level;

	return BY_OK;
}


by_status_t uart_registers_open(struct by_env *env, struct uart *uart,
                                struct uart_device const *device,
                                struct uart_config const *where)
{
	(void)env, (void)device, (void)where;
	*uart = model.uart;

	return BY_OK;
}


static void note_readable(struct by_signal_handler *handler, unsigned count)
{
	(void)handler;
	read_signals += count;
}


static void note_writable(struct by_signal_handler *handler, unsigned count)
{
	(void)handler;
	write_signals += count;
}


/* The interrupts that are let through, and what they lead to; how many there were. */
static unsigned interrupts(unsigned most)
{
	unsigned count = 0;

	while (model.pending && !masked && count < most) {
		model.pending = false;
		model.masked = masked = true;
		handle_interrupt(&driver.interrupt, 1);
		count++;
	}
	fake_serve();

	return count;
}


/* The list of what is announced outlives a test. */
static void withdraw(void)
{
	if (announced)
		by_list_remove(&service.announced.node);
	announced = false;
}


static void begin(void)
{
	static char const text[] =
		"config | io_port: 0x3f8 | irq: 4 | clock: 1843200 | columns: 80 | rows: 25\n-\n";

	withdraw();
	fake_init();
	fake.rom[0].name = "config";
	fake.rom[0].data = text;
	fake.rom[0].size = sizeof(text) - 1;
	memset(&driver, 0, sizeof(driver));
	model_init(&model, &model_16550_level);
	read_signals = write_signals = acks = 0;
	uart_serve(&by_the_env, &uart_16550);
	announced = true;
}


static by_status_t open_session(size_t ram, struct by_service_session **out)
{
	struct by_service_request const request = {
		.label = "a", .ram = ram, .caps = BY_TERMINAL_CAPS,
	};

	return by_service_open(&service, &request, out);
}


static struct terminal *terminal(void)
{
	return BY_CONTAINER_OF(session, struct terminal, session);
}


/* A signal as a message brings it. */
static bool pass_signal(struct by_signal_handler *handler,
                        void (*handle)(struct by_signal_handler *, unsigned),
                        by_status_t (*to)(struct terminal *, struct by_cap_arg *))
{
	struct by_cap_arg arg = { .kind = BY_CAP_FOREIGN };

	if (by_signal_handler_init(handler, by_the_env.endpoint, BY_SIGNAL_APPLICATION, handle)
	    != BY_OK || by_slot_alloc(&arg.cap) != BY_OK)
		return false;

	fake.pd[0].slot[arg.cap.slot] = (uint16_t)fake_object(0, handler->target.cap);

	return to(terminal(), &arg) == BY_OK;
}


static bool begin_with_client(void)
{
	begin();

	return open_session(BY_TERMINAL_RAM, &session) == BY_OK
	       && pass_signal(&readable_handler, note_readable, read_sigh)
	       && pass_signal(&writable_handler, note_writable, write_sigh);
}


static void end(void)
{
	by_service_close(session);
	by_signal_handler_fini(&readable_handler);
	by_signal_handler_fini(&writable_handler);
	withdraw();
}


static void pass(uint64_t us)
{
	fake_advance(by_ticks_of_us(us));
	fake_serve();
}


TEST(the_service_is_announced)
{
	begin();
	CHECK(strstr(fake.provided, "Terminal"));
	withdraw();
}


/* Buffers are out of the donation; whoever donates too little is told so. */
TEST(a_session_is_paid_by_its_client)
{
	struct by_service_session *second;

	begin();
	CHECK(open_session(BY_TERMINAL_RAM - 1, &second) == BY_OUT_OF_RAM);
	CHECK(open_session(BY_TERMINAL_RAM, &session) == BY_OK);
	CHECK(session->heap.consumed >= TYPED + SHOWN);
	CHECK(session->heap.consumed <= BY_TERMINAL_RAM - sizeof(struct terminal));

	/* the heap below keeps what it has grown by */
	CHECK(open_session(BY_TERMINAL_RAM, &second) == BY_LIMIT);
	unsigned const objects = fake_live_all();
	CHECK(open_session(BY_TERMINAL_RAM, &second) == BY_LIMIT);
	CHECK_EQ(fake_live_all(), objects);
	CHECK(driver.client == terminal());
	by_service_close(session);
	CHECK(!driver.client);
	CHECK(open_session(BY_TERMINAL_RAM, &session) == BY_OK);
	by_service_close(session);
	withdraw();
}


TEST(a_client_reads_and_writes)
{
	char     text[BY_TERMINAL_READ_DATA_MAX];
	size_t   len = 0;
	uint32_t taken = 0, columns = 0, rows = 0;

	CHECK(begin_with_client());
	CHECK(size(terminal(), &columns, &rows) == BY_OK && columns == 80 && rows == 25);
	CHECK(write(terminal(), "hello", 5, &taken) == BY_OK && taken == 5);
	model_leave(&model, 5);
	interrupts(MANY);
	CHECK(!memcmp(model.out, "hello", 5));
	CHECK_EQ(write_signals, 0);

	model_type(&model, 'x', 0);
	model_leave(&model, 0);
	interrupts(MANY);
	CHECK_EQ(read_signals, 1);
	CHECK(read(terminal(), text, &len) == BY_OK && len == 1 && text[0] == 'x');
	CHECK(read(terminal(), text, &len) == BY_OK && len == 0);

	memset(text, '-', sizeof(text));
	do
		CHECK(write(terminal(), text, sizeof(text), &taken) == BY_OK);
	while (taken == sizeof(text));
	for (unsigned i = 0; i < SHOWN && !write_signals; i++) {
		model_leave(&model, 1);
		interrupts(MANY);
	}
	CHECK_EQ(write_signals, 1);
	end();
}


/* Whoever names a signal late is told at once of what is there. */
TEST(a_late_signal_is_submitted)
{
	begin();
	CHECK(open_session(BY_TERMINAL_RAM, &session) == BY_OK);
	model_type(&model, 'x', 0);
	model_leave(&model, 0);
	interrupts(MANY);
	CHECK(pass_signal(&readable_handler, note_readable, read_sigh));
	fake_serve();
	CHECK_EQ(read_signals, 1);
	CHECK(pass_signal(&writable_handler, note_writable, write_sigh));
	end();
}


/* What interrupts for nothing gets a hundred looks a second, and works on. */
TEST(a_storm_is_calmed)
{
	char   text[BY_TERMINAL_READ_DATA_MAX];
	size_t len = 0;

	CHECK(begin_with_client());
	acks = 0;
	for (unsigned i = 0; i < 10 * LINE_IDLE; i++) {
		model.pending = true;
		interrupts(1);
	}
	CHECK_EQ(acks, LINE_IDLE - 1);
	CHECK(strstr(fake.log, "interrupts without a reason"));
	for (unsigned i = 0; i < 20; i++) {
		pass(CALM_US);
		model.pending = true;
		interrupts(1);
	}
	CHECK_EQ(acks, LINE_IDLE - 1 + 20);

	model_type(&model, 'x', 0);
	pass(CALM_US);
	CHECK_EQ(read_signals, 1);
	CHECK(read(terminal(), text, &len) == BY_OK && len == 1);
	for (unsigned i = 0; i < LINE_IDLE / 2; i++) {
		model.pending = true;
		CHECK_EQ(interrupts(1), 1);
	}
	end();
}


TEST(errors_are_reported_once_a_second)
{
	CHECK(begin_with_client());
	for (unsigned i = 0; i < 10; i++) {
		model_type(&model, 0, MODEL_FRAMING);
		model_leave(&model, 0);
		interrupts(MANY);
	}
	CHECK(!strstr(fake.log, "on the line"));
	pass(REPORT_US);
	CHECK(strstr(fake.log, "0 overruns, 10 framing errors, 0 parity errors, 0 breaks; "
	                       "0 bytes not sent"));
	unsigned const calls = fake.log_calls;
	pass(3 * REPORT_US);
	model_type(&model, 'x', 0);
	model_leave(&model, 0);
	interrupts(MANY);
	pass(3 * REPORT_US);
	CHECK_EQ(fake.log_calls, calls);
	end();
}
