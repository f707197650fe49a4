# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of what is new in a text.

$(call unit,log_core,$(here)/follow_test.c $(patsubst %/test,%,$(here))/follow.c,)
$(call unit32,log_core)
