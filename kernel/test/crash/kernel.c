/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A kernel that crashes on demand: linked around console_put(), this waits for a
 * word in what is printed and does what it says. Only tests have it.
 */
#include "cpu.h"
#include "panic.h"
#include "print.h"
#include "thread.h"
#include <arch/console.h>
#include <arch/frame.h>
#include <arch/machine.h>
#include <by/log_ring.h>

bool __real_console_put(char c);
bool __wrap_console_put(char c);

typedef int crash_function(int);

enum { NOWHERE = 16, CODE_MAX = 64 };

static char writeable[CODE_MAX] __attribute__((aligned(16))) = "not in .bss";


__attribute__((noinline)) static int harmless(int value)
{
	return value + 1;
}


__attribute__((noinline)) static void crash_assert(void)
{
	ASSERT(harmless(1) == 1);
}


__attribute__((noinline)) static void crash_exception(void)
{
	*(char volatile *)(word_t)harmless(NOWHERE - 1) = 0;
}


/** Use up the stack. */
__attribute__((noinline)) static int crash_deep(int level)
{
	char volatile here[128];

	here[level % 128] = (char)level;

	return level < 0 ? here[0] : crash_deep(level + 1) + here[level % 128];
}


static void crash_stack(void)
{
	print("%d\n", (unsigned)crash_deep(harmless(0)));
}


/** Change the kernel's code. */
__attribute__((noinline)) static void crash_text(void)
{
	*(char volatile *)harmless = 0;
}


/** Change a constant of the kernel. */
__attribute__((noinline)) static void crash_constant(void)
{
	static char const constant[] = "constant";

	*(char volatile *)constant = 0;
}


/** Execute a copy of good code. */
static void execute(void *copy)
{
	word_t const from = (word_t)harmless, in_word = from & 3; /* Thumb's bit is not part */

	memcpy(copy, (void const *)(from - in_word), CODE_MAX);
	print("%d\n", (unsigned)((crash_function *)((word_t)copy + in_word))(1));
}


/** In the kernel's data. */
__attribute__((noinline)) static void crash_data(void)
{
	execute(writeable);
}


/** In memory that the kernel sees like all other. */
__attribute__((noinline)) static void crash_window(void)
{
	execute(smp_self()->current->msg);
}


/** Execute code of user level. */
__attribute__((noinline)) static void crash_user_code(void)
{
	((crash_function *)frame_ip(&smp_self()->current->frame))(1);
}


/** Read memory of user level. */
__attribute__((noinline)) static void crash_user_data(void)
{
	print("%d\n", (unsigned)*(char volatile *)frame_sp(&smp_self()->current->frame));
}


/** As if somebody had pressed the button. */
__attribute__((noinline)) static void crash_reset(void)
{
	machine_control(BY_MACHINE_RESET);
}


/** The same, with a log that is no longer what was written. */
__attribute__((noinline)) static void crash_damage(void)
{
	print_log->text[0] ^= 1;
	machine_control(BY_MACHINE_RESET);
}


static struct { const char *word; void (*crash)(void); } const list[] = {
	{ "crash=reset", crash_reset },
	{ "crash=damage", crash_damage },
	{ "crash=assert", crash_assert },
	{ "crash=exception", crash_exception },
	{ "crash=stack", crash_stack },
	{ "crash=text", crash_text },
	{ "crash=constant", crash_constant },
	{ "crash=data", crash_data },
	{ "crash=window", crash_window },
	{ "crash=user_code", crash_user_code },
	{ "crash=user_data", crash_user_data },
};


bool __wrap_console_put(char c)
{
	static unsigned seen[ARRAY_SIZE(list)];
	static bool     quoted; /* a line of the log before a reset */

	if (!__real_console_put(c))
		return false;

	quoted = c != '\n' && (quoted || c == '|');
	if (quoted)
		return true;

	for (unsigned i = 0; i < ARRAY_SIZE(list); i++) {
		seen[i] = c == list[i].word[seen[i]] ? seen[i] + 1 : c == 'c';
		if (list[i].word[seen[i]])
			continue;
		seen[i] = 0;
		list[i].crash();
		print("kernel: nothing happened\n");
	}

	return true;
}
