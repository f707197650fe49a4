/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A model of Arm's PL011 (ARM DDI 0183, chapters 2 and 3).
 */
#include "model.h"

/* Registers, by their numbers. */
enum { DR = 0, FR = 6, IBRD = 9, FBRD = 10, LCRH = 11, CR = 12, IFLS = 13, IMSC = 14, RIS = 15,
       ICR = 17, DMACR = 18 };
enum { INT_RECEIVE = 1 << 4, INT_SEND = 1 << 5, INT_TIMEOUT = 1 << 6 };

extern struct uart_device const uart_pl011;


static void reset(struct model *model)
{
	model->reg[CR]   = 0x300;
	model->reg[IFLS] = 0x12;
}


static unsigned level(struct model const *model, unsigned shift)
{
	static unsigned const levels[8] = { 4, 8, 16, 24, 28, 28, 28, 28 };

	return model->reg[LCRH] & 0x10 ? levels[model->reg[IFLS] >> shift & 7] : 1;
}


static uint32_t raw(struct model const *model)
{
	return (model->in_count >= level(model, 3) ? INT_RECEIVE : 0u)
	       | (model->timed_out ? INT_TIMEOUT : 0u) | (model->tx_event ? INT_SEND : 0u);
}


static bool irq(struct model const *model)
{
	return raw(model) & model->reg[IMSC];
}


/* An overrun is told with the first character that has room again. */
static uint32_t read_data(struct model *model)
{
	unsigned const wrong = model->in_count ? model->in[0].wrong : 0;
	uint32_t const data  = model->in_count ? model->in[0].byte : 0;
	bool const     over  = model->overran;

	model_pop(model);
	model->overran = false;

	return data | (wrong & (MODEL_FRAMING | MODEL_BREAK) ? 1u << 8 : 0)
	       | (wrong & MODEL_PARITY ? 1u << 9 : 0) | (wrong & MODEL_BREAK ? 1u << 10 : 0)
	       | (over ? 1u << 11 : 0);
}


static uint32_t read(struct model *model, unsigned offset)
{
	static uint8_t const id[] = { 0x11, 0x10, 0x34, 0x00 };

	if (offset >= 0xfe0)
		return offset < 0xff0 ? id[(offset - 0xfe0) / 4] : 0;

	switch (offset / 4) {
	case DR: return read_data(model);
	case FR: return (model->in_count ? 0 : 1u << 4) | (model->tx_count ? 1u << 3 : 1u << 7)
	                | (model->tx_count == model->kind->sends ? 1u << 5 : 0);
	default: return offset < 0x50 ? model->reg[offset / 4] : 0;
	}
}


static void write(struct model *model, unsigned offset, uint32_t value)
{
	if (offset >= 0x50)
		return;
	model->reg[offset / 4] = value;
	if (offset / 4 == DR) {
		model->lost += (model->reg[CR] & 0x101) != 0x101;
		model_push(model, value);
		model->tx_event &= model->tx_count <= level(model, 0);
	} else if (offset / 4 == ICR) {
		model->tx_event &= !(value & INT_SEND);
	} else if (offset / 4 == LCRH) {
		model->divisor[0] = model->reg[IBRD];
		model->divisor[1] = model->reg[FBRD];
		if (!(value & 0x10))
			model->in_count = model->tx_count = 0;
	}
}


/* The interrupt is that of the FIFO falling to a level, not of being there. */
static void sent(struct model *model)
{
	model->tx_event |= model->tx_count == level(model, 0);
}


static bool ready(struct model const *model)
{
	return model->reg[LCRH] == 0x70 && model->divisor[0] == 13 && model->divisor[1] == 1
	       && (model->reg[CR] & 0x3ff) == 0x301 && !model->reg[IMSC] && !model->reg[DMACR];
}


struct model_kind const model_pl011 = {
	.name = "PL011", .device = &uart_pl011,
	.config = { .base = 0x09000000, .irq = 33, .clock = 24000000, .baud = 115200 },
	.receives = 32, .sends = 32,
	.reset = reset, .read = read, .write = write, .irq = irq, .sent = sent, .ready = ready,
};
