/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HID writer, see by/hid.h and doc/hid.md.
 *
 * A node and its attributes stand in one line, quoted lines and sub nodes below
 * it, two columns further right; the sub nodes of the top node at column 0:
 *
 *    config | verbose: yes
 *    + start editor | caps: 200
 *      + arg -c
 *        : echo "a | b"
 *    -
 *
 * Bytes beyond the end of the buffer are counted, not written.
 */
#include <by/format.h>
#include <by/hid.h>
#include <by/string.h>
#include <by/utf8.h>

/* What the innermost open node may still take. */
enum stage {
	STAGE_TYPE,  /* everything, also a name behind its type */
	STAGE_ATTR,  /* attributes, quoted lines, sub nodes */
	STAGE_QUOTE, /* quoted lines, sub nodes */
	STAGE_SUB,   /* sub nodes */
};


static void refuse(struct by_hid_writer *w)
{
	w->status = BY_INVALID;
}


static void emit(struct by_hid_writer *w, char const *text, size_t size)
{
	if (w->used <= w->size && size <= w->size - w->used && size > 0)
		memcpy(w->base + w->used, text, size);

	w->used += size;
}


static void emit_text(struct by_hid_writer *w, char const *text)
{
	emit(w, text, by_strlen(text));
}


static void emit_indent(struct by_hid_writer *w, unsigned level)
{
	while (level-- > 0)
		emit(w, "  ", 2);
}


static bool word_char(char c, bool first)
{
	if (c >= 'a' && c <= 'z')
		return true;

	return !first && ((c >= '0' && c <= '9') || c == '_' || c == '-');
}


static bool word_valid(char const *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (!word_char(text[i], i == 0))
			return false;
	}

	return size > 0;
}


/* Return true without control characters: C0 except 'allowed', DEL, and C1 (C2 80 to C2 9F). */
static bool printable(char const *text, size_t size, char allowed)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char const c = (unsigned char)text[i];

		if ((c < ' ' && text[i] != allowed) || c == 0x7f)
			return false;
		if (c == 0xc2 && i + 1 < size && (unsigned char)text[i + 1] < 0xa0)
			return false;
	}

	return true;
}


bool by_hid_value_valid(char const *text, size_t size)
{
	if (size == 0)
		return true;

	if (text[0] == ' ' || text[size - 1] == ' ')
		return false;

	for (size_t i = 0; i < size; i++) {
		if (text[i] == '|')
			return false;
	}

	return printable(text, size, 0x20) && by_utf8_valid(text, size);
}


void by_hid_write_init(struct by_hid_writer *w, char *buffer, size_t size)
{
	*w = (struct by_hid_writer){ .base = buffer, .size = size, .status = BY_OK };
}


static void begin(struct by_hid_writer *w, struct by_hid_span type)
{
	bool const second_top = w->depth == 0 && w->used > 0;

	if (second_top || w->depth == BY_HID_DEPTH || !word_valid(type.base, type.size)) {
		refuse(w);
		return;
	}

	if (w->depth > 0) {
		emit(w, "\n", 1);
		w->header = w->used;
		emit_indent(w, w->depth - 1);
		emit(w, "+ ", 2);
	}
	emit(w, type.base, type.size);
	w->depth++;
	w->stage = STAGE_TYPE;
	w->attrs = 0;
}


void by_hid_write_begin(struct by_hid_writer *w, char const *type)
{
	begin(w, (struct by_hid_span){ type, by_strlen(type) });
}


void by_hid_write_end(struct by_hid_writer *w)
{
	if (w->depth == 0) {
		refuse(w);
		return;
	}

	w->depth--;
	w->stage = STAGE_SUB;
}


/*
 * Return true if the open node, whose line ends the document so far, has an
 * attribute of this tag: its line holds " | tag:", which no value can, or it
 * has a name.
 */
static bool has_attr(struct by_hid_writer const *w, struct by_hid_span tag)
{
	if (w->used > w->size)
		return false;

	for (size_t at = w->header; at + tag.size + 4 <= w->used; at++) {
		char const *text = w->base + at;

		if (memcmp(text, " | ", 3) == 0 && text[tag.size + 3] == ':'
		    && memcmp(text + 3, tag.base, tag.size) == 0)
			return true;
	}

	return w->named && by_hid_span_is(tag, "name");
}


static void write_attr(struct by_hid_writer *w, struct by_hid_span tag,
                       struct by_hid_span value)
{
	bool const name = w->stage == STAGE_TYPE && value.size > 0 && by_hid_span_is(tag, "name");

	if (w->depth == 0 || w->stage > STAGE_ATTR || w->attrs == BY_HID_ATTRS
	    || !word_valid(tag.base, tag.size)
	    || !by_hid_value_valid(value.base, value.size)
	    || (w->stage == STAGE_ATTR && has_attr(w, tag))) {
		refuse(w);
		return;
	}

	if (!name) {
		emit(w, " | ", 3);
		emit(w, tag.base, tag.size);
		emit(w, ":", 1);
	}
	if (value.size > 0)
		emit(w, " ", 1);
	emit(w, value.base, value.size);
	w->named = name || (w->named && w->stage == STAGE_ATTR);
	w->stage = STAGE_ATTR;
	w->attrs++;
}


void by_hid_write_span(struct by_hid_writer *w, char const *tag, struct by_hid_span value)
{
	write_attr(w, (struct by_hid_span){ tag, by_strlen(tag) }, value);
}


void by_hid_write_attr(struct by_hid_writer *w, char const *tag, char const *value)
{
	by_hid_write_span(w, tag, (struct by_hid_span){ value, by_strlen(value) });
}


void by_hid_write_u64(struct by_hid_writer *w, char const *tag, uint64_t value)
{
	by_hid_write_format(w, tag, "%llu", (unsigned long long)value);
}


void by_hid_write_bool(struct by_hid_writer *w, char const *tag, bool value)
{
	by_hid_write_attr(w, tag, value ? "yes" : "no");
}


void by_hid_write_format(struct by_hid_writer *w, char const *tag, char const *format, ...)
{
	char    text[256];
	va_list args;

	va_start(args, format);
	size_t const size = by_vformat(text, sizeof(text), format, args);
	va_end(args);

	if (size >= sizeof(text))
		refuse(w);
	else
		by_hid_write_span(w, tag, (struct by_hid_span){ text, size });
}


static void write_line(struct by_hid_writer *w, char const *text, size_t size)
{
	emit(w, "\n", 1);
	emit_indent(w, w->depth - 1);
	emit(w, ": ", size > 0 ? 2 : 1);
	emit(w, text, size);
}


void by_hid_write_quote(struct by_hid_writer *w, char const *text, size_t size)
{
	if (w->depth == 0 || w->stage > STAGE_QUOTE) {
		refuse(w);
		return;
	}

	w->stage = STAGE_QUOTE;
	for (size_t at = 0; at <= size; at++) {
		size_t const start = at;

		while (at < size && text[at] != '\n')
			at++;
		if (!printable(text + start, at - start, '\t')
		    || !by_utf8_valid(text + start, at - start)) {
			refuse(w);
			return;
		}
		write_line(w, text + start, at - start);
	}
}


/* Return true if no attribute of the same tag precedes this one of the node. */
static bool first_of_tag(struct by_hid_node const *node, struct by_hid_attr const *attr)
{
	struct by_hid_attr other;
	bool               more = by_hid_first_attr(node, &other);

	while (more && !by_hid_span_equal(other.tag, attr->tag))
		more = by_hid_next_attr(&other);

	return other.value.base == attr->value.base;
}


/* Write one node that was read and leave it open. */
static void write_own(struct by_hid_writer *w, struct by_hid_node const *node)
{
	struct by_hid_attr attr;
	struct by_hid_line line;

	begin(w, by_hid_type(node));
	for (bool more = by_hid_first_attr(node, &attr); more; more = by_hid_next_attr(&attr)) {
		if (w->status == BY_OK && first_of_tag(node, &attr))
			write_attr(w, attr.tag, attr.value);
	}
	for (bool more = by_hid_first_line(node, &line); more; more = by_hid_next_line(&line))
		by_hid_write_quote(w, line.text.base, line.text.size);
}


void by_hid_write_node(struct by_hid_writer *w, struct by_hid_node const *node)
{
	struct by_hid_node path[BY_HID_DEPTH];
	unsigned           n = 0;

	path[0] = *node;
	for (;;) {
		write_own(w, &path[n]);
		bool more = by_hid_first(&path[n], &path[n + 1]);

		for (n += more; !more; n -= !more) {
			by_hid_write_end(w);
			if (n == 0)
				return;
			more = by_hid_next(&path[n]);
		}
	}
}


by_status_t by_hid_write_finish(struct by_hid_writer *w, size_t *used)
{
	if (w->depth > 0 || w->used == 0)
		refuse(w);

	if (w->status != BY_OK)
		return w->status;

	emit_text(w, "\n-\n");
	if (w->used > w->size)
		return BY_NO_SPACE;

	*used = w->used;
	return BY_OK;
}
