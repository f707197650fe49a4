SRC  = main.c
