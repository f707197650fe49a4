# SPDX-License-Identifier: BSD-2-Clause
SRC  = main.c filter.c check.c
LIBS = rom_service rom_watch
