# SPDX-License-Identifier: BSD-2-Clause
#
# Host unit tests of the generic kernel on arch/stub.

kernel_sources := $(sort $(wildcard kernel/src/*.c kernel/arch/stub/*.c)) kernel/test/world.c kernel/test/check.c
kernel_cflags  := -Ikernel/abi/arch/stub -Ikernel/include -Ikernel/arch/stub -Ikernel/arch/stub/include -Ikernel/test

$(call unit,ipc,kernel/test/ipc_test.c $(kernel_sources),$(kernel_cflags))
$(call unit,kernel_smp,kernel/test/smp_test.c kernel/test/play.c kernel/test/weave.c $(kernel_sources),$(kernel_cflags))
$(call unit,kernel_race,kernel/test/race_test.c kernel/test/play.c kernel/test/weave.c $(kernel_sources),$(kernel_cflags))
