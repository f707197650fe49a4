# SPDX-License-Identifier: BSD-2-Clause
$(call unit,keys,$(here)/keys_test.c repos/os/lib/keys/keys.c,-Irepos/os/lib/keys/include)
$(call fuzz,keys,$(here)/keys_fuzz.c repos/os/lib/keys/keys.c,-Irepos/os/lib/keys/include -Ibase/test,100000,65)
