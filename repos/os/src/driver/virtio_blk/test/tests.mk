# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the driver on a model of the device, honest and not.

virtio_blk_src   := $(here)/model.c repos/os/src/driver/virtio_blk/disk.c \
                    repos/os/lib/virtio/virtio.c repos/os/lib/virtio/queue.c
virtio_blk_flags := -Irepos/os/src/driver/virtio_blk -Irepos/os/lib/virtio/include -Ibase/test

$(call unit,virtio_blk,$(here)/disk_test.c $(virtio_blk_src) base/test/support.c,$(virtio_blk_flags))
$(call fuzz,virtio_blk,$(here)/disk_fuzz.c $(virtio_blk_src),$(virtio_blk_flags),100000,215)
$(call unit32,virtio_blk)
