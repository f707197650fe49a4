/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Order: of signals among each other, and with requests. While the receiver is held in a
 * handler, all that is to come is put into its queues.
 */
struct server;
#define BY_RM_SELF struct server

#include "parts.h"
#include <by/kernel.h>
#include <by/semaphore.h>
#include <by/session/rm_server.h>
#include <by/string.h>

enum { SIGNALS = 4, CALLERS = 4 };

struct server { struct by_object object; };

struct letter { struct by_signal_handler handler; char letter; unsigned count; };

static struct by_semaphore      go_on, reached;
static struct by_signal_handler holder, last[2]; /* one of each class */
static struct letter            letters[SIGNALS];
static struct server            server;
static char                     order[32];
static unsigned                 length;


static void note(char c)
{
	if (length + 1 < sizeof(order))
		order[length++] = c;
}


static void hold(struct by_signal_handler *handler, unsigned count)
{
	(void)handler, (void)count;
	by_semaphore_up(&reached);
	by_semaphore_down(&go_on);
}


static void end(struct by_signal_handler *handler, unsigned count)
{
	(void)handler, (void)count;
	by_semaphore_up(&reached);
}


static void handle_letter(struct by_signal_handler *handler, unsigned count)
{
	struct letter *letter = BY_CONTAINER_OF(handler, struct letter, handler);

	letter->count = count;
	note(letter->letter);
}


static by_status_t create(struct server *self, uint64_t size, by_cap_t *map)
{
	(void)self, (void)size;
	note('r');
	*map = BY_NO_CAP;

	return BY_OK;
}


static void call(struct by_thread *thread)
{
	struct by_rm rm = { .session.cap = server.object.target.cap };
	by_cap_t     none;

	(void)thread;
	CHECK_STATUS(by_rm_create(&rm, 1, &none), BY_OK);
}


static void setup(void *arg)
{
	static struct by_rm_ops const ops = { .create = create };

	(void)arg;
	check_need(the_env, by_signal_handler_init(&holder, &receiver, BY_SIGNAL_IO, hold), "signal");
	check_need(the_env, by_object_publish(&receiver, &server.object, &by_rm_interface, &ops,
	                                      &server), "object");
	check_need(the_env, by_signal_handler_init(&last[0], &receiver, BY_SIGNAL_APPLICATION, end),
	           "signal");
	check_need(the_env, by_signal_handler_init(&last[1], &receiver, BY_SIGNAL_IO, end), "signal");
	for (unsigned i = 0; i < SIGNALS; i++) {
		letters[i].letter = (char)('a' + i);
		check_need(the_env, by_signal_handler_init(&letters[i].handler, &receiver,
		                                           i % 2 ? BY_SIGNAL_IO : BY_SIGNAL_APPLICATION,
		                                           handle_letter), "signal");
	}
}


static void cleanup(void *arg)
{
	(void)arg;
	by_signal_handler_fini(&holder);
	by_signal_handler_fini(&last[0]);
	by_signal_handler_fini(&last[1]);
	by_object_withdraw(&server.object);
	for (unsigned i = 0; i < SIGNALS; i++)
		by_signal_handler_fini(&letters[i].handler);
}


/* From now on the receiver does nothing, until it is let go. */
static void begin(void)
{
	length = 0;
	memset(order, 0, sizeof(order));
	by_signal_submit(holder.target.cap, 1);
	by_semaphore_down(&reached);
}


static void submit(unsigned i, unsigned count)
{
	CHECK_STATUS(by_signal_submit(letters[i].handler.target.cap, count), BY_OK);
}


/* All signals that are queued come before the last ones. */
static void finish(void)
{
	by_signal_submit(last[0].target.cap, 1);
	by_signal_submit(last[1].target.cap, 1);
	by_semaphore_up(&go_on);
	by_semaphore_down(&reached);
	by_semaphore_down(&reached);
}


static void test_counts(void)
{
	check_part("counts add up, and end at their largest value");
	begin();
	submit(0, 0); /* is none */
	submit(1, UINT32_MAX - 5);
	submit(2, 7);
	submit(1, 3);
	submit(2, 8);
	finish();
	CHECK(!by_strcmp(order, "bc") || !by_strcmp(order, "cb"));
	CHECK_EQ(letters[1].count, UINT32_MAX - 2);
	CHECK_EQ(letters[2].count, 15);

	begin();
	submit(1, UINT32_MAX - 5);
	submit(1, 6);
	submit(1, 10);
	finish();
	CHECK(!by_strcmp(order, "b"));
	CHECK_EQ(letters[1].count, UINT32_MAX);
	begin();
	submit(1, 1); /* it was emptied */
	finish();
	CHECK_EQ(letters[1].count, 1);
}


/* Of one class in the order of the first submission; classes take turns. */
static void test_fifo(void)
{
	check_part("first come, first served");
	begin();
	submit(2, 1);
	submit(0, 1);
	submit(2, 1);
	finish();
	CHECK(!by_strcmp(order, "ca"));
	CHECK_EQ(letters[2].count, 2);

	begin();
	submit(3, 1);
	submit(1, 1);
	finish();
	CHECK(!by_strcmp(order, "db"));

	begin();
	for (unsigned i = 0; i < SIGNALS; i++)
		submit(SIGNALS - 1 - i, 1);
	finish();
	CHECK(!by_strcmp(order, "cdab") || !by_strcmp(order, "dcba"));
}


static void idle(struct by_thread *thread)
{
	(void)thread;
	by_semaphore_up(&reached);
}


/* A thread of the lowest priority gets to run when all others wait. */
static void settle(void)
{
	static struct by_thread  thread;
	struct by_cpu_args const cpu_args = { .priority = 0, .weight = BY_WEIGHT_DEFAULT };
	struct by_cpu            cpu;
	struct by_thread_args const args = { .name = "idle", .entry = idle, .cpu = &cpu };

	check_need(the_env, by_cpu_open(the_env, "idle", &cpu_args, &cpu), "CPU session");
	check_need(the_env, by_thread_create(the_env, &thread, &args), "thread");
	CHECK_STATUS(by_thread_run(&thread), BY_OK);
	by_semaphore_down(&reached);
	by_thread_join(&thread);
	by_thread_destroy(&thread);
	by_cpu_close(the_env, &cpu);
}


/* Neither of signals and requests can starve the other. */
static void test_turns(void)
{
	static struct by_thread     thread[CALLERS];
	struct by_thread_args const args = { .name = "caller", .entry = call };

	check_part("signals and requests take turns");
	begin();
	for (unsigned i = 0; i < CALLERS; i++) {
		check_need(the_env, by_thread_create(the_env, &thread[i], &args), "thread");
		CHECK_STATUS(by_thread_run(&thread[i]), BY_OK);
	}
	settle();
	for (unsigned i = 0; i < SIGNALS; i++)
		submit(i, 1);
	finish();
	for (unsigned i = 0; i < CALLERS; i++) {
		by_thread_join(&thread[i]);
		by_thread_destroy(&thread[i]);
	}
	by_log("in this order: %s", order);
	CHECK_EQ(length, CALLERS + SIGNALS);
	for (unsigned i = 1; i < length; i++)
		CHECK((order[i] == 'r') != (order[i - 1] == 'r'));
}


void test_order(void)
{
	by_semaphore_init(&go_on, 0);
	by_semaphore_init(&reached, 0);
	CHECK_STATUS(by_endpoint_run(&receiver, setup, NULL), BY_OK);
	test_counts();
	test_fifo();
	test_turns();
	CHECK_STATUS(by_endpoint_run(&receiver, cleanup, NULL), BY_OK);
}
