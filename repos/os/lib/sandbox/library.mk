# SPDX-License-Identifier: BSD-2-Clause
SRC = sandbox.c apply.c start.c config.c offer.c route.c log.c report.c
LIBS = rom_service
