/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one list of status values, used by kernel, core, base and every service.
 *
 * tool/gen/status.awk reads the lines "#define BY_<NAME> BY_STATUS(<n>)" below
 * to make the table of names, so this file is the only place to touch. Values
 * are part of the ABI: append, never renumber. They must stay below 64, because
 * a transport status travels in six bits of the message tag.
 */
#ifndef BY_STATUS_H
#define BY_STATUS_H

#include <stdint.h>

/*
 * With BY_CHECKED_STATUS the type is an opaque pointer: code that mixes a
 * status with an integer or a boolean does not compile ('make check/status').
 */
#ifdef BY_CHECKED_STATUS
typedef struct by_status_opaque *by_status_t;
#else
typedef unsigned int by_status_t;
#endif

#define BY_STATUS(value) ((by_status_t)(uintptr_t)(value))

/** Result must be used. */
#define BY_MUST_USE __attribute__((warn_unused_result))

#define BY_OK            BY_STATUS(0)  /* done */
#define BY_AGAIN         BY_STATUS(1)  /* not finished, repeat with the same arguments */
#define BY_INVALID       BY_STATUS(2)  /* an argument is malformed or out of its range */
#define BY_BAD_CAP       BY_STATUS(3)  /* a capability names nothing of the expected type */
#define BY_DENIED        BY_STATUS(4)  /* refused by policy */
#define BY_OUT_OF_RAM    BY_STATUS(5)  /* the payer's RAM budget does not suffice */
#define BY_OUT_OF_CAPS   BY_STATUS(6)  /* the payer's capability budget does not suffice */
#define BY_GONE          BY_STATUS(7)  /* the object or its server does not exist any more */
#define BY_CANCELLED     BY_STATUS(8)  /* a blocking operation was ended from outside */
#define BY_TIMEOUT       BY_STATUS(9)  /* the deadline passed first */
#define BY_NO_REPLY      BY_STATUS(10) /* the server took the request and never answered */
#define BY_DEADLOCK      BY_STATUS(11) /* the call would close a cycle or make its chain too long */
#define BY_LIMIT         BY_STATUS(12) /* a fixed limit of the interface is reached */
#define BY_NOT_SUPPORTED BY_STATUS(13) /* unknown operation, or a feature this system lacks */
#define BY_NOT_FOUND     BY_STATUS(14) /* nothing exists under this name or number */
#define BY_EXISTS        BY_STATUS(15) /* the name, number or place is already taken */
#define BY_CONFLICT      BY_STATUS(16) /* a range overlaps another one */
#define BY_NO_SPACE      BY_STATUS(17) /* no free place of this size */
#define BY_MALFORMED     BY_STATUS(18) /* content (a file, a document, a message) breaks its format */
#define BY_PENDING       BY_STATUS(19) /* accepted, the answer arrives later */
#define BY_EMPTY         BY_STATUS(20) /* nothing to take at the moment */
#define BY_BUSY          BY_STATUS(21) /* in use by somebody else */
#define BY_IO_ERROR      BY_STATUS(22) /* a device could not do it, or not all of it */

#endif
