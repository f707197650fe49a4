# SPDX-License-Identifier: BSD-2-Clause
SRC = log_service.c
