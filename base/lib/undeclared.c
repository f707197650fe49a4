/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A server's mistake, found by generated code.
 */
#include <by/log.h>
#include <by/rpc.h>
#include <by/status_name.h>


void by_rpc_undeclared(char const *interface, unsigned opcode, by_status_t status)
{
	by_warning("%s: call %u answers '%s', which is not declared", interface, opcode,
	           by_status_name(status));
}
