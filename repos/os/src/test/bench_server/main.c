/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The server that the benchmark measures, in an address space of its own.
 */
#include <bench.h>
#include <by/attached.h>
#include <by/cap.h>
#include <by/clock.h>
#include <by/endpoint.h>
#include <by/ipc.h>
#include <by/kernel.h>
#include <by/log.h>
#include <by/mark.h>
#include <by/object/bench_server_server.h>
#include <by/ring.h>
#include <by/session/bench_hub.h>
#include <by/string.h>
#include <by/thread.h>

static struct by_env          *env;
static struct by_object         server;
static struct by_thread         raw;
static struct by_signal_handler ping;
static by_cap_t                pong;
static uint32_t                calls;
static struct by_attached      ring_memory;
static struct by_ring_consumer ring;
static unsigned                signals;


static by_status_t empty(void *self, uint32_t *count)
{
	(void)self;
	*count = ++calls;

	return BY_OK;
}


static by_status_t bytes(void *self, void const *data, size_t len, uint64_t *sum)
{
	/* the dispatcher's copy is as aligned as any number can be */
	unsigned char const *from = __builtin_assume_aligned(data, sizeof(uint64_t));
	uint64_t             total = 0, word;

	(void)self;
	for (; len >= sizeof(word); len -= sizeof(word), from += sizeof(word)) {
		__builtin_memcpy(&word, from, sizeof(word));
		total += word;
	}
	*sum = total;

	return BY_OK;
}


static by_status_t capability(void *self, struct by_cap_arg *in, by_cap_t *out)
{
	(void)self;
	*out = server.target.cap;

	return in->kind == BY_CAP_FOREIGN ? BY_OK : BY_BAD_CAP;
}


static by_status_t set_ring(void *self, struct by_cap_arg *ds)
{
	by_status_t status;

	(void)self;
	if (ds->kind != BY_CAP_FOREIGN)
		return BY_BAD_CAP;

	status = by_attached_ds_init(env, &ring_memory, ds->cap, BY_ATTACH_WRITE);
	if (status != BY_OK)
		return status;

	by_cap_arg_take(ds);

	return by_ring_consumer_init(&ring, ring_memory.base, BENCH_RING_COUNT,
	                             BENCH_RING_ELEMENT);
}


static by_status_t drain(void *self, uint32_t *count, uint64_t *sum, uint64_t *ticks)
{
	uint64_t element[BENCH_RING_ELEMENT / sizeof(uint64_t)];
	uint64_t total = 0;
	uint32_t number = 0;

	(void)self;
	by_mark_begin(BENCH_MARK_RING);
	by_ticks_t const start = by_ticks();
	while (by_ring_get(&ring, element) == BY_OK) {
		total += element[0];
		number++;
	}
	bool const signal = by_ring_release(&ring);
	*ticks = by_ticks() - start;
	by_mark_end(BENCH_MARK_RING);
	*count = number;
	*sum   = total;

	/* nobody sleeps here, but a fresh ring asks for one signal */
	signals += signal;

	return signals > 1 ? BY_MALFORMED : BY_OK;
}


static struct by_bench_server_ops const ops = {
	.empty = empty, .bytes = bytes, .capability = capability, .ring = set_ring,
	.drain = drain,
};


static inline void step(struct by_call *call, struct by_message *msg, unsigned words)
{
	call->word[0]++;
	if (words > BY_MSG_REGS)
		msg->word[words - 1]++;
	else if (words > 1)
		call->word[words - 1]++;
}


/* Answer raw messages, with nothing between the kernel and us. */
static void serve_raw(struct by_thread *thread)
{
	struct by_message *const msg  = by_message();
	struct by_call           call = { .tag = 0 };

	(void)thread;
	for (;;) {
		call.op = BY_CALL_IPC_WAIT | BY_WAIT_REPLY | BY_WAIT_REQUESTS;
		by_call(&call);

		unsigned const words = by_tag_words((by_tag_t)call.tag);

		if (by_tag_opcode((by_tag_t)call.tag) == BENCH_RAW_INVERT)
			for (unsigned i = 0; i < words; i++)
				*(i < BY_MSG_REGS ? &call.word[i] : &msg->word[i]) ^= ~(by_word_t)0;
		else
			step(&call, msg, words);
		call.tag = by_tag(0, words, 0);
	}
}


static by_status_t start_raw(by_cap_t *gate)
{
	struct by_thread_args const args = { .name = "raw", .entry = serve_raw };
	by_cap_t endpoint = BY_NO_CAP;

	by_status_t status = by_thread_create(env, &raw, &args);
	if (status == BY_OK)
		status = by_pd_endpoint_create(&env->pd, raw.cap, &endpoint);
	if (status == BY_OK)
		status = by_pd_gate_create(&env->pd, endpoint, 1, gate);

	return status == BY_OK ? by_thread_run(&raw) : status;
}


static void handle_ping(struct by_signal_handler *handler, unsigned count)
{
	(void)handler;
	by_signal_submit(pong, count);
}


void component_main(struct by_env *the_env)
{
	struct by_bench_hub hub;
	by_cap_t            gate;

	env = the_env;
	if (by_object_publish(env->endpoint, &server, &by_bench_server_interface, &ops, NULL) != BY_OK
	    || start_raw(&gate) != BY_OK
	    || by_signal_handler_init(&ping, env->endpoint, BY_SIGNAL_IO, handle_ping) != BY_OK
	    || by_bench_hub_open(env, "", &hub) != BY_OK
	    || by_bench_hub_offer(&hub, server.target.cap, gate, ping.target.cap,
	                          &pong) != BY_OK)
		by_error("the benchmark cannot begin");
}
