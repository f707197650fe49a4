/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Models of UARTs, made from their data sheets and not from the drivers, with the line on one
 * side, and an interrupt controller and the driver on the other.
 *
 *      wire ──model_type──> [receive FIFO] ──registers──> driver
 *      wire <──model_leave── [send FIFO] <──registers──
 *                         interrupt ──> model_run() ──> line_work(), line_listen()
 */
#ifndef MODEL_H
#define MODEL_H

#include "../line.h"

enum { MODEL_OUT = 1 << 17, MODEL_FIFO = 32 };

/** What is wrong with a character that arrives. */
enum { MODEL_FRAMING = 1, MODEL_PARITY = 2, MODEL_BREAK = 4, MODEL_OVERRUN = 8 };

struct model;

/** What differs between the devices. */
struct model_kind {
	char const               *name;
	struct uart_device const *device;    /* the driver */
	struct uart_config        config;
	unsigned                  receives, sends; /* what its FIFOs hold */
	bool                      edge;      /* how its interrupt is delivered */
	void     (*reset)(struct model *model);
	uint32_t (*read)(struct model *model, unsigned offset);
	void     (*write)(struct model *model, unsigned offset, uint32_t value);
	bool     (*irq)(struct model const *model);
	void     (*sent)(struct model *model);   /* a character has left */
	bool     (*ready)(struct model const *model); /* it is on, with eight bits, at 115200 */
};

/** A device, and what is around it. */
struct model {
	struct model_kind const *kind;
	struct uart              uart;
	struct line              line;
	uint32_t                 reg[64];       /* that the model keeps; 16550: and the divisor */
	uint32_t                 divisor[2];
	struct { unsigned char byte; unsigned wrong; } in[MODEL_FIFO];
	unsigned                 in_count;
	unsigned char            tx[MODEL_FIFO];
	unsigned                 tx_count;
	bool                     timed_out;     /* what came waits for long enough */
	bool                     tx_event;      /* the cause of a transmit interrupt */
	bool                     overran;
	unsigned                 lost;          /* written although there was no room */
	unsigned char            out[MODEL_OUT]; /* on the wire */
	unsigned                 out_count;
	unsigned                 accesses;
	unsigned                 interrupts;
	unsigned                 news;          /* for the client, since the test looked last */
	bool                     masked, level, pending;
	void                   (*meanwhile)(struct model *model); /* before each access, or NULL */
	int                      stuck;         /* what all registers answer; -1: what they should */
};

extern struct model_kind const model_16550, model_16450, model_16550_level, model_pl011;

/** All of them. */
extern struct model_kind const *const model_kinds[];
extern unsigned const                 model_kinds_count;

/** A machine with the device in the state that it has after power on. */
void model_init(struct model *model, struct model_kind const *kind);

/** The driver begins, as uart_serve() does. False: it finds no device. */
bool model_start(struct model *model);

/** A character arrives, with what is wrong with it (MODEL_...). Whether there was room. */
bool model_type(struct model *model, unsigned char byte, unsigned wrong);

/** Time passes: characters wait, and 'count' leave. */
void model_leave(struct model *model, unsigned count);

/** Deliver interrupts until there are none; false if there are more than 'most'. */
bool model_run(struct model *model, unsigned most);

/** The level of the interrupt may have changed. */
void model_update(struct model *model);

/** Take the oldest character out of the receive FIFO. */
void model_pop(struct model *model);

/** Put a character into the send FIFO. */
void model_push(struct model *model, uint32_t value);

#endif
