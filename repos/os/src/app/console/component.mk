# SPDX-License-Identifier: BSD-2-Clause
SRC  = main.c commands.c log.c plan.c state.c terminal.c text.c tree.c
LIBS = line_editor report_service rom_watch sandbox
