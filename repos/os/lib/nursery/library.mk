SRC = nursery.c config_rom.c
