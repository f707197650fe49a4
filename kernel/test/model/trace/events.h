/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a trace consists of: for C and for Promela.
 *
 * A trace is its length (4 bytes, low first) and its events. An event is
 *
 *     kind a b c, n (2 bytes), flags
 *
 * and, if its flags say so, what the endpoint looks like afterwards:
 *
 *     endpoint, server, its client, accept, turn, last class, fault,
 *     count, then for each queued caller:      thread, gate, level
 *     count, then for each pending signal:     signal, count (2)
 *     count, then for each operation that ended: thread, how, about what, count (2)
 */
#ifndef EVENTS_H
#define EVENTS_H

/* Objects. */
#define OBJECT_THREAD   1
#define OBJECT_ENDPOINT 2
#define OBJECT_GATE     3
#define OBJECT_SIGNAL   4

/* Kinds. */
#define DO_CREATE     1   /* a: object, b: index, c: its thread or endpoint, n: class */
#define DO_START      2   /* a: thread */
#define DO_CALL       3   /* a: thread, b: gate, c: outcome, n: level, or gate as looked up */
#define DO_WAIT       4   /* a: thread, b: options, c: the message is valid */
#define DO_SUBMIT     5   /* a: signal, n: count */
#define DO_FAULT      6   /* a: thread, n: level */
#define DO_DROP_FAULT 7   /* a: thread */
#define DO_RESUME     8   /* a: thread */
#define DO_ABORT_CALL 9   /* a: thread, b: status */
#define DO_ABORT_WAIT 10  /* a: thread, b: status */
#define DO_DROP       11  /* a: thread, b: gate or none */
#define DO_ORPHAN     12
#define DO_BOOST      13  /* a: thread, n: level */
#define DO_WITHDRAW   14  /* a: signal */
#define DO_KILL       15  /* a: object, b: index */
#define DO_LEAVE      16  /* a: object, b: index */
#define DO_EXPEL      17  /* a: thread */
#define DO_FREE       18  /* a: object, b: index */
#define DO_KINDS      19

/* Outcomes of a call; else a status. */
#define CALL_QUEUED 100
#define CALL_SERVED 101

/* Flags. */
#define HAS_STATE 1
#define EXCUSED   2   /* chains are not exactly known: several CPUs, or donated parks */

/* Sizes of the model that accepts. */
#define TRACE_T 32
#define TRACE_E 24
#define TRACE_G 40
#define TRACE_S 40

#endif
