/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the runtime knows of slots and users do not.
 */
#ifndef BASE_LIB_CAP_H
#define BASE_LIB_CAP_H

#include <by/cap.h>

/** Begin with the slots that a new table has. */
void by_slots_init(void);

#endif
