rpc_setup := build/setup/base build/setup/clang

$(call check,rpc_wrong,sh $(here)/wrong.sh,$(rpc_setup))
$(call check,rpc_abi,sh $(here)/abi.sh,$(rpc_setup))
$(call check,rpc_output,sh $(here)/output.sh,$(rpc_setup))
$(call check,rpc_names,sh $(here)/names.sh,$(rpc_setup))
$(call check,rpc_compile,sh $(here)/compile.sh,$(rpc_setup) $(addprefix build/setup/,x86 arm riscv))
$(call check,rpc_stub,sh $(here)/stub.sh,$(rpc_setup) build/setup/host32)
$(call check,rpc_fuzz,sh $(here)/fuzz.sh,$(rpc_setup))
$(call check,rpc_random,sh $(here)/random.sh,$(rpc_setup))
$(call fuzz,rpc_parse,$(here)/parse_fuzz.c $(filter-out tool/rpc/main.c,$(sort $(wildcard tool/rpc/*.c))),,40000,680)
