/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HID reader, see by/hid.h and doc/hid.md.
 *
 * Text is taken apart into segments: a line, or what stands between '|' in it.
 * The column of a segment, counted in characters, decides what it belongs to. A
 * node ends at the first line whose first meaningful segment is too far left:
 *
 *    + start a | caps: 100        a's header, an attribute of a
 *      + route                    column 2 >= 0 + 2: below a
 *      ram: 4M                    column 2: closes nothing, belongs to route
 *     ram: 4M                     column 1: ends route, belongs to a
 *    + start b                    column 0 < 0 + 2: ends a
 *
 * Segments of one line stand ever further right, so the first one decides for
 * its line and a node ends where a line starts.
 */
#include <by/hid.h>
#include <by/string.h>

enum kind {
	KIND_NONE,  /* a comment, or malformed: means nothing */
	KIND_ATTR,
	KIND_QUOTE,
	KIND_SUB,
	KIND_HIDDEN, /* a disabled or malformed sub node, hides what is below it */
};

struct segment {
	enum kind   kind;
	char const *text, *stop; /* without blanks around it */
	char const *end;         /* of a sub node: the first line behind it */
	uint32_t    column;
	bool        clean;       /* nothing in it that must not be */
};


static struct by_hid_span span(char const *base, char const *stop)
{
	return (struct by_hid_span){ base, (size_t)(stop - base) };
}


static char const *skip_spaces(char const *at, char const *stop)
{
	while (at < stop && *at == ' ')
		at++;

	return at;
}


static char const *skip_line(char const *at, char const *end)
{
	while (at < end && *at != '\n')
		at++;

	return at;
}


/* Return what follows the type or tag at 'at', or 'at' if there is none. */
static char const *skip_word(char const *at, char const *stop)
{
	if (at == stop || *at < 'a' || *at > 'z')
		return at;

	while (at < stop && ((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9')
	                     || *at == '_' || *at == '-'))
		at++;

	return at;
}


/* Return true if the segment starts with a mark: one character that stands alone. */
static bool marked(char const *text, char const *stop)
{
	return text + 1 == stop || text[1] == ' ' || text[1] == '\n';
}


static bool separator(struct by_hid_cursor const *c, char const *at)
{
	return *at == '|' && (at == c->line || at[-1] == ' ') && marked(at, c->end);
}


static bool control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}


/* Return true for the second and later bytes of a character. */
static bool continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}


static char const *skip_mark(char const *text, char const *stop)
{
	return skip_spaces(text + 1, stop);
}


static bool node_valid(char const *text, char const *stop)
{
	char const *type = skip_mark(text, stop);
	char const *rest = skip_word(type, stop);

	return rest > type && (rest == stop || *rest == ' ');
}


static bool attr_valid(char const *text, char const *stop)
{
	char const *colon = skip_word(text, stop);

	return colon > text && colon < stop && *colon == ':' && marked(colon, stop);
}


static enum kind classify(struct segment const *s)
{
	if (!marked(s->text, s->stop))
		return s->clean && attr_valid(s->text, s->stop) ? KIND_ATTR : KIND_NONE;

	switch (*s->text) {
	case '+': return s->clean && node_valid(s->text, s->stop) ? KIND_SUB : KIND_HIDDEN;
	case 'x': return KIND_HIDDEN;
	case ':': return s->clean ? KIND_QUOTE : KIND_NONE;
	default:  return KIND_NONE;
	}
}


static void skip_empty(struct by_hid_cursor *c)
{
	for (; c->at < c->end; c->at++) {
		if (*c->at == '\n') {
			c->line = c->at + 1;
			c->wide = 0;
		} else if (*c->at != ' ' && !separator(c, c->at)) {
			return;
		}
	}
}


/* Move to the end of the segment; return false if it holds what it must not. */
static bool skip_segment(struct by_hid_cursor *c, bool whole_line)
{
	bool clean = true;

	for (; c->at < c->end && *c->at != '\n'; c->at++) {
		if (*c->at >= ' ' && *c->at < 0x7f && *c->at != '|')
			continue; /* as nearly all are */
		if (!whole_line && separator(c, c->at))
			break;
		c->wide += continuation(*c->at);
		if (whole_line ? control(*c->at) && *c->at != '\t'
		               : control(*c->at) || *c->at == '|')
			clean = false;
	}

	return clean;
}


static bool segment_next(struct by_hid_cursor *c, struct segment *s)
{
	skip_empty(c);
	if (c->at == c->end)
		return false;

	bool const whole_line = (*c->at == '.' || *c->at == ':') && marked(c->at, c->end);

	s->text   = c->at;
	s->column = (uint32_t)((size_t)(c->at - c->line) - c->wide);
	s->clean  = skip_segment(c, whole_line);
	s->stop   = c->at;
	while (!whole_line && s->stop[-1] == ' ')
		s->stop--;
	s->kind = classify(s);

	return true;
}


static bool node_kind(enum kind kind)
{
	return kind >= KIND_SUB;
}


/* Return the end of the node in this column, whose first segment ends at the cursor. */
static char const *node_end(struct by_hid_cursor c, uint32_t column)
{
	struct segment s;

	c.at = skip_line(c.at, c.end);
	while (segment_next(&c, &s)) {
		if (s.kind == KIND_NONE)
			continue;
		if (s.column < (node_kind(s.kind) ? column + 2 : column))
			return c.line;
		c.at = skip_line(c.at, c.end);
	}

	return c.end;
}


/* Move on to the next segment of the same node, behind all that is below a sub node. */
static bool item_next(struct by_hid_cursor *c, enum kind kind, struct segment *s)
{
	while (segment_next(c, s)) {
		if (node_kind(s->kind)) {
			s->end = node_end(*c, s->column);
			c->at  = c->line = s->end;
			c->wide = 0;
		}
		if (s->kind == kind)
			return true;
	}

	return false;
}


/* Return the cursor behind the node's first segment, and that segment. */
static struct by_hid_cursor header(struct by_hid_node const *node, struct segment *s)
{
	struct by_hid_cursor c = { node->text, node->text - node->column, node->end, 0 };

	(void)segment_next(&c, s);
	if (node->depth > 1)
		s->text = skip_mark(s->text, s->stop);

	return c;
}


static struct by_hid_cursor content(struct by_hid_node const *node)
{
	struct segment s;

	return header(node, &s);
}


bool by_hid_span_equal(struct by_hid_span a, struct by_hid_span b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.base, b.base, a.size) == 0);
}


bool by_hid_span_is(struct by_hid_span a, char const *text)
{
	size_t i = 0;

	while (i < a.size && text[i] && text[i] == a.base[i])
		i++;

	return i == a.size && !text[i];
}


/* Return the final line, or NULL. */
static char const *final_line(char const *at, char const *end)
{
	while (at < end) {
		if (*at == '-' && (at + 1 == end || at[1] == '\n' || at[1] == 0))
			return at;
		at = skip_line(at, end);
		if (at < end)
			at++;
	}

	return NULL;
}


by_status_t by_hid_open(struct by_hid_span document, struct by_hid_node *top)
{
	if (document.size == 0)
		return BY_MALFORMED;

	if (document.size > UINT32_MAX - 2)
		return BY_LIMIT;

	struct by_hid_cursor c = { document.base, document.base,
	                           final_line(document.base, document.base + document.size), 0 };
	struct segment s;

	if (!c.end || !segment_next(&c, &s))
		return BY_MALFORMED;

	char const *rest = skip_word(s.text, s.stop);

	if (!s.clean || rest == s.text || (rest < s.stop && *rest != ' '))
		return BY_MALFORMED;

	*top = (struct by_hid_node){ .text = s.text, .end = c.end, .limit = c.end,
	                             .column = s.column, .depth = 1 };
	return BY_OK;
}


struct by_hid_span by_hid_type(struct by_hid_node const *node)
{
	char const *text = node->depth > 1 ? skip_mark(node->text, node->end) : node->text;

	return span(text, skip_word(text, node->end));
}


bool by_hid_type_is(struct by_hid_node const *node, char const *type)
{
	return by_hid_span_is(by_hid_type(node), type);
}


struct by_hid_span by_hid_name(struct by_hid_node const *node)
{
	struct by_hid_span name = { node->text, 0 };

	(void)by_hid_attr(node, "name", &name);

	return name;
}


bool by_hid_next_attr(struct by_hid_attr *attr)
{
	struct segment s;

	if (!item_next(&attr->cursor, KIND_ATTR, &s))
		return false;

	char const *colon = skip_word(s.text, s.stop);

	attr->tag   = span(s.text, colon);
	attr->value = span(skip_mark(colon, s.stop), s.stop);

	return true;
}


bool by_hid_first_attr(struct by_hid_node const *node, struct by_hid_attr *attr)
{
	struct segment             s;
	struct by_hid_cursor const c    = header(node, &s);
	char const                *name = skip_spaces(skip_word(s.text, s.stop), s.stop);
	struct by_hid_attr         first = { .cursor = c };

	if (name < s.stop) {
		first.tag   = (struct by_hid_span){ "name", 4 };
		first.value = span(name, s.stop);
	} else if (!by_hid_next_attr(&first)) {
		return false;
	}

	*attr = first;
	return true;
}


bool by_hid_attr(struct by_hid_node const *node, char const *tag, struct by_hid_span *value)
{
	struct by_hid_attr attr;

	for (bool more = by_hid_first_attr(node, &attr); more; more = by_hid_next_attr(&attr)) {
		if (by_hid_span_is(attr.tag, tag)) {
			*value = attr.value;
			return true;
		}
	}

	return false;
}


by_status_t by_hid_copy(struct by_hid_node const *node, char const *tag,
                        char *buffer, size_t size)
{
	struct by_hid_span value;

	if (!by_hid_attr(node, tag, &value))
		return BY_NOT_FOUND;

	if (value.size >= size)
		return BY_NO_SPACE;

	memcpy(buffer, value.base, value.size);
	buffer[value.size] = 0;

	return BY_OK;
}


static bool sub_next(struct by_hid_cursor c, uint32_t depth, struct by_hid_node *sub)
{
	struct segment s;

	if (depth > BY_HID_DEPTH || !item_next(&c, KIND_SUB, &s))
		return false;

	*sub = (struct by_hid_node){ .text = s.text, .end = s.end, .limit = c.end,
	                             .column = s.column, .depth = depth };
	return true;
}


uint64_t by_hid_u64(struct by_hid_node const *node, char const *tag, uint64_t fallback)
{
	struct by_hid_span text;
	uint64_t           value;

	if (!by_hid_attr(node, tag, &text) || by_parse_u64(text.base, text.size, &value) != BY_OK)
		return fallback;

	return value;
}


bool by_hid_bool(struct by_hid_node const *node, char const *tag, bool fallback)
{
	struct by_hid_span text;
	bool               value;

	if (!by_hid_attr(node, tag, &text) || by_parse_bool(text.base, text.size, &value) != BY_OK)
		return fallback;

	return value;
}


bool by_hid_first(struct by_hid_node const *node, struct by_hid_node *sub)
{
	return sub_next(content(node), node->depth + 1, sub);
}


bool by_hid_next(struct by_hid_node *sub)
{
	struct by_hid_cursor const c = { sub->end, sub->end, sub->limit, 0 };

	return sub_next(c, sub->depth, sub);
}


/* Leave the node, or move on until one of this type is found. */
static bool find_type(struct by_hid_node *sub, char const *type)
{
	while (!by_hid_type_is(sub, type)) {
		if (!by_hid_next(sub))
			return false;
	}

	return true;
}


bool by_hid_first_of(struct by_hid_node const *node, char const *type,
                     struct by_hid_node *sub)
{
	struct by_hid_node found;

	if (!by_hid_first(node, &found) || !find_type(&found, type))
		return false;

	*sub = found;
	return true;
}


bool by_hid_next_of(struct by_hid_node *sub, char const *type)
{
	struct by_hid_node found = *sub;

	if (!by_hid_next(&found) || !find_type(&found, type))
		return false;

	*sub = found;
	return true;
}


bool by_hid_next_line(struct by_hid_line *line)
{
	struct segment s;

	if (!item_next(&line->cursor, KIND_QUOTE, &s))
		return false;

	char const *text = s.text + 1;

	line->text = span(text < s.stop ? text + 1 : text, s.stop);

	return true;
}


bool by_hid_first_line(struct by_hid_node const *node, struct by_hid_line *line)
{
	struct by_hid_line first = { .cursor = content(node) };

	if (!by_hid_next_line(&first))
		return false;

	*line = first;
	return true;
}


/* Copy what fits of a span to 'at'; return where the whole span ends. */
static size_t put(struct by_hid_span buffer, size_t at, struct by_hid_span text)
{
	size_t const room = at < buffer.size ? buffer.size - at : 0;
	size_t const size = text.size < room ? text.size : room;

	if (size > 0)
		memcpy((char *)(uintptr_t)buffer.base + at, text.base, size);

	return at + text.size;
}


size_t by_hid_quoted(struct by_hid_node const *node, char *buffer, size_t size)
{
	struct by_hid_span const out = { buffer, size };
	struct by_hid_line       line;
	size_t                   at = 0;
	bool                     more = by_hid_first_line(node, &line);

	while (more) {
		at   = put(out, at, line.text);
		more = by_hid_next_line(&line);
		if (more)
			at = put(out, at, (struct by_hid_span){ "\n", 1 });
	}

	return at;
}


/*
 * Comparison. Attributes in the same order are compared as they come, others
 * by looking them up, so often at most that hostile documents stay cheap.
 */
enum { LOOKUPS = 32 };


static bool attr_in(struct by_hid_attr const *attr, struct by_hid_node const *node)
{
	struct by_hid_attr other;

	for (bool more = by_hid_first_attr(node, &other); more; more = by_hid_next_attr(&other)) {
		if (by_hid_span_equal(attr->tag, other.tag))
			return by_hid_span_equal(attr->value, other.value);
	}

	return false;
}


/* Return true if the first attribute of each tag of 'a' is that of 'b' as well. */
static bool attrs_in(struct by_hid_node const *a, struct by_hid_node const *b)
{
	struct by_hid_attr of_a, of_b;
	bool               in_b    = by_hid_first_attr(b, &of_b);
	unsigned           lookups = 0;

	for (bool in_a = by_hid_first_attr(a, &of_a); in_a; in_a = by_hid_next_attr(&of_a)) {
		bool const same = lookups == 0 && in_b && by_hid_span_equal(of_a.tag, of_b.tag)
		                  && by_hid_span_equal(of_a.value, of_b.value);
		if (same)
			in_b = by_hid_next_attr(&of_b);
		else if (lookups++ == LOOKUPS || (attr_in(&of_a, a) && !attr_in(&of_a, b)))
			return false;
	}

	return true;
}


static bool lines_equal(struct by_hid_node const *a, struct by_hid_node const *b)
{
	struct by_hid_line of_a, of_b;
	bool               in_a = by_hid_first_line(a, &of_a);
	bool               in_b = by_hid_first_line(b, &of_b);

	while (in_a && in_b && by_hid_span_equal(of_a.text, of_b.text)) {
		in_a = by_hid_next_line(&of_a);
		in_b = by_hid_next_line(&of_b);
	}

	return !in_a && !in_b;
}


static bool own_equal(struct by_hid_node const *a, struct by_hid_node const *b)
{
	return by_hid_span_equal(by_hid_type(a), by_hid_type(b))
	       && attrs_in(a, b) && attrs_in(b, a) && lines_equal(a, b);
}


bool by_hid_equal(struct by_hid_node const *a, struct by_hid_node const *b)
{
	struct by_hid_node of_a[BY_HID_DEPTH], of_b[BY_HID_DEPTH];
	unsigned           n = 0;

	of_a[0] = *a;
	of_b[0] = *b;
	while (own_equal(&of_a[n], &of_b[n])) {
		bool more = by_hid_first(&of_a[n], &of_a[n + 1]);

		if (more != by_hid_first(&of_b[n], &of_b[n + 1]))
			return false;
		for (n += more; !more; n -= !more) {
			if (n == 0)
				return true;
			more = by_hid_next(&of_a[n]);
			if (more != by_hid_next(&of_b[n]))
				return false;
		}
	}

	return false;
}
