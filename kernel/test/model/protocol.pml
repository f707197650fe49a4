/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Endpoints, IPC, signals and their end: what the kernel's objects are to each other, and
 * every step that changes it. The one table of transitions, used by the model
 * (model.pml) and to judge what the C code did (accept.pml).
 *
 * A transition is what the kernel does while it holds the lock of an endpoint
 * (kernel/src/ipc.c, endpoint.c), or a single store. Each is written as an inline whose
 * user makes it indivisible. MISTAKE=n builds in a mistake; README.md lists them.
 */
#ifndef MISTAKE
#define MISTAKE 0
#endif
#ifndef LIMIT
#define LIMIT 16      /* CHAIN_LIMIT */
#endif

#define NONE 255

/* States: of a thread, as in thread.h; of other objects. */
#define ABSENT   0
#define INACTIVE 1
#define READY    2
#define QUEUED   3
#define SERVED   4
#define WAITING  5
#define FAULTING 6
#define FAULTED  7

#define LIVE     1
#define DYING    2

/* Options of a wait: bits 8 ... 12 of BY_WAIT_... */
#define REPLY    1
#define REQUESTS 2
#define APP      4
#define IO       8
#define POLL     16
#define ALL      (REQUESTS | APP | IO)

/* How an operation of a thread ended: event and status, as in a tag. */
#define MESSAGE   0
#define SIGNALLED 64
#define FAULT     128
#define ENDED(status) (192 + status)
#define OK        0
#define GONE      7
#define CANCELLED 8
#define NO_REPLY  10
#define DEADLOCK  11
#define EMPTY     20

/* Threads. */
byte st[T];
byte client[T] = NONE; /* to whom it owes a reply */
byte callee[T] = NONE; /* endpoint it is blocked at by a call or fault */
byte gate[T]   = NONE; /* while QUEUED by a call */
byte level[T];         /* priority it is queued at */
byte pos[T];           /* place in the order of arrival at the endpoint */
byte depth[T];         /* callers above it */
byte ep_of[T]  = NONE; /* endpoint that it serves */
byte result[T];        /* of the last operation that ended */
byte given[T]  = NONE; /* the gate, signal or faulter that it was about */
bool passive[T];
bool fallback[T];      /* passive: its own share is queued */
bool paused[T];

/* Endpoints. */
byte e_st[E];
byte server[E] = NONE;
byte accept[E];
byte fault[E]  = NONE; /* core's: the fault being handled */
bool turn[E];          /* a signal is delivered next, if one is pending */
bool last_io[E];       /* class of the signal delivered last */

/* Gates and signals; the endpoint is NONE when it is gone. */
byte g_st[G];
byte g_ep[G] = NONE;
byte s_st[S];
byte s_ep[S] = NONE;
bool s_io[S];
short s_count[S];      /* submitted and not delivered; pending if not 0 */
byte s_pos[S];         /* place among the pending ones of its class */
short s_taken[S];      /* count that the last delivery reported */

/* Scratch: not hidden, because a search that goes back needs it to undo what it did. */
byte u, v, first, at, hops, other;
bool closes, has_app, has_io, request, found;

inline tidy()
{
	d_step {
		u = 0; v = 0; first = 0; at = 0; hops = 0; other = 0;
		closes = false; has_app = false; has_io = false; request = false; found = false
	}
}

#define blocked(t) (st[t] == QUEUED || st[t] == SERVED || st[t] == FAULTING)

#define in_queue(t, e) \
	(callee[t] == e && (st[t] == QUEUED || (st[t] == FAULTING && fault[e] != t)))

#define pending(s, e, io) (s_count[s] > 0 && s_ep[s] == e && s_io[s] == io)


/*
 * Time: a passive thread runs on that of its callers, or on its fallback share, which
 * is queued only when it is woken without a caller.
 */

inline find_donor(t)
{
	found = (client[t] != NONE);
	for (v : 0 .. T - 1) {
		if
		:: ep_of[t] != NONE && in_queue(v, ep_of[t]) -> found = true
		:: else
		fi
	}
}

/* thread_ready() */
inline wake(t)
{
	if
	:: passive[t] && st[t] != WAITING && st[t] >= READY ->
		find_donor(t);
		fallback[t] = !found
	:: else
	fi
}


/*
 * Queues
 */

inline queue_add(t, e)
{
	pos[t] = 0;
	for (v : 0 .. T - 1) {
		if
		:: v != t && in_queue(v, e) -> pos[t]++
		:: else
		fi
	}
}

inline queue_remove(t)
{
	for (v : 0 .. T - 1) {
		if
		:: v != t && in_queue(v, callee[t]) && pos[v] > pos[t] -> pos[v]--
		:: else
		fi
	}
	pos[t] = 0
}

/* The most important caller, of those the first that came: 'first', or NONE. */
inline find_first(e)
{
	first = NONE;
	for (v : 0 .. T - 1) {
		if
		:: in_queue(v, e) && (first == NONE || level[v] > level[first]
		                      || (level[v] == level[first] && pos[v] < pos[first])) ->
			first = v
		:: else
		fi
	}
}

/* thread_chain_closes(): whether blocking on thread 's' would make 't' wait for itself. */
inline find_chain(t, s)
{
	hops   = depth[t];
	closes = false;
	at     = s;
	do
	:: at == NONE || closes -> break
	:: else ->
		hops++;
		closes = (at == t || hops > LIMIT);
		if
		:: blocked(at) && callee[at] != NONE -> at = server[callee[at]]
		:: else -> at = NONE
		fi
	od
}


/*
 * Delivery
 */

/* The operation of a blocked thread ends; it can go on. */
inline finish(t, how)
{
	assert(blocked(t) || st[t] == WAITING);
	result[t] = how;
	callee[t] = NONE;
	st[t]     = READY
}

inline deliver_request(s, t, e, g)
{
	given[s]  = g; /* 'g' can be what the next lines change */
	gate[t]   = NONE;
	result[s] = MESSAGE;
	client[s] = t;
	depth[s]  = depth[t] + 1;
	callee[t] = e;
	st[t]     = SERVED;
	fallback[s] = false
}

inline deliver_first(e, s)
{
	find_first(e);
	queue_remove(first);
	if
	:: st[first] == FAULTING ->
		fault[e]  = first;
		result[s] = FAULT;
		given[s]  = first
	:: else ->
		deliver_request(s, first, e, gate[first])
	fi
}

inline deliver_signal(e, s, io)
{
	first = NONE;
	for (v : 0 .. S - 1) {
		if
		:: pending(v, e, io) && (first == NONE || s_pos[v] < s_pos[first]) -> first = v
		:: else
		fi
	}
	signal_remove(first);
	last_io[e]     = io;
	result[s]      = SIGNALLED;
	given[s]       = first;
	s_taken[first] = s_count[first];
#if MISTAKE != 8
	s_count[first] = 0
#else
	s_count[first]--
#endif
}

inline signal_remove(s)
{
	for (u : 0 .. S - 1) {
		if
		:: u != s && pending(u, s_ep[s], s_io[s]) && s_pos[u] > s_pos[s] -> s_pos[u]--
		:: else
		fi
	}
	s_pos[s] = 0
}

/* has_app, has_io: what is pending and accepted */
inline find_pending(e, accepted)
{
	has_app = false;
	has_io  = false;
	for (v : 0 .. S - 1) {
		has_app = has_app || ((accepted & APP) && pending(v, e, false));
		has_io  = has_io  || ((accepted & IO) && pending(v, e, true))
	}
}

/* deliver_next(): found tells whether there was anything */
inline deliver_next(e, s, accepted)
{
	find_pending(e, accepted);
	find_first(e);
	request = ((accepted & REQUESTS) && first != NONE);
	found   = true;
	if
#if MISTAKE != 11
	:: (has_app || has_io) && (turn[e] || !request) ->
#else
	:: (has_app || has_io) ->
#endif
		turn[e] = false;
		if
		:: has_io && (!has_app || !last_io[e]) -> deliver_signal(e, s, true)
		:: else -> deliver_signal(e, s, false)
		fi
	:: else ->
		if
		:: request -> turn[e] = true; deliver_first(e, s)
		:: else -> found = false
		fi
	fi
}


/*
 * Calls. 'g' is what a lookup outside the lock has found.
 */

/* call_waiting(), or the refusal: callable tells which of the two sections follows. */
#define refused(g, e)    (server[e] == NONE || g_st[g] != LIVE)
#define waits(e)         (st[server[e]] == WAITING && (accept[e] & REQUESTS))

inline call_waiting(t, g, e)
{
	other = server[e];
	deliver_request(other, t, e, g);
	st[other] = READY;
	wake(other)
}

/* Also a fault, without gate. */
inline call_queued(t, g, e, how)
{
	queue_add(t, e);
	callee[t] = e;
	gate[t]   = g;
	st[t]     = how;
	fallback[server[e]] = false
}


/*
 * Reply and wait
 */

inline reply(t, e, opts, valid)
{
	other = client[t];
	if
	:: other != NONE && (opts & (REPLY | REQUESTS)) ->
		/* exactly one answer, to a caller that waits for it */
		assert(st[other] == SERVED && callee[other] == e);
#if MISTAKE != 1
		client[t] = NONE;
#endif
		depth[t]  = 0;
		if
		:: (opts & REPLY) && valid -> finish(other, MESSAGE); given[other] = t
		:: else -> finish(other, ENDED(NO_REPLY))
		fi
	:: else -> other = NONE
	fi
}

/* Core waits again: it leaves the fault that it took. */
inline settle_fault(e)
{
	if
	:: fault[e] != NONE ->
		if
		:: st[fault[e]] == FAULTING -> st[fault[e]] = FAULTED
		:: else
		fi;
		fault[e] = NONE
	:: else
	fi
}

inline wait(t, e, opts, valid)
{
	assert(server[e] == t);
	reply(t, e, opts, valid);
	if
	:: opts & REQUESTS -> settle_fault(e)
	:: else
	fi;
	if
	:: !(opts & ALL) -> result[t] = ENDED(OK)
	:: else ->
#if MISTAKE != 10
		deliver_next(e, t, opts);
#else
		found = false;
#endif
		if
		:: found
		:: !found && (opts & POLL) -> result[t] = ENDED(EMPTY)
		:: else ->
			accept[e]   = opts & ALL;
			st[t]       = WAITING;
			fallback[t] = false
		fi
	fi;
	/* sched_choose(): it goes on without the one on whose time it ran */
	wake(t);
	if
	:: other != NONE -> wake(other)
	:: else
	fi
}


/*
 * Signals
 */

inline submit(s, e, n)
{
	if
	:: s_st[s] == LIVE && e_st[e] == LIVE ->
		if
		:: s_count[s] == 0 ->
			for (v : 0 .. S - 1) {
				if
				:: v != s && pending(v, e, s_io[s]) -> s_pos[s]++
				:: else
				fi
			}
		:: else
		fi;
		s_count[s] = s_count[s] + n;
		other = server[e];
		if
		:: other != NONE && st[other] == WAITING ->
			find_pending(e, accept[e]);
			if
			:: has_app || has_io ->
				deliver_signal(e, other, s_io[s]);
				st[other] = READY;
				wake(other)
			:: else
			fi
		:: else
#if MISTAKE == 9
			-> signal_remove(s); s_count[s] = 0
#endif
		fi
	:: else
	fi
}

inline withdraw(s)
{
	if
	:: s_count[s] > 0 -> signal_remove(s); s_count[s] = 0
	:: else
	fi
}


/*
 * Ends
 */

/* abort_call(), after state and callee were read outside the lock */
inline abort_call(t, e, status)
{
	other = server[e];
	found = false;
#if MISTAKE == 3
	if
	:: other != NONE && client[other] == t -> client[other] = NONE; depth[other] = 0
	:: else
	fi;
	finish(t, ENDED(status));
	gate[t] = NONE;
	if
	:: other != NONE -> wake(other)
	:: else
	fi;
	wake(t)
#else
	if
	:: callee[t] == e && st[t] == QUEUED ->
		queue_remove(t);
		gate[t] = NONE;
		found   = true
	:: callee[t] == e && st[t] == SERVED && other != NONE && client[other] == t ->
#if MISTAKE != 2
		client[other] = NONE;
		depth[other]  = 0;
#endif
		found = true
	:: else
	fi;
	if
	:: found ->
		finish(t, ENDED(status));
#if MISTAKE != 7
		if
		:: other != NONE -> wake(other)
		:: else
		fi;
#endif
		wake(t)
	:: else
	fi
#endif
}

inline abort_wait(t, status)
{
	if
	:: st[t] == WAITING -> finish(t, ENDED(status)); wake(t)
	:: else
	fi
}

/* ipc_drop_caller(): the endpoint or gate of a queued caller goes away */
inline drop(t, e)
{
	assert(in_queue(t, e));
	queue_remove(t);
	gate[t] = NONE;
	finish(t, ENDED(GONE));
	wake(t);
	if
	:: server[e] != NONE -> other = server[e]; wake(other)
	:: else
	fi
}

inline drop_fault(t, e)
{
	if
	:: st[t] == FAULTING ->
		if
		:: fault[e] == t -> fault[e] = NONE
		:: else -> queue_remove(t)
		fi;
		st[t] = FAULTED
	:: else
	fi
}

/* ipc_orphan() */
inline orphan(e)
{
	at        = server[e];
	other     = client[at];
	server[e] = NONE;
	ep_of[at] = NONE;
	client[at] = NONE;
	depth[at]  = 0;
	if
	:: other != NONE -> finish(other, ENDED(GONE)); wake(other)
	:: else
	fi;
	if
	:: st[at] == WAITING -> finish(at, ENDED(GONE))
	:: else
	fi;
	wake(at)
}


/*
 * The last step of a destruction: its memory goes back. Nothing refers to it.
 */

inline free_gate(g)
{
	for (u : 0 .. T - 1) {
		assert(gate[u] != g)
	}
	assert(g_ep[g] == NONE);
	g_st[g] = ABSENT
}

inline free_signal(s)
{
	assert(s_ep[s] == NONE && s_count[s] == 0);
	s_st[s] = ABSENT
}

inline free_endpoint(e)
{
	assert(server[e] == NONE);
	for (u : 0 .. T - 1) {
		assert(ep_of[u] != e && !(blocked(u) && callee[u] == e))
	}
	for (u : 0 .. G - 1) {
		assert(g_ep[u] != e)
	}
	for (u : 0 .. S - 1) {
		assert(s_ep[u] != e)
	}
	e_st[e] = ABSENT
}

inline free_thread(t)
{
	assert(!blocked(t) && st[t] != WAITING);
	for (u : 0 .. T - 1) {
		assert(client[u] != t)
	}
	for (u : 0 .. E - 1) {
		assert(server[u] != t && fault[u] != t)
	}
	st[t] = ABSENT
}


/*
 * What holds between any two transitions
 */

inline invariants()
{
	for (u : 0 .. T - 1) {
		if
		:: client[u] != NONE ->
			/* the caller waits for this server, and for no other */
			assert(ep_of[u] != NONE && st[client[u]] == SERVED
			       && callee[client[u]] == ep_of[u] && depth[u] > 0)
		:: else -> assert(depth[u] == 0)
		fi;
		if
		:: st[u] == SERVED -> assert(server[callee[u]] != NONE
		                             && client[server[callee[u]]] == u && gate[u] == NONE)
		:: st[u] == QUEUED -> assert(e_st[callee[u]] != ABSENT && g_st[gate[u]] != ABSENT
		                             && g_ep[gate[u]] == callee[u])
		:: st[u] == WAITING ->
			/* nobody is kept waiting by somebody who waits for him */
			assert(ep_of[u] != NONE && server[ep_of[u]] == u);
			find_pending(ep_of[u], accept[ep_of[u]]);
			find_first(ep_of[u]);
			assert(!has_app && !has_io);
			assert(!(accept[ep_of[u]] & REQUESTS) || first == NONE)
		:: else -> assert(gate[u] == NONE)
		fi
	}
	for (u : 0 .. E - 1) {
		assert(server[u] == NONE || ep_of[server[u]] == u)
	}
	for (u : 0 .. S - 1) {
		assert(s_count[u] == 0 || (s_ep[u] != NONE && e_st[s_ep[u]] != ABSENT))
	}
}
