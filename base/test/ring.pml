/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Model of the ring's protocol (base/include/by/ring.h), for Spin.
 *
 * One step of the model is one access to shared memory, as the C code makes
 * them; each is marked ACCESS. Indices count modulo MOD, so that they wrap
 * around many times. An element's value is its number.
 *
 * Proved: no deadlock, so no wake-up is lost; nothing is left over when the
 * producer stops; the consumer gets each element once and in order; no element
 * is overwritten before it was taken; a correct peer is never called malformed;
 * there is no endless activity without an element being taken (-DNP).
 *
 * BUG=1 ... 7 builds in a mistake, each of which must be refuted:
 *   1 looks again before it asks to be woken     5 wakes only for the last element
 *   2 does not look again                        6 releases before it has taken
 *   3 publishes before it has written            7 never sleeps, polls
 *   4 looks who waits before it publishes
 *
 * With -DTRACE the model does not move on its own: it accepts or refuses what
 * the C code did (base/test/ring/trace.c), access by access, value by value.
 */
#ifndef COUNT
#define COUNT 2
#endif
#ifndef MOD
#define MOD   8
#endif
#ifndef START
#define START 0
#endif
#ifndef BUG
#define BUG   0
#endif

#define SUB(a, b) ((a - b) & (MOD - 1))
#define ADD(a, b) ((a + b) & (MOD - 1))

#define PRODUCER 0
#define CONSUMER 1

/* Kinds of access. */
#define LOAD_INDEX  1
#define STORE_INDEX 2
#define LOAD_WAKE   3
#define STORE_WAKE  4
#define LOAD_SLOT   5
#define STORE_SLOT  6
#define SIGNAL      7
#define SLEEP       8

/* Shared memory. */
byte index[2] = START;
byte wake_at[2];
byte slot[COUNT];

bool pending[2];   /* signals, by receiver */
bool occupied[COUNT]; /* for checking only: put and not taken yet */
bool stopped;      /* the producer will put nothing any more */

#ifdef TRACE
chan event = [0] of { byte, byte, byte };
#define ACCESS(me, kind, value) event ? eval(me), kind, eval(value)
#else
#define ACCESS(me, kind, value) skip
#endif

/* Of the side at work, as in struct by_ring_end. */
#define AVAILABLE ADD(SUB(seen, next), lead)

inline refresh(me)
{
	atomic {
		ACCESS(me, LOAD_INDEX, index[1 - me]);
		assert(SUB(index[1 - me], seen) <= SUB(ADD(committed, COUNT - lead), seen));
		seen = index[1 - me]
	}
}

inline store_index(me)
{
	atomic {
		ACCESS(me, STORE_INDEX, next);
		index[me] = next
	}
}

inline load_wake(me)
{
	atomic {
		ACCESS(me, LOAD_WAKE, wake_at[1 - me]);
#if BUG == 5
		wake = (wake_at[1 - me] == SUB(next, 1));
#else
		wake = (SUB(wake_at[1 - me], committed) < SUB(next, committed));
#endif
		committed = next
	}
}

inline commit(me)
{
	if
	:: next == committed
	:: else ->
#if BUG == 4
		load_wake(me);
		store_index(me);
#else
		store_index(me);
		load_wake(me);
#endif
		if
		:: wake -> atomic { ACCESS(me, SIGNAL, 0); pending[1 - me] = true; wake = false }
		:: else
		fi
	fi
}

inline arm(me, n)
{
	atomic {
		ACCESS(me, STORE_WAKE, SUB(ADD(next, n - 1), lead));
		wake_at[me] = SUB(ADD(next, n - 1), lead)
	}
}

/* Commit, ask for 'n' elements, sleep unless they are there. */
inline await(me, n)
{
	commit(me);
#if BUG == 1
	refresh(me);
	arm(me, n);
#elif BUG == 2
	arm(me, n);
#else
	arm(me, n);
	refresh(me);
#endif
	if
	:: AVAILABLE >= n
#if BUG == 7
	:: else
#else
	:: else -> atomic {
			pending[me];
			ACCESS(me, SLEEP, 0);
			pending[me] = false
		}
#endif
	fi
}

inline put()
{
	atomic {
		ACCESS(PRODUCER, STORE_SLOT, next);
		assert(!occupied[next % COUNT]);
		occupied[next % COUNT] = true;
		slot[next % COUNT] = next;
		next = ADD(next, 1)
	}
}

inline take()
{
	atomic {
		ACCESS(CONSUMER, LOAD_SLOT, slot[next % COUNT]);
		assert(occupied[next % COUNT]);
		assert(slot[next % COUNT] == next);
		occupied[next % COUNT] = false;
		next = ADD(next, 1)
	}
}

active proctype producer()
{
	byte next = START, committed = START, seen = START, lead = COUNT, n;
	bool wake;

	do
	:: AVAILABLE > 0 ->
#if BUG == 3
		next = ADD(next, 1);
		commit(PRODUCER);
		next = SUB(next, 1);
		put()
#else
		put();
		if
		:: commit(PRODUCER)
		:: skip
		fi
#endif
	:: AVAILABLE == 0 ->
		refresh(PRODUCER);
		if
		:: AVAILABLE > 0
		:: else ->
			n = 1;
			do
			:: n < COUNT -> n++
			:: break
			od;
			await(PRODUCER, n);
			n = 0
		fi
	:: break
	od;
	commit(PRODUCER);
	stopped = true
}

active proctype consumer()
{
	byte next = START, committed = START, seen = START, lead = 0;
	bool wake;

	do
	:: AVAILABLE > 0 ->
#if BUG == 6
		next = ADD(next, 1);
		commit(CONSUMER);
		next = SUB(next, 1);
		take()
#else
progress:	take();
		if
		:: commit(CONSUMER)
		:: skip
		fi
#endif
	:: AVAILABLE == 0 ->
		refresh(CONSUMER);
		if
		:: AVAILABLE > 0
		:: else -> await(CONSUMER, 1)
		fi
	od
}

#ifdef TRACE

c_decl { \#include "traces.h" }

byte who, kind, value;
bool more;
int  line, at;

/* Play one of the traces, all of them in turn: each is a branch of the search. */
active proctype player()
{
	atomic {
		c_code { traces_load(); };
		do
		:: c_expr { now.line + 1 < traces } -> line++
		:: break
		od
	}
	do
	:: d_step {
			c_code { now.more = trace_more(now.line, now.at); };
			if
			:: more -> c_code {
					now.who   = trace_byte(now.line, now.at, 0);
					now.kind  = trace_byte(now.line, now.at, 1);
					now.value = trace_byte(now.line, now.at, 2);
				}
			:: else -> c_code { trace_accept(now.line); }
			fi;
			at++
		}
		if
		:: more -> event ! who, kind, value
		:: else -> break
		fi
	od
}

#else

/*
 * Nothing moves any more: right only if the producer has stopped and everything
 * was taken.
 */
active proctype monitor()
{
end:	timeout -> assert(stopped && index[0] == index[1])
}

#endif
