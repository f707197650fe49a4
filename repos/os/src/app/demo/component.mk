SRC  = main.c
LIBS = nursery
