/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Assertions: for our own mistakes, never for input from another component.
 */
#ifndef BY_ASSERT_H
#define BY_ASSERT_H

/** Report the broken assertion 'text' and end the component. */
void by_assert_fail(char const *file, int line, char const *text) __attribute__((noreturn));

/** End the component unless 'cond' holds. */
#define BY_ASSERT(cond) ((cond) ? (void)0 : by_assert_fail(__FILE__, __LINE__, #cond))

#endif
