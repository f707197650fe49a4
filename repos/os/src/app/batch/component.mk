# SPDX-License-Identifier: BSD-2-Clause
SRC  = main.c
LIBS = rom_watch sandbox
