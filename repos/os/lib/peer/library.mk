# SPDX-License-Identifier: BSD-2-Clause
SRC  = peer.c
LIBS = check relay test_child
