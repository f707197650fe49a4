$(call unit,decode,$(here)/test/decode_test.c $(here)/decode.c,-I$(here))
$(call check,plugin,sh $(here)/test/test.sh,$(HOST)/plugin.so $(HOST)/guard build/setup/x86 build/setup/arm build/setup/riscv)
