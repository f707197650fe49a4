# SPDX-License-Identifier: BSD-2-Clause
line_editor_test = $(addprefix repos/os/lib/,line_editor/line_editor.c vt/vt.c) $(addprefix base/lib/,format.c string.c)
$(call unit,line_editor,$(here)/line_editor_test.c $(line_editor_test),-Irepos/os/lib/line_editor/include -Irepos/os/lib/vt/include)
$(call fuzz,line_editor,$(here)/line_editor_fuzz.c $(line_editor_test),-Irepos/os/lib/line_editor/include -Irepos/os/lib/vt/include -Ibase/test,50000,240)
