/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text of the kernel itself.
 */
#include "print.h"
#include <arch/console.h>
#include <arch/screen.h>
#include <by/log_ring.h>

enum { TRIES = 100000 };

struct by_log_ring *print_log;


static void put(char c)
{
	if (c == '\n')
		put('\r');
	if (print_log && c != '\r')
		by_log_ring_append(print_log, &c, 1);

	/* a device that stays busy must not stop a panic */
	for (unsigned tries = 0; tries < TRIES && !console_put(c); tries++) { }
	for (unsigned tries = 0; tries < TRIES && !screen_put(c); tries++) { }
}


static void put_string(const char *s)
{
	for (s = s ? s : "(null)"; *s; s++)
		put(*s);
}


static void put_number(unsigned long long value, unsigned base, unsigned width, char pad)
{
	char     digit[24];
	unsigned count = 0;

	do {
		digit[count++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);

	for (; width > count; width--)
		put(pad);
	while (count)
		put(digit[--count]);
}


/** Argument of a number conversion, 'longs' times l before it. */
static unsigned long long number_arg(va_list *args, unsigned longs)
{
	if (longs > 1)
		return va_arg(*args, unsigned long long);

	return longs ? va_arg(*args, unsigned long) : va_arg(*args, unsigned);
}


static const char *put_conversion(const char *at, va_list *args)
{
	unsigned width = 0, longs = 0;
	char     pad   = *at == '0' ? '0' : ' ';

	for (; *at >= '0' && *at <= '9'; at++)
		width = width * 10 + (unsigned)(*at - '0');
	for (; *at == 'l' || *at == 'z'; at++)
		longs++;

	if (*at == 's')
		put_string(va_arg(*args, const char *));
	else if (*at == 'c')
		put((char)va_arg(*args, int));
	else if (*at == 'p')
		put_number((uintptr_t)va_arg(*args, void *), 16, 0, pad);
	else if (*at == 'x')
		put_number(number_arg(args, longs), 16, width, pad);
	else if (*at == 'u' || *at == 'd')
		put_number(number_arg(args, longs), 10, width, pad);
	else
		put(*at);

	return at;
}


void vprint(const char *format, va_list args)
{
	va_list copy;

	va_copy(copy, args);
	for (const char *at = format; *at; at++) {
		if (*at == '%')
			at = put_conversion(at + 1, &copy);
		else
			put(*at);
	}
	va_end(copy);
}


void print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprint(format, args);
	va_end(args);
}
