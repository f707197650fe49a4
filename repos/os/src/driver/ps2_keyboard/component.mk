# SPDX-License-Identifier: BSD-2-Clause
SRC    = main.c device.c
LIBS   = uart keys
ARCHES = x86_32 x86_64
