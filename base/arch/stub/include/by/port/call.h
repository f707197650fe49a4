/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stub port: calls go to a model of the kernel (base/test/fake), on the host.
 */
#ifndef BY_PORT_CALL_H
#define BY_PORT_CALL_H

/** Make a call to the model. */
void by_stub_call(struct by_call *call);

static inline void by_call(struct by_call *call)
{
	by_stub_call(call);
}

#endif
