/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A parent under test, in the model of kernel and core. Host threads play its children:
 * the first one created is PD 1, the second PD 2.
 */
#ifndef FAMILY_H
#define FAMILY_H

#include "elf_image.h"
#include "fake/fake.h"
#include <by/attached.h>
#include <by/child.h>

enum { FAMILY_RAM = 512 << 10, FAMILY_CAPS = 100, FAMILY_FEE = 100 };

/** The file and the attached ROM "kid". */
extern struct image       family_image;
extern struct by_attached family_binary;

/** Begin anew, without children. */
void family_begin(void);

/** True if nothing is left of what has happened since family_begin(). */
bool family_balanced(void);

/** What the parent had at the beginning. */
uint64_t family_parent_quota(void);

void family_finish(void);

/** Have a child do something while the parent serves. It ends with fake_release(). */
void family_run(unsigned pd, void (*function)(void *arg), void *arg);

#endif
