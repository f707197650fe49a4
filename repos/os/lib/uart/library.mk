# SPDX-License-Identifier: BSD-2-Clause
SRC = buffer.c config.c line.c registers.c serve.c
