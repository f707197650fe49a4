# SPDX-License-Identifier: BSD-2-Clause
SRC  = main.c modules.c
LIBS = report_service rom_service rom_watch
