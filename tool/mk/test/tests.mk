$(call check,mk,sh $(here)/test.sh,tools build/setup/x86)
