/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenario terminal: who has the line. Says back what was typed, and obeys some words; README
 * has them. When the driver dies, a session at the next one is opened.
 */
#include <by/attached.h>
#include <by/endpoint.h>
#include <by/format.h>
#include <by/mem.h>
#include <by/session/progress.h>
#include <by/session/terminal.h>
#include <by/string.h>
#include <by/timeout.h>
#include <check.h>

enum {
	LINE      = 200,    /* characters of a line that is typed */
	OUT       = 1024,   /* of what is to be shown next */
	LOG_SIZE  = 2048,   /* of core's log that are shown */
	WATCH_US  = 20000,  /* between two looks whether the driver is there */
	LATE_US   = 300000, /* in which nothing is read, if that is asked for */
};

enum { BACKSPACE = 8, DELETE = 127, KILL_LINE = 'U' & 31 };

static struct {
	struct by_env           *env;
	struct by_terminal       terminal;
	struct by_progress       progress;
	struct by_attached       log;
	struct by_signal_handler readable, writable;
	struct by_timeout        watch, late;
	bool                     open;
	unsigned                 sessions, again;    /* so many more are to be opened */
	char                     line[LINE + 1];
	unsigned                 typed;
	char                     out[OUT];
	unsigned                 filled, shown;
	unsigned                 burst, bursts;      /* lines shown of how many, */
	unsigned                 doom;               /* and before which the driver is killed */
	unsigned                 raw, raws, wrong;   /* bytes that came of how many */
	size_t                   log_at, log_end;
} self;

static void go_on(void);
static void reopen(void);


__attribute__((format(printf, 1, 2)))
static void say(char const *format, ...)
{
	va_list args;

	va_start(args, format);
	self.filled += (unsigned)by_vformat(self.out + self.filled, OUT - self.filled, format, args);
	va_end(args);
	if (self.filled > OUT)
		self.filled = OUT;
}


/*
 * What can be asked for
 */

/* The number behind a word, if the line begins with this word. */
static bool word(char const *name, unsigned *number)
{
	unsigned const length = (unsigned)by_strnlen(name, LINE);

	if (self.typed < length || memcmp(self.line, name, length))
		return false;

	*number = 0;
	for (unsigned i = length; i < self.typed; i++)
		if (self.line[i] >= '0' && self.line[i] <= '9')
			*number = *number * 10 + (unsigned)(self.line[i] - '0');

	return true;
}


static void report(char const *what)
{
	CHECK_STATUS(by_progress_report(&self.progress, what, 1), BY_OK);
}


static void show_log(void)
{
	uint64_t size = 0;

	CHECK_STATUS(by_rom_update(&self.log.rom, &size), BY_OK);
	self.log_end = (size_t)size;
	self.log_at  = size > LOG_SIZE ? (size_t)size - LOG_SIZE : 0;
	say("log begin\n");
}


static void obey(void)
{
	unsigned number;

	self.line[self.typed] = 0;
	if (word("burst ", &number) || word("doomed ", &number)) {
		self.burst  = 0;
		self.bursts = number;
		self.doom   = self.line[0] == 'd' ? number / 2 : number;
	} else if (word("late ", &number) || word("raw ", &number)) {
		self.raw = self.wrong = 0;
		self.raws = number;
		if (self.line[0] == 'l')
			CHECK_STATUS(by_timeout_start(&self.late, LATE_US), BY_OK);
		say("ready\n");
	} else if (word("again ", &number)) {
		self.again = number;
		self.typed = 0; /* lines can be typed before this returns */
		reopen();
		return;
	} else if (word("log", &number)) {
		show_log();
	} else if (word("die", &number)) {
		__builtin_trap();
	} else if (word("look", &number) || word("kill", &number) || word("restart", &number)
	           || word("end", &number)) {
		report(self.line);
	} else {
		say("[%u] %s\n> ", self.typed, self.line);
	}
	self.typed = 0;
}


static void raw_byte(unsigned char byte)
{
	if (byte != (unsigned char)self.raw && !self.wrong)
		say("byte %u is %u\n", self.raw, byte);
	self.wrong += byte != (unsigned char)self.raw;
	if (++self.raw == self.raws) {
		say("%u bytes, %u wrong\n> ", self.raws, self.wrong);
		self.raws = 0;
	}
}


static void type(unsigned char byte)
{
	if (self.raws)
		raw_byte(byte);
	else if (byte == '\n' || byte == '\r')
		obey();
	else if (byte == KILL_LINE)
		self.typed = 0;
	else if (byte == BACKSPACE || byte == DELETE)
		self.typed -= self.typed != 0;
	else if (byte >= ' ' && self.typed < LINE)
		self.line[self.typed++] = (char)byte;
}


/* What is to be shown next; false if there is nothing. */
static bool fill(void)
{
	self.filled = self.shown = 0;
	if (self.burst < self.bursts) {
		if (self.burst == self.doom)
			report("kill");
		say("burst %06u: the quick brown fox jumps over the lazy dog\n", self.burst);
		if (++self.burst == self.bursts)
			say("> ");
	} else if (self.log_at < self.log_end) {
		size_t const rest = self.log_end - self.log_at, part = rest < OUT / 2 ? rest : OUT / 2;

		memcpy(self.out, (char const *)self.log.base + self.log_at, part);
		self.filled  = (unsigned)part;
		self.log_at += part;
		if (self.log_at == self.log_end)
			say("log end\n> ");
	}

	return self.filled != 0;
}


/*
 * The line
 */

/* Show what there is; false if it has to wait for room, or the driver is gone. */
static bool show(void)
{
	while (self.shown < self.filled || fill()) {
		unsigned const rest = self.filled - self.shown;
		unsigned const part = rest < BY_TERMINAL_WRITE_DATA_MAX ? rest
		                      : BY_TERMINAL_WRITE_DATA_MAX;
		uint32_t       taken = 0;

		if (by_terminal_write(&self.terminal, self.out + self.shown, part, &taken) != BY_OK)
			return false;
		CHECK(taken <= part);
		self.shown += taken;
		if (taken < part)
			return false;
	}

	return true;
}


/* An answer is shown before the next line is looked at. */
static bool handle_typed(void)
{
	unsigned char data[BY_TERMINAL_READ_DATA_MAX];
	static unsigned char left[BY_TERMINAL_READ_DATA_MAX];
	static size_t        at, count;

	if (at == count) {
		if (by_timeout_started(&self.late)
		    || by_terminal_read(&self.terminal, data, &count) != BY_OK)
			count = 0;
		memcpy(left, data, count);
		at = 0;
	}
	while (at < count && self.open && self.shown == self.filled && self.burst == self.bursts
	       && self.log_at == self.log_end)
		type(left[at++]);

	return at < count || count;
}


static void go_on(void)
{
	while (self.open && show() && handle_typed()) { }
}


static void handle(struct by_signal_handler *handler, unsigned count)
{
	(void)handler, (void)count;
	go_on();
}


static void read_late(struct by_timeout *timeout)
{
	(void)timeout;
	go_on();
}


/*
 * Sessions, of which the driver's death can end one at any time
 */

static by_status_t listen(void)
{
	by_status_t const status = by_terminal_read_sigh(&self.terminal, self.readable.target.cap);

	return status != BY_OK ? status
	       : by_terminal_write_sigh(&self.terminal, self.writable.target.cap);
}


static void begin(void)
{
	by_status_t const status = listen();

	self.open = true;
	if (status != BY_OK)
		return; /* as if it had not been: the next look finds out */

	if (self.again) {
		self.again--;
		reopen();
		return;
	}
	self.filled = self.shown = self.typed = 0;
	self.bursts = self.burst;
	say("\nsession %u\n> ", ++self.sessions);
	go_on();
}


static void answered(struct by_session *session, by_status_t status)
{
	(void)session;
	if (CHECK_STATUS(status, BY_OK))
		begin();
}


static void reopen(void)
{
	by_status_t status;

	/* the answer can be there at once, or come later */
	do {
		self.open = false;
		by_terminal_close(self.env, &self.terminal);
		status = by_terminal_begin(self.env, "", &self.terminal, answered);
	} while (status == BY_OK && self.again && listen() == BY_OK && self.again--);
	if (status == BY_OK)
		begin();
	else
		CHECK_STATUS(status, BY_PENDING);
}


static void watch(struct by_timeout *timeout)
{
	uint32_t columns, rows;

	(void)timeout;
	if (self.open && by_terminal_size(&self.terminal, &columns, &rows) != BY_OK)
		reopen();
}


/* What is different at the start of each of us. */
static void greet(void)
{
	struct by_terminal second;
	uint32_t           columns = 0, rows = 0;

	CHECK_STATUS(by_terminal_open(self.env, "second", &second), BY_LIMIT);
	CHECK_STATUS(by_terminal_read_sigh(&self.terminal, BY_NO_CAP), BY_BAD_CAP);
	CHECK_STATUS(by_terminal_write_sigh(&self.terminal, BY_NO_CAP), BY_BAD_CAP);
	CHECK_STATUS(by_terminal_size(&self.terminal, &columns, &rows), BY_OK);
	CHECK_EQ(columns, 80);
	CHECK_EQ(rows, 25);
}


void component_main(struct by_env *env)
{
	self.env = env;
	check_need(env, by_progress_open(env, "", &self.progress), "progress");
	check_need(env, by_attached_rom_init(env, &self.log, "core_log"), "core_log");
	check_need(env, by_terminal_open(env, "", &self.terminal), "terminal");
	check_need(env, by_signal_handler_init(&self.readable, env->endpoint, BY_SIGNAL_APPLICATION,
	                                       handle), "signal");
	check_need(env, by_signal_handler_init(&self.writable, env->endpoint, BY_SIGNAL_APPLICATION,
	                                       handle), "signal");
	by_timeout_init(&self.watch, env->endpoint, watch);
	by_timeout_init(&self.late, env->endpoint, read_late);
	check_need(env, by_timeout_repeat(&self.watch, WATCH_US), "timeout");
	greet();
	by_log("the line is mine");
	begin();
}
