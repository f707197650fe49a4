/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Work of one request.
 */
#include "work.h"

static int left = WORK_UNLIMITED;


bool work(unsigned cost)
{
	if (left == WORK_UNLIMITED)
		return true;
	if (left < (int)cost)
		return false;

	left -= (int)cost;

	return true;
}


unsigned work_of_pages(unsigned base, uint64_t pages)
{
	return base + (unsigned)(pages < WORK_BATCH ? pages : WORK_BATCH) / WORK_PAGES;
}


int work_set(int units)
{
	int before = left;

	left = units;

	return before;
}
