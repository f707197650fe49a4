/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the runtime knows of endpoints and users do not.
 */
#ifndef BASE_LIB_ENDPOINT_H
#define BASE_LIB_ENDPOINT_H

#include <by/endpoint.h>

/** Make the endpoint of the main thread. */
BY_MUST_USE by_status_t by_endpoint_begin(struct by_endpoint *endpoint, struct by_env *env);

/** Handle what arrives, until the endpoint is stopped. */
void by_endpoint_serve(struct by_endpoint *endpoint);

/** Whether the calling thread runs a handler. */
bool by_in_handler(void);

#endif
