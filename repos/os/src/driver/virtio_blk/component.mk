# SPDX-License-Identifier: BSD-2-Clause
SRC  = main.c disk.c
LIBS = block virtio
