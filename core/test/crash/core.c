/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A core that crashes on demand: linked around functions of core's own, this looks
 * for a word on the command line, or in what components print. Only scenario
 * 'panic' has it.
 */
#include "../../src/console.h"
#include "../../src/phys.h"
#include "../../src/boot.h"
#include <by/assert.h>
#include <by/string.h>

void __real_phys_init(void *store, uint64_t base, uint64_t end);
void __wrap_phys_init(void *store, uint64_t base, uint64_t end);
void __real_console_write(const char *text, size_t size);
void __wrap_console_write(const char *text, size_t size);


static bool wanted(const char *word)
{
	size_t const length = by_strlen(word);
	const char  *at = boot_info()->command_line;

	for (; *at; at++)
		if (by_strlen(at) >= length && __builtin_memcmp(at, word, length) == 0)
			return true;

	return false;
}


/** Before there is a thread that prints. */
void __wrap_phys_init(void *store, uint64_t base, uint64_t end)
{
	BY_ASSERT(!wanted("crash=early"));
	__real_phys_init(store, base, end);
}


/** While that thread has not had time to print what others said. */
void __wrap_console_write(const char *text, size_t size)
{
	__real_console_write(text, size);
	BY_ASSERT(size < 13 || !wanted("crash=late") || __builtin_memcmp(text, "log test done", 13));
}
