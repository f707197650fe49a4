/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The heap of the component.
 */
#ifndef BASE_LIB_COMPONENT_HEAP_H
#define BASE_LIB_COMPONENT_HEAP_H

#include <by/alloc.h>

/** Begin with an empty heap over RAM of the component's account. */
struct by_alloc *by_heap_start(void);

#endif
