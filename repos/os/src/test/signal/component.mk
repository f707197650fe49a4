SRC  = main.c order.c ends.c peer.c
LIBS = check nursery relay
