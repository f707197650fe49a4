/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Formatted text.
 */
#include <by/container.h>
#include <by/format.h>
#include <by/string.h>

enum {
	WIDTH_MAX  = 4095, /* bounds what one conversion can print */
	DIGITS_MAX = 22,   /* of a 64-bit number, in octal */
};

struct output {
	struct by_sink *sink;
	size_t          len;
};

/* A struct, because a va_list cannot be passed by reference everywhere. */
struct arguments {
	va_list list;
};

/* One conversion of the format. */
struct spec {
	bool     left, zero, alternate;
	char     sign;      /* printed in front of numbers >= 0, 0: nothing */
	int      width;
	int      precision; /* -1: none */
	unsigned bytes;     /* of an integer argument */
	char     kind;      /* the conversion's letter */
};

/* What a conversion prints: blanks, prefix, zeros, body, blanks. */
struct field {
	char const *prefix;
	size_t      prefix_len;
	size_t      zeros;
	char const *body;
	size_t      body_len;
};


static void emit(struct output *out, char const *text, size_t len)
{
	out->len += len;
	if (len)
		out->sink->write(out->sink, text, len);
}


static void emit_many(struct output *out, char const *sixteen, size_t count)
{
	for (; count > 16; count -= 16)
		emit(out, sixteen, 16);
	emit(out, sixteen, count);
}


static void emit_field(struct output *out, struct spec const *spec,
                       struct field const *field)
{
	static char const blanks[] = "                ", zeros[] = "0000000000000000";
	size_t len   = field->prefix_len + field->zeros + field->body_len;
	size_t width = (size_t)spec->width;
	size_t pad   = len < width ? width - len : 0;

	if (!spec->left)
		emit_many(out, blanks, pad);
	emit(out, field->prefix, field->prefix_len);
	emit_many(out, zeros, field->zeros);
	emit(out, field->body, field->body_len);
	if (spec->left)
		emit_many(out, blanks, pad);
}


/*
 * Divide by 10000 in place and return the rest. Goes in pieces of 16 bits,
 * because a 64-bit division is a library call on 32-bit machines.
 */
static unsigned divide(uint64_t *value)
{
	uint64_t quotient = 0;
	uint32_t rest = 0;

	for (int i = 0; i < 4; i++) {
		uint32_t piece = rest << 16 | (uint32_t)(*value >> 48);

		*value <<= 16;
		quotient = quotient << 16 | piece / 10000;
		rest = piece % 10000;
	}
	*value = quotient;

	return rest;
}


/* Write 'value' backwards, ending at 'end'. Returns where it begins. */
static char *decimal_digits(char *end, uint64_t value)
{
	while (value > UINT32_MAX) {
		unsigned rest = divide(&value);

		for (int i = 0; i < 4; i++, rest /= 10)
			*--end = (char)('0' + rest % 10);
	}
	for (uint32_t rest = (uint32_t)value; rest; rest /= 10)
		*--end = (char)('0' + rest % 10);

	return end;
}


/* The same to a base of 2^shift. */
static char *binary_digits(char *end, uint64_t value, unsigned shift, char const *digits)
{
	for (; value; value >>= shift)
		*--end = digits[value & ((1u << shift) - 1)];

	return end;
}


static char *digits_of(char *end, uint64_t value, char kind)
{
	switch (kind) {
	case 'o': return binary_digits(end, value, 3, "01234567");
	case 'X': return binary_digits(end, value, 4, "0123456789ABCDEF");
	case 'x':
	case 'p': return binary_digits(end, value, 4, "0123456789abcdef");
	default:  return decimal_digits(end, value);
	}
}


/* How many zeros stand between prefix and digits. */
static size_t zeros_of(struct spec const *spec, size_t prefix_len, size_t digits)
{
	size_t least = spec->precision < 0 ? 1 : (size_t)spec->precision;

	if (spec->precision < 0 && spec->zero && !spec->left) {
		size_t inside = (size_t)spec->width - prefix_len;

		if ((size_t)spec->width > prefix_len && inside > least)
			least = inside;
	}
	if (least > WIDTH_MAX)
		least = WIDTH_MAX;

	return least > digits ? least - digits : 0;
}


static void print_number(struct output *out, struct spec const *spec, uint64_t value,
                         char const *prefix)
{
	char  digits[DIGITS_MAX], *end = digits + sizeof(digits);
	char *begin = digits_of(end, value, spec->kind);
	struct field field = {
		.prefix     = prefix,
		.prefix_len = by_strlen(prefix),
		.body       = begin,
		.body_len   = (size_t)(end - begin),
	};

	field.zeros = zeros_of(spec, field.prefix_len, field.body_len);
	emit_field(out, spec, &field);
}


/* An integer argument, shifted to the top of the result. */
static uint64_t integer_argument(struct spec const *spec, struct arguments *args)
{
	uint64_t value = spec->bytes > sizeof(unsigned) ? va_arg(args->list, uint64_t)
	                                                : va_arg(args->list, unsigned);

	return value << (64 - 8 * spec->bytes);
}


static void print_signed(struct output *out, struct spec const *spec,
                         struct arguments *args)
{
	int64_t value = (int64_t)integer_argument(spec, args) >> (64 - 8 * spec->bytes);
	char    sign[2] = { value < 0 ? '-' : spec->sign, 0 };

	print_number(out, spec, value < 0 ? -(uint64_t)value : (uint64_t)value, sign);
}


static void print_unsigned(struct output *out, struct spec const *spec,
                           struct arguments *args)
{
	uint64_t    value  = integer_argument(spec, args) >> (64 - 8 * spec->bytes);
	char const *prefix = "";

	if (spec->alternate && value && (spec->kind == 'x' || spec->kind == 'X'))
		prefix = spec->kind == 'x' ? "0x" : "0X";
	print_number(out, spec, value, prefix);
}


static void print_text(struct output *out, struct spec const *spec, char const *text)
{
	struct field field = { .prefix = "", .body = text ? text : "(null)" };
	size_t max = spec->precision < 0 ? SIZE_MAX : (size_t)spec->precision;

	field.body_len = by_strnlen(field.body, max);
	emit_field(out, spec, &field);
}


static void print_char(struct output *out, struct spec const *spec, char letter)
{
	struct field field = { .prefix = "", .body = &letter, .body_len = 1 };

	emit_field(out, spec, &field);
}


static char const *parse_flags(struct spec *spec, char const *at)
{
	for (;; at++) {
		switch (*at) {
		case '-': spec->left      = true; break;
		case '0': spec->zero      = true; break;
		case '#': spec->alternate = true; break;
		case '+': spec->sign      = '+';  break;
		case ' ': spec->sign      = spec->sign ? spec->sign : ' '; break;
		default:  return at;
		}
	}
}


/* Digits or '*'. Numbers too large for an int count as the largest. */
static char const *parse_number(int *value, char const *at, struct arguments *args)
{
	*value = 0;
	if (*at == '*') {
		*value = va_arg(args->list, int);
		return at + 1;
	}
	for (; *at >= '0' && *at <= '9'; at++)
		if (__builtin_mul_overflow(*value, 10, value) ||
		    __builtin_add_overflow(*value, *at - '0', value))
			*value = INT32_MAX;

	return at;
}


static char const *parse_width(struct spec *spec, char const *at, struct arguments *args)
{
	at = parse_number(&spec->width, at, args);
	if (spec->width < 0) {
		spec->left  = true;
		spec->width = spec->width < -WIDTH_MAX ? WIDTH_MAX : -spec->width;
	}
	if (spec->width > WIDTH_MAX)
		spec->width = WIDTH_MAX;

	return at;
}


static char const *parse_precision(struct spec *spec, char const *at,
                                   struct arguments *args)
{
	spec->precision = -1;

	return *at == '.' ? parse_number(&spec->precision, at + 1, args) : at;
}


static char const *parse_length(struct spec *spec, char const *at)
{
	bool twice = (at[0] == 'h' || at[0] == 'l') && at[1] == at[0];

	spec->bytes = sizeof(int);
	switch (*at) {
	case 'h': spec->bytes = twice ? sizeof(char) : sizeof(short);     break;
	case 'l': spec->bytes = twice ? sizeof(long long) : sizeof(long); break;
	case 'j': spec->bytes = sizeof(intmax_t);                         break;
	case 'z': spec->bytes = sizeof(size_t);                           break;
	case 't': spec->bytes = sizeof(ptrdiff_t);                        break;
	default:  return at;
	}

	return at + 1 + twice;
}


/* False if there is no such conversion. */
static bool print(struct output *out, struct spec const *spec, struct arguments *args)
{
	switch (spec->kind) {
	case 'd':
	case 'i': print_signed(out, spec, args); return true;
	case 'u':
	case 'o':
	case 'x':
	case 'X': print_unsigned(out, spec, args); return true;
	case 'p': print_number(out, spec, va_arg(args->list, uintptr_t), "0x"); return true;
	case 's': print_text(out, spec, va_arg(args->list, char const *)); return true;
	case 'c': print_char(out, spec, (char)va_arg(args->list, int)); return true;
	case '%': emit(out, "%", 1); return true;
	default:  return false;
	}
}


/* Print the conversion at 'at', which is a '%'. Returns the place behind it. */
static char const *convert(struct output *out, char const *at, struct arguments *args)
{
	struct spec spec = { .width = 0 };
	char const *end = parse_flags(&spec, at + 1);

	end = parse_width(&spec, end, args);
	end = parse_precision(&spec, end, args);
	end = parse_length(&spec, end);
	spec.kind = *end;
	if (print(out, &spec, args))
		return end + 1;

	size_t rest = by_strlen(at);

	emit(out, at, rest);

	return at + rest;
}


size_t by_vformat_to(struct by_sink *sink, char const *fmt, va_list args)
{
	struct output    out = { .sink = sink };
	struct arguments copy;

	va_copy(copy.list, args);
	while (*fmt) {
		size_t plain = 0;

		while (fmt[plain] && fmt[plain] != '%')
			plain++;
		emit(&out, fmt, plain);
		fmt += plain;
		if (*fmt)
			fmt = convert(&out, fmt, &copy);
	}
	va_end(copy.list);

	return out.len;
}


size_t by_format_to(struct by_sink *sink, char const *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	size_t len = by_vformat_to(sink, fmt, args);
	va_end(args);

	return len;
}


struct buffer {
	struct by_sink sink;
	char          *at;
	size_t         room;
};


static void buffer_write(struct by_sink *self, char const *text, size_t len)
{
	struct buffer *buffer = BY_CONTAINER_OF(self, struct buffer, sink);
	size_t fits = len < buffer->room ? len : buffer->room;

	if (!fits)
		return;

	memcpy(buffer->at, text, fits);
	buffer->at   += fits;
	buffer->room -= fits;
}


size_t by_vformat(char *buf, size_t size, char const *fmt, va_list args)
{
	struct buffer buffer = {
		.sink = { .write = buffer_write },
		.at   = buf,
		.room = size ? size - 1 : 0,
	};
	size_t len = by_vformat_to(&buffer.sink, fmt, args);

	if (size)
		*buffer.at = 0;

	return len;
}


size_t by_format(char *buf, size_t size, char const *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	size_t len = by_vformat(buf, size, fmt, args);
	va_end(args);

	return len;
}
