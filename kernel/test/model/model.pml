/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Model of IPC, for Spin: programs that do anything they may, on a CPU each, while core
 * destroys, cancels and pauses. README.md tells what is proved.
 *
 *     program 0, 1: clients;  program 2: serves endpoint 0;  program 3: serves endpoint 1
 *     gates 0, 1 ──> endpoint 0;  gate 2 ──> endpoint 1;  signals ──> endpoint 0
 */
#ifndef T
#define T 4
#endif
#define E 2
#define G 3
#ifndef S
#define S 1
#endif
#ifndef KILLS
#define KILLS 1     /* operations of core */
#endif
#ifndef SUBMITS
#define SUBMITS 1   /* submissions of signals */
#endif
#ifndef TARGETS
#define TARGETS 63  /* what core does: bits below */
#endif

#define GATES     1
#define ENDPOINTS 2
#define THREADS   4
#define SIGNALS   8
#define CANCELS   16
#define PAUSES    32

#include "protocol.pml"

/* A kernel entry of more than one step: locks held in between, CPUs that are inside. */
bool held[E];
bool core_lock;
byte inside;             /* bit of each thread, then of each submitter */
byte awaited[2];         /* CPUs that an object's destruction waits for */
byte dying;              /* threads under destruction: core's calls do not find them */
byte window;             /* threads between their place in a queue and the second look */
byte submitted[S];       /* for checking only */
byte taken[S];

#define BIT(i)    (1 << (i))
#define SECTION(e) (!held[e])

inline enter(i)
{
	inside = inside | BIT(i)
}

inline leave(i)
{
	inside = inside & ~BIT(i);
	awaited[0] = awaited[0] & ~BIT(i);
	awaited[1] = awaited[1] & ~BIT(i)
}

/* Nobody waits for himself, but for calls that have not yet looked again. */
inline no_cycle()
{
	for (u : 0 .. T - 1) {
		at   = u;
		hops = 0;
		do
		:: (hops <= T && blocked(at) && callee[at] != NONE && server[callee[at]] != NONE
		    && !(window & BIT(at))) ->
			at = server[callee[at]];
			hops++
		:: else -> break
		od;
		assert(hops <= T)
	}
}

/* Whoever can run, or is waited for by somebody who can pay, gets time. */
inline time_for_all()
{
	for (u : 0 .. T - 1) {
		if
		:: passive[u] && st[u] == READY && !fallback[u] -> find_payer(u); assert(found)
		:: else
		fi
	}
}

/* Whether somebody's time leads to 't': an active thread's, or a fallback share's. */
inline find_payer(t)
{
	found = false;
	for (v : 0 .. T - 1) {
		at   = v;
		hops = 0;
		do
		:: (at != t && hops <= T && blocked(at) && callee[at] != NONE
		    && server[callee[at]] != NONE) ->
			at = server[callee[at]];
			hops++
		:: else -> break
		od;
		found = found || (at == t && (!passive[v] || fallback[v]))
	}
}

inline no_signal_lost()
{
	for (u : 0 .. S - 1) {
		assert(s_st[u] != LIVE || submitted[u] == taken[u] + s_count[u])
	}
}

inline checked()
{
	d_step {
		invariants();
		no_cycle();
		time_for_all();
#ifdef SERVING
		for (u : 0 .. S - 1) {
			taken[u] = 0; submitted[u] = 0
		}
#else
		no_signal_lost();
#endif
		/* what only traces are compared by, or what nobody will look at */
		for (u : 0 .. T - 1) {
			result[u] = 0;
			given[u]  = NONE
		}
		for (u : 0 .. E - 1) {
			accept[u] = (server[u] != NONE && st[server[u]] == WAITING -> accept[u] : 0)
		}
	}
	tidy()
}

/* What was delivered last, if a signal. */
inline account()
{
	for (v : 0 .. S - 1) {
		taken[v]   = taken[v] + s_taken[v];
		s_taken[v] = 0
	}
}


/*
 * Programs. Each has a CPU of its own; its kernel entries are in steps.
 */

#define can_run(t) (st[t] == READY && !paused[t])

#ifndef CYCLES
#define CYCLES 0
#endif
#define may_call(t, g) \
	(((t) < 2 && (g) == (t)) || ((t) == 2 && (g) == 2) || (CYCLES && (t) == 3 && (g) == 0))

inline done(me)
{
	leave(me);
	g = 0; e = 0; s = 0; how = 0
}

inline call(me, g)
{
	atomic {
		/* lookup */
		if
		:: g_st[g] == LIVE && g_ep[g] != NONE -> e = g_ep[g]
		:: else -> done(me); goto next
		fi
	}
	atomic {
		SECTION(e);
		assert(g_st[g] != ABSENT && e_st[e] != ABSENT);
		if
		:: refused(g, e) || depth[me] >= LIMIT -> done(me); goto next
		:: else
		fi;
		if
		:: waits(e) -> call_waiting(me, g, e); checked(); done(me); goto next
		:: else -> s = server[e]; find_chain(me, s)
		fi;
		if
		:: closes -> done(me); tidy(); goto next
		:: else -> held[e] = true; tidy()
		fi
	}
	atomic {
		window = window | BIT(me);
		call_queued(me, g, e, QUEUED);
		held[e] = false;
		checked()
	}
	/* of calls that close a cycle together the last one sees all */
	atomic {
		assert(st[s] != ABSENT);
		find_chain(me, s);
		window = window & ~BIT(me);
#if MISTAKE == 6
		closes = false;
#endif
		if
		:: closes && blocked(me) -> e = callee[me]; window = window | BIT(me); tidy()
		:: else -> checked(); done(me); goto next
		fi
	}
	atomic {
		SECTION(e);
		assert(e_st[e] != ABSENT);
		window = window & ~BIT(me);
		abort_call(me, e, DEADLOCK);
		checked();
		done(me);
		goto next
	}
}

inline wait_for(me, how)
{
	atomic {
		if
		:: ep_of[me] != NONE -> e = ep_of[me]
		:: else -> done(me); goto next
		fi
	}
	atomic {
		SECTION(e);
		assert(e_st[e] != ABSENT);
		if
		:: server[e] == me -> wait(me, e, how, true); account(); checked()
		:: else -> tidy()
		fi;
		done(me);
		goto next
	}
}

proctype program(byte me)
{
	byte g = 0, e = 0, s = 0, how = 0;
	bool asked = false;

next:
	atomic {
		can_run(me);
		enter(me);
#ifdef SERVING
		/* clients call, servers answer, the first after having asked the second */
		if
		:: me < 2 -> g = me; goto calls
		:: me == 2 && T > 3 && client[me] != NONE && !asked -> asked = true; g = 2; goto calls
		:: else -> asked = false; how = REPLY | ALL
		fi
#else
		if
		:: may_call(me, 0) -> g = 0; goto calls
		:: may_call(me, 1) -> g = 1; goto calls
		:: may_call(me, 2) -> g = 2; goto calls
		:: ep_of[me] != NONE -> how = REPLY | ALL
		:: ep_of[me] != NONE -> how = APP | IO
#ifndef FEW
		:: ep_of[me] != NONE -> how = REQUESTS
		:: ep_of[me] != NONE && client[me] != NONE -> how = REPLY
		:: ep_of[me] != NONE -> how = ALL | POLL
#endif
		:: true -> done(me); goto end /* it runs on without calling anybody */
		fi
#endif
	}
	wait_for(me, how);
calls:
	call(me, g);
end:	st[me] == ABSENT
}

proctype submitter(byte cpu)
{
	byte s, e, n = 0;

	do
#ifdef SERVING
	:: s_count[0] == 0 ->
#else
	:: n < SUBMITS -> n++;
#endif
		if
		:: s = 0
#if S > 1
		:: s = 1
#endif
		fi;
		atomic {
			if
			:: s_st[s] == LIVE && s_ep[s] != NONE -> enter(cpu); e = s_ep[s]
			:: else -> break
			fi
		}
		atomic {
			SECTION(e);
			assert(s_st[s] != ABSENT && e_st[e] != ABSENT);
			if
			:: s_st[s] == LIVE && e_st[e] == LIVE -> submitted[s]++
			:: else
			fi;
			submit(s, e, 1);
			account();
			checked();
			leave(cpu)
		}
	:: else -> break
	od
}


/*
 * Core: one call at a time, a destruction in several.
 */

/* Memory may be used anew when all CPUs have left the kernel. */
inline quiesce(k)
{
	atomic { awaited[k] = inside };
#if MISTAKE != 5
	awaited[k] == 0
#endif
}

inline drop_queued(e, g)
{
	do
	:: atomic {
			SECTION(e);
			find_first(e);
			if
			:: g != NONE ->
				first = NONE;
				for (u : 0 .. T - 1) {
					if
					:: in_queue(u, e) && gate[u] == g -> first = u
					:: else
					fi
				}
			:: else
			fi;
			if
			:: first != NONE -> t = first; drop(t, e); checked(); t = 0
			:: else -> tidy(); break
			fi
		}
	od
}

inline destroy_gate(k, g)
{
	atomic {
		g_st[g] == LIVE && (g_ep[g] == NONE || SECTION(g_ep[g])) && !core_lock;
#if MISTAKE != 4
		g_st[g] = DYING;
#endif
		core_lock = true;
		e = g_ep[g]
	}
	if
	:: e != NONE -> drop_queued(e, g)
	:: else
	fi;
	atomic { g_st[g] = DYING; g_ep[g] = NONE; core_lock = false };
	quiesce(k);
	atomic { free_gate(g); checked() }
}

inline destroy_endpoint(k, ep)
{
	atomic {
		e_st[ep] == LIVE && SECTION(ep) && !core_lock;
		e_st[ep]  = DYING;
		core_lock = true
	}
	atomic {
		SECTION(ep);
		if
		:: server[ep] != NONE -> orphan(ep); checked()
		:: else
		fi
	}
#if MISTAKE != 12
	drop_queued(ep, NONE);
#endif
	for (g : 0 .. G - 1) {
		atomic {
			if
			:: g_ep[g] == ep -> g_ep[g] = NONE
			:: else
			fi
		}
	}
	for (s : 0 .. S - 1) {
		atomic {
			SECTION(ep);
			if
			:: s_ep[s] == ep -> forget_signal(s); withdraw(s); s_ep[s] = NONE; tidy()
			:: else
			fi
		}
	}
	atomic { g = 0; s = 0; core_lock = false };
	quiesce(k);
	atomic { free_endpoint(ep); checked() }
}

/* Its counts are as if they were taken. */
inline forget_signal(s)
{
	taken[s] = taken[s] + s_count[s]
}

inline destroy_signal(k, s)
{
	atomic {
		s_st[s] == LIVE && (s_ep[s] == NONE || SECTION(s_ep[s])) && !core_lock;
		s_st[s] = DYING
	}
	atomic { s_ep[s] == NONE || SECTION(s_ep[s]); withdraw(s); checked() };
	quiesce(k);
	atomic { s_ep[s] = NONE };
	quiesce(k);
	atomic { free_signal(s); checked() }
}

/* thread_abort(), in one call of core: it looks, then locks, then looks again */
inline abort(t)
{
	atomic {
		!core_lock;
		core_lock = true;
		if
		:: st[t] == QUEUED || st[t] == SERVED -> e = callee[t]; how = QUEUED
		:: st[t] == WAITING                   -> e = ep_of[t];  how = WAITING
		:: else                               -> e = NONE
		fi
	}
	atomic {
		if
		:: e != NONE && SECTION(e) ->
			assert(e_st[e] != ABSENT);
			if
			:: how == QUEUED -> abort_call(t, e, CANCELLED)
			:: else          -> abort_wait(t, CANCELLED)
			fi;
			checked()
		:: e == NONE
		fi;
		core_lock = false
	}
}

inline pause(t)
{
	/* on its CPU, so when that is not in the kernel */
	atomic { !(inside & BIT(t)) && !core_lock; paused[t] = true }
}

inline destroy_thread(k, victim)
{
	atomic { !core_lock && !(dying & BIT(victim)); dying = dying | BIT(victim) };
	pause(victim);
	do
	:: st[victim] == READY -> break
	:: else -> abort(victim)
	od;
	atomic { !core_lock; core_lock = true; e = ep_of[victim] };
	if
	:: e != NONE ->
		atomic {
			SECTION(e);
			if
			:: server[e] == victim -> orphan(e); checked()
			:: else
			fi
		}
		drop_queued(e, NONE)
	:: else
	fi;
	atomic { st[victim] = INACTIVE; core_lock = false };
	quiesce(k);
	atomic { free_thread(victim); checked() }
}

proctype core(byte k)
{
	byte e = 0, g = 0, s = 0, t = 0, what = 0, how = 0;

	if
	:: (TARGETS & GATES) -> destroy_gate(k, 0)
	:: (TARGETS & GATES) -> destroy_gate(k, 2)
	:: (TARGETS & ENDPOINTS) ->
		if
		:: what = 0
		:: what = 1
		fi;
		destroy_endpoint(k, what)
	:: (TARGETS & THREADS) ->
		what = 0;
		do
		:: what < T - 1 -> what++
		:: break
		od;
		destroy_thread(k, what)
	:: (TARGETS & SIGNALS) -> destroy_signal(k, 0)
	:: (TARGETS & CANCELS) ->
		what = 0;
		do
		:: what < T - 1 -> what++
		:: break
		od;
		if
		:: !(dying & BIT(what)) -> abort(what)
		:: else
		fi
	:: (TARGETS & PAUSES) ->
		what = 0;
		do
		:: what < T - 1 -> what++
		:: break
		od;
		if
		:: !(dying & BIT(what)) ->
			pause(what);
			atomic { !core_lock; paused[what] = (dying & BIT(what)) }
		:: else
		fi
	:: true
	fi
}

init
{
	atomic {
		for (u : 0 .. T - 1) {
			st[u] = READY
		}
		e_st[0] = LIVE; server[0] = 2; ep_of[2] = 0;
		g_st[0] = LIVE; g_ep[0] = 0;
		g_st[1] = LIVE; g_ep[1] = 0;
		passive[2] = true; fallback[2] = true;
#if T > 3
		e_st[1] = LIVE; server[1] = 3; ep_of[3] = 1;
		g_st[2] = LIVE; g_ep[2] = 1;
		passive[3] = true; fallback[3] = true;
#endif
		for (u : 0 .. S - 1) {
			s_st[u] = LIVE; s_ep[u] = 0; s_io[u] = (u > 0)
		}
		run program(0); run program(1); run program(2);
#if T > 3
		run program(3);
#endif
#if KILLS > 0
		run core(0);
#endif
#if KILLS > 1
		run core(1);
#endif
#if SUBMITS > 0
		run submitter(T);
#endif
		skip
	}
}

#ifdef SERVING
/* Each call ends: those of both clients, and that of the first server. */
ltl first_client  { [] (blocked(0) -> <> !blocked(0)) }
ltl second_client { [] (blocked(1) -> <> !blocked(1)) }
ltl middle        { [] (blocked(2) -> <> !blocked(2)) }
#endif
