# SPDX-License-Identifier: BSD-2-Clause
SRC = main.c rows.c memory.c fault_rm.c child.c peer.c
