/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Invariants of the kernel's data, checked from outside while no CPU is inside the
 * kernel.
 */
#ifndef CHECK_H
#define CHECK_H

/**
 * Walk everything: rings, queues, heaps, capability tables, and whether each pointer
 * leads to an object that exists. When nothing is under way between CPUs any more,
 * also whether each CPU runs what it should and nobody is forgotten. Returns NULL, or
 * what is wrong.
 */
const char *world_check(void);

#endif
