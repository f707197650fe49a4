# SPDX-License-Identifier: BSD-2-Clause
#
# What runs on the host: tools, generated sources, unit tests, fuzzers, checks.
# Goals: 'tools', 'unit/<suite>', 'fuzz/<target>', 'check/<suite>', 'list', and
# 'prebuild/<kind>', which builds everything for one kind of test.

include tool/mk/common.mk

SETUP := build/setup/base
HOST_CC := gcc
HOST_CFLAGS := -std=gnu11 -O2 -g $(WARNINGS)

.PHONY: tools generated
tools: $(HOST)/guard $(HOST)/pack $(HOST)/rpc $(HOST)/hid generated

# $(call tool,name,sources,more flags): a program of ours, in one go, because
# tools are small.
define tool
$(HOST)/$(1): $(2) tool/mk/host.mk | $(SETUP)
	$$(call step,HOSTCC ,$$@)
	mkdir -p $$(@D) && $(HOST_CC) $(HOST_CFLAGS) $(3) -MM -MP -MT $$@ $(2) >$$@.d
	$(HOST_CC) $(HOST_CFLAGS) $(2) -o $$@ $(3)
-include $(HOST)/$(1).d
endef

$(eval $(call tool,guard,tool/run/guard.c))
$(eval $(call tool,pack,tool/image/pack.c,-Ikernel/abi))
$(eval $(call tool,source,tool/report/source.c))
$(eval $(call tool,plugin.so,tool/plugin/count.c tool/plugin/decode.c,-shared -fPIC))
$(eval $(call tool,rpc,$(wildcard tool/rpc/*.c)))
$(eval $(call tool,hid,$(wildcard tool/hid/*.c) base/lib/utf8.c,-Ikernel/abi -Ikernel/abi/arch/x86_64 -Ibase/include))


# Generated sources. The stub generator leaves files alone that do not change. An
# interface with mistakes must not stop those who do not use it: its headers are
# removed, so that its users fail to compile, and 'make check/generated' fails.

generated: $(GEN)/status_names.inc
$(GEN)/status_names.inc: tool/gen/status.awk kernel/abi/by/status.h
	$(call step,GEN    ,$@)
	mkdir -p $(@D) && awk -f $^ >$@

# Glyphs of ASCII, from a console font in the public domain.
FONT := /usr/share/consolefonts/Lat15-Fixed16.psf.gz
generated: $(GEN)/font.inc
$(GEN)/font.inc: tool/gen/font.awk | build/setup/font
	$(call step,GEN    ,$@)
	mkdir -p $(@D) && gzip -dc $(FONT) | od -An -v -t u1 | awk -f $< >$@.new && mv $@.new $@

RPC_FILES := $(wildcard base/session/*.rpc $(ALL_REPOS:%=%/session/*.rpc))
# Their headers meet in one folder.
$(foreach n,$(sort $(notdir $(RPC_FILES))),$(if $(word 2,$(filter %/$(n),$(RPC_FILES))),\
  $(error the interface '$(n)' exists several times: $(filter %/$(n),$(RPC_FILES)))))

# The file '.from' changes when another repository has an interface of this name.
define rpc
generated: $(GEN)/stamp/$(notdir $(1))
$$(call write_if_new,$(GEN)/stamp/$(notdir $(1)).from,$(1))
$(GEN)/stamp/$(notdir $(1)): $(1) $(wildcard $(1).abi) $(GEN)/stamp/$(notdir $(1)).from $(HOST)/rpc
	$$(call step,RPC    ,$(1))
	mkdir -p $$(@D); if $(HOST)/rpc $(1) --out $(GEN); then touch $$@; else \
	  rm -f $$@ $(GEN)/by/*/$(basename $(notdir $(1))).h $(GEN)/by/*/$(basename $(notdir $(1)))_server.h; fi
endef
$(foreach f,$(RPC_FILES),$(eval $(call rpc,$(f))))

export RPC_FILES


include tool/mk/setup.mk
include tool/mk/tests.mk
