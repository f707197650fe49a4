/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's own log: a ring of text that a thread of its own drains to the boot
 * console and the boot framebuffer, as long as no component owns that device.
 */
#ifndef CORE_CONSOLE_H
#define CORE_CONSOLE_H

#include <by/abi.h>
#include <by/log_ring.h>
#include <by/types.h>

/** Size of the ring; what 'core_log' shows. */
enum { CONSOLE_RING = BY_LOG_RING_TEXT };

/** Where the log goes to, as long as no session has the device. */
enum console_device { CONSOLE_LINE = BY_CONSOLE_LINE, CONSOLE_SCREEN = BY_CONSOLE_SCREEN,
                      CONSOLE_DEVICES };

/** Begin with an empty ring; text can be appended from now on. */
void console_init(bool has_screen);

/**
 * Start the thread that drains the ring, which is at 'log'. Takes: two pages of the
 * kernel's zone, for its messages and for kernel objects.
 */
void console_start(by_paddr_t message, by_paddr_t objects, by_paddr_t log);

/**
 * Append text, of at most BY_LOG_RING_GAP characters. Never blocks: the oldest text that was
 * not drained is lost. Needs a console_wake() afterwards.
 */
void console_write(const char *text, size_t size);

/** Format a line of core itself. */
void console_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/**
 * Print at once, character by character, behind what was not drained yet: core is about
 * to stop. Works before console_init() as well.
 */
void console_emergency(const char *text);

/** Say why core cannot go on, through the ring if it is drained already, and wait for ever. */
void console_stop(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/** Calls whose failure is a mistake of core itself: it stops at once. */
void console_must(by_status_t status, const char *what);

/** A device was taken by a session, or the last one gave it back. */
void console_hand_over(enum console_device device);
void console_take_back(enum console_device device);

/** Wake the thread that drains the ring, if there is anything new. */
void console_wake(void);

/**
 * Whether what is in front of a position has come to the devices, and to memory; see to the
 * latter at once.
 */
bool console_drained(uint64_t end);
void console_flush(void);

/** The text that there is, by positions since boot; its length. */
uint64_t console_range(uint64_t *from, uint64_t *end);

/**
 * Copy the text from 'from' to 'end', at most 'size' bytes; the number of bytes. Newlines
 * stand for what was overwritten meanwhile.
 */
size_t console_copy(char *buffer, size_t size, uint64_t from, uint64_t end);

#endif
