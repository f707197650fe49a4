# SPDX-License-Identifier: BSD-2-Clause
#
# What the host tool 'hid' takes from base.

hid_SRC := base/lib/utf8.c
