/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IPC without a kernel; host_runtime.c has the functions.
 */
#ifndef BY_IPC_H
#define BY_IPC_H

#include <by/message.h>
#include <by/types.h>

struct by_message *by_message(void);
by_tag_t by_ipc_call(by_cap_t gate, by_tag_t tag);

#endif
