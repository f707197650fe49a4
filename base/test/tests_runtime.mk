# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the runtime, on a model of kernel and core (base/test/fake).

runtime_sources := $(sort $(wildcard base/test/fake/*.c)) \
                   $(filter-out %/start.c %/guard.c %/assertion.c %/undeclared.c %/mem.c,\
                     $(sort $(wildcard base/lib/*.c)))
runtime_cflags  := -Ibase/arch/stub/include -pthread

runtime = $(call unit,$(1),base/test/$(1)_test.c base/test/family.c base/test/says.c base/test/support.c $(runtime_sources),$(runtime_cflags))

RUNTIME_SUITES := cap endpoint sync timeout component_heap session thread attached child provider deaths uplink service resource heartbeat log
$(foreach suite,$(RUNTIME_SUITES),$(call runtime,$(suite)))

# Suites of libraries and components that stand on the runtime: suite, sources. All have the
# same flags, so that they share objects.
over_runtime_cflags := -Ibase/test -Ibase/lib $(addprefix -I,$(sort $(wildcard repos/*/lib/*/include))) $(runtime_cflags)

over_runtime = $(call unit,$(1),$(2) base/test/support.c $(runtime_sources),$(over_runtime_cflags))
