# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the server, on base's model of kernel and core.

$(call over_runtime,timer_server,$(here)/timer_server_test.c)
$(call unit32,timer_server)
