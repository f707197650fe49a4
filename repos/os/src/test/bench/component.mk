# SPDX-License-Identifier: BSD-2-Clause
SRC  = main.c rows.c child.c peer.c
