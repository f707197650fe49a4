/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the models of UARTs have in common.
 */
#include "model.h"
#include <string.h>

struct model_kind const *const model_kinds[] = {
	&model_16550, &model_16450, &model_16550_level, &model_pl011,
};
unsigned const model_kinds_count = sizeof(model_kinds) / sizeof(model_kinds[0]);


/* An edge that comes while it is masked is lost. */
void model_update(struct model *model)
{
	bool const level = model->kind->irq(model);

	if (model->kind->edge)
		model->pending |= level && !model->level && !model->masked;
	else
		model->pending = level && !model->masked;
	model->level = level;
}


/* The world does not wait for the driver. */
static void access(struct model *model)
{
	void (*const meanwhile)(struct model *) = model->meanwhile;

	model->accesses++;
	model->meanwhile = NULL;
	if (meanwhile)
		meanwhile(model);
	model->meanwhile = meanwhile;
}


static uint32_t read(struct uart *uart, unsigned offset)
{
	struct model *const model = uart->window;

	access(model);
	if (model->stuck >= 0)
		return (uint32_t)model->stuck;

	uint32_t const value = model->kind->read(model, offset);

	model_update(model);

	return value;
}


static void write(struct uart *uart, unsigned offset, uint32_t value)
{
	struct model *const model = uart->window;

	access(model);
	model->kind->write(model, offset, value);
	model_update(model);
}


void model_init(struct model *model, struct model_kind const *kind)
{
	memset(model, 0, sizeof(*model));
	model->kind  = kind;
	model->stuck = -1;
	model->uart  = (struct uart){ .read = read, .write = write, .window = model };
	kind->reset(model);
}


bool model_start(struct model *model)
{
	struct uart_device const *const device = model->kind->device;

	if (!device->present(&model->uart))
		return false;

	device->init(&model->uart, &model->kind->config);
	line_init(&model->line, device, &model->uart);
	line_listen(&model->line);

	return true;
}


bool model_type(struct model *model, unsigned char byte, unsigned wrong)
{
	bool const room = model->in_count < model->kind->receives;

	if (room) {
		model->in[model->in_count].byte  = byte;
		model->in[model->in_count].wrong = wrong;
		model->in_count++;
	} else {
		model->overran = true;
	}
	model_update(model);

	return room;
}


void model_pop(struct model *model)
{
	if (model->in_count)
		memmove(model->in, model->in + 1, --model->in_count * sizeof(model->in[0]));
	if (!model->in_count)
		model->timed_out = false;
}


void model_push(struct model *model, uint32_t value)
{
	if (model->tx_count < model->kind->sends)
		model->tx[model->tx_count++] = (unsigned char)value;
	else
		model->lost++;
}


void model_leave(struct model *model, unsigned count)
{
	model->timed_out = model->in_count;
	while (count-- && model->tx_count) {
		model->out[model->out_count++ % MODEL_OUT] = model->tx[0];
		memmove(model->tx, model->tx + 1, --model->tx_count);
		model->kind->sent(model);
	}
	model_update(model);
}


bool model_run(struct model *model, unsigned most)
{
	while (model->pending) {
		if (!most--)
			return false;

		model->interrupts++;
		model->pending = false;
		model->masked  = true;
		model->news |= line_work(&model->line);
		model->masked = false;
		if (!model->kind->edge)
			model->pending = model->level;
		line_listen(&model->line);
	}

	return true;
}
