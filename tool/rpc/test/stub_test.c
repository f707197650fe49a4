/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Generated stubs and dispatchers, back to back: what goes in at one side comes
 * out at the other, whatever the values, and nothing else is sent or written.
 *
 * Built by stub.sh against the headers made from example/; with narrow/ in front
 * of the include path for the words of a 32-bit machine.
 */
#include <stdlib.h>

#include "host_runtime.h"
#include "unit.h"

#define BY_COUNTER_SELF struct server
#define BY_MIXED_SELF struct server
#define BY_REGION_MAP_SELF struct server

struct server;

#include <by/object/empty_server.h>
#include <by/object/names_server.h>
#include <by/object/region_map_server.h>
#include <by/session/counter_server.h>
#include <by/session/mixed_server.h>
#include <by/session/opened_server.h>

UNIT_MAIN("rpc_stub")

enum { ROUNDS = 300 };

static uint64_t random_state;

static struct by_mixed      mixed      = { { { 1 } } };
static struct by_counter    counter    = { { { 1 } } };
static struct by_region_map region_map = { { 1 } };


static uint64_t draw(void)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;

	return random_state >> 29;
}


static void fill(void *data, size_t len)
{
	unsigned char *byte = data;

	for (size_t i = 0; i < len; i++)
		byte[i] = draw() % 8 ? (unsigned char)draw() : (unsigned char)(draw() % 2 * 255);
}


/* A length that is often one of the ends. */
static size_t draw_len(size_t most)
{
	return (size_t)(draw() % 4 ? draw() % (most + 1) : draw() % 2 * most);
}


static void fill_text(char *text, size_t most)
{
	size_t const len = draw_len(most);

	for (size_t i = 0; i < len; i++)
		text[i] = (char)(1 + draw() % 255);
	text[len] = 0;
}


static enum by_mixed_order draw_order(void)
{
	return (enum by_mixed_order)(draw() % 3);
}


static struct by_mixed_pixel draw_pixel(void)
{
	return (struct by_mixed_pixel){
		.on    = draw() % 2 == 1,
		.at    = { (int32_t)draw(), -(int32_t)(draw() & 0xffff) },
		.order = draw_order(),
		.shade = (uint8_t)draw(),
	};
}


static struct by_mixed_deep draw_deep(void)
{
	return (struct by_mixed_deep){
		.tiny = (uint8_t)draw(), .pixel = draw_pixel(), .wide = draw() << 32 | draw(),
		.last = draw() % 2 == 1,
	};
}


static bool same_pixel(const struct by_mixed_pixel *a, const struct by_mixed_pixel *b)
{
	return a->on == b->on && a->at.x == b->at.x && a->at.y == b->at.y
	       && a->order == b->order && a->shade == b->shade;
}


static bool same_deep(const struct by_mixed_deep *a, const struct by_mixed_deep *b)
{
	return a->tiny == b->tiny && same_pixel(&a->pixel, &b->pixel) && a->wide == b->wide
	       && a->last == b->last;
}


/* Values of all calls, once as the client has them and once as the server has. */
struct values {
	struct { uint8_t a; uint64_t b; uint16_t c; int32_t d; bool e; int64_t f; uint32_t g;
	         enum by_mixed_order h; } scalars;
	struct { enum by_mixed_order i; bool j; int64_t k; uint8_t l; int32_t m; uint16_t n;
	         uint64_t o; uint32_t p; } more;
	struct by_mixed_deep  deep, deep_back;
	struct by_mixed_pixel pixel;
	struct by_mixed_point point;
	struct by_mixed_full  full, full_back;
	uint8_t               byte, byte_back;
	uint16_t              half;
	uint32_t              word;
	uint64_t              wide;
	char                  short_text[2], text[101], long_text[401];
	char                  text_back[34], text8_back[9], text72_back[73];
	unsigned char         bytes[72], bytes_back[9], long_bytes[400];
	size_t                bytes_len, bytes_back_len, long_bytes_len;
	bool                  flag;
};

struct server {
	struct values  got;       /* arguments */
	struct values  answer;    /* results */
	by_status_t    status;
	unsigned       ran, refusals;
	struct by_cap_arg caps[4];
	unsigned       take;      /* mask of capabilities to take */
	by_cap_t       taken[4], give[4];
	bool           nested;    /* do IPC inside the operation */
};

static struct server server;


static void draw_values(struct values *v)
{
	memset(v, 0, sizeof(*v));
	fill(&v->scalars, sizeof(v->scalars));
	fill(&v->more, sizeof(v->more));
	v->scalars.e = draw() % 2 == 1;
	v->scalars.h = draw_order();
	v->more.i    = draw_order();
	v->more.j    = draw() % 2 == 1;
	v->deep      = draw_deep();
	v->deep_back = draw_deep();
	v->pixel     = draw_pixel();
	fill(&v->point, sizeof(v->point));
	fill(&v->full, sizeof(v->full));
	fill(&v->full_back, sizeof(v->full_back));
	v->byte      = (uint8_t)draw();
	v->byte_back = (uint8_t)draw();
	v->half      = (uint16_t)draw();
	v->word      = (uint32_t)draw();
	v->wide      = draw() << 32 | draw();
	v->flag      = draw() % 2 == 1;
	fill_text(v->short_text, 1);
	fill_text(v->text, 100);
	fill_text(v->long_text, 400);
	fill_text(v->text_back, 33);
	fill_text(v->text8_back, 8);
	fill_text(v->text72_back, 72);
	v->bytes_len      = draw_len(7);
	v->bytes_back_len = draw_len(9);
	v->long_bytes_len = draw_len(400);
	fill(v->bytes, sizeof(v->bytes));
	fill(v->bytes_back, sizeof(v->bytes_back));
	fill(v->long_bytes, sizeof(v->long_bytes));
}


/* At the start of each operation: it runs once, and may do IPC itself. */
static void enter(struct server *self)
{
	self->ran++;
	host_soil_page();
	if (!self->nested)
		return;

	self->nested = false;
	if (by_mixed_ping(&mixed) != BY_OK)
		abort();
	self->ran--; /* of the ping */
}


static by_status_t op_nothing(struct server *self)
{
	enter(self);

	return self->status;
}


static by_status_t op_scalars(struct server *self, uint8_t a, uint64_t b, uint16_t c, int32_t d,
                              bool e, int64_t f, uint32_t g, enum by_mixed_order h,
                              enum by_mixed_order *i, bool *j, int64_t *k, uint8_t *l,
                              int32_t *m, uint16_t *n, uint64_t *o, uint32_t *p)
{
	struct values *const in = &self->got, *const out = &self->answer;

	enter(self);
	in->scalars.a = a, in->scalars.b = b, in->scalars.c = c, in->scalars.d = d;
	in->scalars.e = e, in->scalars.f = f, in->scalars.g = g, in->scalars.h = h;
	*i = out->more.i, *j = out->more.j, *k = out->more.k, *l = out->more.l;
	*m = out->more.m, *n = out->more.n, *o = out->more.o, *p = out->more.p;

	return self->status;
}


static by_status_t op_structs(struct server *self, const struct by_mixed_deep *a, uint8_t b,
                              const struct by_mixed_pixel *c, uint16_t *d,
                              struct by_mixed_point *e, struct by_mixed_deep *f)
{
	enter(self);
	self->got.deep  = *a;
	self->got.byte  = b;
	self->got.pixel = *c;
	*d = self->answer.half;
	*e = self->answer.point;
	*f = self->answer.deep_back;

	return self->status;
}


static by_status_t op_texts(struct server *self, const char *a, uint8_t b, const char *c,
                            const void *d, size_t d_len, void *e, size_t *e_len, uint8_t *f,
                            char *g, char *h)
{
	enter(self);
	strcpy(self->got.short_text, a);
	self->got.byte = b;
	strcpy(self->got.text, c);
	memcpy(self->got.bytes, d, d_len);
	self->got.bytes_len = d_len;
	memcpy(e, self->answer.bytes_back, self->answer.bytes_back_len);
	*e_len = self->answer.bytes_back_len;
	*f = self->answer.byte_back;
	strcpy(g, self->answer.text_back);
	strcpy(h, self->answer.text8_back);

	return self->status;
}


static by_status_t op_filled(struct server *self, const struct by_mixed_full *all,
                             struct by_mixed_full *all_back)
{
	enter(self);
	self->got.full = *all;
	*all_back = self->answer.full_back;

	return self->status;
}


static by_status_t op_largest(struct server *self, const char *a, const void *b, size_t b_len,
                              void *c, size_t *c_len, char *d)
{
	enter(self);
	strcpy(self->got.long_text, a);
	memcpy(self->got.bytes, b, b_len);
	self->got.bytes_len = b_len;
	memcpy(c, self->answer.long_bytes, self->answer.long_bytes_len);
	*c_len = self->answer.long_bytes_len;
	strcpy(d, self->answer.text72_back);

	return self->status;
}


static void note_cap(struct server *self, unsigned index, struct by_cap_arg *arg)
{
	self->caps[index] = *arg;
	if (self->take >> index & 1)
		self->taken[index] = by_cap_arg_take(arg);
}


static by_status_t op_caps(struct server *self, struct by_cap_arg *a, uint32_t n,
                           struct by_cap_arg *b, struct by_cap_arg *c, struct by_cap_arg *d,
                           by_cap_t *e, by_cap_t *f, uint64_t *m, by_cap_t *g, by_cap_t *h)
{
	enter(self);
	note_cap(self, 0, a);
	note_cap(self, 1, b);
	note_cap(self, 2, c);
	note_cap(self, 3, d);
	self->got.word = n;
	*m = self->answer.wide;
	*e = self->give[0], *f = self->give[1], *g = self->give[2], *h = self->give[3];

	return self->status;
}


static by_status_t op_take(struct server *self, struct by_cap_arg *a)
{
	enter(self);
	note_cap(self, 0, a);

	return self->status;
}


static by_status_t op_give(struct server *self, by_cap_t *a)
{
	enter(self);
	*a = self->give[0];

	return self->status;
}


static by_status_t op_refuse(struct server *self, uint32_t code)
{
	enter(self);

	return BY_STATUS((uintptr_t)code);
}


static void op_post(struct server *self, const char *text, uint64_t a, const void *data,
                    size_t data_len, bool flag, const struct by_mixed_pixel *p,
                    struct by_cap_arg *cap)
{
	enter(self);
	strcpy(self->got.text, text);
	self->got.wide = a;
	memcpy(self->got.bytes, data, data_len);
	self->got.bytes_len = data_len;
	self->got.flag  = flag;
	self->got.pixel = *p;
	note_cap(self, 0, cap);
}


static void op_ping(struct server *self)
{
	enter(self);
}


static struct by_mixed_ops const mixed_ops = {
	.nothing = op_nothing, .scalars = op_scalars, .structs = op_structs, .texts = op_texts,
	.filled = op_filled, .largest = op_largest, .caps = op_caps, .take = op_take,
	.give = op_give, .refuse = op_refuse, .post = op_post, .ping = op_ping,
};


static void start(const struct by_rpc_interface *interface, const void *ops)
{
	host_init();
	memset(&server, 0, sizeof(server));
	host_cap(1); /* slot 1, the gate of all handles */
	host.server = interface;
	host.ops    = ops;
	host.self   = &server;
	host.peer_word = draw() % 2 ? 8 : 0;
	host.garbage   = (unsigned char)draw();
	server.nested  = interface == &by_mixed_interface && draw() % 2;
	draw_values(&server.answer);
}


static void start_mixed(void)
{
	start(&by_mixed_interface, &mixed_ops);
}


TEST(nothing)
{
	start_mixed();
	server.nested = false;
	CHECK(by_mixed_nothing(&mixed) == BY_OK);
	CHECK_EQ(server.ran, 1);
	CHECK_EQ(host.request.len, 0);
	CHECK_EQ(by_tag_words(host.reply.tag), 1);
}


TEST(scalars)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct values v;

		start_mixed();
		draw_values(&v);
		CHECK(by_mixed_scalars(&mixed, v.scalars.a, v.scalars.b, v.scalars.c, v.scalars.d,
		                       v.scalars.e, v.scalars.f, v.scalars.g, v.scalars.h,
		                       &v.more.i, &v.more.j, &v.more.k, &v.more.l, &v.more.m,
		                       &v.more.n, &v.more.o, &v.more.p) == BY_OK);
		CHECK_EQ(server.ran, 1);
		CHECK_EQ(server.got.scalars.a, v.scalars.a);
		CHECK_EQ(server.got.scalars.b, v.scalars.b);
		CHECK_EQ(server.got.scalars.c, v.scalars.c);
		CHECK_EQ(server.got.scalars.d, v.scalars.d);
		CHECK_EQ(server.got.scalars.e, v.scalars.e);
		CHECK_EQ(server.got.scalars.f, v.scalars.f);
		CHECK_EQ(server.got.scalars.g, v.scalars.g);
		CHECK_EQ(server.got.scalars.h, v.scalars.h);
		CHECK_EQ(v.more.i, server.answer.more.i);
		CHECK_EQ(v.more.j, server.answer.more.j);
		CHECK_EQ(v.more.k, server.answer.more.k);
		CHECK_EQ(v.more.l, server.answer.more.l);
		CHECK_EQ(v.more.m, server.answer.more.m);
		CHECK_EQ(v.more.n, server.answer.more.n);
		CHECK_EQ(v.more.o, server.answer.more.o);
		CHECK_EQ(v.more.p, server.answer.more.p);
	}
}


TEST(structs)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct values v;

		start_mixed();
		draw_values(&v);
		CHECK(by_mixed_structs(&mixed, &v.deep, v.byte, &v.pixel, &v.half, &v.point,
		                       &v.deep_back) == BY_OK);
		CHECK(same_deep(&server.got.deep, &v.deep));
		CHECK_EQ(server.got.byte, v.byte);
		CHECK(same_pixel(&server.got.pixel, &v.pixel));
		CHECK_EQ(v.half, server.answer.half);
		CHECK(!memcmp(&v.point, &server.answer.point, sizeof(v.point)));
		CHECK(same_deep(&v.deep_back, &server.answer.deep_back));

		CHECK(by_mixed_filled(&mixed, &v.full, &v.full_back) == BY_OK);
		CHECK(!memcmp(&v.full, &server.got.full, sizeof(v.full)));
		CHECK(!memcmp(&v.full_back, &server.answer.full_back, sizeof(v.full)));
	}
}


TEST(texts)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct values v;
		size_t        len;

		/* exact sizes, so that the sanitizer sees a byte too many */
		char *const g = malloc(34), *const h = malloc(9);
		void *const e = malloc(9);

		start_mixed();
		draw_values(&v);
		CHECK(by_mixed_texts(&mixed, v.short_text, v.byte, v.text, v.bytes, v.bytes_len,
		                     e, &len, &v.byte_back, g, h) == BY_OK);
		CHECK_STR(server.got.short_text, v.short_text);
		CHECK_EQ(server.got.byte, v.byte);
		CHECK_STR(server.got.text, v.text);
		CHECK_EQ(server.got.bytes_len, v.bytes_len);
		CHECK(!memcmp(server.got.bytes, v.bytes, v.bytes_len));
		CHECK_EQ(len, server.answer.bytes_back_len);
		CHECK(!memcmp(e, server.answer.bytes_back, len));
		CHECK_EQ(v.byte_back, server.answer.byte_back);
		CHECK_STR(g, server.answer.text_back);
		CHECK_STR(h, server.answer.text8_back);
		free(e), free(g), free(h);
	}
}


TEST(largest)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct values v;
		size_t        len;
		char   *const d = malloc(73);
		void   *const c = malloc(400);

		start_mixed();
		draw_values(&v);
		v.bytes_len = draw_len(72);
		if (i == 0) {
			memset(v.long_text, 'x', 400);
			v.long_text[400] = 0;
			v.bytes_len      = 72;
			server.answer.long_bytes_len = 400;
			memset(server.answer.text72_back, 'y', 72);
			server.answer.text72_back[72] = 0;
		}
		CHECK(by_mixed_largest(&mixed, v.long_text, v.bytes, v.bytes_len, c, &len, d)
		      == BY_OK);
		CHECK(!strcmp(server.got.long_text, v.long_text));
		CHECK_EQ(server.got.bytes_len, v.bytes_len);
		CHECK(!memcmp(server.got.bytes, v.bytes, v.bytes_len));
		CHECK_EQ(len, server.answer.long_bytes_len);
		CHECK(!memcmp(c, server.answer.long_bytes, len));
		CHECK_STR(d, server.answer.text72_back);
		CHECK(host.request.len <= BY_MSG_BYTES && host.reply.len <= BY_MSG_BYTES);
		CHECK(i != 0 || (host.request.len == 480 && host.reply.len == 480));
		free(c), free(d);
	}
}


TEST(too_long_is_not_sent)
{
	char          text[402];
	unsigned char bytes[64] = { 0 };
	size_t        len;

	memset(text, 'x', sizeof(text));
	text[101] = 0;
	start_mixed();
	CHECK(by_mixed_texts(&mixed, "ab", 0, "", bytes, 0, bytes, &len, bytes, text, text)
	      == BY_INVALID);
	CHECK(by_mixed_texts(&mixed, "", 0, text, bytes, 0, bytes, &len, bytes, text, text)
	      == BY_INVALID);
	CHECK(by_mixed_texts(&mixed, "", 0, "", bytes, 8, bytes, &len, bytes, text, text)
	      == BY_INVALID);
	CHECK_EQ(host.calls, 0);
}


/* An unterminated argument is read up to its bound and one byte. */
TEST(unterminated_is_not_overread)
{
	char *const text = malloc(2);
	char        back[64];
	size_t      len;
	uint8_t     byte;

	memset(text, 'x', 2);
	start_mixed();
	CHECK(by_mixed_texts(&mixed, text, 0, "", NULL, 0, back, &len, &byte, back, back)
	      == BY_INVALID);
	free(text);
}


/* What is sent does not depend on what the page or the stack held before. */
TEST(all_bytes_are_defined)
{
	unsigned char request[480], reply[480];

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct values  v;
		char           text[402];
		unsigned char  bytes[400];
		size_t         len;
		uint64_t const seed = random_state;

		for (unsigned run = 0; run < 2; run++) {
			random_state = seed;
			start_mixed();
			draw_values(&v);
			host.garbage = (unsigned char)(run ? 0x5a : 0xa5);
			host_soil_page();
			switch (i % 3) {
			case 0:
				CHECK(by_mixed_structs(&mixed, &v.deep, v.byte, &v.pixel, &v.half,
				                       &v.point, &v.deep_back) == BY_OK);
				break;
			case 1:
				CHECK(by_mixed_texts(&mixed, v.short_text, v.byte, v.text, v.bytes,
				                     v.bytes_len, bytes, &len, &v.byte, text,
				                     text) == BY_OK);
				break;
			case 2:
				CHECK(by_mixed_scalars(&mixed, v.scalars.a, v.scalars.b,
				                       v.scalars.c, v.scalars.d, v.scalars.e,
				                       v.scalars.f, v.scalars.g, v.scalars.h,
				                       &v.more.i, &v.more.j, &v.more.k,
				                       &v.more.l, &v.more.m, &v.more.n,
				                       &v.more.o, &v.more.p) == BY_OK);
			}
			CHECK(!run || !memcmp(request, host.request.byte, host.request.len));
			CHECK(!run || !memcmp(reply, host.reply.byte, host.reply.len));
			memcpy(request, host.request.byte, host.request.len);
			memcpy(reply, host.reply.byte, host.reply.len);
		}
	}
}


/* The wire format by hand: no generator has a say in these bytes. */
TEST(wire)
{
	static unsigned char const request[] = {
		5, 0,  0, 0, 0, 0, 0, 0,                   /* length of 'data' */
		0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, /* base */
		0xef, 0xbe, 0, 0, 0, 0, 0, 0,              /* size */
		'h', 'e', 'l', 'l', 'o', 0, 0, 0,
	};
	struct by_counter_range const at = { 0x1122334455667788, 0xbeef };
	static struct by_counter_ops const no_ops;

	start(&by_counter_interface, &no_ops);
	CHECK(by_counter_store(&counter, "hello", 5, &at) == BY_NOT_SUPPORTED);
	CHECK_EQ(host.request.tag, by_tag(5, by_rpc_words(32), 0));
	CHECK_EQ(host.request.len, 32);
	CHECK(!memcmp(host.request.byte, request, sizeof(request)));
	CHECK_EQ(host.reply.tag, by_tag(0, 1, 0));
	CHECK_EQ(host.reply.byte[0], 13);
	CHECK(host.reply.len == 4 || host.reply.byte[7] == 0);

	CHECK_EQ(BY_COUNTER_OPCODE_ADD, 2); /* 1 is reserved */
	CHECK_STR(by_counter_interface.opcodes[1], "reset");
	CHECK_STR(by_counter_interface.opcodes[8], "fork");
	CHECK_EQ(by_counter_interface.opcode_count, 10);
}


static by_status_t walk(struct server *self, uint16_t from, enum by_counter_order order,
                        bool wrap, bool *more, struct by_counter_range *at,
                        enum by_counter_order *next)
{
	self->ran++;
	*more    = wrap;
	at->base = from;
	at->size = 7;
	*next    = order;

	return BY_OK;
}


TEST(wire_of_reply)
{
	static unsigned char const reply[] = {
		0, 0, 0, 0, 1, 0, 0, 0,       /* status, more */
		0xfe, 0xca, 0, 0, 0, 0, 0, 0, /* base */
		7, 0, 0, 0, 0, 0, 0, 0,       /* size */
		1, 0, 0, 0,                   /* next */
	};
	static unsigned char const request[] = { 0xfe, 0xca, 0, 0, 1, 0, 0, 0, 1 };
	static struct by_counter_ops const ops = { .walk = walk };
	struct by_counter_range at;
	enum by_counter_order   next;
	bool                    more;

	start(&by_counter_interface, &ops);
	CHECK(by_counter_walk(&counter, 0xcafe, BY_COUNTER_ORDER_DOWN, true, &more, &at, &next)
	      == BY_OK);
	CHECK_EQ(by_tag_words(host.request.tag), by_rpc_words(sizeof(request)));
	CHECK(!memcmp(host.request.byte, request, sizeof(request)));
	CHECK_EQ(by_tag_words(host.reply.tag), by_rpc_words(sizeof(reply)));
	CHECK(!memcmp(host.reply.byte, reply, sizeof(reply)));
	CHECK(more && at.base == 0xcafe && at.size == 7 && next == BY_COUNTER_ORDER_DOWN);
}


TEST(caps_both_ways)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		by_cap_t       in[4], out[4];
		uint64_t       m;
		unsigned       held;

		start_mixed();
		server.take = (unsigned)draw() % 16;
		for (unsigned k = 0; k < 4; k++) {
			in[k]          = host_cap(10 + k);
			server.give[k] = host_cap(20 + k);
		}
		held = host_caps();
		CHECK(by_mixed_caps(&mixed, in[0], 77, in[1], in[2], in[3], &out[0], &out[1], &m,
		                    &out[2], &out[3]) == BY_OK);
		CHECK_EQ(server.got.word, 77);
		CHECK_EQ(m, server.answer.wide);
		for (unsigned k = 0; k < 4; k++) {
			bool const taken = server.take >> k & 1;

			CHECK_EQ(server.caps[k].kind, BY_CAP_FOREIGN);
			CHECK_EQ(host_object(server.taken[k]), taken ? 10 + k : 0);
			CHECK_EQ(host_object(out[k]), 20 + k);
			CHECK_EQ(host_object(server.give[k]), 20 + k); /* the server keeps its own */
			CHECK_EQ(host_object(in[k]), 10 + k);
			held += 1 + taken;
		}
		CHECK_EQ(host_caps(), held);
	}
}


TEST(kinds_of_caps)
{
	start_mixed();
	server.take = 1;
	CHECK(by_mixed_take(&mixed, BY_NO_CAP) == BY_OK);
	CHECK_EQ(server.caps[0].kind, BY_CAP_NONE);
	CHECK_EQ(server.taken[0].slot, 0);

	CHECK(by_mixed_take(&mixed, host_own_cap(99)) == BY_OK);
	CHECK_EQ(server.caps[0].kind, BY_CAP_OWN);
	CHECK_EQ(server.caps[0].badge, 99);
	CHECK_EQ(server.taken[0].slot, 0);

	by_cap_t const gone = host_cap(4);

	host_release(gone);
	CHECK(by_mixed_take(&mixed, gone) == BY_OK);
	CHECK_EQ(server.caps[0].kind, BY_CAP_DEAD);
}


TEST(statuses)
{
	for (uint32_t code = 0; code < 80; code++) {
		start_mixed();
		server.nested = false;

		by_status_t const  status   = by_mixed_refuse(&mixed, code);
		uintptr_t const    value    = (uintptr_t)status;
		bool const         declared = code < 22 && code != 0;

		CHECK_EQ(value, code == 0 ? 0 : declared ? code : (uintptr_t)BY_DENIED);
		CHECK_EQ(host.undeclared, code >= 22);
		CHECK_EQ(by_tag_words(host.reply.tag), 1);
	}
}


TEST(undeclared_status)
{
	start_mixed();
	server.status = BY_CONFLICT;
	CHECK(by_mixed_nothing(&mixed) == BY_DENIED);
	CHECK_EQ(host.undeclared, 1);
	server.status = BY_MALFORMED;
	CHECK(by_mixed_nothing(&mixed) == BY_MALFORMED);
	server.status = BY_NOT_SUPPORTED;
	CHECK(by_mixed_nothing(&mixed) == BY_NOT_SUPPORTED);
	server.status = BY_AGAIN; /* belongs to core */
	CHECK(by_mixed_nothing(&mixed) == BY_DENIED);
	CHECK_EQ(host.undeclared, 2);
}


TEST(refusals_write_nothing)
{
	struct by_mixed_point point = { 1, 2 };
	struct by_mixed_deep  deep  = { .tiny = 3 };
	uint16_t              half  = 4;
	by_cap_t              cap   = { 5 };
	struct values         v;

	draw_values(&v);
	start_mixed();
	server.status = BY_CONFLICT;
	CHECK(by_mixed_structs(&mixed, &v.deep, v.byte, &v.pixel, &half, &point, &deep)
	      == BY_CONFLICT);
	CHECK(point.x == 1 && point.y == 2 && deep.tiny == 3 && half == 4);

	server.give[0] = host_cap(9);
	server.status  = BY_DENIED;
	CHECK(by_mixed_give(&mixed, &cap) == BY_DENIED);
	CHECK_EQ(cap.slot, 5);
	CHECK_EQ(by_tag_caps(host.reply.tag), 0);
}


TEST(not_supported)
{
	static struct by_mixed_ops const no_ops;
	by_cap_t                         cap;
	unsigned                         held;

	start(&by_mixed_interface, &no_ops);
	server.give[0] = host_cap(9);
	held = host_caps();
	CHECK(by_mixed_nothing(&mixed) == BY_NOT_SUPPORTED);
	CHECK(by_mixed_take(&mixed, server.give[0]) == BY_NOT_SUPPORTED);
	CHECK(by_mixed_give(&mixed, &cap) == BY_NOT_SUPPORTED);
	CHECK(by_mixed_ping(&mixed) == BY_NOT_SUPPORTED);
	CHECK_EQ(host_caps(), held);

	/* opcodes that do not exist, with capabilities */
	for (unsigned opcode = 0; opcode < 0x4000; opcode += 13) {
		by_message()->send_cap[0] = server.give[0].slot;
		by_ipc_call((by_cap_t){ 1 }, by_tag(opcode, 0, 1));
		CHECK_EQ(host.reply.byte[0], (uintptr_t)BY_NOT_SUPPORTED);
		CHECK_EQ(host_caps(), held);
	}
	CHECK_EQ(by_empty_interface.opcode_count, 1);
	CHECK(by_empty_interface.service == NULL);
}


TEST(transport_status)
{
	uint64_t m;
	by_cap_t caps[4];

	start_mixed();
	host.garbage   = 0; /* so that the page looks like a good reply */
	host.transport = BY_GONE;
	CHECK(by_mixed_nothing(&mixed) == BY_GONE);
	CHECK(by_mixed_caps(&mixed, BY_NO_CAP, 1, BY_NO_CAP, BY_NO_CAP, BY_NO_CAP, &caps[0],
	                    &caps[1], &m, &caps[2], &caps[3]) == BY_GONE);
	CHECK_EQ(host.calls, 2);
}


TEST(sends)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct values v;

		start_mixed();
		draw_values(&v);
		server.nested = false;
		server.take   = draw() % 2;
		v.text[30]    = 0;
		v.bytes_len   = draw_len(30);

		by_cap_t const cap  = host_cap(8);
		unsigned const held = host_caps();

		CHECK(by_mixed_post(&mixed, v.text, v.wide, v.bytes, v.bytes_len, v.flag, &v.pixel,
		                    cap) == BY_OK);
		CHECK_EQ(host.early, 1);
		CHECK_EQ(server.ran, 1);
		CHECK_STR(server.got.text, v.text);
		CHECK_EQ(server.got.wide, v.wide);
		CHECK_EQ(server.got.bytes_len, v.bytes_len);
		CHECK(!memcmp(server.got.bytes, v.bytes, v.bytes_len));
		CHECK_EQ(server.got.flag, v.flag);
		CHECK(same_pixel(&server.got.pixel, &v.pixel));
		CHECK_EQ(host_caps(), held + server.take);
	}
}


static by_status_t lazy_texts(struct server *self, const char *a, uint8_t b, const char *c,
                              const void *d, size_t d_len, void *e, size_t *e_len, uint8_t *f,
                              char *g, char *h)
{
	(void)self, (void)a, (void)b, (void)c, (void)d, (void)d_len;
	(void)e, (void)f, (void)g, (void)h;
	*e_len = 9;

	return BY_OK;
}


static by_status_t lazy_structs(struct server *self, const struct by_mixed_deep *a, uint8_t b,
                                const struct by_mixed_pixel *c, uint16_t *d,
                                struct by_mixed_point *e, struct by_mixed_deep *f)
{
	(void)self, (void)a, (void)b, (void)c, (void)d, (void)e, (void)f;

	return BY_OK;
}


static by_status_t lazy_give(struct server *self, by_cap_t *a)
{
	(void)self, (void)a;

	return BY_OK;
}


/* Results that an operation does not set are 0, and not what the stack held. */
TEST(lazy_server)
{
	static struct by_mixed_ops const ops = {
		.texts = lazy_texts, .structs = lazy_structs, .give = lazy_give,
	};
	static unsigned char const zeros[480];
	struct values v;
	char          e[9];
	size_t        len;
	by_cap_t      cap;

	start(&by_mixed_interface, &ops);
	draw_values(&v);
	CHECK(by_mixed_texts(&mixed, "", 0, "", NULL, 0, e, &len, &v.byte, v.text, v.text_back)
	      == BY_OK);
	CHECK(len == 9 && !memcmp(e, zeros, 9) && !v.byte && !v.text[0] && !v.text_back[0]);
	CHECK(by_mixed_structs(&mixed, &v.deep, 1, &v.pixel, &v.half, &v.point, &v.deep_back)
	      == BY_OK);
	CHECK(!memcmp(host.reply.byte, zeros, host.reply.len));
	CHECK(by_mixed_give(&mixed, &cap) == BY_OK);
	CHECK_EQ(cap.slot, 0);
}


/* A lying server: the whole reply or a part of it is random. */
static unsigned lie;

static void tamper(struct by_message *reply, by_tag_t *tag)
{
	unsigned const words = lie & 1 ? (unsigned)(draw() % 121) : by_tag_words(*tag);
	unsigned const caps  = lie & 2 ? (unsigned)(draw() % 5) : by_tag_caps(*tag);

	for (unsigned i = 0; lie & 4 && i < 1 + draw() % 3; i++)
		by_rpc_at(reply, 0)[draw() % 40] = (unsigned char)(draw() % 3 ? draw() : draw() % 4);
	for (unsigned i = by_tag_caps(*tag); i < caps; i++)
		reply->send_cap[i] = 1;
	memset(by_rpc_at(reply, by_tag_words(*tag) * sizeof(by_word_t)), 0,
	       (BY_MSG_WORDS - by_tag_words(*tag)) * sizeof(by_word_t));
	*tag = by_tag((unsigned)draw() % 3, words, caps);
}


/* Whether the outcome of a call whose reply was tampered with is a possible one. */
static bool plausible(by_status_t status, unsigned *good)
{
	*good += status == BY_OK;

	return (uintptr_t)status < 64;
}


TEST(lying_server)
{
	unsigned good = 0;

	for (unsigned i = 0; i < 20 * ROUNDS; i++) {
		struct values v;
		by_cap_t      caps[4] = { { 0 } };
		size_t        len = 12345;
		char   *const g = malloc(34), *const h = malloc(9);
		void   *const e = malloc(9);

		start_mixed();
		draw_values(&v);
		server.nested = false;
		for (unsigned k = 0; k < 4; k++)
			server.give[k] = host_cap(20 + k);
		lie         = (unsigned)draw() % 8;
		host.tamper = tamper;

		unsigned const held = host_caps();

		by_status_t status = by_mixed_texts(&mixed, v.short_text, v.byte, v.text, v.bytes,
		                                    v.bytes_len, e, &len, &v.byte_back, g, h);
		CHECK(plausible(status, &good));
		CHECK(status == BY_OK ? len <= 9 && strlen(g) <= 33 && strlen(h) <= 8
		                      : len == 12345);
		CHECK_EQ(host_caps(), held);

		v.more.i = (enum by_mixed_order)1;
		status   = by_mixed_scalars(&mixed, 1, 2, 3, 4, true, 6, 7, 0, &v.more.i, &v.more.j,
		                            &v.more.k, &v.more.l, &v.more.m, &v.more.n, &v.more.o,
		                            &v.more.p);
		CHECK(plausible(status, &good));
		CHECK(v.more.i < 3);
		CHECK_EQ(host_caps(), held);

		status = by_mixed_caps(&mixed, BY_NO_CAP, 1, BY_NO_CAP, BY_NO_CAP, BY_NO_CAP,
		                       &caps[0], &caps[1], &v.wide, &caps[2], &caps[3]);
		CHECK(plausible(status, &good));
		CHECK_EQ(host_caps(), held + (status == BY_OK ? 4 : 0));
		free(e), free(g), free(h);
	}
	CHECK(good > ROUNDS && good < 59 * ROUNDS);
}


static void too_few_caps(struct by_message *reply, by_tag_t *tag)
{
	(void)reply;
	*tag = by_tag(0, by_tag_words(*tag), 3);
}


static void status_beyond_all(struct by_message *reply, by_tag_t *tag)
{
	(void)tag;
	by_rpc_at(reply, 0)[0] = 64;
}


static void no_words(struct by_message *reply, by_tag_t *tag)
{
	(void)reply;
	*tag = by_tag(0, 0, 0);
}


static void refusal_with_caps(struct by_message *reply, by_tag_t *tag)
{
	by_rpc_at(reply, 0)[0] = (unsigned char)(uintptr_t)BY_DENIED;
	reply->send_cap[0] = 1;
	*tag = by_tag(0, 1, 1);
}


TEST(particular_lies)
{
	by_cap_t       cap = { 0 };
	uint64_t       m;
	unsigned       held;

	start_mixed();
	server.nested = false;
	host.garbage = 0; /* so that the page looks like a good reply */
	for (unsigned k = 0; k < 4; k++)
		server.give[k] = host_cap(20 + k);
	held = host_caps();

	host.tamper = too_few_caps;
	CHECK(by_mixed_caps(&mixed, BY_NO_CAP, 1, BY_NO_CAP, BY_NO_CAP, BY_NO_CAP, &cap, &cap, &m,
	                    &cap, &cap) == BY_MALFORMED);
	host.tamper = status_beyond_all;
	CHECK(by_mixed_nothing(&mixed) == BY_MALFORMED);
	host.tamper = no_words;
	CHECK(by_mixed_nothing(&mixed) == BY_MALFORMED);
	host.tamper = refusal_with_caps;
	CHECK(by_mixed_nothing(&mixed) == BY_DENIED);
	CHECK(by_mixed_give(&mixed, &cap) == BY_DENIED);
	CHECK_EQ(cap.slot, 0);
	CHECK_EQ(host_caps(), held);
}


/* One byte of a good reply of 'scalars' or 'texts' is set. */
static unsigned lie_at, lie_value;

static void set_byte(struct by_message *reply, by_tag_t *tag)
{
	(void)tag;
	by_rpc_at(reply, 0)[lie_at] = (unsigned char)lie_value;
}


static by_status_t scalars_with(unsigned at, unsigned value)
{
	struct values v;

	start_mixed();
	server.nested = false;
	draw_values(&v);
	host.tamper = set_byte;
	lie_at      = at;
	lie_value   = value;

	return by_mixed_scalars(&mixed, 1, 2, 3, 4, true, 6, 7, BY_MIXED_ORDER_UP, &v.more.i,
	                        &v.more.j, &v.more.k, &v.more.l, &v.more.m, &v.more.n, &v.more.o,
	                        &v.more.p);
}


/* The results are "abc", "def" and three bytes. */
static by_status_t texts_with(unsigned at, unsigned value)
{
	char    e[9], g[34], h[9];
	uint8_t f;
	size_t  len;

	start_mixed();
	server.nested = false;
	server.answer.bytes_back_len = 3;
	strcpy(server.answer.text_back, "abc");
	strcpy(server.answer.text8_back, "def");
	host.tamper = set_byte;
	lie_at      = at;
	lie_value   = value;

	return by_mixed_texts(&mixed, "", 0, "", NULL, 0, e, &len, &f, g, h);
}


TEST(malformed_results)
{
	CHECK(scalars_with(4, 2) == BY_OK);         /* enum */
	CHECK(scalars_with(4, 3) == BY_MALFORMED);
	CHECK(scalars_with(7, 1) == BY_MALFORMED);
	CHECK(scalars_with(8, 1) == BY_OK);         /* bool */
	CHECK(scalars_with(8, 2) == BY_MALFORMED);
	CHECK(scalars_with(9, 9) == BY_OK);         /* padding */

	CHECK(texts_with(4, 3) == BY_OK);           /* length of bytes */
	CHECK(texts_with(4, 10) == BY_MALFORMED);
	CHECK(texts_with(4, 9) == BY_MALFORMED);    /* more than the words */
	CHECK(texts_with(8, 3) == BY_OK);           /* of the first string */
	CHECK(texts_with(8, 34) == BY_MALFORMED);
	CHECK(texts_with(9, 1) == BY_MALFORMED);
	CHECK(texts_with(8, 33) == BY_MALFORMED);
	CHECK(texts_with(24, 'x') == BY_OK);      /* its content */
	CHECK(texts_with(24, 0) == BY_MALFORMED);
	CHECK(texts_with(26, 0) == BY_MALFORMED);
	CHECK(texts_with(27, 1) == BY_OK);          /* padding */
	CHECK(texts_with(34, 0) == BY_MALFORMED);   /* of the second string */
	CHECK(texts_with(10, 4) == BY_MALFORMED);   /* takes in the padding */
}


TEST(no_receive_slot)
{
	by_cap_t cap;

	start_mixed();
	host.no_slots = 1;
	CHECK(by_mixed_give(&mixed, &cap) == BY_OUT_OF_CAPS);
	CHECK_EQ(host.calls, 0);
}


static by_status_t attach(struct server *self, struct by_cap_arg *dataspace,
                          const struct by_region_map_region *at, const char *name,
                          uint64_t *base)
{
	enter(self);
	self->got.wide = at->size;
	strcpy(self->got.text, name);
	note_cap(self, 0, dataspace);
	*base = at->base;
	if (!self->refusals)
		return BY_OK;

	self->refusals--;

	return self->status;
}


static by_status_t thread(struct server *self, const char *name, by_cap_t *cap)
{
	enter(self);
	strcpy(self->got.text, name);
	*cap = self->give[0];
	if (!self->refusals)
		return BY_OK;

	self->refusals--;

	return self->status;
}


static struct by_region_map_ops const region_map_ops = { .attach = attach, .thread = thread };


/* Call core, which refuses 'refusals' times with 'status'. */
static by_status_t call_core(by_status_t status, unsigned refusals, unsigned upgrades)
{
	struct by_region_map_region const at = { 0x1000, 0x2000, BY_REGION_MAP_ACCESS_WRITE };
	uint64_t                          base;

	start(&by_region_map_interface, &region_map_ops);
	host.upgrades_left = upgrades;
	server.status      = status;
	server.refusals    = refusals;

	by_cap_t const cap  = host_cap(5);
	unsigned const held = host_caps();

	status = by_region_map_attach(&region_map, cap, &at, "heap", &base);
	if (status == BY_OK && (base != 0x1000 || server.got.wide != 0x2000))
		abort();
	if (strcmp(server.got.text, "heap") || host_caps() != held)
		abort();

	return status;
}


TEST(core_retry)
{
	CHECK(call_core(BY_OUT_OF_RAM, 0, 9) == BY_OK);
	CHECK(server.ran == 1 && host.upgrades == 0);
	CHECK(call_core(BY_OUT_OF_RAM, 1, 9) == BY_OK);
	CHECK(server.ran == 2 && host.upgrades == 1);
	CHECK(call_core(BY_OUT_OF_CAPS, 2, 9) == BY_OK);
	CHECK(server.ran == 3 && host.upgrades == 2);
	CHECK(call_core(BY_OUT_OF_RAM, 3, 9) == BY_OUT_OF_RAM); /* at most twice */
	CHECK(server.ran == 3 && host.upgrades == 2);
	CHECK(call_core(BY_OUT_OF_CAPS, 2, 1) == BY_OUT_OF_CAPS); /* nothing left to add */
	CHECK(server.ran == 2 && host.upgrades == 2);
	CHECK(call_core(BY_CONFLICT, 1, 9) == BY_CONFLICT);
	CHECK(server.ran == 1 && host.upgrades == 0);
	CHECK(call_core(BY_AGAIN, 50, 0) == BY_OK);
	CHECK(server.ran == 51 && host.upgrades == 0 && host.undeclared == 0);
}


TEST(core_retry_with_results)
{
	by_cap_t cap = { 0 };

	start(&by_region_map_interface, &region_map_ops);
	server.give[0]     = host_cap(6);
	server.status      = BY_OUT_OF_CAPS;
	server.refusals    = 2;
	host.upgrades_left = 2;
	CHECK(by_region_map_thread(&region_map, "worker", &cap) == BY_OK);
	CHECK_EQ(server.ran, 3);
	CHECK_EQ(host_object(cap), 6);
	CHECK_STR(server.got.text, "worker");
}


/* Others than core are not asked twice. */
TEST(no_retry_elsewhere)
{
	by_cap_t cap;

	start_mixed();
	server.nested = false;
	server.status = BY_OUT_OF_CAPS;
	CHECK(by_mixed_give(&mixed, &cap) == BY_OUT_OF_CAPS);
	CHECK(server.ran == 1 && host.upgrades == 0);
}


static const char   *opened_service, *opened_label;
static size_t        opened_ram, opened_caps, opened_args_len;
static unsigned char opened_args[64];
static unsigned      closed;
static const struct by_rpc_interface *provided;


by_status_t by_session_obtain(struct by_env *env, const struct by_session_args *args,
                              struct by_session *session)
{
	(void)env;
	opened_service  = args->service;
	opened_label    = args->label;
	opened_ram      = args->ram;
	opened_caps     = args->caps;
	opened_args_len = args->args_len;
	if (args->args_len)
		memcpy(opened_args, args->args, args->args_len);
	session->cap = (by_cap_t){ 7 };

	return BY_OK;
}


by_status_t by_session_begin(struct by_env *env, const struct by_session_args *args,
                             struct by_session *session,
                             void (*answered)(struct by_session *session, by_status_t status))
{
	by_status_t const status = by_session_obtain(env, args, session);

	answered(session, status);

	return BY_PENDING;
}


void by_session_close(struct by_env *env, struct by_session *session)
{
	(void)env;
	closed = session->cap.slot;
}


void by_service_init(struct by_env *env, struct by_service *service,
                     const struct by_rpc_interface *interface, const void *ops)
{
	(void)env, (void)service;
	provided = ops == &mixed_ops ? interface : NULL;
}


by_status_t by_service_provide(struct by_env *env, struct by_service *service,
                               const struct by_rpc_interface *interface, const void *ops)
{
	(void)env, (void)service;
	provided = ops == &mixed_ops ? interface : NULL;

	return BY_OK;
}


TEST(open_close_provide)
{
	struct by_mixed handle;

	CHECK(by_mixed_open(NULL, "label", &handle) == BY_OK);
	CHECK_STR(opened_service, "MIXED");
	CHECK_STR(opened_label, "label");
	CHECK_EQ(opened_ram, 1 << 20);
	CHECK_EQ(opened_caps, 7);
	CHECK_EQ(BY_MIXED_RAM, 1 << 20);
	CHECK_EQ(BY_MIXED_CAPS, 7);
	CHECK_EQ(opened_args_len, 0);
	CHECK_EQ(handle.session.cap.slot, 7);
	by_mixed_close(NULL, &handle);
	CHECK_EQ(closed, 7);
	by_mixed_local(NULL, NULL, &mixed_ops);
	CHECK(provided == &by_mixed_interface);
	provided = NULL;
	CHECK(by_mixed_provide(NULL, NULL, &mixed_ops) == BY_OK);
	CHECK(provided == &by_mixed_interface);
	CHECK_STR(provided->name, "mixed");
	CHECK_STR(provided->service, "MIXED");
	CHECK_EQ(provided->ram, 1 << 20);
	CHECK_EQ(provided->caps, 7);
}


/* What the open call below passes, by hand. */
static const unsigned char args_block[32] = {
	[0] = 1, [8] = 0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01, [16] = 0, 0, 0, 0, 1,
	[24] = 1, [28] = 200,
};


static struct by_opened_args sample_args(void)
{
	struct by_opened_args args;

	memset(&args, 0xa5, sizeof(args)); /* the holes, too */
	args.quiet   = true;
	args.at.base = 0x123456789abcdef;
	args.at.size = 1ull << 32;
	args.mode    = BY_OPENED_MODE_EDGE;
	args.line    = 200;

	return args;
}


TEST(open_passes_arguments)
{
	struct by_opened_args const args = sample_args();
	struct by_opened            handle;

	CHECK(by_opened_open(NULL, "label", &args, &handle) == BY_OK);
	CHECK_STR(opened_service, "Opened");
	CHECK_STR(opened_label, "label");
	CHECK_EQ(opened_ram, 8 << 10);
	CHECK_EQ(opened_caps, 3);
	CHECK_EQ(opened_args_len, sizeof(args_block));
	CHECK(!memcmp(opened_args, args_block, sizeof(args_block)));
	CHECK_EQ(handle.session.cap.slot, 7);
}


static struct by_session *answered_session;


static void answered(struct by_session *session, by_status_t status)
{
	answered_session = status == BY_OK ? session : NULL;
}


TEST(begin_passes_arguments)
{
	struct by_opened_args const args = sample_args();
	struct by_opened            handle;
	struct by_mixed             other;

	memset(opened_args, 0, sizeof(opened_args));
	CHECK(by_opened_begin(NULL, "later", &args, &handle, answered) == BY_PENDING);
	CHECK(answered_session == &handle.session);
	CHECK_STR(opened_label, "later");
	CHECK_EQ(opened_args_len, sizeof(args_block));
	CHECK(!memcmp(opened_args, args_block, sizeof(args_block)));
	CHECK(by_mixed_begin(NULL, "", &other, answered) == BY_PENDING);
	CHECK_STR(opened_service, "MIXED");
	CHECK_EQ(opened_args_len, 0);
}


TEST(service_reads_arguments)
{
	struct by_opened_args args = { .line = 1 };

	CHECK(by_opened_args_read(args_block, sizeof(args_block), &args) == BY_OK);
	CHECK(args.quiet && args.at.base == 0x123456789abcdef && args.at.size == 1ull << 32);
	CHECK(args.mode == BY_OPENED_MODE_EDGE && args.line == 200);
}


/* Read the block with one byte changed; what is refused writes nothing. */
static void check_changed(size_t at, unsigned char byte, size_t len, by_status_t expected)
{
	struct by_opened_args args = { .line = 9 };
	unsigned char         block[40];

	memcpy(block, args_block, sizeof(args_block));
	block[at] = byte;
	CHECK(by_opened_args_read(block, len, &args) == expected);
	CHECK(args.line == (expected == BY_OK ? 200 : 9));
}


TEST(service_refuses_wrong_arguments)
{
	check_changed(0, 2, 32, BY_INVALID);
	check_changed(24, 2, 32, BY_INVALID);
	check_changed(27, 1, 32, BY_INVALID);
	check_changed(5, 1, 32, BY_OK); /* padding */
	check_changed(0, 1, 31, BY_INVALID);
	check_changed(0, 1, 33, BY_INVALID);
	CHECK(by_opened_args_read(NULL, 0, NULL) == BY_INVALID);
}
