# SPDX-License-Identifier: BSD-2-Clause
$(call unit,ps2_keyboard,$(here)/device_test.c repos/os/src/driver/ps2_keyboard/device.c repos/os/lib/keys/keys.c,-Irepos/os/src/driver/ps2_keyboard -Irepos/os/lib/uart/include -Irepos/os/lib/keys/include)
