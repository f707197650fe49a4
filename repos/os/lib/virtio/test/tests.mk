# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the way to devices on PCI, whose configuration space may say anything.

virtio_src   := $(here)/windows.c repos/os/lib/virtio/pci.c repos/os/lib/virtio/virtio.c \
                repos/os/lib/pci/pci.c
virtio_flags := -Irepos/os/lib/virtio/include -Irepos/os/lib/pci/include -Irepos/os/include \
                -Ibase/test

$(call unit,virtio_pci,$(here)/pci_test.c $(virtio_src),$(virtio_flags))
$(call fuzz,virtio_pci,$(here)/pci_fuzz.c $(virtio_src),$(virtio_flags),200000,135)
$(call unit32,virtio_pci)
