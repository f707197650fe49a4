# SPDX-License-Identifier: BSD-2-Clause
SRC  = main.c delegation.c
LIBS = check peer relay
