/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Unit tests of the HID reader and writer.
 */
#include <by/hid.h>
#include <stdlib.h>
#include <unit.h>

static char *document; /* of exactly the text's size, so that ASan sees each overrun */


static by_status_t open_bytes(char const *text, size_t size, struct by_hid_node *top)
{
	free(document);
	document = malloc(size ? size : 1);
	memcpy(document, text, size);

	return by_hid_open((struct by_hid_span){ document, size }, top);
}


static by_status_t open_text(char const *text, struct by_hid_node *top)
{
	return open_bytes(text, strlen(text), top);
}


/* Return the value as a string, "-" if there is no such attribute. */
static char const *attr(struct by_hid_node const *node, char const *tag)
{
	static char text[4][64];
	static unsigned next;
	char *buffer = text[next++ % 4];

	return by_hid_copy(node, tag, buffer, sizeof(text[0])) == BY_OK ? buffer : "-";
}


/* Draw the tree as "type{sub{}sub{}}", with attributes as tag=value and quotes as 'text'. */
static void draw(struct by_hid_node const *node, char *out)
{
	struct by_hid_attr a;
	struct by_hid_line l;
	struct by_hid_node sub;

	out += strlen(out);
	out += sprintf(out, "%.*s{", (int)by_hid_type(node).size, by_hid_type(node).base);
	for (bool more = by_hid_first_attr(node, &a); more; more = by_hid_next_attr(&a))
		out += sprintf(out, "%.*s=%.*s;", (int)a.tag.size, a.tag.base,
		               (int)a.value.size, a.value.base);
	for (bool more = by_hid_first_line(node, &l); more; more = by_hid_next_line(&l))
		out += sprintf(out, "'%.*s'", (int)l.text.size, l.text.base);
	for (bool more = by_hid_first(node, &sub); more; more = by_hid_next(&sub)) {
		*out = 0;
		draw(&sub, out);
		out += strlen(out);
	}
	strcpy(out, "}");
}


static char const *tree(char const *text)
{
	static char out[4096];
	struct by_hid_node top;

	out[0] = 0;
	if (open_text(text, &top) != BY_OK)
		return "malformed";
	draw(&top, out);

	return out;
}


/* Hides from gcc that the strings compared are long: it would warn that a message is cut. */
__attribute__((noinline)) static char const *opaque(char const *text)
{
	__asm__("" : "+r"(text));

	return text;
}

#define READS(text, expected) CHECK_STR(tree(text), opaque(expected))


/* The example of doc/hid.md. */
static char const example[] =
	"config | verbose: yes\n"
	". everything the demo | needs\n"
	"+ parent-provides\n"
	"  + service LOG\n"
	"  + service ROM\n"
	"+ default-route | + any-service | + parent\n"
	"+ start editor | caps: 200 | ram: 8M\n"
	"  + binary vim\n"
	"  + route\n"
	"    + service Terminal              | + child terminal\n"
	"    + service ROM | label: config   | + parent\n"
	"    + any-service                   | + parent\n"
	"  + config\n"
	"  |   tab_width: 4\n"
	"  | + arg -c\n"
	"  |   : echo \"a | b\"\n"
	"-\n";


TEST(example_reads)
{
	READS(example,
	          "config{verbose=yes;parent-provides{service{name=LOG;}service{name=ROM;}}"
	          "default-route{any-service{parent{}}}"
	          "start{name=editor;caps=200;ram=8M;binary{name=vim;}route{"
	          "service{name=Terminal;child{name=terminal;}}"
	          "service{name=ROM;label=config;parent{}}any-service{parent{}}}"
	          "config{tab_width=4;arg{name=-c;'echo \"a | b\"'}}}}");
}


TEST(incomplete_documents)
{
	struct by_hid_node top;

	CHECK_EQ(open_text("", &top), BY_MALFORMED);
	CHECK_EQ(by_hid_open((struct by_hid_span){ NULL, 0 }, &top), BY_MALFORMED);
	CHECK_EQ(open_text("-\n", &top), BY_MALFORMED);
	CHECK_EQ(open_text("config", &top), BY_MALFORMED);
	CHECK_EQ(open_text("config\n", &top), BY_MALFORMED);
	CHECK_EQ(open_text("config\n -\n", &top), BY_MALFORMED);
	CHECK_EQ(open_text("config\n- \n", &top), BY_MALFORMED);
	CHECK_EQ(open_text("config\n--\n", &top), BY_MALFORMED);
	CHECK_EQ(open_text("config\n: -\n", &top), BY_MALFORMED);
	CHECK_EQ(open_text("+ config\n-\n", &top), BY_MALFORMED);
	CHECK_EQ(open_text("Config\n-\n", &top), BY_MALFORMED);
	CHECK_EQ(open_text("config: x\n-\n", &top), BY_MALFORMED);
	CHECK_EQ(open_text("con|fig\n-\n", &top), BY_MALFORMED);
	CHECK_EQ(open_text("config a|b\n-\n", &top), BY_MALFORMED);
	CHECK_EQ(open_text(". comment\nconfig\n-\n", &top), BY_MALFORMED);
	CHECK_EQ(open_text("config\r\n-\n", &top), BY_MALFORMED);
}


TEST(complete_documents)
{
	struct by_hid_node top;

	CHECK_EQ(open_text("config\n-\n", &top), BY_OK);
	CHECK_EQ(open_text("config\n-", &top), BY_OK);
	CHECK_EQ(open_bytes("config\n-\0\0\0\0", 12, &top), BY_OK);
	CHECK_EQ(open_text("\n\nconfig\n-\n", &top), BY_OK);
	READS("config\n-\n+ never\n-\n", "config{}");
	READS("x\n-\n", "x{}");
}


TEST(too_large_is_refused)
{
	struct by_hid_node top;
	struct by_hid_span const huge = { "config\n-\n", (size_t)UINT32_MAX };

	CHECK_EQ(by_hid_open(huge, &top), BY_LIMIT);
}


TEST(names)
{
	struct by_hid_node top, sub;

	READS("config  demo system | a: b\n-\n", "config{name=demo system;a=b;}");
	READS("c\n+ a   b c  \n+ d\n  name: e\n+ f g | name: h\n-\n",
	          "c{a{name=b c;}d{name=e;}f{name=g;name=h;}}");
	CHECK_EQ(open_text("c\n+ f g | name: h\n+ e\n-\n", &top), BY_OK);
	CHECK(by_hid_first(&top, &sub));
	CHECK(by_hid_span_is(by_hid_name(&sub), "g"));
	CHECK(by_hid_next(&sub));
	CHECK(by_hid_span_is(by_hid_name(&sub), ""));
	CHECK(!by_hid_next(&sub));
	CHECK(by_hid_type_is(&sub, "e"));
}


TEST(words)
{
	READS("zz-az_09 n\na: 1\nz: 2\na0-9z_: 3\n+ z\n+ a9\n-\n",
	      "zz-az_09{name=n;a=1;z=2;a0-9z_=3;z{}a9{}}");
	READS("c\n_a: 1\n-a: 1\n0a: 1\n`: 1\n{: 1\na/: 1\na:: 1\na@: 1\n+ `\n+ {\n+ a/\n+ a:\n-\n", "c{}");
}


TEST(columns_decide)
{
	READS("c\n+ a\n  + b\n + d\n-\n", "c{a{b{}}d{}}");
	READS("c\n    + a\n  + b\n+ d\n-\n", "c{a{}b{}d{}}");
	READS("c\n+ a\n  + b\n  t: 1\n-\n", "c{a{b{t=1;}}}");
	READS("c\n+ a\n  + b\n t: 1\n-\n", "c{a{t=1;b{}}}");
	READS("c\n  + a\nt: 1\n  + b\n-\n", "c{t=1;a{}b{}}");
	READS("c\n  + a\n    + x\n  t: 1\n    + y\n-\n", "c{a{t=1;x{}y{}}}");
	READS("c\n+ a | + b | + d | t: 1\n  u: 2\n-\n", "c{a{u=2;b{d{t=1;}}}}");
	READS("c\n+ a | t: 1 | + b\n             v: 3\n            u: 2\n-\n",
	          "c{a{t=1;u=2;b{v=3;}}}");
	READS("c\n        t: 1\n        u: 2\n+ a\n-\n", "c{t=1;u=2;a{}}");
	READS("c\n+ a \xc3\xa4 | + b \xe2\x82\xac | t: 1\n                u: 2\n-\n",
	      "c{a{name=\xc3\xa4;b{name=\xe2\x82\xac;t=1;u=2;}}}");
	READS("c\n+ a \xc3\xa4 | + b\n        u: 2\n       v: 3\n-\n", "c{a{name=\xc3\xa4;v=3;b{u=2;}}}");
	READS("c\n+ a\n  : q\n  + b\n : r\n-\n", "c{a{'q''r'b{}}}");
}


TEST(guides_and_empty_segments)
{
	READS("c\n|\n| |\n|  + a |\n|  | | t: 1 | |\n  |\n-\n", "c{a{t=1;}}");
	READS("c | | | a: 1 |\n-\n", "c{a=1;}");
	READS("c\n+ a | . a comment | b: 1\n| . one | c: 1\n.\n  .\n-\n", "c{a{}}");
}


TEST(comments_close_nothing)
{
	READS("c\n+ a\n  + b\n. far left\n    t: 1\n-\n", "c{a{b{t=1;}}}");
}


TEST(malformed_lines_are_skipped)
{
	READS("c\n?? what\nt:1\nT: 1\n9: 1\nt : 1\n: \n:x\n.x\nu: 2\n-\n", "c{u=2;''}");
	READS("c\na: x|y\nb: x |y\nc: x| y\nd: x | y | e: 1\n-\n", "c{d=x;e=1;}");
	READS("c\na: x\ty\n\tb: 1\nd: \x7f\ne: 1\n-\n", "c{e=1;}");
	READS("c\n+a\n+ b | +c\n  t: 1\n-\n", "c{b{t=1;}}");
	READS("c\n: a\x01\n: b\n-\n", "c{'b'}");
}


TEST(malformed_nodes_hide_their_content)
{
	READS("c\n+ Bad | t: 1\n  u: 1\n  + sub\n+ good\n-\n", "c{good{}}");
	READS("c\n+\n  u: 1\n+ a x|y\n  u: 1\n+ 9\n  u: 1\n+ good\n-\n", "c{good{}}");
	READS("c\n+ a\n  + B\n    t: 1\n  t: 2\n-\n", "c{a{}}");
	READS("c\n+ a\n  + B\n    t: 1\n t: 2\n-\n", "c{a{t=2;}}");
}


TEST(disabled_nodes)
{
	READS("c\nx a | t: 1\n  + b\n  : q\n+ d | x e | + f\n  u: 1\n-\n",
	          "c{d{u=1;}}");
	READS("c\nx: 1\nx a\n-\n", "c{x=1;}");
}


TEST(quoted_content)
{
	struct by_hid_node top;
	char buffer[32];

	READS("c | : x | y\n:\n: \n:  z \n: tab\there\n-\n",
	          "c{'x | y'''''' z ''tab\there'}");
	CHECK_EQ(open_text("c\n: ab\n:\n: c\n-\n", &top), BY_OK);
	CHECK_EQ(by_hid_quoted(&top, NULL, 0), 5);
	memset(buffer, '#', sizeof(buffer));
	CHECK_EQ(by_hid_quoted(&top, buffer, sizeof(buffer)), 5);
	CHECK(memcmp(buffer, "ab\n\nc#", 6) == 0);
	memset(buffer, '#', sizeof(buffer));
	CHECK_EQ(by_hid_quoted(&top, buffer, 3), 5);
	CHECK(memcmp(buffer, "ab\n#", 4) == 0);
	CHECK_EQ(open_text("c\n+ a\n  : inner\n-\n", &top), BY_OK);
	CHECK_EQ(by_hid_quoted(&top, buffer, sizeof(buffer)), 0);
}


TEST(lookup)
{
	struct by_hid_node top;
	struct by_hid_span value = { "kept", 4 };
	char small[4];

	CHECK_EQ(open_text("c\na: first | a: second\nempty:\n+ sub | deep: 1\n-\n", &top), BY_OK);
	CHECK_STR(attr(&top, "a"), "first");
	CHECK_STR(attr(&top, "empty"), "");
	CHECK_STR(attr(&top, "deep"), "-");
	CHECK(!by_hid_attr(&top, "b", &value));
	CHECK(by_hid_span_is(value, "kept"));
	CHECK_EQ(by_hid_copy(&top, "a", small, 4), BY_NO_SPACE);
	CHECK_EQ(by_hid_copy(&top, "b", small, 4), BY_NOT_FOUND);
	CHECK_EQ(by_hid_copy(&top, "empty", small, 1), BY_OK);
	CHECK_EQ(by_hid_copy(&top, "empty", small, 0), BY_NO_SPACE);
}


TEST(numbers_and_truths)
{
	struct by_hid_node top;

	CHECK_EQ(open_text("c\na: 10\nb: 0x1F\nc: 8M\nd: 18446744073709551615\n"
	                   "e: 18446744073709551616\nf: 12 k\ng: -1\nh: yes\ni: off\nj: maybe\n-\n",
	                   &top), BY_OK);
	CHECK_EQ(by_hid_u64(&top, "a", 1), 10);
	CHECK_EQ(by_hid_u64(&top, "b", 1), 31);
	CHECK_EQ(by_hid_u64(&top, "c", 1), 8 << 20);
	CHECK_EQ(by_hid_u64(&top, "d", 1), UINT64_MAX);
	CHECK_EQ(by_hid_u64(&top, "e", 1), 1);
	CHECK_EQ(by_hid_u64(&top, "f", 2), 2);
	CHECK_EQ(by_hid_u64(&top, "g", 3), 3);
	CHECK_EQ(by_hid_u64(&top, "none", 4), 4);
	CHECK(by_hid_bool(&top, "h", false));
	CHECK(!by_hid_bool(&top, "i", true));
	CHECK(by_hid_bool(&top, "j", true));
	CHECK(!by_hid_bool(&top, "none", false));
}


TEST(nodes_by_type)
{
	struct by_hid_node top, sub;

	CHECK_EQ(open_text("c\n+ a 1\n+ b 2\n+ a 3\n+ ab 4\n-\n", &top), BY_OK);
	CHECK(by_hid_first_of(&top, "a", &sub));
	CHECK_STR(attr(&sub, "name"), "1");
	CHECK(by_hid_next_of(&sub, "a"));
	CHECK_STR(attr(&sub, "name"), "3");
	CHECK(!by_hid_next_of(&sub, "a"));
	CHECK_STR(attr(&sub, "name"), "3");
	CHECK(!by_hid_first_of(&top, "c", &sub));
	CHECK_STR(attr(&sub, "name"), "3");
	CHECK(by_hid_first_of(&top, "ab", &sub));
	CHECK_STR(attr(&sub, "name"), "4");
}


static void nested(char *text, unsigned depth)
{
	text += sprintf(text, "c\n");
	for (unsigned i = 2; i <= depth; i++)
		text += sprintf(text, "%*s+ d\n", (int)(2 * (i - 2)), "");
	sprintf(text, "+ last\n-\n");
}


TEST(depth_is_limited)
{
	static char text[8192];
	struct by_hid_node node, sub;
	unsigned depth = 1;

	nested(text, 60);
	CHECK_EQ(open_text(text, &node), BY_OK);
	while (by_hid_first(&node, &sub)) {
		node = sub;
		depth++;
	}
	CHECK_EQ(depth, BY_HID_DEPTH);
	CHECK_EQ(open_text(text, &node), BY_OK);
	CHECK(by_hid_first_of(&node, "last", &sub));
	CHECK(by_hid_equal(&node, &node));
}


/* Walking a level costs the same per byte, however many attributes and nodes there are. */
TEST(walk_is_linear)
{
	enum { NODES = 20000 };
	char *text = malloc(NODES * 64), *at = text;
	struct by_hid_node top, sub;
	unsigned count = 0;

	at += sprintf(at, "c\n");
	for (int i = 0; i < NODES; i++)
		at += sprintf(at, "a%d: 1\n", i);
	for (int i = 0; i < NODES; i++)
		at += sprintf(at, "+ n | a: 1\n  + m\n");
	sprintf(at, "-\n");
	CHECK_EQ(open_text(text, &top), BY_OK);
	free(text);
	for (bool more = by_hid_first(&top, &sub); more; more = by_hid_next(&sub))
		count++;
	CHECK_EQ(count, NODES);
	CHECK(by_hid_equal(&top, &top));
}


static bool equal(char const *a, char const *b)
{
	struct by_hid_node of_a, of_b;
	struct by_hid_span const text_b = { b, strlen(b) };

	return open_text(a, &of_a) == BY_OK && by_hid_open(text_b, &of_b) == BY_OK
	       && by_hid_equal(&of_a, &of_b) && by_hid_equal(&of_b, &of_a);
}


TEST(equality)
{
	CHECK(equal("c\na: 1\n+ b\n  : q\n+ d\n-\n", "c | a:  1\n. hi\n  x no\n  + b | : q\n  + d\n-\n"));
	CHECK(equal("c n\n-\n", "c\nname: n\n-\n"));
	CHECK(equal("c\na: 1\nb: 2\nd: 3\n-\n", "c\nd: 3\na: 1\nb: 2\n-\n"));
	CHECK(equal("c\na: 1\na: 2\n-\n", "c\na: 1\na: 3\n-\n"));
	CHECK(equal("c\na: 1\nb: 1\na: 2\n-\n", "c\nb: 1\na: 1\n-\n"));
	CHECK(!equal("c\na: 1\n-\n", "c\na: 2\n-\n"));
	CHECK(!equal("c\na: 1\n-\n", "c\na: 1\nb: 1\n-\n"));
	CHECK(!equal("c\na: 1\na: 2\n-\n", "c\na: 2\na: 1\n-\n"));
	CHECK(!equal("c\n-\n", "d\n-\n"));
	CHECK(!equal("c\n: q\n-\n", "c\n: r\n-\n"));
	CHECK(!equal("c\n: q\n-\n", "c\n: q\n:\n-\n"));
	CHECK(!equal("c\n:\n-\n", "c\n-\n"));
	CHECK(!equal("c\n+ a\n+ b\n-\n", "c\n+ b\n+ a\n-\n"));
	CHECK(!equal("c\n+ a\n+ b\n-\n", "c\n+ a\n  + b\n-\n"));
	CHECK(!equal("c\n+ a\n+ b\n-\n", "c\n+ a\n-\n"));
	CHECK(!equal("c\n+ a\n  + b\n-\n", "c\n+ a\n-\n"));
	CHECK(equal(example, example));
}


/* Few shuffled attributes are looked up one by one, many are not. */
TEST(equality_is_bounded)
{
	for (int count = 20; count <= 60; count += 40) {
		char a[1024] = "c\n", b[1024] = "c\n";

		for (int i = 0; i < count; i++) {
			sprintf(a + strlen(a), "a%d: 1\n", i);
			sprintf(b + strlen(b), "a%d: 1\n", count - 1 - i);
		}
		strcat(a, "-\n");
		strcat(b, "-\n");
		CHECK_EQ(equal(a, b), count == 20);
		CHECK(equal(a, a));
	}
}


/*
 * Writer
 */

static char                 written[512];
static struct by_hid_writer writer;


static void start(void)
{
	memset(written, '#', sizeof(written));
	by_hid_write_init(&writer, written, sizeof(written));
}


static char const *finish(void)
{
	size_t used;

	if (by_hid_write_finish(&writer, &used) != BY_OK)
		return "refused";
	written[used] = 0;

	return written;
}


static void write_example(void)
{
	by_hid_write_begin(&writer, "config");
	by_hid_write_bool(&writer, "verbose", true);
	by_hid_write_begin(&writer, "start");
	by_hid_write_attr(&writer, "name", "editor");
	by_hid_write_u64(&writer, "caps", 200);
	by_hid_write_u64(&writer, "most", UINT64_MAX);
	by_hid_write_format(&writer, "ram", "%uM", 8u);
	by_hid_write_attr(&writer, "empty", "");
	by_hid_write_begin(&writer, "arg");
	by_hid_write_quote(&writer, "echo a | b\n\n x\t", 15);
	by_hid_write_begin(&writer, "deep");
	by_hid_write_end(&writer);
	by_hid_write_end(&writer);
	by_hid_write_end(&writer);
	by_hid_write_begin(&writer, "x");
	by_hid_write_attr(&writer, "name", "");
	by_hid_write_end(&writer);
	by_hid_write_end(&writer);
}


static char const written_example[] =
	"config | verbose: yes\n"
	"+ start editor | caps: 200 | most: 18446744073709551615 | ram: 8M | empty:\n"
	"  + arg\n"
	"    : echo a | b\n"
	"    :\n"
	"    :  x\t\n"
	"    + deep\n"
	"+ x | name:\n"
	"-\n";


TEST(writer_writes)
{
	start();
	write_example();
	CHECK_STR(finish(), written_example);
	READS(written_example,
	          "config{verbose=yes;start{name=editor;caps=200;most=18446744073709551615;ram=8M;"
	          "empty=;arg{'echo a | b'''' x\t'deep{}}}x{name=;}}");
}


TEST(writer_overflow)
{
	size_t const whole = strlen(written_example);
	size_t used;

	for (size_t size = 0; size < whole; size++) {
		char *buffer = malloc(size ? size : 1);

		by_hid_write_init(&writer, buffer, size);
		write_example();
		used = 7;
		by_status_t const status = by_hid_write_finish(&writer, &used);
		free(buffer);
		CHECK_EQ(status, BY_NO_SPACE);
		CHECK_EQ(by_hid_write_needed(&writer), whole);
		CHECK_EQ(used, 7);
	}
	by_hid_write_init(&writer, written, whole);
	write_example();
	CHECK_EQ(by_hid_write_finish(&writer, &used), BY_OK);
	CHECK_EQ(used, whole);
}


/* Write one attribute with this value; return what came out. */
static char const *with_value(char const *tag, char const *value)
{
	start();
	by_hid_write_begin(&writer, "c");
	by_hid_write_attr(&writer, tag, value);
	by_hid_write_end(&writer);

	return finish();
}


TEST(writer_refuses_values)
{
	static char const *const bad[] = {
		"|", "a|b", "a | b", " a", "a ", " ", "a\nb", "\n", "\t", "a\x01", "\x7f",
		"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xc2\x85",
	};
	static char const *const good[] = {
		"", "a", "a b", "a  b", ": x", ". x", "+ x", "-", "x", "a: b", "\xc3\xa4", "\xc2\xa0",
	};

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK_STR(with_value("a", bad[i]), "refused");
		CHECK_STR(with_value("name", bad[i]), "refused");
		CHECK(!by_hid_value_valid(bad[i], strlen(bad[i])));
	}
	for (unsigned i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct by_hid_node top;

		CHECK_EQ(open_text(with_value("a", good[i]), &top), BY_OK);
		CHECK_STR(attr(&top, "a"), good[i]);
		CHECK_EQ(open_text(with_value("name", good[i]), &top), BY_OK);
		CHECK_STR(attr(&top, "name"), good[i]);
	}
}


TEST(writer_refuses_words)
{
	static char const *const bad[] = { "", "A", "9", "-", "_a", "a b", "a:", "a|", "\xc3\xa4" };

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK_STR(with_value(bad[i], "x"), "refused");
		start();
		by_hid_write_begin(&writer, bad[i]);
		by_hid_write_end(&writer);
		CHECK_STR(finish(), "refused");
	}
}


TEST(writer_takes_words)
{
	start();
	by_hid_write_begin(&writer, "zaz09_-");
	by_hid_write_attr(&writer, "az09_-", "x");
	by_hid_write_end(&writer);
	CHECK_STR(finish(), "zaz09_- | az09_-: x\n-\n");
}


TEST(writer_quotes)
{
	start();
	by_hid_write_begin(&writer, "c");
	by_hid_write_quote(&writer, "", 0);
	by_hid_write_quote(&writer, "a\n", 2);
	by_hid_write_end(&writer);
	CHECK_STR(finish(), "c\n:\n: a\n:\n-\n");
}


TEST(writer_refuses_quotes)
{
	static char const *const bad[] = { "a\x01", "\x7f", "ok\n\xff", "\r", "\xc2\x9f" };

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		start();
		by_hid_write_begin(&writer, "c");
		by_hid_write_quote(&writer, bad[i], strlen(bad[i]));
		by_hid_write_end(&writer);
		CHECK_STR(finish(), "refused");
	}
}


TEST(writer_refuses_duplicates)
{
	start();
	by_hid_write_begin(&writer, "c");
	by_hid_write_attr(&writer, "a", "1");
	by_hid_write_attr(&writer, "ab", "1");
	by_hid_write_begin(&writer, "s");
	by_hid_write_attr(&writer, "a", "a: b");
	by_hid_write_attr(&writer, "b", "1");
	by_hid_write_attr(&writer, "name", "1");
	by_hid_write_end(&writer);
	CHECK_EQ(writer.status, BY_OK);
	by_hid_write_begin(&writer, "s");
	by_hid_write_attr(&writer, "name", "1");
	by_hid_write_attr(&writer, "name", "1");
	CHECK_EQ(writer.status, BY_INVALID);
	start();
	by_hid_write_begin(&writer, "c");
	by_hid_write_attr(&writer, "a", "");
	CHECK_EQ(writer.status, BY_OK);
	by_hid_write_attr(&writer, "a", "");
	CHECK_EQ(writer.status, BY_INVALID);
	start();
	by_hid_write_begin(&writer, "c");
	by_hid_write_attr(&writer, "a", "1");
	CHECK_EQ(writer.status, BY_OK);
	by_hid_write_attr(&writer, "a", "1");
	CHECK_EQ(writer.status, BY_INVALID);
}


TEST(writer_refuses_disorder)
{
	start();
	CHECK_STR(finish(), "refused");
	start();
	by_hid_write_attr(&writer, "a", "b");
	CHECK_STR(finish(), "refused");
	start();
	by_hid_write_quote(&writer, "a", 1);
	CHECK_STR(finish(), "refused");
	start();
	by_hid_write_begin(&writer, "c");
	CHECK_STR(finish(), "refused");
	start();
	by_hid_write_begin(&writer, "c");
	by_hid_write_end(&writer);
	by_hid_write_end(&writer);
	CHECK_STR(finish(), "refused");
	start();
	by_hid_write_begin(&writer, "c");
	by_hid_write_end(&writer);
	by_hid_write_begin(&writer, "d");
	by_hid_write_end(&writer);
	CHECK_STR(finish(), "refused");
}


TEST(writer_refuses_late_content)
{
	start();
	by_hid_write_begin(&writer, "c");
	by_hid_write_quote(&writer, "a", 1);
	by_hid_write_quote(&writer, "b", 1);
	CHECK_EQ(writer.status, BY_OK);
	by_hid_write_attr(&writer, "a", "b");
	CHECK_EQ(writer.status, BY_INVALID);
	start();
	by_hid_write_begin(&writer, "c");
	by_hid_write_begin(&writer, "s");
	by_hid_write_end(&writer);
	CHECK_EQ(writer.status, BY_OK);
	by_hid_write_quote(&writer, "a", 1);
	CHECK_EQ(writer.status, BY_INVALID);
}


TEST(writer_limits)
{
	static char large[8192];
	char value[300];

	by_hid_write_init(&writer, large, sizeof(large));
	for (int i = 0; i < BY_HID_DEPTH; i++)
		by_hid_write_begin(&writer, "d");
	CHECK_EQ(writer.status, BY_OK);
	by_hid_write_begin(&writer, "d");
	CHECK_EQ(writer.status, BY_INVALID);
	by_hid_write_init(&writer, large, sizeof(large));
	by_hid_write_begin(&writer, "d");
	for (int i = 0; i < BY_HID_ATTRS; i++) {
		sprintf(value, "a%d", i);
		by_hid_write_attr(&writer, value, "x");
	}
	CHECK_EQ(writer.status, BY_OK);
	by_hid_write_attr(&writer, "more", "x");
	CHECK_EQ(writer.status, BY_INVALID);
	memset(value, 'v', sizeof(value));
	start();
	by_hid_write_begin(&writer, "d");
	by_hid_write_format(&writer, "a", "%.255s", value);
	CHECK_EQ(writer.status, BY_OK);
	by_hid_write_format(&writer, "b", "%.256s", value);
	CHECK_EQ(writer.status, BY_INVALID);
}


TEST(writer_copies_nodes)
{
	struct by_hid_node top, sub;

	CHECK_EQ(open_text(example, &top), BY_OK);
	CHECK(by_hid_first_of(&top, "start", &sub));
	start();
	by_hid_write_node(&writer, &sub);
	READS(finish(),
	          "start{name=editor;caps=200;ram=8M;binary{name=vim;}route{"
	          "service{name=Terminal;child{name=terminal;}}"
	          "service{name=ROM;label=config;parent{}}any-service{parent{}}}"
	          "config{tab_width=4;arg{name=-c;'echo \"a | b\"'}}}");
	CHECK(equal(written, "start editor\nram: 8M\ncaps: 200\n+ binary vim\n+ route\n"
	                     "  + service Terminal | + child terminal\n"
	                     "  + service ROM | label: config | + parent\n"
	                     "  + any-service | + parent\n"
	                     "+ config\n  tab_width: 4\n  + arg -c\n    : echo \"a | b\"\n-\n"));
	CHECK_EQ(open_text("c\na: 1 | b: 2 | a: 3\n-\n", &top), BY_OK);
	start();
	by_hid_write_node(&writer, &top);
	CHECK_STR(finish(), "c | a: 1 | b: 2\n-\n");
	CHECK_EQ(open_text("c\na: \xff\n-\n", &top), BY_OK);
	start();
	by_hid_write_node(&writer, &top);
	CHECK_STR(finish(), "refused");
}

UNIT_MAIN("hid")
