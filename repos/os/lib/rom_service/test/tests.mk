# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the library, on base's model of kernel and core.

$(call over_runtime,rom_service,$(here)/rom_service_test.c $(wildcard $(patsubst %/test,%,$(here))/*.c))
$(call unit32,rom_service)
