# SPDX-License-Identifier: BSD-2-Clause
SRC = rom_source.c rom_service.c
