# SPDX-License-Identifier: BSD-2-Clause
#
# Wrong configurations of servers, and the words and places of what is said about them.

$(call check,server-configs,sh $(here)/configs.sh,build/host/hid)
