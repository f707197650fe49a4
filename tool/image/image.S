/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an image carries behind its bootstrap: kernel, core, boot modules.
 * Assembled in the directory where these files lie. Each section is kept,
 * whoever refers to it ("R").
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

.section .note.GNU-stack, ""
