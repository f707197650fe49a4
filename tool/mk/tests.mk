# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests. Every file named tests*.mk in the tree is included and calls
#
#   $(call unit,suite,sources,cflags)
#   $(call covered,part,suite,sources,cflags)   as 'unit', and counts for 'coverage'
#   $(call coverage,part,folders)               check/<part>-coverage, after the suites
#   $(call fuzz,target,sources,cflags,runs,edge floor)
#   $(call check,suite,command,prerequisites)
#   $(call unit32,suites): run these on a 32-bit machine as well
#
# Paths are relative to the top of the tree; $(here) is the directory of the
# file. What a test prints, tool/check/suite.sh turns into a verdict: lines
# "ok suite.case" and "FAIL suite.case: why".

UNITS :=
FUZZERS :=
CHECKS :=

# The host stands for a port, whose kernel calls are compiled but never made.
TEST_INC := -Ikernel/abi -Ikernel/abi/arch/x86_64 -Ibase/include -Ibase/arch/x86/include \
            -Ibase/arch/x86/64/include -Itool/unit -I$(GEN)
TEST_CFLAGS := -std=gnu11 -O1 -g $(WARNINGS) -fno-omit-frame-pointer \
               -fno-sanitize-recover=all $(TEST_INC)
UNIT_CFLAGS := $(TEST_CFLAGS) -fsanitize=address,undefined
# For 32 bits, where sizes and alignments differ, the stub stands for the port. That 64 bits
# may not fit is watched by target builds: tests may assume that their numbers do.
TEST32_LIB := /usr/i686-linux-gnu/lib
TEST32_CC := i686-linux-gnu-gcc -Wl,-rpath=$(TEST32_LIB),--dynamic-linker=$(TEST32_LIB)/ld-linux.so.2
TEST32_CFLAGS := $(filter-out $(TEST_INC),$(UNIT_CFLAGS)) -Wno-conversion -Wno-sign-compare -Wno-overflow \
                 -Ikernel/abi -Ikernel/abi/arch/stub -Ibase/include -Ibase/arch/stub/include \
                 -Itool/unit -I$(GEN)
FUZZ_CFLAGS := $(TEST_CFLAGS) -fsanitize=fuzzer,address,undefined
COVER_CFLAGS := $(TEST_CFLAGS) -fprofile-instr-generate -fcoverage-mapping

# Objects with the same compiler and flags are shared between suites: they lie
# in a directory spelled like the flags.
flag_dir = build/test/$(subst $(space),/,$(subst =,.,$(subst /,.,$(strip $(1)))))

# $(call test_objects,kind and compiler,compiler,flags,sources,extra flags): a
# rule for the directory, unless there is one already. The suite's own include
# paths come first.
define test_objects
ifndef RULE_$(call flag_dir,$(1) $(5))
RULE_$(call flag_dir,$(1) $(5)) := 1
$(call flag_dir,$(1) $(5))/%.o: % tool/mk/tests.mk | generated build/setup/base build/setup/clang $(if $(filter %32,$(1)),build/setup/unit32)
	$$(call step,TESTCC ,$$<)
	mkdir -p $$(@D) && $(2) $(5) $(3) -MMD -MP -c $$< -o $$@
endif
-include $(addprefix $(call flag_dir,$(1) $(5))/,$(addsuffix .d,$(4)))
endef
objects_of = $(addprefix $(call flag_dir,$(1) $(3))/,$(addsuffix .o,$(2)))

# $(call test_program,file,kind and compiler,compiler,flags,sources,extra flags,goal)
define test_program
$(call test_objects,$(2),$(3),$(4),$(5),$(6))
$(1): $(call objects_of,$(2),$(5),$(6))
	$$(call step,TESTLD ,$$@)
	mkdir -p $$(@D) && $(3) $(4) $(call objects_of,$(2),$(5),$(6)) -o $$@
$(7): $(1)
endef

VERDICT := sh tool/check/suite.sh

# Both compilers, because their sanitizers find different things.
define unit_rules
UNITS += $(1)
UNIT_SRC.$(1) := $(2)
UNIT_FLAGS.$(1) := $(3)
UNIT_RUN.$(1) := build/test/bin/$(1).gcc && build/test/bin/$(1).clang
$(call test_program,build/test/bin/$(1).gcc,unit-gcc,gcc,$(UNIT_CFLAGS),$(2) tool/unit/unit.c,$(3),prebuild/unit)
$(call test_program,build/test/bin/$(1).clang,unit-clang,clang,$(UNIT_CFLAGS),$(2) tool/unit/unit.c,$(3),prebuild/unit)
unit/$(1): build/test/bin/$(1).gcc build/test/bin/$(1).clang FORCE
	@$(VERDICT) $(1) '$$(UNIT_RUN.$(1))'
endef
unit = $(eval $(call unit_rules,$(strip $(1)),$(strip $(2)),$(strip $(3))))

# Known when all suites are.
define unit32_rules
$(call test_program,build/test/bin/$(1).gcc32,unit-gcc32,$(TEST32_CC),$(TEST32_CFLAGS),$(UNIT_SRC.$(1)) tool/unit/unit.c,$(UNIT_FLAGS.$(1)),prebuild/unit)
unit/$(1): build/test/bin/$(1).gcc32
UNIT_RUN.$(1) += && build/test/bin/$(1).gcc32
endef
UNITS32 :=
unit32 = $(eval UNITS32 += $(1))

# The same suites once more, to see what all those of a part cover in some folders,
# which a '|' separates.
define covered_rules
COVERED.$(1) += $(2).cover
$(call test_program,build/test/bin/$(2).cover,cover,clang,$(COVER_CFLAGS),$(3) tool/unit/unit.c,$(4),prebuild/check)
endef
covered = $(call unit,$(2),$(3),$(4))$(eval $(call covered_rules,$(strip $(1)),$(strip $(2)),$(strip $(3)),$(strip $(4))))
coverage = $(call check,$(1)-coverage,sh tool/check/coverage.sh $(1) "$(2)" $(COVERED.$(1)),build/setup/coverage $(addprefix build/test/bin/,$(COVERED.$(1))))

# LONG=seconds fuzzes that long and keeps what it finds, instead of a slice.
define fuzz_rules
FUZZERS += $(1)
$(call test_program,build/test/bin/$(1).fuzz,fuzz,clang,$(FUZZ_CFLAGS),$(2),$(3),prebuild/fuzz)
fuzz/$(1): build/test/bin/$(1).fuzz FORCE
	@$(VERDICT) fuzz 'sh tool/check/fuzz.sh $(1) $(or $(4),10000) $(or $(5),1) $(firstword $(dir $(2)))seeds/$(1)'
endef
fuzz = $(eval $(call fuzz_rules,$(strip $(1)),$(strip $(2)),$(strip $(3)),$(strip $(4)),$(strip $(5))))

# A command with commas or quotes belongs into a script.
define check_rules
CHECKS += $(1)
prebuild/check: $(3)
check/$(1): $(3) FORCE
	@$(VERDICT) $(1) '$(2)'
endef
check = $(eval $(call check_rules,$(strip $(1)),$(strip $(2)),$(strip $(3))))

TEST_FILES := $(sort $(shell find -L base core kernel repos run tool doc $(REPOS) \
                -name 'tests*.mk' ! -path tool/mk/tests.mk -print))
$(foreach f,$(TEST_FILES),$(eval here := $(patsubst %/,%,$(dir $(f))))$(eval include $(f)))
$(foreach s,$(UNITS32),$(eval $(call unit32_rules,$(s))))

# For 'make test' and 'make list'.
.PHONY: prebuild/unit prebuild/fuzz prebuild/check jobs list
prebuild/unit prebuild/fuzz prebuild/check:
JOB_KINDS := unit fuzz check
job_lines = $(if $(filter $(1),$(JOB_KINDS)),$(foreach n,$(2),$(1) $(n)$(newline)))
define newline


endef
jobs:
	$(file >build/test/jobs,$(call job_lines,unit,$(UNITS))$(call job_lines,fuzz,$(FUZZERS))$(call job_lines,check,$(CHECKS)))
	:

show = $(if $(strip $(2)),$(info $(1))$(foreach n,$(sort $(2)),$(info $(empty)  $(n))))
list:
	$(call show,boards:,$(BOARDS))
	$(call show,scenarios (make run/<name>):,$(SCENARIOS))
	$(call show,components:,$(notdir $(patsubst %/component.mk,%,$(shell find -L base core kernel repos $(REPOS) -name component.mk))))
	$(call show,unit suites (make unit/<name>):,$(UNITS))
	$(call show,fuzzers (make fuzz/<name>):,$(FUZZERS))
	$(call show,checks (make check/<name>):,$(CHECKS))
	:

# Explicit rules win over these.
unit/%: FORCE
	@echo "unknown unit suite '$*'; known: $(sort $(UNITS))" >&2; exit 2
fuzz/%: FORCE
	@echo "unknown fuzzer '$*'; known: $(sort $(FUZZERS))" >&2; exit 2
check/%: FORCE
	@echo "unknown check '$*'; known: $(sort $(CHECKS))" >&2; exit 2
