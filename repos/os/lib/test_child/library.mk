# SPDX-License-Identifier: BSD-2-Clause
SRC  = test_child.c
LIBS = rom_service
