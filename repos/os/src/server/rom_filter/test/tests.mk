# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the server: what it makes of its inputs, and all of it on base's model of
# kernel and core.

rom_filter := $(patsubst %/test,%,$(here))

$(call over_runtime,rom_filter,$(here)/rom_filter_test.c $(rom_filter)/filter.c $(rom_filter)/check.c $(wildcard repos/os/lib/rom_service/*.c repos/os/lib/rom_watch/*.c))
$(call fuzz,rom_filter,$(here)/rom_filter_fuzz.c $(rom_filter)/filter.c $(rom_filter)/check.c $(hid_lib),-I$(rom_filter) -Ibase/test,20000,480)
$(call unit32,rom_filter)
