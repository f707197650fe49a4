/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the scenario 'cap_lifetime' share.
 */
#ifndef CAP_LIFETIME_PARTS_H
#define CAP_LIFETIME_PARTS_H

#include <by/endpoint.h>
#include <by/env.h>
#include <check.h>

extern struct by_env *the_env;

/** Capabilities in the hands of other components, whose sessions are served at an endpoint. */
void test_delegation(struct by_endpoint *endpoint);

#endif
