# SPDX-License-Identifier: BSD-2-Clause
SRC = rom_watch.c rom_config.c
