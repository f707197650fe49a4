$(call check,report,sh $(here)/test.sh,$(HOST)/source)
