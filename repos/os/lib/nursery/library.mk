# SPDX-License-Identifier: BSD-2-Clause
SRC = nursery.c config_rom.c
