# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the library, on base's model of kernel and core. The test has the sessions' part.

$(call unit,report,$(here)/report_test.c $(wildcard $(patsubst %/test,%,$(here))/*.c) base/test/support.c $(filter-out %/session.c,$(runtime_sources)),$(over_runtime_cflags))
$(call unit32,report)
