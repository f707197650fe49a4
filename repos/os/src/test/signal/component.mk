# SPDX-License-Identifier: BSD-2-Clause
SRC  = main.c order.c ends.c peer.c
LIBS = check peer
