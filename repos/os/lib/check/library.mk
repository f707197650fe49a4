SRC = check.c
