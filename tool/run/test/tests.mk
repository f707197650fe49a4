$(call check,run,sh $(here)/test.sh,tools build/setup/x86 build/setup/grub)
$(call check,bench,sh $(here)/bench.sh)
$(call check,debug,sh $(here)/debug.sh,tools $(addprefix build/setup/,base x86 riscv arm debug))
