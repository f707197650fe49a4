# SPDX-License-Identifier: BSD-2-Clause
#
# What the entry Makefile, host.mk and build.mk share.

SHELL := /bin/sh

MAKEFLAGS += --no-print-directory --no-builtin-rules --no-builtin-variables
# Only the first make chooses the number of jobs, the others share its tokens.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif

.SUFFIXES:
.DELETE_ON_ERROR:
.PHONY: FORCE
FORCE:

# Bit-reproducible results: no tool may look at clock, locale or time zone.
export SOURCE_DATE_EPOCH := 0
export LC_ALL := C
export TZ := UTC

# Choices of the user. They travel to every tool through the environment.
BOARD        ?= pc_x86_64
REPOS        ?=
V            ?=
CC_FAMILY    ?= gcc
RELEASE      ?=
EXTRA_CFLAGS ?=
OUT          ?= build
export BOARD REPOS V CC_FAMILY RELEASE EXTRA_CFLAGS OUT MAKE B BOARDS

ifeq ($(filter gcc clang,$(CC_FAMILY)),)
$(error CC_FAMILY is gcc or clang, not '$(CC_FAMILY)')
endif

empty :=
space := $(empty) $(empty)

# Where results go. Each way of building has a directory of its own; what runs
# on the host and what is generated is the same for all of them.
VARIANT := $(subst $(space),-,$(strip $(filter clang,$(CC_FAMILY)) $(if $(RELEASE),release)))
B    := $(OUT)$(addprefix /,$(VARIANT))
HOST := build/host
GEN  := build/gen

# Found by walking the tree, never by a list.
BOARDS    := $(sort $(patsubst kernel/board/%/board.mk,%,$(wildcard kernel/board/*/board.mk)))
include tool/mk/repos.mk
ALL_REPOS := $(sort $(patsubst %/,%,$(wildcard repos/*/)) $(REPOS))
RUN_FILES := $(wildcard run/*.run $(ALL_REPOS:%=%/run/*.run))
SCENARIOS := $(sort $(basename $(notdir $(RUN_FILES))))

# $(call step,CC     ,file): one line per step, or with V=1 the commands
# themselves. $(info) needs no process, unlike echo.
ifeq ($(V),1)
step :=
else
MAKEFLAGS += --silent
step = $(info $(empty)  $(1) $(2))
endif

# $(call write_if_new,file,text), evaluated while parsing: a change of flags
# makes what depends on the file out of date and costs no process otherwise.
write_if_new = $(if $(call same,$(strip $(file <$(1))),$(strip $(2))),,\
  $(shell mkdir -p $(dir $(1)))$(file >$(1),$(strip $(2))))
same = $(and $(findstring x$(1)x,x$(2)x),$(findstring x$(2)x,x$(1)x))

WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes \
            -Wmissing-prototypes -Wvla -Werror
