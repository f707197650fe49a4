# SPDX-License-Identifier: BSD-2-Clause
SRC  = virtio.c queue.c mmio.c pci.c
LIBS = pci
