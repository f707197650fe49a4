# SPDX-License-Identifier: BSD-2-Clause
SRC  = main.c picture.c
LIBS = vt
