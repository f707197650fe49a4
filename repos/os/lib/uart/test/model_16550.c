/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A model of the 16550 (National PC16550D data sheet, June 1995, section 8), and of the
 * 16450, which has no FIFOs.
 */
#include "model.h"

enum { RBR = 0, IER = 1, IIR = 2, FCR = 2, LCR = 3, MCR = 4, LSR = 5, MSR = 6, SCR = 7 };
enum { IER_RECEIVE = 1, IER_SEND = 2, IER_LINE = 4, LCR_DLAB = 0x80, MCR_OUT2 = 8, MCR_LOOP = 16 };

extern struct uart_device const uart_16550;


static bool has_fifos(struct model const *model)
{
	return model->kind->sends > 1;
}


static void reset(struct model *model)
{
	model->reg[MSR] = 0xb0;
}


/* Errors are shown with the character to come, and in the status only once. */
static uint32_t line_errors(struct model const *model)
{
	unsigned const wrong = model->in_count ? model->in[0].wrong : 0;

	return (model->overran ? 2u : 0) | (wrong & MODEL_PARITY ? 4u : 0)
	       | (wrong & (MODEL_FRAMING | MODEL_BREAK) ? 8u : 0) | (wrong & MODEL_BREAK ? 0x10u : 0);
}


static unsigned trigger(struct model const *model)
{
	static unsigned const levels[] = { 1, 4, 8, 14 };

	return model->reg[FCR] & 1 ? levels[model->reg[FCR] >> 6] : 1;
}


/* The cause of the highest priority (table IV). */
static uint32_t cause(struct model const *model)
{
	uint32_t const enabled = model->reg[IER];

	if (enabled & IER_LINE && line_errors(model))
		return 6;
	if (enabled & IER_RECEIVE && model->in_count >= trigger(model))
		return 4;
	if (enabled & IER_RECEIVE && model->timed_out)
		return 12;
	if (enabled & IER_SEND && model->tx_event)
		return 2;

	return 1;
}


static bool irq(struct model const *model)
{
	return model->reg[MCR] & MCR_OUT2 && cause(model) != 1;
}


static uint32_t read_cause(struct model *model)
{
	uint32_t const now = cause(model);

	if (now == 2)
		model->tx_event = false;

	return now | (model->reg[FCR] & 1 && has_fifos(model) ? 0xc0 : 0);
}


static uint32_t read_status(struct model *model)
{
	uint32_t const status = (model->in_count ? 1u : 0) | line_errors(model)
	                        | (model->tx_count ? 0 : 0x60u);

	model->overran = false;
	if (model->in_count)
		model->in[0].wrong = 0;

	return status;
}


static uint32_t read(struct model *model, unsigned offset)
{
	uint32_t byte = 0;

	if (offset < 2 && model->reg[LCR] & LCR_DLAB)
		return model->divisor[offset];

	switch (offset) {
	case RBR:
		byte = model->in_count ? model->in[0].byte : 0;
		model_pop(model);
		return byte;
	case IIR: return read_cause(model);
	case LSR: return read_status(model);
	default:  return model->reg[offset & 7];
	}
}


static void write_fifo(struct model *model, uint32_t value)
{
	model->reg[FCR] = has_fifos(model) ? value : 0;
	if (value & 2)
		model->in_count = model->timed_out = 0;
	if (value & 4)
		model->tx_count = 0;
}


static void write_send(struct model *model, uint32_t value)
{
	if (model->reg[MCR] & MCR_LOOP) {
		model_type(model, (unsigned char)value, 0);
		return;
	}
	model_push(model, value);
	model->tx_event = false;
}


static void write(struct model *model, unsigned offset, uint32_t value)
{
	if (offset < 2 && model->reg[LCR] & LCR_DLAB) {
		model->divisor[offset] = value;
	} else if (offset == RBR) {
		write_send(model, value);
	} else if (offset == FCR) {
		write_fifo(model, value);
	} else if (offset == IER) {
		model->tx_event |= value & ~model->reg[IER] & IER_SEND && !model->tx_count;
		model->reg[IER] = value & 15;
	} else if (offset != LSR && offset != MSR) {
		model->reg[offset & 7] = value;
	}
}


static void sent(struct model *model)
{
	model->tx_event |= !model->tx_count;
}


static bool ready(struct model const *model)
{
	return model->reg[LCR] == 3 && model->divisor[0] == 1 && !model->divisor[1]
	       && (model->reg[MCR] & 0x1b) == 0xb && !model->reg[IER];
}


#define KIND(kind_name, depth, with_edge) { \
	.name = kind_name, .device = &uart_16550, \
	.config = { .ports = true, .base = 0x3f8, .irq = 4, .clock = 1843200, .baud = 115200 }, \
	.receives = depth, .sends = depth, .edge = with_edge, \
	.reset = reset, .read = read, .write = write, .irq = irq, .sent = sent, .ready = ready }

struct model_kind const model_16550       = KIND("16550", 16, true);
struct model_kind const model_16450       = KIND("16450", 1, true);
struct model_kind const model_16550_level = KIND("16550, level", 16, false);
