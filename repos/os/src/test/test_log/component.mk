SRC = main.c
