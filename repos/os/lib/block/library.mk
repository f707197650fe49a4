# SPDX-License-Identifier: BSD-2-Clause
SRC = port.c queue.c client.c server.c
