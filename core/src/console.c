/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's log.
 *
 * Positions count characters since boot. The request thread appends at 'head', the
 * drain thread follows with 'tail'; both are on the same CPU or synchronised by the
 * atomic accesses to 'head'.
 */
#include "console.h"
#include "kcall.h"
#include "phys.h"
#include <by/arch/call.h>
#include <by/core.h>
#include <by/format.h>
#include <by/message.h>
#include <by/region.h>
#include <by/string.h>

enum {
	FIFO = 16,                  /* characters that a UART takes at once */
	PERIOD_US = 1000,
	TAKEN_BACK = 2048,          /* characters to repeat when the device comes back */
	STACK = 4096,
	LINE = 256,
	EMERGENCY_TRIES = 100000,
	JUMPS = 2,
};

/** Slots of core's table for the drain thread, above those of all items. */
enum { SLOT_THREAD = BY_LEAVES * BY_LEAF_SLOTS - 4, SLOT_ENDPOINT, SLOT_SIGNAL };

/* RAM that survives a reset, where the bootstrap looks for it; by/log_ring.h. */
static struct by_log_ring *const log_ring = (struct by_log_ring *)BY_CORE_LOG;
static char const *const         ring = ((struct by_log_ring *)BY_CORE_LOG)->text;

static uint64_t head;       /* atomic: end of the text */
static uint64_t woken;      /* what the drain thread was woken for */
static bool     started;
static uint64_t flushed;    /* head, when the ring was last written back */
static by_paddr_t log_memory;

/*
 * A device, and where the drain thread goes on when it comes to a place, in this order: what
 * is said when the device comes back stands before what is repeated, which is older.
 */
static struct device {
	uint64_t tail;      /* what was drained; owner: drain thread */
	bool     owned;     /* atomic: the device is core's */
	unsigned jump;      /* the next one; owner: drain thread while 'owned' */
	struct { uint64_t at, to; } jumps[JUMPS];
} devices[CONSOLE_DEVICES] = { [CONSOLE_LINE] = { .owned = true, .jump = JUMPS } };

/** Address of the drain thread's message page, and its stack. */
static by_word_t const MESSAGE = BY_CORE_IMAGE - 0x10000;
static unsigned char stack[STACK] __attribute__((aligned(16)));


void console_init(bool has_screen)
{
	by_log_ring_init(log_ring);
	head = woken = 0;
	devices[CONSOLE_LINE]   = (struct device) { .owned = true, .jump = JUMPS };
	devices[CONSOLE_SCREEN] = (struct device) { .owned = has_screen, .jump = JUMPS };
}


void console_wake(void)
{
	if (!started || woken == head)
		return;

	woken = head;
	console_must(KCALL(SIGNAL, SLOT_SIGNAL, 1), "SIGNAL");
}


/** Bytes of the ring from a position to its end. */
static size_t room_at(uint64_t at)
{
	return (size_t)(CONSOLE_RING - at % CONSOLE_RING);
}


void console_write(const char *text, size_t size)
{
	by_log_ring_append(log_ring, text, size);
	__atomic_store_n(&head, head + size, __ATOMIC_RELEASE); /* pairs with drain() */
}


/** What fits into a line, terminated; its length. */
__attribute__((format(printf, 2, 0)))
static size_t format_line(char line[LINE], const char *format, va_list args)
{
	size_t size = by_vformat(line, LINE, format, args);

	return size < LINE ? size : LINE - 1;
}


void console_print(const char *format, ...)
{
	char    line[LINE];
	va_list args;

	va_start(args, format);
	size_t size = format_line(line, format, args);
	va_end(args);
	console_write(line, size);
}


/** A device that stays busy must not keep core from stopping. */
static void put(by_word_t device, char c)
{
	for (unsigned tries = 0; tries < EMERGENCY_TRIES; tries++) {
		struct kargs args = { { 1, device, (by_word_t)(unsigned char)c } };
		if (kcall(BY_CALL_CONSOLE, &args) != BY_OK || args.arg[0] == 1)
			return;
	}
}


/** What the drain thread will not get round to; it can lie in the midst of its batch. */
static void put_rest(by_word_t device)
{
	struct device *d  = &devices[device];
	uint64_t       at = head - d->tail > CONSOLE_RING ? head - CONSOLE_RING : d->tail;

	if (!d->owned || at == head)
		return;

	while (at != head)
		put(device, ring[at++ % CONSOLE_RING]);
	if (ring[(at - 1) % CONSOLE_RING] != '\n')
		put(device, '\n');
	d->tail = at;
}


void console_emergency(const char *text)
{
	for (by_word_t device = 0; device < CONSOLE_DEVICES; device++) {
		put_rest(device);
		for (const char *at = text; *at; at++)
			put(device, *at);
	}
}


void console_stop(const char *format, ...)
{
	char    line[LINE];
	va_list args;

	va_start(args, format);
	size_t size = format_line(line, format, args);
	va_end(args);
	if (started)
		console_write(line, size);
	else
		console_emergency(line);
	console_wake();

	/* nobody submits signals to core's own endpoint */
	for (;;) {
		struct by_call wait = { .op = BY_CALL_IPC_WAIT | BY_WAIT_SIGNALS };
		by_call(&wait);
	}
}


void console_must(by_status_t status, const char *what)
{
	if (status == BY_OK)
		return;

	console_emergency("core: the kernel refused: ");
	console_emergency(what);
	console_emergency("\n");
	__builtin_trap();
}


void console_hand_over(enum console_device device)
{
	__atomic_store_n(&devices[device].owned, false, __ATOMIC_RELEASE); /* pairs with drain() */
}


/** What is repeated begins with a line. */
static uint64_t repeat_from(void)
{
	uint64_t from = head > TAKEN_BACK ? head - TAKEN_BACK : 0;

	for (unsigned i = 0; from && i < LINE && ring[(from - 1) % CONSOLE_RING] != '\n'; i++)
		from++;

	return from;
}


void console_take_back(enum console_device device)
{
	struct device *const d    = &devices[device];
	uint64_t const       from = repeat_from(), said = head;

	/* whoever had the device may have left it in the midst of a line */
	console_must(KCALL(CONSOLE, 0, device), "CONSOLE");
	console_must(KCALL(CONSOLE, 1, device, '\n'), "CONSOLE");
	console_print("core: %s taken back\n", device == CONSOLE_LINE ? "console" : "screen");
	d->jumps[0].at = head;
	d->jumps[0].to = from;
	d->jumps[1].at = said;
	d->jumps[1].to = head;
	d->jump = 0;
	d->tail = said;
	__atomic_store_n(&d->owned, true, __ATOMIC_RELEASE); /* pairs with drain() */
	console_wake();
}


bool console_drained(uint64_t end)
{
	return flushed >= end;
}


uint64_t console_range(uint64_t *from, uint64_t *end)
{
	*end  = head;
	*from = head < CONSOLE_RING ? 0 : head - CONSOLE_RING;

	return *end - *from;
}


size_t console_copy(char *buffer, size_t size, uint64_t from, uint64_t end)
{
	uint64_t const oldest = head < CONSOLE_RING ? 0 : head - CONSOLE_RING;
	size_t const   count  = from >= end ? 0 : end - from < size ? (size_t)(end - from) : size;
	size_t         done   = from >= oldest ? 0
	                        : oldest - from < count ? (size_t)(oldest - from) : count;

	__builtin_memset(buffer, '\n', done);
	while (done < count) {
		uint64_t at   = from + done;
		size_t   part = count - done < room_at(at) ? count - done : room_at(at);
		__builtin_memcpy(buffer + done, &ring[at % CONSOLE_RING], part);
		done += part;
	}

	return count;
}


/*
 * The drain thread
 */

/** Characters of a message: the first BY_MSG_REGS in registers, the rest in the page. */
static unsigned put_many(by_word_t device, uint64_t from, unsigned count)
{
	struct by_message *msg = (struct by_message *)MESSAGE;
	struct by_call call = { .op = BY_CALL_CONSOLE, .cap = count, .tag = device };

	for (unsigned i = 0; i < count; i++) {
		by_word_t c = (unsigned char)ring[(from + i) % CONSOLE_RING];
		if (i < BY_MSG_REGS)
			call.word[i] = c;
		else
			msg->word[i] = c;
	}
	by_call(&call);

	return (unsigned)call.word[0];
}


/** Until where to drain; 'tail' moves to where that begins. */
static uint64_t drain_until(struct device *d, uint64_t end)
{
	if (end - d->tail > CONSOLE_RING) {
		d->tail = end - CONSOLE_RING;
		d->jump = JUMPS;
	}
	while (d->jump < JUMPS && d->tail == d->jumps[d->jump].at)
		d->tail = d->jumps[d->jump++].to;

	return d->jump < JUMPS ? d->jumps[d->jump].at : end;
}


/** Drain one FIFO's worth to a device; false if nothing is left. */
static bool drain(by_word_t device)
{
	struct device *d   = &devices[device];
	uint64_t       end = __atomic_load_n(&head, __ATOMIC_ACQUIRE); /* console_write() */

	if (!__atomic_load_n(&d->owned, __ATOMIC_ACQUIRE)) { /* console_hand_over() */
		d->tail = end;
		return false;
	}

	uint64_t until = drain_until(d, end);
	unsigned count = until - d->tail < FIFO ? (unsigned)(until - d->tail) : FIFO;
	if (count)
		d->tail += put_many(device, d->tail, count);

	return d->tail != end || d->jump < JUMPS;
}


static void set_timer(void)
{
	uint64_t   frequency;
	by_ticks_t now = kcall_clock(&frequency);

	kcall_timeout(SLOT_SIGNAL, now + frequency / 1000000 * PERIOD_US);
}


/** What is in caches only would not survive a reset. */
void console_flush(void)
{
	uint64_t const end = head;

	if (flushed == end)
		return;

	for (by_word_t done = 0; done < sizeof(*log_ring) / PAGE_SIZE; ) {
		struct kargs args = { { (by_word_t)(log_memory >> PAGE_SHIFT) + done,
		                        sizeof(*log_ring) / PAGE_SIZE - done, BY_CACHE_CLEAN } };
		console_must(kcall(BY_CALL_MEM_CACHE, &args), "MEM_CACHE");
		done += args.arg[0];
	}
	flushed = end;
}


static void drain_loop(void) __attribute__((noreturn));

static void drain_loop(void)
{
	for (;;) {
		struct by_call wait = { .op = BY_CALL_IPC_WAIT | BY_WAIT_SIGNALS };
		by_call(&wait);
		bool line   = drain(CONSOLE_LINE);
		bool screen = drain(CONSOLE_SCREEN);
		if (line || screen)
			set_timer();
		else
			console_flush();
	}
}


void console_start(by_paddr_t message, by_paddr_t objects, by_paddr_t log)
{
	log_memory = log;
	console_must(KCALL(PD_MAP, BY_CORE_SLOT_PD, MESSAGE, (by_word_t)(message >> PAGE_SHIFT), 1,
	                   BY_MAP_WRITE), "PD_MAP");
	console_must(KCALL(THREAD_CREATE, SLOT_THREAD, SLOT_THREAD, (by_word_t)objects,
	                   (by_word_t)message, BY_CORE_SLOT_PD), "THREAD_CREATE");
	objects += BY_THREAD_SIZE;
	console_must(KCALL(ENDPOINT_CREATE, SLOT_ENDPOINT, SLOT_ENDPOINT, (by_word_t)objects,
	                   SLOT_THREAD), "ENDPOINT_CREATE");
	objects += BY_ENDPOINT_SIZE;
	console_must(KCALL(SIGNAL_CREATE, SLOT_SIGNAL, SLOT_SIGNAL, (by_word_t)objects,
	                   SLOT_ENDPOINT, 0), "SIGNAL_CREATE");
	console_must(KCALL_REPEAT(THREAD_BIND, SLOT_THREAD, BY_CORE_SLOT_SHARE), "THREAD_BIND");
	console_must(KCALL(THREAD_START, SLOT_THREAD, 0, (by_word_t)drain_loop,
	                   (by_word_t)(stack + sizeof(stack) - 64)), "THREAD_START");
	started = true;
	console_wake();
}
