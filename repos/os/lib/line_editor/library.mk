# SPDX-License-Identifier: BSD-2-Clause
SRC = line_editor.c
