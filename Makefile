# SPDX-License-Identifier: BSD-2-Clause
#
# Entry points; 'make help' explains them. Building itself happens in
# tool/mk/host.mk (what runs here) and tool/mk/build.mk (what runs on a board).

.DEFAULT_GOAL := help
include tool/mk/common.mk

# One entry point after the other; each uses all CPUs.
.NOTPARALLEL:

# Two makes in one checkout must not build the same file at the same time.
LOCKED   := mkdir -p build && flock build/lock $(MAKE)
MAKE_HOST := $(LOCKED) -f tool/mk/host.mk
MAKE_BUILD := $(LOCKED) -f tool/mk/build.mk

# Further settings, for the tools behind the entry points.
export NONCE LOOP DEBUG CHAIN FULL LONG MEM RECORD PROFILE MINUTES KINDS IMAGE_ONLY
# Tests run on the boards that the user names, or on a choice.
TEST_BOARDS := $(if $(filter command environment,$(firstword $(origin BOARD))),$(BOARD),all)
export TEST_BOARDS
export SCENARIO_FILES := $(RUN_FILES)


# make answers every error of a recipe with status 2. Where 0, 1, 2 and 77 have
# a meaning, the recipe leaves its status in a file, and a function that we load
# into make ends it with that. If make cannot load it, the status is 2.
ifneq ($(filter run/% image/%,$(MAKECMDGOALS)),)
ifneq ($(filter load,$(.FEATURES)),)
-load build/host/exit.so
build/host/exit.so: tool/mk/exit.c
	@sh tool/mk/setup.sh base && mkdir -p $(@D) && gcc -shared -fPIC -o $@ $<
endif
endif
STATUS = build/status.$(notdir $*).$(PID)
PID   := $(if $(filter run/% image/%,$(MAKECMDGOALS)),$(shell echo $$PPID))
end = $(eval status := $(or $(file <$(STATUS)),2))$(shell rm -f $(STATUS))$(or $(exit-with $(status)),@exit $(status))


.PHONY: help list setup build test unit fuzz check run soak mutate bench report clean doc

run/%: noted/run/%
	$(end)
noted/run/%: FORCE
	+@$(MAKE_HOST) tools
	+@STATUS=$(STATUS) exec build/host/guard sh tool/run/run.sh $*

image/%: noted/image/%
	$(end)
noted/image/%: FORCE
	+@$(MAKE_HOST) tools
	+@IMAGE_ONLY=1 STATUS=$(STATUS) exec build/host/guard sh tool/run/run.sh $*

# Everything for a board, or several.
build:
	+@$(MAKE_HOST) tools
	+@result=0; for board in $(if $(filter all,$(BOARD)),$(BOARDS),$(BOARD)); do \
	  echo "build: $$board"; $(MAKE_BUILD) BOARD=$$board vars all database || result=1; \
	done; exit $$result

test:
	+@$(MAKE_HOST) tools
	+@build/host/guard sh tool/run/test.sh

# A component, or an interface with server and client, from templates. NAME is for us only if
# it stands on the command line: some systems have a variable of this name.
new/%: export NAME := $(if $(filter command,$(firstword $(origin NAME))),$(NAME))
new/%: export REPO := $(REPO)
new/%: FORCE
	+@$(MAKE_HOST) tools REPOS=
	@sh tool/new/new.sh $*

unit/% fuzz/% check/%: FORCE
	@$(MAKE) -f tool/mk/host.mk $@

# All of one kind.
unit fuzz check run:
	+@$(MAKE_HOST) tools
	+@KINDS=$@ build/host/guard sh tool/run/test.sh
fuzz: export LONG ?= 600

# The scenarios, again and again, for MINUTES or until one fails.
soak:
	+@$(MAKE_HOST) tools
	+@sh tool/check/soak.sh

mutate:
	+@$(MAKE_HOST) tools
	+@sh tool/check/mutate.sh

bench: FORCE
	+@$(MAKE_HOST) tools build/host/plugin.so
	+@build/host/guard sh tool/run/bench.sh

report: FORCE
	+@$(MAKE_HOST) tools build/host/source
	@sh tool/report/report.sh

doc:
	@mkdir -p build/doc
	@{ cat doc/kernel-abi.md; awk -f tool/gen/abi.awk kernel/abi/by/abi.h; } > build/doc/kernel-abi.md
	@echo "build/doc/kernel-abi.md"

list:
	@$(MAKE) -f tool/mk/host.mk list

setup:
	@sh tool/mk/setup.sh

clean:
	rm -rf build compile_commands.json

help:
	@cat tool/mk/help.txt
