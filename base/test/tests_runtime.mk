# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the runtime, on a model of kernel and core (base/test/fake).

runtime_sources := $(sort $(wildcard base/test/fake/*.c)) \
                   $(filter-out %/start.c %/guard.c %/assertion.c %/undeclared.c %/mem.c,\
                     $(sort $(wildcard base/lib/*.c)))
runtime_cflags  := -Ibase/arch/stub/include -pthread

runtime = $(call unit,$(1),base/test/$(1)_test.c base/test/family.c base/test/support.c $(runtime_sources),$(runtime_cflags))

RUNTIME_SUITES := cap endpoint sync timeout component_heap session thread attached child provider service log
$(foreach suite,$(RUNTIME_SUITES),$(call runtime,$(suite)))
