/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers at I/O ports and in memory.
 */
#include <by/attached.h>
#include <by/session/io_port.h>
#include <uart.h>

/* One device per component. */
static union {
	struct by_io_port  ports;
	struct by_attached memory;
} window;


/* A port that does not answer reads like one behind which there is nothing. */
static uint32_t read_port(struct uart *uart, unsigned offset)
{
	uint32_t value;

	return by_io_port_read(uart->window, (uint32_t)uart->base + offset, 1, &value) == BY_OK
	       ? value & 0xff : 0xff;
}


static void write_port(struct uart *uart, unsigned offset, uint32_t value)
{
	by_status_t const status = by_io_port_write(uart->window, (uint32_t)uart->base + offset, 1,
	                                            value & 0xff);
	(void)status; /* nobody could do anything about it */
}


static void *address(struct uart const *uart, unsigned offset)
{
	struct by_attached const *const memory = uart->window;

	return (char *)memory->base + offset;
}


static uint32_t read_byte(struct uart *uart, unsigned offset)
{
	return *(uint8_t volatile *)address(uart, offset);
}


static void write_byte(struct uart *uart, unsigned offset, uint32_t value)
{
	*(uint8_t volatile *)address(uart, offset) = (uint8_t)value;
}


static uint32_t read_word(struct uart *uart, unsigned offset)
{
	return *(uint32_t volatile *)address(uart, offset);
}


static void write_word(struct uart *uart, unsigned offset, uint32_t value)
{
	*(uint32_t volatile *)address(uart, offset) = value;
}


static by_status_t open_ports(struct by_env *env, unsigned size, struct uart_config const *config)
{
	struct by_io_port_args const args = { .base = (uint32_t)config->base, .size = size };

	return by_io_port_open(env, "uart", &args, &window.ports);
}


by_status_t uart_registers_open(struct by_env *env, struct uart *uart,
                                struct uart_device const *device,
                                struct uart_config const *config)
{
	bool const bytes = device->width == 1;

	*uart = (struct uart){
		.read   = config->ports ? read_port : bytes ? read_byte : read_word,
		.write  = config->ports ? write_port : bytes ? write_byte : write_word,
		.window = &window,
		.base   = config->base,
	};

	return config->ports ? open_ports(env, device->window, config)
	       : by_attached_io_mem_init(env, &window.memory, config->base, device->window, false);
}


void uart_registers_close(struct by_env *env, struct uart *uart)
{
	if (uart->read == read_port)
		by_io_port_close(env, &window.ports);
	else
		by_attached_fini(env, &window.memory);
}
