# SPDX-License-Identifier: BSD-2-Clause
#
# Suites for code in which sizes, alignments or 64-bit numbers matter.

$(call unit32,mem string id_space slab heap range format hid elf ring)
$(call unit32,cap endpoint sync timeout session thread child provider deaths uplink service resource heartbeat log)
