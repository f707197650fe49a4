/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Host tests of core: a call enters the kernel that is linked in; see host.c.
 */
#ifndef BY_PORT_CALL_H
#define BY_PORT_CALL_H

void host_call(struct by_call *call);

static inline void by_call(struct by_call *call)
{
	host_call(call);
}

#endif
