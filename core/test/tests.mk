# SPDX-License-Identifier: BSD-2-Clause
#
# Host unit tests of core: its own code with a simulated kernel below. inside.c
# includes the files whose static functions the census needs.

core_inside  := $(addprefix core/src/,account.c guard.c item.c phys.c pool.c rpc.c work.c)
core_sources := $(addprefix core/test/,sim.c inside.c host.c census.c accounts.c) \
                $(filter-out $(core_inside),$(sort $(wildcard core/src/*.c))) \
                $(addprefix base/lib/,id_space.c tree.c string.c format.c label.c utf8.c elf.c)
core_cflags  := -Icore/test/include -Ikernel/abi/arch/stub -Ikernel/include -Ikernel/arch/stub \
                -Ikernel/arch/stub/include -DBY_ELF_NATIVE=62

core_unit = $(call covered,core,$(1),$(2) $(core_sources),$(core_cflags))

# Physical memory alone: its test includes the source.
$(call covered,core,core_phys,core/test/phys_test.c,$(core_cflags))
$(call core_unit,core_memory,core/test/memory_test.c)
$(call core_unit,core_map,core/test/map_test.c)
$(call core_unit,core_pd,core/test/pd_test.c)
$(call core_unit,core_cpu,core/test/cpu_test.c)
$(call core_unit,core_services,core/test/services_test.c)
$(call core_unit,core_accounts,core/test/accounts_test.c)
$(call core_unit,core_stop,core/test/stop_test.c)
$(call core_unit,core_bound,core/test/bound_test.c)
$(call core_unit,core_requests,core/test/requests_test.c core/test/requests.c)

$(call coverage,core,core/src)

$(call fuzz,core_requests,core/test/requests_fuzz.c core/test/requests.c $(core_sources),$(core_cflags),400,2800)
