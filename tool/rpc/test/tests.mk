rpc_setup := build/setup/base build/setup/clang

$(call check,rpc_wrong,sh $(here)/wrong.sh,$(rpc_setup))
$(call check,rpc_abi,sh $(here)/abi.sh,$(rpc_setup))
$(call check,rpc_output,sh $(here)/output.sh,$(rpc_setup))
$(call check,rpc_names,sh $(here)/names.sh,$(rpc_setup))
$(call check,rpc_compile,sh $(here)/compile.sh,$(rpc_setup) $(addprefix build/setup/,x86 arm riscv))
$(call check,rpc_stub,sh $(here)/stub.sh,$(rpc_setup) build/setup/unit32)
$(call check,rpc_fuzz,sh $(here)/fuzz.sh,$(rpc_setup))
$(call check,rpc_random,sh $(here)/random.sh,$(rpc_setup))
$(call fuzz,rpc_parse,$(here)/parse_fuzz.c $(filter-out tool/rpc/main.c,$(sort $(wildcard tool/rpc/*.c))),,40000,680)

# The dispatcher of every interface in the tree. What a slice has to reach grows with the
# number of calls, so that nothing needs to be recorded when an interface changes; the
# least that was seen is 122 edges with one call, 245 with fourteen.
rpc_floors := $(if $(RPC_FILES),$(shell awk '{ calls[FILENAME] += /^(call|send) / } \
                END { for (f in calls) print f ":" 100 + 9 * calls[f] }' $(RPC_FILES)))
rpc_floor = $(or $(patsubst $(1):%,%,$(filter $(1):%,$(rpc_floors))),60)
define rpc_fuzz
$(GEN)/$(1)_fuzz.c: $(GEN)/stamp/$(1).rpc ;
$(call fuzz,dispatch_$(1),$(GEN)/$(1)_fuzz.c $(here)/host_fuzz.c $(here)/host_runtime.c,-I$(here) -I$(here)/fake,60000,$(call rpc_floor,$(2)))
endef
$(foreach f,$(RPC_FILES),$(eval $(call rpc_fuzz,$(notdir $(f:.rpc=)),$(f))))
