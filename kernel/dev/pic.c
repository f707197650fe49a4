/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupt controllers of the first PCs (Intel 8259A data sheet).
 */
#include <dev/pic.h>
#include <port/io.h>
#include <port/vector.h>


/* Even masked they can report interrupt 7, "spurious": with an initial vector of theirs. */
void pic_disable(void)
{
	static struct { uint16_t port; uint8_t value; } const steps[] = {
		{ 0x20, 0x11 }, { 0xa0, 0x11 }, /* ICW1: begin, with ICW4 */
		{ 0x21, VECTOR_PIC }, { 0xa1, VECTOR_PIC + 8 }, /* ICW2: vectors */
		{ 0x21, 0x04 }, { 0xa1, 0x02 }, /* ICW3: how they are joined */
		{ 0x21, 0x01 }, { 0xa1, 0x01 }, /* ICW4: 8086 mode */
		{ 0x21, 0xff }, { 0xa1, 0xff }, /* OCW1: mask all */
	};

	for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		port_out8(steps[i].port, steps[i].value);
}
