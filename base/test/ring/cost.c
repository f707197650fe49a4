/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts the instructions that the ring takes per element, producer and consumer
 * together, in steady state: batches of 16, nobody sleeps. A child does so many
 * elements, its parent steps it through; the difference of two runs tells. The
 * goal is held against elements of 16 bytes, the usual descriptor.
 *
 * The element must arrive whole, which the child checks outside of the count.
 */
#include <by/ring.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COUNT = 64, BATCH = 16, GOAL = 60 };

static struct by_ring_producer producer;
static struct by_ring_consumer consumer;


/* One batch through the ring; returns true if it went as it should. */
__attribute__((noinline)) static bool batch(uint64_t *in, uint64_t *out)
{
	for (int i = 0; i < BATCH; i++) {
		if (by_ring_put(&producer, in) != BY_OK)
			return false;
	}
	if (by_ring_publish(&producer))
		return false;
	while (by_ring_get(&consumer, out) == BY_OK)
		;

	return !by_ring_release(&consumer);
}


static void child(unsigned batches, uint32_t size)
{
	uint64_t in[128], out[128] = { 0 };
	bool     right = true;
	void    *memory = calloc(1, by_ring_size(COUNT, size));

	for (unsigned i = 0; i < 128; i++)
		in[i] = i * 0x0101010101010101u;
	if (by_ring_producer_init(&producer, memory, COUNT, size) != BY_OK
	    || by_ring_consumer_init(&consumer, memory, COUNT, size) != BY_OK)
		_exit(2);
	while (!batch(in, out))
		; /* a fresh ring signals once in each direction */

	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	while (batches-- > 0)
		right &= batch(in, out);
	for (unsigned i = 0; i < size / 8; i++)
		right &= in[i] == out[i];
	_exit(right ? 0 : 2);
}


/* Return the instructions of a child that does so many batches. */
static unsigned long steps(unsigned batches, uint32_t size)
{
	int           status;
	unsigned long n   = 0;
	pid_t const   pid = fork();

	if (pid == 0)
		child(batches, size);

	waitpid(pid, &status, 0);
	while (WIFSTOPPED(status) && ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) == 0) {
		n++;
		waitpid(pid, &status, 0);
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		printf("FAIL ring-cost.run: child ended with %x\n", (unsigned)status);
		exit(1);
	}

	return n;
}


int main(void)
{
	for (uint32_t size = 16; size <= 64; size *= 2) {
		unsigned long const cost = (steps(25, size) - steps(5, size)) / (20 * BATCH);

		printf("# %u bytes: %lu instructions per element\n", size, cost);
		if (size == 16)
			printf(cost < GOAL ? "ok ring-cost.%u\n"
			                   : "FAIL ring-cost.%u: above the goal\n", size);
	}

	return 0;
}
