/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stack protector: compilers put the guard between a function's variables and its
 * return address, and compare before it returns.
 */
#include <by/log.h>
#include <by/thread.h>
#include <by/types.h>

extern uintptr_t __stack_chk_guard;
void __stack_chk_fail(void) __attribute__((noreturn));

/* Set when the component starts. */
uintptr_t __stack_chk_guard;


void __stack_chk_fail(void)
{
	by_error("stack protector: the stack of thread \"%s\" was overwritten",
	         by_thread_name());
	__builtin_trap();
}
