/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core stops with a sentence when it cannot go on: with too little RAM, when the kernel
 * refuses, and on mistakes of its own.
 */
#define _GNU_SOURCE
#include "census.h"
#include "inside.h"
#include "../src/console.h"
#include <by/assert.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

UNIT_MAIN("core-stop")

enum { FIRST_PAGES = 49, LAST_PAGES = 200 };

/** What a machine did, as a process of its own tells. */
struct outcome { bool boots, contradiction; char text[4096]; };

static struct outcome *outcome;


/** The kernel's own last words. */
static void panicked(int number)
{
	(void)number;
	snprintf(outcome->text, sizeof(outcome->text), "%s", sim_console());
	outcome->contradiction = false;
	_exit(1);
}


static void boot_with(uint64_t ram)
{
	if (!outcome)
		outcome = mmap(NULL, sizeof(*outcome), PROT_READ | PROT_WRITE,
		               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	*outcome = (struct outcome) { .contradiction = true };
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		signal(SIGABRT, panicked);
		outcome->boots = host_try_boot(&(struct host_machine) { .ram = ram });
		outcome->contradiction = outcome->boots && census_take(NULL);
		/* the console takes some characters per millisecond */
		for (unsigned i = 0; i < 100 && !outcome->boots; i++) {
			sim_pass(1000000);
			host_settle();
		}
		snprintf(outcome->text, sizeof(outcome->text), "%s", sim_console());
		host_leave();
	}
	waitpid(child, NULL, 0);
}


/** KiB that are missing, as core says it; 0 if it does not. */
static unsigned missing(void)
{
	const char *text = strstr(outcome->text, "core: too little RAM: init needs");
	unsigned    need, left;

	if (!text || sscanf(text, "core: too little RAM: init needs %u KiB, %u", &need, &left) != 2)
		return 0;

	return need > left ? need - left : 0;
}


/** Give what is missing; with more memory core keeps more of it, too. */
static bool boots_with_more(uint64_t ram)
{
	for (unsigned i = 0; i < 3 && missing(); i++) {
		ram += (uint64_t)missing() * KIB + PAGE_SIZE;
		boot_with(ram);
	}

	return outcome->boots;
}


/** Each size of RAM either suffices, or it is said what is missing, and that does help. */
TEST(too_little_ram_is_said_with_numbers)
{
	bool     booted = false;
	unsigned told   = 0;

	for (uint64_t pages = FIRST_PAGES; pages < LAST_PAGES; pages++) {
		boot_with(pages * PAGE_SIZE);
		CHECK(!outcome->contradiction);
		CHECK(outcome->boots || !booted);
		CHECK(outcome->boots || strstr(outcome->text, "too little RAM: "));
		booted = outcome->boots;
		told  += missing() != 0;
		if (missing())
			CHECK(boots_with_more(pages * PAGE_SIZE));
	}
	CHECK(booted);
	CHECK(told > 10);
}


static void stop_in_child(void (*stop)(void))
{
	boot_with(8 * MIB); /* for 'outcome' */
	pid_t child = fork();
	if (child == 0) {
		int file = memfd_create("words", 0);
		if (!host_try_boot(&(struct host_machine) { .cpus = 1 }))
			_exit(1);
		dup2(file, STDERR_FILENO);
		outcome->text[0] = 0;
		pid_t victim = fork();
		if (victim == 0) {
			stop();
			_exit(0);
		}
		int status;
		waitpid(victim, &status, 0);
		outcome->boots = WIFSIGNALED(status);
		ssize_t size = pread(file, outcome->text, sizeof(outcome->text) - 1, 0);
		outcome->text[size > 0 ? size : 0] = 0;
		_exit(0);
	}
	waitpid(child, NULL, 0);
}


static void refuse(void)
{
	console_must(BY_INVALID, "A_CALL");
}


static void fail(void)
{
	by_assert_fail("some/file.c", 7, "one == 2");
}


static void refuse_between_lines(void)
{
	console_print("half a line");
	refuse();
}


static void refuse_behind_a_line(void)
{
	console_print("a line\n");
	refuse();
}


/* What core has logged before comes before, and its last words on a line of their own. */
TEST(the_log_comes_before_the_last_words)
{
	stop_in_child(refuse_between_lines);
	CHECK(strstr(outcome->text, "half a line\ncore: the kernel refused: A_CALL"));
	stop_in_child(refuse_behind_a_line);
	CHECK(strstr(outcome->text, "a line\ncore: the kernel refused: A_CALL"));
}


TEST(a_refusal_of_the_kernel_stops_core)
{
	stop_in_child(refuse);
	CHECK(outcome->boots);
	CHECK(strstr(outcome->text, "core: the kernel refused: A_CALL"));
}


static void speak_to_a_busy_device(void)
{
	sim_console_busy();
	console_emergency("nobody hears this\n");
	fprintf(stderr, "%s", sim_console());
	host_leave();
}


/* Core goes on to stop, whatever the device does. */
TEST(a_device_that_stays_busy_is_given_up)
{
	stop_in_child(speak_to_a_busy_device);
	CHECK(!outcome->boots); /* it came back */
	CHECK(!strstr(outcome->text, "nobody"));
}


TEST(a_mistake_of_core_stops_it)
{
	stop_in_child(fail);
	CHECK(outcome->boots);
	CHECK(strstr(outcome->text, "core: assertion failed: one == 2 in some/file.c"));
}
