# SPDX-License-Identifier: BSD-2-Clause
SRC = report_service.c
