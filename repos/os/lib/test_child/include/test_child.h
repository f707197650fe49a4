/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Children of tests that want to hear and see all of them: by/child.h with what each of
 * these tests would do the same way. What a sandbox can do is left to a sandbox.
 */
#ifndef TEST_CHILD_H
#define TEST_CHILD_H

#include <by/attached.h>
#include <by/child.h>
#include <rom_service.h>

enum { TEST_CHILD_ROUTES = 8 };

/** A child with what belongs to it; the test's storage. */
struct test_child {
	struct by_child    child;
	struct by_attached binary;
	struct rom_source  config;
	struct rom_service config_service;
	struct by_route    routes[TEST_CHILD_ROUTES];
};

struct test_child_args {
	char const                *name;
	char const                *binary; /* ROM with its program */
	char const                *config; /* content of its ROM 'config'; NULL: none */
	size_t                     ram, caps;
	struct by_child_ops const *ops;
	char const                *service; /* of ours, that it may use; NULL: none */
	struct by_service         *local;
};

/**
 * Create a child and start it, just below ourselves. It can have ROM, LOG, RM, PD and CPU
 * sessions of our parent's. Borrows: args. Keeps: child, args->ops. Errors: those of
 * by_child_create() and by_attached_rom_init(); nothing is left then.
 */
BY_MUST_USE by_status_t test_child_start(struct by_env *env, struct test_child *child,
                                         struct test_child_args const *args);

/** End the child and free what belongs to it. Takes: child. */
void test_child_end(struct test_child *child);

#endif
