# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the generic kernel on arch/stub.

kernel_sources := $(sort $(wildcard kernel/src/*.c kernel/arch/stub/*.c)) kernel/test/world.c kernel/test/check.c
kernel_cflags  := -Ikernel/abi/arch/stub -Ikernel/include -Ikernel/arch/stub -Ikernel/arch/stub/include -Ikernel/test -include kernel/arch/stub/checked.h
kernel_weave   := kernel/test/play.c kernel/test/weave.c

# The same once more, so that a CPU can be interrupted at each branch.
kernel_fine    := -fsanitize-coverage=trace-pc $(kernel_cflags)

kernel_unit = $(call covered,kernel,$(1),$(2) $(kernel_sources),$(kernel_cflags))

$(call kernel_unit,ipc,kernel/test/ipc_test.c)
$(call kernel_unit,kernel_signal,kernel/test/signal_test.c)
$(call kernel_unit,kernel_timer,kernel/test/timer_test.c)
$(call kernel_unit,kernel_park,kernel/test/park_test.c)
$(call kernel_unit,kernel_sched,kernel/test/sched_test.c)
$(call kernel_unit,kernel_fault,kernel/test/fault_test.c)
$(call kernel_unit,kernel_memory,kernel/test/memory_test.c)
$(call kernel_unit,kernel_cap,kernel/test/cap_test.c)
$(call kernel_unit,kernel_thread,kernel/test/thread_test.c)
$(call kernel_unit,kernel_core,kernel/test/core_test.c)
$(call kernel_unit,kernel_boot,kernel/test/boot_test.c)
$(call kernel_unit,kernel_smp,kernel/test/smp_test.c $(kernel_weave))
$(call kernel_unit,kernel_race,kernel/test/race_test.c $(kernel_weave))
$(call kernel_unit,kernel_matrix,kernel/test/matrix_test.c $(kernel_weave))

$(call unit,kernel_smp_fine,kernel/test/smp_test.c $(kernel_weave) $(kernel_sources),$(kernel_fine))
$(call unit,kernel_race_fine,kernel/test/race_test.c $(kernel_weave) $(kernel_sources),$(kernel_fine))

$(call unit,screen,kernel/test/screen_test.c kernel/dev/screen.c,-Ikernel/include)

$(call coverage,kernel,kernel/src|kernel/include)

$(call check,mutants,env FEW=1 sh $(here)/mutate.sh,generated)

$(call fuzz,kernel_calls,kernel/test/calls_fuzz.c kernel/test/weave.c kernel/test/play.c $(kernel_sources),$(kernel_cflags),6000,2150)
