/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interval timer of PCs (Intel 8254 data sheet).
 */
#include <dev/pit.h>
#include <port/io.h>

enum {
	CHANNEL_2 = 0x42, CONTROL = 0x43,
	MODE_2_0 = 0xb0,    /* channel 2, low byte first, mode 0, binary */
	LATCH_2 = 0x80,
	SPEAKER = 0x61, SPEAKER_GATE = 1, SPEAKER_ON = 2,
};


void pit_start(void)
{
	uint8_t speaker = port_in8(SPEAKER) & (uint8_t)~SPEAKER_ON;

	port_out8(SPEAKER, speaker | SPEAKER_GATE);
	port_out8(CONTROL, MODE_2_0);
	port_out8(CHANNEL_2, 0xff);
	port_out8(CHANNEL_2, 0xff);
}


uint16_t pit_read(void)
{
	port_out8(CONTROL, LATCH_2);
	uint8_t low = port_in8(CHANNEL_2);

	return (uint16_t)(port_in8(CHANNEL_2) << 8 | low);
}
