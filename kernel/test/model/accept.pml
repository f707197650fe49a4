/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Judges what the C code did by the transitions of protocol.pml: each trace is a branch
 * of the search, each event one transition, after which the model's state must be what
 * the kernel's was. A trace that cannot be followed is refused.
 */
#define LIMIT 16

c_decl { \#include "events.h" }
#include "events.h"
#define T TRACE_T
#define E TRACE_E
#define G TRACE_G
#define S TRACE_S

bool bad;
#define assert(x) if :: (x) :: else -> bad = true fi
#include "protocol.pml"

c_decl { \#include "traces.h" }

c_code { \#include "matches.h" }

byte kind, a, b, c, e, looked_up, server_of;
short n;
bool more, excused;
int line, event;

#define KNOWN(i, max) ((i) < (max))

inline do_create()
{
	if
	:: a == OBJECT_THREAD ->
		assert(st[b] == ABSENT);
		st[b] = INACTIVE; client[b] = NONE; callee[b] = NONE; gate[b] = NONE;
		ep_of[b] = NONE; depth[b] = 0
	:: a == OBJECT_ENDPOINT ->
		assert(e_st[b] == ABSENT && ep_of[c] == NONE);
		e_st[b] = LIVE; server[b] = c; ep_of[c] = b; fault[b] = NONE;
		turn[b] = false; last_io[b] = false
	:: a == OBJECT_GATE ->
		assert(g_st[b] == ABSENT && e_st[c] == LIVE);
		g_st[b] = LIVE; g_ep[b] = c
	:: a == OBJECT_SIGNAL ->
		assert(s_st[b] == ABSENT && e_st[c] == LIVE);
		s_st[b] = LIVE; s_ep[b] = c; s_io[b] = n; s_count[b] = 0; s_pos[b] = 0
	:: else -> bad = true
	fi
}

inline do_call()
{
	assert(st[a] == READY);
	looked_up = (c == CALL_QUEUED -> n & 255 : (c == CALL_SERVED -> n : b));
	/* a slot can change between two looks at it only if there is another CPU */
	assert(b == looked_up || excused);
	if
	:: server[e] == NONE || (b != NONE && g_st[b] != LIVE) -> assert(c == GONE)
	:: else ->
		if
		:: depth[a] >= LIMIT -> assert(c == DEADLOCK)
		:: depth[a] < LIMIT && waits(e) ->
			assert(c == CALL_SERVED && b != NONE && g_ep[b] == e);
			call_waiting(a, b, e)
		:: else ->
			find_chain(a, server[e]);
			if
			:: c == DEADLOCK -> assert(closes || excused)
			:: c == GONE     -> assert(b == NONE)
			:: c == CALL_QUEUED ->
				assert((!closes || excused) && g_ep[b] == e);
				level[a] = n >> 8;
				call_queued(a, b, e, QUEUED)
			:: else -> bad = true
			fi
		fi
	fi
}

inline do_fault()
{
	assert(st[a] == READY || st[a] == FAULTING || st[a] == FAULTED);
	if
	:: fault[e] == a -> fault[e] = NONE
	:: else
	fi;
	st[a]    = READY;
	level[a] = n;
	call_queued(a, NONE, e, FAULTING);
	if
	:: waits(e) ->
		server_of = server[e];
		deliver_first(e, server_of);
		st[server_of] = READY
	:: else
	fi
}

inline do_resume()
{
	assert((st[a] == FAULTING && fault[0] == a) || st[a] == FAULTED);
	if
	:: fault[0] == a -> fault[0] = NONE
	:: else
	fi;
	callee[a] = NONE;
	st[a]     = READY
}

inline do_boost()
{
	assert(st[a] == QUEUED && callee[a] == e && level[a] < n);
	queue_remove(a);
	level[a] = n;
	queue_add(a, e)
}

inline do_free()
{
	if
	:: a == OBJECT_THREAD   -> assert(st[b] != ABSENT); free_thread(b)
	:: a == OBJECT_ENDPOINT -> assert(e_st[b] == DYING); free_endpoint(b)
	:: a == OBJECT_GATE     -> assert(g_st[b] == DYING); free_gate(b)
	:: a == OBJECT_SIGNAL   -> assert(s_st[b] == DYING); free_signal(b)
	:: else -> bad = true
	fi
}

inline do_event()
{
	if
	:: kind == DO_CREATE     -> do_create()
	:: kind == DO_START      -> assert(st[a] == INACTIVE); st[a] = READY
	:: kind == DO_CALL       -> do_call()
	:: kind == DO_WAIT       ->
		assert(st[a] == READY);
		if
		:: server[e] == a -> wait(a, e, b, c)
		:: else
		fi
	:: kind == DO_SUBMIT     -> assert(s_ep[a] == e); submit(a, e, n)
	:: kind == DO_FAULT      -> do_fault()
	:: kind == DO_DROP_FAULT -> drop_fault(a, e)
	:: kind == DO_RESUME     -> do_resume()
	:: kind == DO_ABORT_CALL ->
		if
		:: b == DEADLOCK -> assert(excused)
		:: else -> assert(b == CANCELLED)
		fi;
		abort_call(a, e, b)
	:: kind == DO_ABORT_WAIT -> assert(b == CANCELLED && ep_of[a] == e); abort_wait(a, b)
	:: kind == DO_DROP       ->
		/* the endpoint has lost its thread, or the gate dies */
		assert((b == NONE && server[e] == NONE) || (b != NONE && g_st[b] == DYING && gate[a] == b));
		drop(a, e)
	:: kind == DO_ORPHAN     -> assert(server[e] == a); orphan(e)
	:: kind == DO_BOOST      -> do_boost()
	:: kind == DO_WITHDRAW   -> assert(s_count[a] > 0); withdraw(a)
	:: kind == DO_KILL && a == OBJECT_GATE     -> assert(g_st[b] == LIVE); g_st[b] = DYING
	:: kind == DO_KILL && a == OBJECT_SIGNAL   -> assert(s_st[b] == LIVE); s_st[b] = DYING
	:: kind == DO_KILL && a == OBJECT_ENDPOINT -> assert(e_st[b] == LIVE); e_st[b] = DYING
	:: kind == DO_LEAVE && a == OBJECT_GATE    -> g_ep[b] = NONE
	:: kind == DO_LEAVE && a == OBJECT_SIGNAL  -> s_ep[b] = NONE
	:: kind == DO_EXPEL      ->
		assert(!blocked(a) && st[a] != WAITING && ep_of[a] == NONE && client[a] == NONE);
		st[a] = INACTIVE
	:: kind == DO_FREE       -> do_free()
	:: else -> bad = true
	fi
}

active proctype player()
{
	atomic {
		c_code { traces_load(); };
		do
		:: c_expr { now.line + 1 < traces } -> line++
		:: break
		od
	}
	d_step {
		do
		:: bad -> break
		:: else ->
			c_code {
				now.more = trace_next(now.line, &now.kind, &now.a, &now.b, &now.c, &now.n);
				now.excused = trace_excused;
				now.e = trace_endpoint;
				memset(now.result, NOTHING_YET, sizeof(now.result));
			};
			if
			:: !more -> break
			:: else
			fi;
			event++;
			do_event();
			invariants();
			c_code {
				if (!now.bad && !state_matches())
					now.bad = 1;
			}
		od;
		c_code { trace_judged(now.line, now.event, !now.bad, now.kind); }
	}
}
