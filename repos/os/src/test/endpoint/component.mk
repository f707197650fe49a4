SRC  = main.c calls.c raw.c ends.c time.c peer.c
LIBS = check nursery relay
