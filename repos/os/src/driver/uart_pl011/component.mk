# SPDX-License-Identifier: BSD-2-Clause
SRC  = main.c device.c
LIBS = uart
