/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The configuration of a UART driver.
 */
#include <by/format.h>
#include <uart.h>

enum { BAUD = 115200, PORTS = 0x10000 };

/** An attribute that is a number. */
struct number { char const *tag; uint64_t least, most; };


__attribute__((format(printf, 2, 3)))
static by_status_t wrong(char mistake[UART_MISTAKE], char const *format, ...)
{
	va_list args;

	va_start(args, format);
	by_vformat(mistake, UART_MISTAKE, format, args);
	va_end(args);

	return BY_INVALID;
}


/* Read a number if there is one; 'value' is what stands for a missing one. */
static by_status_t read(struct by_hid_node const *node, struct number const *number,
                        uint64_t *value, char mistake[UART_MISTAKE])
{
	struct by_hid_span text;

	if (!by_hid_attr(node, number->tag, &text))
		return BY_OK;

	uint64_t const result = by_hid_u64(node, number->tag, 0);

	/* what is no number is what stands for it */
	if (result != by_hid_u64(node, number->tag, 1) || result < number->least
	    || result > number->most)
		return wrong(mistake, "config, attribute '%s': '%.*s' is no number from %llu to %llu",
		             number->tag, (int)(text.size < 40 ? text.size : 40), text.base,
		             (unsigned long long)number->least, (unsigned long long)number->most);

	*value = result;

	return BY_OK;
}


static by_status_t read_u32(struct by_hid_node const *node, char const *tag, uint32_t least,
                            uint32_t *value, char mistake[UART_MISTAKE])
{
	struct number const number = { tag, least, UINT32_MAX };
	uint64_t            result = *value;
	by_status_t const   status = read(node, &number, &result, mistake);

	if (status == BY_OK)
		*value = (uint32_t)result;

	return status;
}


/* There is either the one or the other. */
static by_status_t read_base(struct by_hid_node const *node, struct uart_device const *device,
                             struct uart_config *config, char mistake[UART_MISTAKE])
{
	struct number const port   = { "io_port", 1, PORTS - device->window };
	struct number const memory = { "io_mem", 1, UINT64_MAX - device->window };
	struct by_hid_span  text;

	config->ports = by_hid_attr(node, port.tag, &text);
	if (config->ports == by_hid_attr(node, memory.tag, &text))
		return wrong(mistake, "config: there must be one of the attributes '%s' and '%s'",
		             port.tag, memory.tag);

	return read(node, config->ports ? &port : &memory, &config->base, mistake);
}


/* Attributes without which nothing can be done. */
static by_status_t check_there(struct by_hid_node const *node, struct uart_device const *device,
                               char mistake[UART_MISTAKE])
{
	static char const *const needed[] = { "irq", "clock" };
	struct by_hid_span       text;

	for (unsigned i = 0; i < (device->clockless ? 1 : 2); i++)
		if (!by_hid_attr(node, needed[i], &text))
			return wrong(mistake, "config: the attribute '%s' is missing", needed[i]);

	return BY_OK;
}


by_status_t uart_config_read(struct by_hid_node const *node, struct uart_device const *device,
                             struct uart_config *config, char mistake[UART_MISTAKE])
{
	struct uart_config read = { .baud = BAUD };
	by_status_t        status = read_base(node, device, &read, mistake);

	if (status == BY_OK)
		status = check_there(node, device, mistake);
	if (status == BY_OK)
		status = read_u32(node, "irq", 0, &read.irq, mistake);
	if (status == BY_OK)
		status = read_u32(node, "clock", 1, &read.clock, mistake);
	if (status == BY_OK)
		status = read_u32(node, "baud", 1, &read.baud, mistake);
	if (status == BY_OK)
		status = read_u32(node, "columns", 0, &read.columns, mistake);
	if (status == BY_OK)
		status = read_u32(node, "rows", 0, &read.rows, mistake);
	if (status == BY_OK && !device->possible(&read))
		status = wrong(mistake, "config, attribute 'baud': %u cannot be made from the clock "
		               "of %u Hz", read.baud, read.clock);
	if (status == BY_OK)
		*config = read;

	return status;
}
