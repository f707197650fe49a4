/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two interrupt controllers of the first PCs (Intel 8259A), to be switched off.
 */
#ifndef DEV_PIC_H
#define DEV_PIC_H

/** Mask everything, and move what could still come to VECTOR_PIC. */
void pic_disable(void);

#endif
