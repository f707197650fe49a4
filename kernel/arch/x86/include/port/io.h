/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * I/O ports: port_in8(port), port_out8(port, value), and the same with 16 and 32.
 */
#ifndef PORT_IO_H
#define PORT_IO_H

#include <stdint.h>

#define PORT_ACCESS(bits, suffix) \
	static inline uint##bits##_t port_in##bits(uint16_t port) \
	{ \
		uint##bits##_t value; \
		asm volatile ("in" suffix " %1, %0" : "=a"(value) : "Nd"(port)); \
		return value; \
	} \
	static inline void port_out##bits(uint16_t port, uint##bits##_t value) \
	{ \
		asm volatile ("out" suffix " %0, %1" : : "a"(value), "Nd"(port)); \
	}

PORT_ACCESS(8, "b")
PORT_ACCESS(16, "w")
PORT_ACCESS(32, "l")

#endif
