/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The framebuffer, with room for characters.
 */
#ifndef PICTURE_H
#define PICTURE_H

#include <by/env.h>
#include <vt.h>

/**
 * Find the framebuffer of the machine, and make 'vt' a terminal on it. The status of what
 * failed; 'what' says what that was. Keeps: vt.
 */
BY_MUST_USE by_status_t picture_init(struct by_env *env, struct vt *vt, char const **what);

#endif
