/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random programs: threads of several PDs that call, wait, signal, park and fault, and
 * a core that creates, maps, binds, pauses and destroys whatever it meets, in real
 * kernel entries on the CPU where its thread happens to run. All decisions come from
 * one source, so that a seed or a fuzzer's input is the whole story.
 */
#ifndef PLAY_H
#define PLAY_H

#include "world.h"

/** Where decisions come from: a number below 'n'. */
extern unsigned (*play_choose)(unsigned n);

/** Message pages change at any time; then nothing is expected of their content. */
extern bool play_mutates;

/** Called when core begins to destroy an object. */
extern void (*play_on_destroy)(struct world_object const *victim);

/** Chooses the victim instead of chance, or returns NULL. */
extern struct world_object *(*play_victim)(void);

/** CPUs that are inside the kernel, as far as whoever drives them knows. */
extern bool play_inside[CPU_MAX];

/** Boot a world on 'cpus' CPUs, and let core make a few objects of each type. */
void play_begin(unsigned cpus);

/** Have core make a few objects of each type; it is waiting. */
void play_populate(void);

/** What CPU 'id' does next: takes an interrupt or runs its thread. False if it idles. */
bool play_cpu(unsigned id);

/** Raise an interrupt, or let time pass. */
void play_outside(void);

/** From now on core only destroys. */
void play_finish(void);

/** Whether core knows what exists: it has seen the result of its last call. */
bool play_checkable(void);

/** All objects but core's own are destroyed, and core waits. */
bool play_over(void);

/** What was wrong, or NULL. */
const char *play_error(void);

/** Change a word of some message page. */
void play_mutate(void);

#endif
