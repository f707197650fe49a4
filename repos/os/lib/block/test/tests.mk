# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the rings of the Block session: both ends, and peers that lie.

block_lib   := repos/os/lib/block/port.c repos/os/lib/block/queue.c base/lib/ring.c
block_flags := -Irepos/os/lib/block/include

$(call unit,block,$(here)/block_test.c $(block_lib) base/test/support.c,$(block_flags) -Ibase/test)
$(call fuzz,block,$(here)/block_fuzz.c $(block_lib),$(block_flags) -Ibase/test,200000,165)
$(call unit32,block)
