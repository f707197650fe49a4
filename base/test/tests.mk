# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of base/lib: $(call unit,<suite>,<sources>,<cflags>) and
# $(call fuzz,<target>,<sources>,<cflags>,<runs>,<least edges reached>).

$(call unit,mem,base/test/mem_test.c base/test/support.c,)
$(call unit,string,base/test/string_test.c base/test/support.c base/lib/string.c,)
$(call unit,utf8,base/test/utf8_test.c base/lib/utf8.c,)
$(call unit,label,base/test/label_test.c base/lib/label.c base/lib/utf8.c base/lib/string.c,)
$(call unit,format,base/test/format_test.c base/test/support.c base/lib/format.c base/lib/string.c,)
$(call unit,list,base/test/list_test.c base/test/support.c,)
$(call unit,tree,base/test/tree_test.c base/test/support.c base/lib/tree.c,)
$(call unit,dict,base/test/dict_test.c base/test/support.c base/lib/dict.c base/lib/tree.c base/lib/string.c,)
$(call unit,id_space,base/test/id_space_test.c base/test/support.c base/lib/id_space.c,)
$(call unit,slab,base/test/slab_test.c base/test/support.c base/lib/slab.c base/lib/tree.c,)
$(call unit,heap,base/test/heap_test.c base/test/support.c base/lib/tree.c,)
$(call unit,range,base/test/range_test.c base/test/support.c base/lib/tree.c,)

$(call fuzz,parse,base/test/parse_fuzz.c base/lib/string.c,,200000,57)
$(call fuzz,label,base/test/label_fuzz.c base/lib/label.c base/lib/utf8.c base/lib/string.c,,100000,118)
$(call fuzz,format,base/test/format_fuzz.c base/lib/format.c base/lib/string.c,,200000,147)
