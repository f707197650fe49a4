# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the server, on base's model of kernel and core.

$(call over_runtime,dynamic_rom,$(here)/dynamic_rom_test.c $(wildcard repos/os/lib/rom_service/*.c repos/os/lib/rom_watch/*.c))
$(call unit32,dynamic_rom)
