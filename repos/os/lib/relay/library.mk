SRC = relay.c
