/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program whose addresses the test of the run tool looks up.
 */
int outer(int x);
int last(int x);
void hang(void) __attribute__((noreturn));
void leap(void);
void behind(void);


static inline __attribute__((always_inline)) int inner(int x)
{
	return x * x + 1;
}


__attribute__((noinline)) int outer(int x)
{
	return inner(x);
}


__attribute__((noinline)) int last(int x)
{
	return outer(x) + outer(x + 1);
}


_Noreturn __attribute__((noinline)) void hang(void)
{
	for (;;)
		__asm__ volatile ("");
}


/* Returns, if it did, to what is behind it. */
void leap(void)
{
	hang();
}


void behind(void)
{
	__asm__ volatile ("nop");
}
