/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Drivers of UARTs on models of their devices.
 */
#include "model.h"
#include "unit.h"
#include <by/format.h>
#include <by/string.h>
#include <stdlib.h>

UNIT_MAIN("uart")

enum { TYPED = 100, SHOWN = 300, RUN = 1000 };

static struct model  model;
static unsigned char typed_of[TYPED], shown_of[SHOWN];
static uint32_t      seed;


static unsigned dice(unsigned sides)
{
	seed = seed * 1664525 + 1013904223;

	return (seed >> 8) % sides;
}


/* A test for all kinds of devices. */
#define DEVICE_TEST(name) \
	static void each_##name(void); \
	TEST(name) \
	{ \
		for (unsigned i = 0; i < model_kinds_count; i++) { \
			model_init(&model, model_kinds[i]); \
			seed = 1; \
			each_##name(); \
		} \
	} \
	static void each_##name(void)


static by_status_t open_line(void)
{
	return line_open(&model.line, (struct uart_buffer){ .base = typed_of, .size = TYPED },
	                 (struct uart_buffer){ .base = shown_of, .size = SHOWN });
}


/* The driver runs and has a client. */
static bool begin(void)
{
	return model_start(&model) && open_line() == BY_OK && model_run(&model, RUN);
}


static unsigned char pattern(unsigned i)
{
	return (unsigned char)(i * 7 + i / 256);
}


/*
 * Start
 */

DEVICE_TEST(the_device_is_found_and_initialised)
{
	CHECK(model.kind->device->present(&model.uart));
	model.kind->device->init(&model.uart, &model.kind->config);
	CHECK(model.kind->ready(&model));
	CHECK(!model.kind->irq(&model));
}


/* Divisors in the place of registers, a loop, interrupts, rubbish in the FIFOs. */
DEVICE_TEST(it_is_initialised_whatever_state_it_is_in)
{
	for (unsigned round = 0; round < 500; round++) {
		for (unsigned i = dice(20); i > 0; i--) {
			unsigned const offset = dice(20) * (model.kind == &model_pl011 ? 4 : 1);

			model.uart.write(&model.uart, offset & (model.kind->device->window - 1),
			                 dice(256));
			model_type(&model, 0, dice(16));
		}
		CHECK(model.kind->device->present(&model.uart));
		model.kind->device->init(&model.uart, &model.kind->config);
		CHECK(model.kind->ready(&model));
		CHECK_EQ(model.uart.pending, 0);
	}
	model.lost = 0;
	CHECK(begin());
	CHECK_EQ(line_write(&model.line, "x", 1), 1);
	model_leave(&model, 1);
	CHECK_EQ(model.out[0], 'x');
}


DEVICE_TEST(nothing_is_found_where_nothing_is)
{
	static int const answers[] = { 0, 0xff, 0x7fffffff, 0x5a, 0xa5 };

	for (unsigned i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		model.stuck = answers[i];
		CHECK(!model_start(&model));
	}
	model_init(&model, &model_16550);
	CHECK(!model_pl011.device->present(&model.uart));
}


DEVICE_TEST(it_is_idle_when_all_has_left)
{
	CHECK(begin());
	CHECK(model.kind->device->idle(&model.uart));
	line_write(&model.line, "x", 1);
	CHECK(!model.kind->device->idle(&model.uart));
	model_leave(&model, 1);
	CHECK(model.kind->device->idle(&model.uart));
}


/*
 * Characters
 */

DEVICE_TEST(what_is_typed_arrives)
{
	unsigned char text[16];

	CHECK(begin());
	CHECK_EQ(line_read(&model.line, text, sizeof(text)), 0);
	for (unsigned i = 0; i < 256; i++) {
		CHECK(model_type(&model, (unsigned char)i, 0));
		model_leave(&model, 0);
		CHECK(model_run(&model, RUN));
		CHECK_EQ(model.news, LINE_READABLE);
		model.news = 0;
		CHECK_EQ(line_read(&model.line, text, sizeof(text)), 1);
		CHECK_EQ(text[0], i);
	}
}


DEVICE_TEST(what_is_written_leaves)
{
	unsigned written = 0;

	CHECK(begin());
	for (unsigned step = 0; step < 5000 && written < 5000; step++) {
		unsigned char part[400];

		for (unsigned i = 0; i < sizeof(part); i++)
			part[i] = pattern(written + i);
		written += line_write(&model.line, part, sizeof(part));
		model_leave(&model, 1 + dice(40));
		CHECK(model_run(&model, RUN));
	}
	CHECK(written >= 5000);
	for (unsigned i = 0; i < 5000 && model.out_count < written; i++) {
		model_leave(&model, 1);
		CHECK(model_run(&model, RUN));
	}
	CHECK_EQ(model.out_count, written);
	CHECK_EQ(model.lost, 0);
	for (unsigned i = 0; i < written; i++)
		CHECK_EQ(model.out[i], pattern(i));
	CHECK(!model.line.sending);
}


static unsigned typed;


/* Something can come and go between any two accesses of the driver's. */
static void meanwhile(struct model *each)
{
	if (!dice(4) && each->in_count < each->kind->receives)
		model_type(each, pattern(typed++), 0);
	if (!dice(4))
		model_leave(each, 1 + dice(3));
}


/* As long as nothing overruns, nothing is lost in either direction, whatever comes when. */
DEVICE_TEST(nothing_is_lost)
{
	unsigned got = 0, written = 0;

	typed = 0;
	CHECK(begin());
	model.meanwhile = meanwhile;
	for (unsigned step = 0; step < 15000; step++) {
		unsigned char part[64];
		unsigned      count = dice(sizeof(part)) + 1;

		switch (dice(5)) {
		case 0:
			for (; count && model.in_count < model.kind->receives; count--)
				model_type(&model, pattern(typed++), 0);
			break;
		case 1:
			count = line_read(&model.line, part, count);
			for (unsigned i = 0; i < count; i++)
				CHECK_EQ(part[i], pattern(got++));
			break;
		case 2:
			for (unsigned i = 0; i < count; i++)
				part[i] = pattern(written + i);
			written += line_write(&model.line, part, count);
			break;
		case 3:
			model_leave(&model, count);
			break;
		default:
			CHECK(model_run(&model, RUN));
		}
	}
	model.meanwhile = NULL;
	for (unsigned i = 0; i < 1000; i++) {
		unsigned char byte;

		model_leave(&model, 1);
		CHECK(model_run(&model, RUN));
		if (line_read(&model.line, &byte, 1))
			CHECK_EQ(byte, pattern(got++));
	}
	CHECK_EQ(got, typed);
	CHECK_EQ(model.out_count, written);
	for (unsigned i = 0; i < written; i++)
		CHECK_EQ(model.out[i], pattern(i));
	CHECK(typed > 1000 && written > 1000 && written < MODEL_OUT);
	CHECK_EQ(model.lost, 0);
	CHECK_EQ(model.uart.errors.overrun, 0);
}


DEVICE_TEST(who_wrote_too_much_hears_of_room)
{
	unsigned char part[SHOWN + 100] = { 0 };
	unsigned      all = 0, taken;

	CHECK(begin());
	CHECK_EQ(line_write(&model.line, part, SHOWN), SHOWN);
	for (unsigned i = 0; i < SHOWN; i++) {
		model_leave(&model, 1);
		CHECK(model_run(&model, RUN));
	}
	CHECK_EQ(model.news, 0);
	while ((taken = line_write(&model.line, part, sizeof(part))))
		all += taken;
	CHECK(all >= SHOWN);
	for (unsigned i = 0; i < all; i++) {
		model.news = 0;
		model_leave(&model, 1);
		CHECK(model_run(&model, RUN));
		if (model.news)
			break;
		CHECK(model.line.shown.used > SHOWN / 2);
	}
	CHECK_EQ(model.news, LINE_WRITABLE);
	CHECK(model.line.shown.used <= SHOWN / 2);
	model.news = 0;
	model_leave(&model, all);
	CHECK(model_run(&model, RUN));
	CHECK_EQ(model.news, 0);
}


/* The device keeps what its client does not want yet, and interrupts for it no more. */
DEVICE_TEST(who_does_not_read_holds_the_others_back)
{
	unsigned char text[TYPED + MODEL_FIFO];
	unsigned      got = 0;

	typed = 0;
	CHECK(begin());
	for (unsigned i = 0; i < 2 * TYPED; i++) {
		model_leave(&model, 0);
		CHECK(model_run(&model, RUN));
		if (model.in_count < model.kind->receives)
			model_type(&model, pattern(typed++), 0);
	}
	CHECK_EQ(typed, TYPED + model.kind->receives);
	CHECK(!model.kind->irq(&model));
	CHECK_EQ(model.uart.errors.overrun, 0);
	CHECK(!model_type(&model, 'x', 0));

	for (unsigned i = 0; i < 10 && got < typed; i++) {
		got += line_read(&model.line, text + got, (unsigned)sizeof(text) - got);
		model_leave(&model, 0);
		CHECK(model_run(&model, RUN));
	}
	CHECK_EQ(got, typed);
	for (unsigned i = 0; i < got; i++)
		CHECK_EQ(text[i], pattern(i));
	CHECK_EQ(model.uart.errors.overrun, 1);
}


DEVICE_TEST(errors_are_counted_and_not_delivered)
{
	static unsigned const kinds[] = { 0, MODEL_FRAMING, 0, MODEL_PARITY, MODEL_BREAK,
	                                  MODEL_FRAMING | MODEL_PARITY, 0, MODEL_FRAMING };
	unsigned char text[16];

	CHECK(begin());
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		CHECK(model_type(&model, (unsigned char)i, kinds[i]));
		if (i % 2 || model.kind->receives == 1) {
			model_leave(&model, 0);
			CHECK(model_run(&model, RUN));
		}
	}
	CHECK_EQ(line_read(&model.line, text, sizeof(text)), 3);
	CHECK(text[0] == 0 && text[1] == 2 && text[2] == 6);
	CHECK_EQ(model.uart.errors.framing, 3);
	CHECK_EQ(model.uart.errors.parity, 1);
	CHECK_EQ(model.uart.errors.breaks, 1);
	CHECK_EQ(model.uart.errors.overrun, 0);
}


/* Whoever looks whether it can send sees the errors of what has come, too. */
DEVICE_TEST(errors_are_not_missed_by_sending)
{
	unsigned char text[16];

	CHECK(begin());
	CHECK(model_type(&model, 'x', MODEL_FRAMING));
	line_write(&model.line, "y", 1);
	model_leave(&model, 1);
	CHECK(model_run(&model, RUN));
	CHECK_EQ(line_read(&model.line, text, sizeof(text)), 0);
	CHECK_EQ(model.uart.errors.framing, 1);
	CHECK_EQ(model.out[0], 'y');
}


DEVICE_TEST(who_does_not_read_hears_of_it_once)
{
	unsigned char text[16];

	CHECK(begin());
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 5; i++) {
			model.news = 0;
			model_type(&model, 'x', 0);
			model_leave(&model, 0);
			CHECK(model_run(&model, RUN));
			CHECK_EQ(model.news, i ? 0 : LINE_READABLE);
		}
		CHECK_EQ(line_read(&model.line, text, sizeof(text)), 5);
	}
}


/*
 * Clients
 */

DEVICE_TEST(one_client_at_a_time)
{
	CHECK(begin());
	CHECK(open_line() == BY_LIMIT);
	line_close(&model.line);
	CHECK(open_line() == BY_OK);
}


DEVICE_TEST(what_a_client_has_written_is_sent_before_that_of_the_next)
{
	unsigned char part[200];
	unsigned      sent = 0;

	CHECK(begin());
	for (unsigned client = 0; client < 3; client++) {
		memset(part, 'a' + (int)client, sizeof(part));
		CHECK_EQ(line_write(&model.line, part, sizeof(part)), sizeof(part));
		model_leave(&model, 30);
		CHECK(model_run(&model, RUN));
		line_close(&model.line);
		memset(shown_of, '!', sizeof(shown_of));
		CHECK(open_line() == BY_OK);
		model_leave(&model, 30);
		CHECK(model_run(&model, RUN));
	}
	line_close(&model.line);
	for (unsigned i = 0; i < 1000; i++) {
		model_leave(&model, 1);
		CHECK(model_run(&model, RUN));
	}
	CHECK_EQ(model.out_count, 3 * sizeof(part));
	for (; sent < model.out_count; sent++)
		CHECK_EQ(model.out[sent], 'a' + sent / sizeof(part));
	CHECK_EQ(model.line.forgotten, 0);
	CHECK(!model.line.sending);
}


/* Whoever comes and goes again and again cannot fill more than there is. */
DEVICE_TEST(what_cannot_be_kept_is_counted)
{
	unsigned char part[200] = { 0 };
	unsigned      taken = 0;

	CHECK(begin());
	for (unsigned client = 0; client < 2 * LINE_REST / sizeof(part); client++) {
		taken += line_write(&model.line, part, sizeof(part));
		line_close(&model.line);
		CHECK(open_line() == BY_OK);
	}
	line_close(&model.line);
	for (unsigned i = 0; i < 2 * LINE_REST; i++) {
		model_leave(&model, 1);
		CHECK(model_run(&model, RUN));
	}
	CHECK(model.line.forgotten > 0);
	CHECK_EQ(model.out_count + model.line.forgotten, taken);
}


/* Not even by the next one. */
DEVICE_TEST(what_was_typed_for_one_is_read_by_nobody_else)
{
	unsigned char text[16];

	CHECK(begin());
	model_type(&model, 's', 0);
	model_leave(&model, 0);
	CHECK(model_run(&model, RUN));
	line_close(&model.line);
	CHECK(model_run(&model, RUN));
	for (unsigned i = 0; i < 100; i++) {
		model_type(&model, 'e', 0);
		model_leave(&model, 0);
		CHECK(model_run(&model, RUN));
	}
	CHECK(open_line() == BY_OK);
	CHECK_EQ(line_read(&model.line, text, sizeof(text)), 0);
	model_type(&model, 'n', 0);
	model_leave(&model, 0);
	CHECK(model_run(&model, RUN));
	CHECK_EQ(line_read(&model.line, text, sizeof(text)), 1);
	CHECK_EQ(text[0], 'n');
}


/*
 * Devices gone wrong
 */

/* Whatever all registers say for ever, nothing takes longer than so many accesses. */
DEVICE_TEST(nothing_waits_for_the_device)
{
	unsigned char part[SHOWN] = { 0 };

	for (int bit = 0; bit < 0x1000; bit = bit ? bit * 2 : 1) {
		for (unsigned inverted = 0; inverted < 2; inverted++) {
			model_init(&model, model.kind);
			CHECK(begin());
			model.stuck    = inverted ? bit ^ 0xfff : bit;
			model.accesses = 0;
			line_work(&model.line);
			line_listen(&model.line);
			line_write(&model.line, part, sizeof(part));
			line_work(&model.line);
			line_listen(&model.line);
			line_read(&model.line, part, sizeof(part));
			line_close(&model.line);
			model.kind->device->idle(&model.uart);
			CHECK(model.accesses < 4 * LINE_PART + 100);
		}
	}
}


/* Interrupts for nothing are noticed; one for something ends that. */
DEVICE_TEST(storms_are_noticed)
{
	CHECK(begin());
	for (unsigned i = 0; i < LINE_IDLE; i++) {
		CHECK(!line_storms(&model.line));
		line_work(&model.line);
		line_listen(&model.line);
	}
	CHECK(line_storms(&model.line));
	line_work(&model.line);
	CHECK(line_storms(&model.line));
	model_type(&model, 'x', dice(2) ? MODEL_FRAMING : 0);
	line_work(&model.line);
	CHECK(!line_storms(&model.line));
}


/*
 * Buffers
 */

TEST(buffers_are_first_in_first_out)
{
	unsigned char      memory[7], part[8];
	struct uart_buffer buffer = { .base = memory, .size = sizeof(memory) };
	struct uart_buffer none   = { .base = NULL };
	unsigned char const *data;
	unsigned           in = 0, out = 0;

	seed = 3;
	for (unsigned i = 0; i < 10000; i++) {
		unsigned size = dice(sizeof(part) + 1);

		if (dice(2)) {
			for (unsigned k = 0; k < size; k++)
				part[k] = pattern(in + k);
			unsigned const room = uart_buffer_room(&buffer);
			unsigned const put  = uart_buffer_put(&buffer, part, size);
			CHECK_EQ(put, size < room ? size : room);
			in += put;
		} else {
			unsigned const used = buffer.used;
			size = uart_buffer_get(&buffer, part, size);
			CHECK(size <= used);
			for (unsigned k = 0; k < size; k++)
				CHECK_EQ(part[k], pattern(out++));
		}
		CHECK_EQ(buffer.used, in - out);
	}
	CHECK_EQ(uart_buffer_put(&none, part, 3), 0);
	CHECK_EQ(uart_buffer_get(&none, part, 3), 0);
	CHECK_EQ(uart_buffer_peek(&none, &data), 0);
}


/*
 * Configurations
 */

static struct uart_config config;
static char               mistake[UART_MISTAKE];


static by_status_t configure(struct model_kind const *kind, char const *attributes)
{
	char               text[300];
	struct by_hid_node top;

	size_t const size = by_format(text, sizeof(text), "config | %s\n-\n", attributes);

	mistake[0] = 0;
	by_status_t const status = by_hid_open((struct by_hid_span){ text, size }, &top);

	return status == BY_OK ? uart_config_read(&top, kind->device, &config, mistake) : status;
}


TEST(configurations_are_read)
{
	CHECK(configure(&model_16550, "io_port: 0x3f8 | irq: 4 | clock: 1843200") == BY_OK);
	CHECK(config.ports && config.base == 0x3f8 && config.irq == 4 && config.clock == 1843200);
	CHECK(config.baud == 115200 && !config.columns && !config.rows);
	CHECK(configure(&model_16550, "baud: 9600 | io_mem: 0x10000000 | irq: 10 | clock: 3686400 "
	                "| columns: 132 | rows: 50") == BY_OK);
	CHECK(!config.ports && config.base == 0x10000000 && config.irq == 10);
	CHECK(config.baud == 9600 && config.columns == 132 && config.rows == 50);
	CHECK(configure(&model_pl011, "io_mem: 0x09000000 | irq: 33 | clock: 24000000") == BY_OK);
	CHECK_STR(mistake, "");
}


/* What is said about each, and that nothing else happens. */
TEST(mistakes_are_told_with_their_place)
{
	static struct { char const *attributes, *mistake; } const wrong[] = {
		{ "irq: 4 | clock: 1843200",
		  "config: there must be one of the attributes 'io_port' and 'io_mem'" },
		{ "io_port: 0x3f8 | io_mem: 0x1000 | irq: 4 | clock: 1843200",
		  "config: there must be one of the attributes 'io_port' and 'io_mem'" },
		{ "io_port: 0xfff9 | irq: 4 | clock: 1843200",
		  "config, attribute 'io_port': '0xfff9' is no number from 1 to 65528" },
		{ "io_port: com1 | irq: 4 | clock: 1843200",
		  "config, attribute 'io_port': 'com1' is no number from 1 to 65528" },
		{ "io_mem: 0xffffffffffffffff | irq: 4 | clock: 1843200",
		  "config, attribute 'io_mem': '0xffffffffffffffff' is no number from 1 to "
		  "18446744073709551607" },
		{ "io_port: 0x3f8 | clock: 1843200", "config: the attribute 'irq' is missing" },
		{ "io_port: 0x3f8 | irq: 4", "config: the attribute 'clock' is missing" },
		{ "io_port: 0x3f8 | irq: four | clock: 1843200",
		  "config, attribute 'irq': 'four' is no number from 0 to 4294967295" },
		{ "io_port: 0x3f8 | irq: 0x100000000 | clock: 1843200",
		  "config, attribute 'irq': '0x100000000' is no number from 0 to 4294967295" },
		{ "io_port: 0x3f8 | irq: 4 | clock: 0",
		  "config, attribute 'clock': '0' is no number from 1 to 4294967295" },
		{ "io_port: 0x3f8 | irq: 4 | clock: 1843200 | baud: 0",
		  "config, attribute 'baud': '0' is no number from 1 to 4294967295" },
		{ "io_port: 0x3f8 | irq: 4 | clock: 1843200 | rows: -1",
		  "config, attribute 'rows': '-1' is no number from 0 to 4294967295" },
		{ "io_port: 0x3f8 | irq: 4 | clock: 1843200 | columns: "
		  "12345678901234567890123456789012345678901234567890",
		  "config, attribute 'columns': '1234567890123456789012345678901234567890' is no "
		  "number from 0 to 4294967295" },
		{ "io_port: 0x3f8 | irq: 4 | clock: 1843200 | baud: 100000",
		  "config, attribute 'baud': 100000 cannot be made from the clock of 1843200 Hz" },
		{ "io_port: 0x3f8 | irq: 4 | clock: 1843200 | baud: 4294967295",
		  "config, attribute 'baud': 4294967295 cannot be made from the clock of 1843200 Hz" },
		{ "io_port: 0x3f8 | irq: 4 | clock: 4294967295 | baud: 1",
		  "config, attribute 'baud': 1 cannot be made from the clock of 4294967295 Hz" },
	};

	config.baud = 77;
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		CHECK(configure(&model_16550, wrong[i].attributes) == BY_INVALID);
		CHECK_STR(mistake, wrong[i].mistake);
		CHECK_EQ(config.baud, 77);
	}
	CHECK(configure(&model_pl011, "io_mem: 0x09000000 | irq: 33 | clock: 24000000 | baud: 2000000")
	      == BY_INVALID);
	CHECK_STR(mistake,
	          "config, attribute 'baud': 2000000 cannot be made from the clock of 24000000 Hz");
}


/* Rates that people use can be made, to three percent. */
TEST(baud_rates)
{
	static unsigned const possible[] = { 50, 300, 1200, 9600, 19200, 38400, 57600, 115200 };

	for (unsigned i = 0; i < sizeof(possible) / sizeof(possible[0]); i++) {
		struct uart_config rate = { .clock = 1843200, .baud = possible[i] };

		CHECK(model_16550.device->possible(&rate));
		rate.clock = 24000000;
		CHECK(model_pl011.device->possible(&rate));
		rate.baud = 230400;
		rate.clock = 1843200;
		CHECK(!model_16550.device->possible(&rate));
	}
}
