# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the library, on base's model of kernel and core.

$(call over_runtime,sandbox,$(here)/sandbox_test.c base/test/family.c base/test/says.c $(wildcard $(patsubst %/test,%,$(here))/*.c repos/os/lib/rom_service/*.c))
$(call unit32,sandbox)
