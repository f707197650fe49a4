/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For accept.pml: whether the model's state is the one that was recorded.
 */
#ifndef MATCHES_H
#define MATCHES_H

/* The result of a thread whose operation did not end by the event at hand. */
enum { NOTHING_YET = 254 };


static int differs(char const *what)
{
	why = what;

	return 0;
}


static int in_queue_of(int t, int e)
{
	return now.callee[t] == e
	       && (now.st[t] == 3 || (now.st[t] == 6 && now.fault[e] != t));
}


/** Recorded callers, in their order: the model has these, in this order, and no others. */
static int queue_matches(unsigned char const *queue, int e)
{
	int count = 0;

	for (int t = 0; t < TRACE_T; t++)
		count += in_queue_of(t, e);
	if (count != queue[0])
		return differs("number of callers");

	for (int i = 0; i < count; i++) {
		unsigned char const *caller = &queue[1 + 3 * i];
		int t = caller[0];
		if (t >= TRACE_T || !in_queue_of(t, e) || now.gate[t] != caller[1]
		    || now.level[t] != caller[2])
			return differs("caller");
		if (i && caller[-1] == caller[2] && now.pos[t] <= now.pos[caller[-3]])
			return differs("order of callers");
	}

	return 1;
}


static int signals_match(unsigned char const *list, int e)
{
	int count = 0, last = -1, last_io = 0;

	for (int s = 0; s < TRACE_S; s++)
		count += now.s_count[s] > 0 && now.s_ep[s] == e;
	if (count != list[0])
		return differs("number of signals");

	for (int i = 0; i < count; i++) {
		unsigned char const *signal = &list[1 + 3 * i];
		int s = signal[0];
		if (s >= TRACE_S || now.s_ep[s] != e || now.s_count[s] != (signal[1] | signal[2] << 8))
			return differs("signal");
		if (now.s_io[s] == last_io && now.s_pos[s] <= last)
			return differs("order of signals");
		last    = now.s_pos[s];
		last_io = now.s_io[s];
	}

	return 1;
}


/** What each operation that ended told its thread. */
static int ends_match(unsigned char const *list)
{
	int count = 0;

	for (int t = 0; t < TRACE_T; t++)
		count += now.result[t] != NOTHING_YET;
	if (count != list[0])
		return differs("number of operations that ended");

	for (int i = 0; i < list[0]; i++) {
		unsigned char const *end = &list[1 + 5 * i];
		int t = end[0];
		if (t >= TRACE_T || now.st[t] != 2)
			return differs("a thread goes on");
		if (now.result[t] != end[1])
			return differs("how an operation ended");
		/* a reply says nothing about what it is about */
		if ((end[1] != 0 || end[2] != NOBODY) && end[1] < 192 && now.given[t] != end[2])
			return differs("what an operation was about");
		if (end[1] == 64 && now.s_taken[end[2]] != (end[3] | end[4] << 8))
			return differs("count of a signal");
		seen_ends[end[1]]++;
	}

	return 1;
}


static int state_matches(void)
{
	unsigned char const *s = recorded;

	if (!s)
		return 1;

	int e = s[0], t = now.server[e];

	if (t != s[1])
		return differs("server");
	if ((t == NOBODY ? NOBODY : now.client[t]) != s[2])
		return differs("client");
	if ((t != NOBODY && now.st[t] == 5 ? now.accept[e] : 0) != s[3])
		return differs("what the server waits for");
	if (now.turn[e] != s[4] || now.last_io[e] != s[5])
		return differs("turns of signals");
	/* core forgets a fault before it does what the next event tells */
	if (now.kind == 4 && now.fault[e] != s[6])
		return differs("fault");

	return queue_matches(s + 7, e) && signals_match(s + 8 + 3 * s[7], e)
	       && ends_match(s + 9 + 3 * s[7] + 3 * s[8 + 3 * s[7]]);
}

#endif
