# SPDX-License-Identifier: BSD-2-Clause
SRC  = main.c calls.c raw.c ends.c time.c peer.c
LIBS = check peer relay
