SRC  = main.c
LIBS = relay
