$(call check,run,sh $(here)/test.sh,tools build/setup/x86 build/setup/grub)
$(call check,bench,sh $(here)/bench.sh)
