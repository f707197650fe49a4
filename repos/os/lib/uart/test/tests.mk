# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the UART drivers, on models of their devices.

uart_sources := $(addprefix $(here)/,model.c model_16550.c model_pl011.c) \
                $(addprefix repos/os/lib/uart/,buffer.c config.c line.c) \
                repos/os/src/driver/uart_16550/device.c repos/os/src/driver/uart_pl011/device.c \
                $(addprefix base/lib/,hid.c string.c format.c utf8.c)

$(call unit,uart,$(here)/uart_test.c $(uart_sources),-Irepos/os/lib/uart/include)
$(call unit32,uart)
$(call over_runtime,uart_serve,$(here)/serve_test.c $(filter-out base/%,$(uart_sources)))
$(call unit32,uart_serve)
$(call fuzz,uart,$(here)/uart_fuzz.c $(filter-out $(here)/%,$(uart_sources)),-Irepos/os/lib/uart/include,100000,160)
