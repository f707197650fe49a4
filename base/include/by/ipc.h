/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IPC of the calling thread, with the words in its message page.
 */
#ifndef BY_IPC_H
#define BY_IPC_H

#include <by/message.h>
#include <by/types.h>

/** The message page of the calling thread. Its content changes with every IPC. */
struct by_message *by_message(void);

/**
 * Send the message described by 'tag' to the object behind 'gate' and wait for
 * the reply, whose tag is returned; its status is the transport's.
 */
by_tag_t by_ipc_call(by_cap_t gate, by_tag_t tag);

#endif
