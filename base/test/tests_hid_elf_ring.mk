# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of HID, ELF and the ring; see base/test/ring for the latter.

hid_lib := base/lib/hid.c base/lib/hid_write.c base/lib/string.c base/lib/format.c \
           base/lib/utf8.c

$(call unit,hid,base/test/hid_test.c $(hid_lib),)
$(call unit,elf,base/test/elf_test.c base/lib/elf.c,)
$(call unit,ring,base/test/ring_test.c base/lib/ring.c,)

$(call fuzz,hid,base/test/hid_fuzz.c $(hid_lib) tool/hid/parse.c,,20000,600)
$(call fuzz,elf,base/test/elf_fuzz.c base/lib/elf.c,,300000,230)
$(call fuzz,ring,base/test/ring_fuzz.c base/lib/ring.c,,400000,92)

$(call check,ring-model,sh $(here)/ring/model.sh,build/setup/base build/setup/spin)
$(call check,ring-relacy,sh $(here)/ring/weaken.sh,build/setup/base build/setup/relacy)
$(call check,ring-threads,sh $(here)/ring/threads.sh,build/setup/base build/setup/clang)
$(call check,ring-cost,sh $(here)/ring/cost.sh,build/setup/base)

$(call unit,policy,base/test/policy_test.c base/lib/policy.c base/lib/label.c $(hid_lib),)
