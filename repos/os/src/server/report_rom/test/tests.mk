# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the server, on base's model of kernel and core.

$(call over_runtime,report_rom,$(here)/report_rom_test.c $(patsubst %/test,%,$(here))/modules.c $(wildcard repos/os/lib/rom_service/*.c repos/os/lib/rom_watch/*.c repos/os/lib/report_service/*.c))
$(call unit32,report_rom)
