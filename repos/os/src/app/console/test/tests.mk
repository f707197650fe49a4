# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of what is not seen to be right by looking at the screen.
$(call over_runtime,console,$(here)/console_test.c $(addprefix $(patsubst %/test,%,$(here))/,commands.c log.c text.c tree.c))
$(call unit32,console)
