/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The 8042 controller and the keyboard behind it (IBM PS/2 Hardware Interface Technical
 * Reference, keyboard and auxiliary device controller). It translates to scan code set 1.
 */
#include "device.h"
#include <keys.h>

enum {
	TRIES   = 20000,       /* of waiting: the self test takes some milliseconds */
	FLUSH   = 32,          /* bytes that can be left from before */
	NOTHING = 0xff,        /* what a bus reads like that nobody drives */
	MODE    = MODE_SYSTEM | MODE_SECOND_OFF | MODE_TRANSLATE,
};

static struct keys keys;

/** What a key has sent that there was no room for. */
static struct { char bytes[KEYS_MAX]; unsigned used, taken; } rest;


static unsigned status(struct uart *uart)
{
	return uart->read(uart, STATUS) & 0xff;
}


/** Wait until it takes a byte, and write it; false if it never does. */
static bool put(struct uart *uart, unsigned offset, unsigned char byte)
{
	for (unsigned i = 0; i < TRIES; i++) {
		if (status(uart) & STATUS_INPUT)
			continue;
		uart->write(uart, offset, byte);
		return true;
	}

	return false;
}


/** The answer to a command, from 0 to 0xff; -1 if none comes. */
static int answer(struct uart *uart)
{
	for (unsigned i = 0; i < TRIES; i++)
		if (status(uart) & STATUS_OUTPUT)
			return (int)(uart->read(uart, DATA) & 0xff);

	return -1;
}


static void flush(struct uart *uart)
{
	for (unsigned i = 0; i < FLUSH && status(uart) & STATUS_OUTPUT; i++)
		uart->read(uart, DATA);
}


static bool passes(struct uart *uart, unsigned char test, int expected)
{
	return put(uart, COMMAND, test) && answer(uart) == expected;
}


/* There may be no controller, one without a keyboard's port, or one that never answers. */
static bool present(struct uart *uart)
{
	if (status(uart) == NOTHING || !put(uart, COMMAND, KEYBOARD_OFF)
	    || !put(uart, COMMAND, SECOND_OFF))
		return false;

	flush(uart);

	return passes(uart, TEST, TEST_PASSED) && passes(uart, TEST_KEYBOARD, KEYBOARD_TEST_PASSED);
}


static bool possible(struct uart_config const *config)
{
	(void)config;

	return true;
}


static bool idle(struct uart *uart)
{
	return !(status(uart) & STATUS_INPUT);
}


static void set_mode(struct uart *uart, unsigned mode)
{
	if (put(uart, COMMAND, WRITE_MODE))
		put(uart, DATA, (unsigned char)mode);
}


static void init(struct uart *uart, struct uart_config const *config)
{
	(void)config;
	set_mode(uart, MODE);
	put(uart, COMMAND, KEYBOARD_ON);
	put(uart, DATA, KEYBOARD_SCAN);
	answer(uart); /* it says that it has understood, or there is no keyboard */
	flush(uart);
}


static unsigned take_rest(unsigned char *to, unsigned room)
{
	unsigned count = 0;

	while (count < room && rest.taken < rest.used)
		to[count++] = (unsigned char)rest.bytes[rest.taken++];

	return count;
}


/* Codes of keys that send nothing take no room, so there is a bound of their own. */
static unsigned receive(struct uart *uart, unsigned char *to, unsigned room)
{
	unsigned count = take_rest(to, room);

	for (unsigned i = 0; i < room && count < room; i++) {
		unsigned const now = status(uart);
		if (!(now & STATUS_OUTPUT) || now == NOTHING)
			break;
		unsigned char const code = (unsigned char)uart->read(uart, DATA);
		if (now & STATUS_SECOND)
			continue; /* a mouse's */
		rest.used  = keys_code(&keys, code, rest.bytes);
		rest.taken = 0;
		count += take_rest(to + count, room - count);
	}

	return count;
}


static unsigned send(struct uart *uart, unsigned char const *from, unsigned size)
{
	(void)uart, (void)from;

	return size;
}


/* When interrupts are switched on, what is there already makes one. */
static void enable(struct uart *uart, bool receiving, bool sending)
{
	(void)sending;
	set_mode(uart, MODE | (receiving ? MODE_INTERRUPT : 0u));
}


struct uart_device const ps2_keyboard = {
	.window = REGISTERS, .width = 1, .clockless = true, .possible = possible,
	.present = present, .idle = idle, .init = init, .receive = receive, .send = send,
	.enable = enable,
};
