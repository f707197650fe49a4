# SPDX-License-Identifier: BSD-2-Clause
#
# The unit suites of one part, in a copy of the tree where mistakes are planted.
# PART is its folder, TOP the real tree. Objects know their headers, so that only what a
# mistake concerns is compiled again; without sanitizers, because that is several times
# faster.

MAKEFLAGS += --no-builtin-rules --silent
.SUFFIXES:
.DELETE_ON_ERROR:

INC   := -Ikernel/abi -Ikernel/abi/arch/x86_64 -Ibase/include -Ibase/arch/x86/include \
         -Ibase/arch/x86/64/include -Itool/unit -I$(TOP)/build/gen
here  := $(PART)/test
SUITES :=
empty :=
# Objects of suites with the same flags are shared, in a directory named by the flags.
objects = obj/$(subst $(empty) $(empty),,$(subst =,,$(subst /,,$(3))))

define suite_rules
SUITES += $(1)
bin/$(1): $(patsubst %.c,$(objects)/%.o,$(2) tool/unit/unit.c)
	mkdir -p bin && gcc $$^ -o $$@
-include $(patsubst %.c,$(objects)/%.d,$(2))
ifndef RULE_$(objects)
RULE_$(objects) := 1
$(objects)/%.o: %.c
	mkdir -p $$(@D) && gcc -std=gnu11 -O1 -w $(3) $(INC) -MMD -MP -c $$< -o $$@
endif
endef
unit = $(eval $(call suite_rules,$(strip $(1)),$(strip $(2)),$(strip $(3))))
covered = $(call unit,$(2),$(3),$(4))
coverage =
fuzz =
check =
unit32 =
test_program =
include $(wildcard $(PART)/test/tests*.mk)

.PHONY: suites
suites:
	$(info $(SUITES))
	:
