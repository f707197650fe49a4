/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much core does in one request: about 10,000 instructions at most. What can be more
 * than that asks before each part, keeps its progress in the object concerned, and is
 * answered BY_AGAIN when it may not go on; the client repeats the request then.
 */
#ifndef CORE_WORK_H
#define CORE_WORK_H

#include <by/types.h>

/** What parts of long work cost at most, in units of about a hundred instructions. */
enum {
	WORK_REQUEST = 64,  /* what one request may spend on them */
	WORK_DESTROY = 11,  /* a step of the kernel's destruction of an object */
	WORK_UNMAP   = 5,   /* removal of translations by the kernel, */
	WORK_MAP     = 6,   /* entry of translations, */
	WORK_PAGES   = 12,  /* and for so many pages one more, */
	WORK_BATCH   = 256, /* up to this many, which is what the kernel does at once */
	WORK_RETRY   = 5,   /* announcing a fault once more */
	WORK_FREE    = 8,   /* freeing a record, or pages */
	WORK_LOOK    = 2,   /* looking at an element of a list */
	WORK_BEQUEST = 30,  /* letting a dataspace have another owner */
	WORK_LINE    = 5,   /* a line of the log */
	WORK_PAGE    = 30,  /* copying a page */
	WORK_TEXT    = 20,  /* a line of numbers */
	WORK_PD      = WORK_REQUEST, /* creating a PD, but for tables that come in parts; */
	WORK_TABLES  = 11,  /* a part of them, without clearing it */
};

/** Take a part of what may still be spent; false if it is too much for this request. */
bool work(unsigned cost);

/** What the kernel's work on a number of pages costs. */
unsigned work_of_pages(unsigned base, uint64_t pages);

/** Set what may be spent, WORK_UNLIMITED outside of requests. Gives: what it was. */
enum { WORK_UNLIMITED = -1 };
int work_set(int units);

#endif
