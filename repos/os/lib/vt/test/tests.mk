# SPDX-License-Identifier: BSD-2-Clause
$(call unit,vt,$(here)/vt_test.c repos/os/lib/vt/vt.c,-Irepos/os/lib/vt/include)
$(call fuzz,vt,$(here)/vt_fuzz.c repos/os/lib/vt/vt.c,-Irepos/os/lib/vt/include -Ibase/test,300000,160)
