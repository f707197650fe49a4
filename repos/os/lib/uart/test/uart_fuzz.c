/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Drivers of UARTs whose devices answer what the input says.
 *
 * The input's first character chooses the driver; then come what client and interrupt do,
 * and behind each the answers of the device's registers, in turn. Whatever those are, each
 * thing that is done takes a bounded number of accesses, nothing is written beyond buffers,
 * and what goes into the device's data register is what clients have written, in order and
 * once.
 */
#include "../line.h"
#include "../../../../../base/test/canary.h"
#include "require.h"
#include <by/mem.h>
#include <stdlib.h>

enum { TYPED = 64, SHOWN = 96, STREAM = 1 << 16, ACCESSES = 2 * LINE_PART + 2 * 32 + 16 };

extern struct uart_device const uart_16550, uart_pl011;

static struct line    line;
static struct uart    uart;
static uint8_t const *answers;
static size_t         answers_left, answer;
static unsigned       accesses;
static bool           running;              /* the device was initialised */
static unsigned char  stream[STREAM];       /* what clients have written and was taken */
static unsigned       written, sent, received, restarts;


static uint32_t read(struct uart *self, unsigned offset)
{
	(void)self, (void)offset;
	accesses++;
	if (!answers_left)
		return 0;

	uint32_t const low  = answers[answer++ % answers_left];
	uint32_t const high = answers[answer++ % answers_left];

	return low | high << 8;
}


/* Registers for data are the first ones of both devices. */
static void write(struct uart *self, unsigned offset, uint32_t value)
{
	(void)self;
	accesses++;
	REQUIRE(offset < line.device->window);
	if (!running || offset)
		return;

	REQUIRE(sent < written);
	REQUIRE(stream[sent % STREAM] == (unsigned char)value);
	sent++;
}


static unsigned char next_byte(unsigned i)
{
	return (unsigned char)(i * 13 + i / 256);
}


static void client_comes(void)
{
	static unsigned char typed[TYPED], shown[SHOWN];
	bool const           taken = line.taken;

	by_status_t const status = line_open(&line,
		(struct uart_buffer){ .base = typed, .size = TYPED },
		(struct uart_buffer){ .base = shown, .size = SHOWN });

	REQUIRE(status == (taken ? BY_LIMIT : BY_OK));
}


/* What did not fit is the newest. */
static void client_goes(void)
{
	uint64_t const forgotten = line.forgotten;

	line_close(&line);
	written -= (unsigned)(line.forgotten - forgotten);
	restarts++;
}


static void client_writes(unsigned size)
{
	unsigned char data[256];

	for (unsigned i = 0; i < size; i++)
		stream[(written + i) % STREAM] = data[i] = next_byte(written + i);

	/* it may leave at once, so it must be there before it is known how much was taken */
	unsigned const before = written;
	unsigned const room   = line.taken ? uart_buffer_room(&line.shown) : 0;

	written += size < room ? size : room;
	unsigned const taken = line_write(&line, data, size);
	REQUIRE(taken == written - before);
}


static void client_reads(unsigned size)
{
	unsigned char data[256];

	received += line_read(&line, data, size);
}


static void interrupt(void)
{
	unsigned const news = line_work(&line);

	REQUIRE(!(news & LINE_READABLE) || line.typed.used);
	line_listen(&line);
}


/* An action, a number, and how many answers follow. */
static size_t step(uint8_t const *data, size_t size)
{
	if (size < 3)
		return size;

	answers      = data + 3;
	answers_left = data[2] % 32 < size - 3 ? data[2] % 32 : size - 3;
	answer       = 0;
	accesses     = 0;
	switch (data[0] % 8) {
	case 0: client_comes(); break;
	case 1: client_goes(); break;
	case 2: client_writes(data[1]); break;
	case 3: client_reads(data[1]); break;
	case 4: (void)line.device->idle(&uart); break;
	default: interrupt();
	}
	REQUIRE(accesses <= ACCESSES);
	REQUIRE(line.typed.used <= line.typed.size && line.shown.used <= line.shown.size);
	REQUIRE(line.rest.used + line.shown.used + sent == written);

	return 3 + answers_left;
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	struct uart_config const config = { .clock = 24000000, .baud = 9600 };

	if (!size)
		return 0;

	struct uart_device const *const device = data[0] & 1 ? &uart_pl011 : &uart_16550;

	running = false;
	written = sent = received = restarts = 0;
	accesses = 0;
	answers      = data + 1;
	answers_left = size - 1 < 16 ? size - 1 : 16;
	answer       = 0;
	uart = (struct uart){ .read = read, .write = write };
	line_init(&line, device, &uart);
	(void)device->present(&uart);
	device->init(&uart, &config);
	line_listen(&line);
	REQUIRE(accesses <= 64);
	running = true;
	for (size_t at = 1 + answers_left; at < size; )
		at += step(data + at, size - at);

	struct uart_errors const *const errors = &uart.errors;

	canary(received > 8 && sent > 16 && restarts && errors->framing && errors->breaks
	       && errors->overrun);

	return 0;
}
