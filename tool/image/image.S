/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an image carries behind its bootstrap: kernel, core, boot modules.
 * Assembled in the directory where these files lie, with their checksums on the
 * command line. Each section is kept, whoever refers to it ("R").
 */
.macro content name, file
	.section .image.\name, "aR"
	.balign 4096
	.global image_\name
	.global image_\name\()_end
image_\name:
	.incbin "\file"
image_\name\()_end:
	.balign 4096
.endm

content kernel, "kernel"
content core, "core"
content modules, "modules"

.section .rodata
	.balign 8
	.global image_kernel_sum, image_core_sum
image_kernel_sum: .quad KERNEL_SUM
image_core_sum:   .quad CORE_SUM

.section .note.GNU-stack, ""
