/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver on a model of controller and keyboard, which can be broken in several ways.
 */
#include "device.h"
#include "unit.h"

enum { OUT = 64, ACCESSES_MOST = 200000 };

static struct {
	unsigned char out[OUT];   /* bytes that can be read */
	unsigned      used, taken;
	unsigned      mode;
	bool          mode_next;  /* the next byte of data is the mode */
	bool          keyboard, second, scanning;
	bool          absent;     /* nobody drives the bus */
	bool          full;       /* it never takes what is written */
	bool          silent;     /* it never answers */
	bool          sick;       /* tests fail */
	bool          endless;    /* there is always something to read */
	unsigned long accesses;
} model;

static struct uart uart;


static void say(unsigned char byte)
{
	if (!model.silent && model.used < OUT)
		model.out[model.used++] = byte;
}


static uint32_t read(struct uart *self, unsigned offset)
{
	(void)self;
	model.accesses++;
	if (model.absent)
		return 0xff;
	bool const ready = model.taken < model.used || model.endless;
	if (offset == STATUS)
		return (ready ? STATUS_OUTPUT : 0u) | (model.full ? STATUS_INPUT : 0u)
		       | (model.second && ready ? STATUS_SECOND : 0u);

	return model.taken < model.used ? model.out[model.taken++] : 0x1e;
}


static void write(struct uart *self, unsigned offset, uint32_t value)
{
	(void)self;
	model.accesses++;
	if (model.absent)
		return;
	if (offset == DATA && model.mode_next)
		model.mode = value;
	else if (offset == DATA && value == KEYBOARD_SCAN) {
		model.scanning = true;
		say(0xfa);
	}
	model.mode_next = offset == COMMAND && value == WRITE_MODE;
	if (offset == COMMAND && value == TEST)
		say(model.sick ? 0xfc : TEST_PASSED);
	if (offset == COMMAND && value == TEST_KEYBOARD)
		say(model.sick ? 1 : KEYBOARD_TEST_PASSED);
	if (offset == COMMAND && (value == KEYBOARD_ON || value == KEYBOARD_OFF))
		model.keyboard = value == KEYBOARD_ON;
}


static void begin(void)
{
	memset(&model, 0, sizeof(model));
	uart = (struct uart) { .read = read, .write = write };
}


static void type(const char *codes)
{
	model.used = model.taken = 0;
	for (; *codes; codes++)
		say((unsigned char)*codes);
}


static const char *received(unsigned room)
{
	static unsigned char text[OUT + 1];

	text[ps2_keyboard.receive(&uart, text, room)] = 0;

	return (const char *)text;
}


TEST(a_keyboard_is_found_and_works)
{
	begin();
	say(0x99); /* left from before */
	CHECK(ps2_keyboard.present(&uart));
	CHECK(!model.keyboard);
	ps2_keyboard.init(&uart, NULL);
	CHECK(model.keyboard && model.scanning && model.taken == model.used);
	CHECK_EQ(model.mode, MODE_SYSTEM | MODE_SECOND_OFF | MODE_TRANSLATE);
	ps2_keyboard.enable(&uart, true, false);
	CHECK(model.mode & MODE_INTERRUPT);
	ps2_keyboard.enable(&uart, false, true);
	CHECK(!(model.mode & MODE_INTERRUPT));
	type("\x1e\x9e\x2a\x30\xb0\xaa");
	CHECK_STR(received(OUT), "aB");
	CHECK_STR(received(OUT), "");
	CHECK_EQ(ps2_keyboard.send(&uart, (unsigned char const *)"abc", 3), 3);
}


/** What a key sends is not lost where it does not fit. */
TEST(little_room)
{
	begin();
	type("\xe0\x48\xe0\xc8\x1e");
	CHECK_STR(received(1), "");
	CHECK_STR(received(1), "\033");
	CHECK_STR(received(1), "[");
	CHECK_STR(received(2), "A");
	CHECK_STR(received(OUT), "a");
}


TEST(a_mouse_types_nothing)
{
	begin();
	type("\x1e\x1e");
	model.second = true;
	CHECK_STR(received(OUT), "");
	model.second = false;
	type("\x1e");
	CHECK_STR(received(OUT), "a");
}


static bool present_with(bool *fault)
{
	begin();
	*fault = true;
	bool const present = ps2_keyboard.present(&uart);

	ps2_keyboard.init(&uart, NULL);
	ps2_keyboard.enable(&uart, true, true);
	received(OUT);

	return present;
}


TEST(what_does_not_answer_is_not_there_and_holds_up_nobody)
{
	CHECK(!present_with(&model.absent) && model.accesses < ACCESSES_MOST);
	CHECK(!present_with(&model.full) && model.accesses < ACCESSES_MOST);
	CHECK(!present_with(&model.silent) && model.accesses < ACCESSES_MOST);
	CHECK(!present_with(&model.sick) && model.accesses < ACCESSES_MOST);
	present_with(&model.endless);
	CHECK(model.accesses < ACCESSES_MOST);
}


UNIT_MAIN("ps2_keyboard")
