/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core on the host: its sources as they are, on the kernel of sim.c.
 *
 *     test ── host_as(client), generated stubs ──> kernel ──> core's coroutine
 *        └─── functions of core, called directly ──> kernel
 *
 * Core's threads are coroutines. Outside of host_as() ... host_core() core's first
 * thread stands in front of its next wait, and the test acts in its place: it calls
 * functions of core, whose calls the kernel takes as that thread's. Between the two a
 * client thread acts: generated stubs make its IPC, and core serves it. Threads that
 * do not act are parked.
 */
#ifndef CORE_TEST_HOST_H
#define CORE_TEST_HOST_H

#include "../src/boot.h"
#include "../src/cpu.h"
#include "../src/io.h"
#include "../src/irq.h"
#include "../src/parent.h"
#include "../src/rm.h"
#include "../src/rom.h"
#include "sim.h"
#include "unit.h"
#include <by/arch/tls.h>
#include <by/object/dataspace.h>
#include <by/object/parent.h>
#include <by/object/region_map.h>
#include <by/region.h>
#include <by/rpc.h>
#include <by/session/cpu.h>
#include <by/session/io_mem.h>
#include <by/session/io_port.h>
#include <by/session/irq.h>
#include <by/session/log.h>
#include <by/session/machine.h>
#include <by/session/pd.h>
#include <by/session/rm.h>
#include <by/session/rom.h>
#include <by/slots.h>

enum {
	KIB = 1024, MIB = 1024 * 1024,
	HOST_CLIENT_SLOTS = 512,
	HOST_CONSOLE_PORT = 0x3f8,         /* of the boot console */
	HOST_SECRET = 0xa5,                /* content of RAM before core has it */
};

/** What the machine is like; zeros stand for defaults. */
struct host_machine {
	unsigned cpus;                  /* 1 */
	uint64_t skip;                  /* bytes in front of RAM */
	uint64_t ram;                   /* bytes of RAM: 8 MiB */
	uint64_t hole, hole_size;       /* part of it that is none, from its start on */
	uint64_t zone;                  /* bytes, from RAM's start on, for the kernel: all */
	struct by_boot_console console; /* I/O port 0x3f8 */
	struct by_boot_framebuffer framebuffer; /* none */
	const char *last_log;           /* of the boot before: none */
};

/** A thread of a component, and the component's slots that it uses. */
struct host_client {
	struct by_control control;
	by_word_t thread;                     /* core's number */
	by_word_t pd;                         /* slot of its PD in core's table */
	bool      used[HOST_CLIENT_SLOTS];    /* slots of its table that hold something */
};

/** Run a test in a process of its own, with a booted core. */
#define CORE_TEST(ident) CORE_TEST_ON(ident, 0)
#define CORE_TEST_ON(ident, ...) \
	static void core_##ident(void); \
	TEST(ident) { host_test(core_##ident, &(struct host_machine){ __VA_ARGS__ }); } \
	static void core_##ident(void)
void host_test(void (*test)(void), struct host_machine const *machine);

/** Boot core; once in a process. The second tells if core has stopped instead. */
void host_boot(struct host_machine const *machine);
bool host_try_boot(struct host_machine const *machine);

/** End a process that a test has made. */
void host_leave(void) __attribute__((noreturn));

/** The first component. */
extern struct host_client host_init;
extern struct pd         *host_init_pd;
extern struct by_parent   host_parent;       /* its environment */
extern struct by_pd       host_pd;
extern struct by_cpu      host_cpu;
extern struct by_log      host_log;
extern struct by_region_map host_space;

/** Become the client of a thread, given by core's number. */
void host_client(struct host_client *client, by_word_t thread);

/** Let the client's thread act; false if it cannot run. */
bool host_as(struct host_client *client);

/** Let core act again, and nobody else. */
void host_core(void);

/** Request of the acting thread with a message as it is; the reply's tag. */
by_tag_t host_request(by_cap_t gate, by_tag_t tag);

/** Id of core's item behind a capability of the client, 0 if there is none. */
by_word_t host_id(struct host_client *client, by_cap_t cap);

/** An item as a capability of init, which acts. */
by_cap_t host_init_cap(struct item const *item);

/** The item itself. */
struct item *host_item(struct host_client *client, by_cap_t cap);

/** Empty a slot of the client. */
void host_drop(struct host_client *client, by_cap_t cap);

/** The acting thread faults; true if it runs afterwards. */
bool host_fault(enum by_fault_cause cause, by_word_t address, unsigned access);

/** The acting thread accesses memory, with faults if need be; false if it is stopped. */
bool host_access(by_word_t address, unsigned access, by_paddr_t *pa);

/** Let core's own threads do what they have to. */
void host_settle(void);

/** Signals that wait at the acting thread's endpoint: takes one; its badge, or 0. */
by_word_t host_signal(void);

/** Open a session of core as init, which acts; 'cap' is in init's table. */
by_status_t host_open(uint32_t id, const char *service, const char *label, uint64_t ram,
                      uint64_t caps, const void *args, size_t args_len, by_cap_t *cap);
by_status_t host_close(uint32_t id);

/** A child of init with a started thread. */
struct host_child {
	struct host_client client;
	struct by_pd       init_pd;   /* its PD in init's table */
	by_cap_t           init_thread;
	struct by_pd       pd;        /* in its own */
	struct by_region_map space;
	by_cap_t           thread;
	uint32_t           id;        /* of the PD session with init's parent */
};

/** Make a child, paid by init; NULL and a failed test if it cannot be done. */
by_status_t host_child(struct host_child *child, uint32_t id, uint64_t ram, uint64_t caps);

/** Put one of init's capabilities into the child's table; the slot there. */
by_cap_t host_give(struct host_child *child, by_cap_t cap);

/** What core has logged since boot, the last part of it. */
const char *host_log_text(void);

/** Random numbers, the same in each run. */
uint32_t host_random(uint32_t below);
void     host_seed(uint32_t seed);

/** Give up: something that the harness relies on is broken. */
void host_die(const char *text) __attribute__((noreturn));

#define CHECK_STATUS(a, b) CHECK_EQ((uintptr_t)(a), (uintptr_t)(b))

#endif
