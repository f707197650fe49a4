# SPDX-License-Identifier: BSD-2-Clause
SRC  = main.c measure.c pass.c refuse.c
LIBS = block check
