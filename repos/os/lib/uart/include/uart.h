/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UARTs as drivers at user level: what is the same for all of them, and what a device's
 * driver adds.
 *
 *      client ──Terminal──> serve.c ──> line.c ──> struct uart_device ──> registers
 *                              ^                                             │
 *                              └──────────────── interrupt ──────────────────┘
 *
 * A driver component consists of a struct uart_device and calls uart_serve().
 */
#ifndef UART_H
#define UART_H

#include <by/env.h>
#include <by/hid.h>

enum { UART_MISTAKE = 160 };

/** Where the device is and how it is to work: the component's configuration. */
struct uart_config {
	bool     ports;         /* it has I/O ports, not registers in memory */
	uint64_t base;
	uint32_t irq;
	uint32_t clock;         /* Hz, that the baud rate is made from */
	uint32_t baud;
	uint32_t columns, rows; /* of the terminal behind the line; 0: unknown */
};

/** What went wrong on the line, and how often. */
struct uart_errors {
	uint64_t overrun; /* the device had no room for a character */
	uint64_t framing; /* no stop bit */
	uint64_t parity;
	uint64_t breaks;  /* the line was held */
};

/** A device: its registers, which can be those of a model, and what its driver knows of it. */
struct uart {
	uint32_t         (*read)(struct uart *uart, unsigned offset);
	void             (*write)(struct uart *uart, unsigned offset, uint32_t value);
	void              *window;  /* behind the two: the registers */
	uint64_t           base;
	unsigned           depth;   /* characters that the transmitter takes when it is empty */
	unsigned           pending; /* error bits that were seen with the character to come */
	struct uart_errors errors;
};

/**
 * A kind of device. Nothing that it answers is believed: each function accesses a bounded
 * number of registers, whatever they hold.
 */
struct uart_device {
	unsigned window; /* bytes that the registers take */
	unsigned width;  /* bytes of a register, if they are in memory: 1 or 4 */
	bool     clockless; /* it makes no baud rate: the attribute 'clock' is not needed */

	/* Whether the baud rate can be made from the clock, to three percent. */
	bool (*possible)(struct uart_config const *config);

	/* Whether the device is there. Switches its interrupts off. */
	bool (*present)(struct uart *uart);

	/* Whether nothing is being sent. */
	bool (*idle)(struct uart *uart);

	/* Begin anew, with eight bits and no parity; interrupts stay off. */
	void (*init)(struct uart *uart, struct uart_config const *config);

	/* Take what has come, 'room' characters at most; those with errors are only counted. */
	unsigned (*receive)(struct uart *uart, unsigned char *to, unsigned room);

	/* Send what it takes now, from the front on; how many. */
	unsigned (*send)(struct uart *uart, unsigned char const *from, unsigned size);

	/* Interrupt if there is something to receive, and if there is room to send. */
	void (*enable)(struct uart *uart, bool receive, bool send);
};

/**
 * Read a configuration. 'mistake' gets a line that says what is wrong, and where.
 * Errors: BY_INVALID.
 */
BY_MUST_USE by_status_t uart_config_read(struct by_hid_node const *node,
                                         struct uart_device const *device,
                                         struct uart_config *config, char mistake[UART_MISTAKE]);

/** Open the registers. Gives: uart. Errors: those of IO_MEM and IO_PORT sessions. */
BY_MUST_USE by_status_t uart_registers_open(struct by_env *env, struct uart *uart,
                                            struct uart_device const *device,
                                            struct uart_config const *config);

/** Close what uart_registers_open() gave. Takes: uart. */
void uart_registers_close(struct by_env *env, struct uart *uart);

/**
 * Be the driver that the component's configuration describes: provide Terminal. Ends the
 * component, after saying why, if that is not possible. Keeps: env, device.
 */
void uart_serve(struct by_env *env, struct uart_device const *device);

#endif
