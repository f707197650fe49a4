/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The real-time clock of PCs (MC146818): an index and a data port. It interrupts
 * periodically, and does not again before register C was read.
 */
#include "device.h"
#include <by/session/io_port.h>
#include <check.h>

enum { INDEX = 0x70, DATA = 0x71 };

enum {
	REG_SECOND = 0, REG_MINUTE = 2, REG_HOUR = 4, REG_DAY = 7, REG_MONTH = 8, REG_YEAR = 9,
	REG_A = 10, A_UPDATE = 1 << 7, A_1024_HZ = 0x26,
	REG_B = 11, B_24_HOURS = 1 << 1, B_PERIODIC = 1 << 6,
	REG_C = 12, C_INTERRUPT = 1 << 7,
};

uint32_t const device_irq   = 8;
bool const     device_level = false;

static struct by_io_port ports;


static uint32_t read(uint32_t reg)
{
	uint32_t value = 0;

	CHECK_STATUS(by_io_port_write(&ports, INDEX, 1, reg), BY_OK);
	CHECK_STATUS(by_io_port_read(&ports, DATA, 1, &value), BY_OK);

	return value;
}


static void write(uint32_t reg, uint32_t value)
{
	CHECK_STATUS(by_io_port_write(&ports, INDEX, 1, reg), BY_OK);
	CHECK_STATUS(by_io_port_write(&ports, DATA, 1, value), BY_OK);
}


by_status_t device_open(struct by_env *env)
{
	struct by_io_port_args const args = { .base = INDEX, .size = 2 };
	by_status_t const status = by_io_port_open(env, "rtc", &args, &ports);

	if (status == BY_OK) {
		write(REG_A, A_1024_HZ);
		device_quiet();
	}

	return status;
}


by_status_t device_open_again(struct by_env *env)
{
	struct by_io_port_args const args = { .base = DATA, .size = 4 };
	struct by_io_port other;

	return by_io_port_open(env, "other", &args, &other);
}


void device_close(struct by_env *env)
{
	by_io_port_close(env, &ports);
}


void device_trigger(void)
{
	read(REG_C);
	write(REG_B, B_24_HOURS | B_PERIODIC);
}


void device_wait(void)
{
	while (!(read(REG_C) & C_INTERRUPT)) { }
}


void device_quiet(void)
{
	write(REG_B, B_24_HOURS);
	read(REG_C);
}


static uint32_t decimal(uint32_t reg)
{
	uint32_t const value = read(reg);

	return (value >> 4) * 10 + (value & 15);
}


/* Days from March 1st of the year 0 on, for which leap days come last. */
static uint64_t days(uint32_t year, uint32_t month, uint32_t day)
{
	year -= month < 3;
	month = (month + 9) % 12;

	return (uint64_t)year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5
	       + day - 1;
}


/* Not while it is changing, which takes less than two milliseconds. */
uint64_t device_seconds(void)
{
	while (read(REG_A) & A_UPDATE) { }

	uint64_t const date = days(2000 + decimal(REG_YEAR), decimal(REG_MONTH), decimal(REG_DAY))
	                      - days(1970, 1, 1);

	return ((date * 24 + decimal(REG_HOUR)) * 60 + decimal(REG_MINUTE)) * 60
	       + decimal(REG_SECOND);
}


void device_test(struct by_env *env)
{
	struct by_io_port_args const beyond = { .base = 0xfff0, .size = 17 };
	struct by_io_port other;
	uint32_t          value = 0;

	check_part("ports");
	CHECK_STATUS(by_io_port_read(&ports, INDEX - 1, 1, &value), BY_DENIED);
	CHECK_STATUS(by_io_port_read(&ports, DATA, 2, &value), BY_DENIED);
	CHECK_STATUS(by_io_port_write(&ports, DATA + 1, 1, 0), BY_DENIED);
	CHECK_STATUS(by_io_port_read(&ports, INDEX, 3, &value), BY_INVALID);
	CHECK_STATUS(by_io_port_read(&ports, INDEX, 4, &value), BY_DENIED);
	CHECK_STATUS(by_io_port_open(env, "beyond", &beyond, &other), BY_INVALID);
}
