# SPDX-License-Identifier: BSD-2-Clause

$(call check,hid-tool,sh $(here)/check.sh $(HOST)/hid,$(HOST)/hid)
