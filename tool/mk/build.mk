# SPDX-License-Identifier: BSD-2-Clause
#
# Target code for one board: kernel, bootstrap, core, base library, components.
# Goals: 'vars', 'kernel', 'core', 'objects', 'all', and files below $(A) and $(D).
#
# An object stands at <directory>/<source path>.o, so one template serves all
# parts; what differs is the directory and the flags.

include tool/mk/common.mk

ifeq ($(filter $(BOARD),$(BOARDS)),)
$(error unknown board '$(BOARD)'; known: $(BOARDS))
endif

include kernel/board/$(BOARD)/board.mk
include tool/mk/arch/$(ARCH).mk

A := $(B)/$(ARCH)
D := $(B)/$(BOARD)
SETUP := build/setup/base build/setup/$(PACKAGES)

.PHONY: all vars kernel core objects components database
all: kernel core components $(D)/bootstrap.o $(D)/kernel.stripped $(A)/core.stripped \
     $(D)/crash/kernel.stripped $(A)/crash/core.stripped


# Compilers

BINUTILS := $(GCC_PREFIX)
ifeq ($(CC_FAMILY),clang)
# clang warns of flags that one of its steps has no use for.
CC     := clang --target=$(CLANG_TARGET) -Wno-unused-command-line-argument
LD     := $(CC) -fuse-ld=lld
LIBGCC  = $(shell $(GCC_PREFIX)gcc -print-libgcc-file-name)
SETUP  += build/setup/clang
else
CC     := $(GCC_PREFIX)gcc
LD     := $(CC)
LIBGCC := -lgcc
endif

# Absolute paths must not reach the objects, whatever the checkout is called.
CFLAGS := -std=gnu11 -O2 -g -ffreestanding -fno-common -fno-pic -fno-pie \
          -fno-asynchronous-unwind-tables -fno-unwind-tables \
          -ffunction-sections -fdata-sections -ffile-prefix-map=$(CURDIR)=. \
          $(WARNINGS) $(ARCH_FLAGS) $(if $(RELEASE),-DNDEBUG) $(EXTRA_CFLAGS)
LDFLAGS := $(filter-out -mcmodel=%,$(ARCH_FLAGS)) -nostdlib -static -no-pie \
           -Wl,--build-id=none,--gc-sections,-z,noexecstack,-z,max-page-size=4096
NO_GUARD := -fno-stack-protector
GUARD    := -fstack-protector-strong $(GUARD_FLAGS)

# $(call compile,directory,source prefix,variable with flags,more prerequisites)
define compile
$(1)/%.o: $(2)% $(1).flags $(4) | $(SETUP)
	$$(call step,CC     ,$$<)
	$$(file >$$@.json,$$(call database_entry,$$(CC) $$(strip $$($(3))) -c $$< -o $$@,$$<))
	$$(CC) $$($(3)) -MMD -MP -c $$< -o $$@
$$(call write_if_new,$(1).flags,$$(CC) $$($(3)))
endef

database_entry = {"directory": "$(CURDIR)", "file": "$(2)", "command": "$(1)"}

# $(call parts,result,objects): a file that changes with the list of objects, so
# that the result is made anew when a source disappears.
parts = $(1).parts$(call write_if_new,$(1).parts,$(LD) $(LDFLAGS) $(2))


# Kernel. A source that includes "board.h" is compiled for the board, all
# others once per architecture, without the board on their include path.
# KERNEL_OPTIONS names folders with alternative sources, say of a table format.

K := $(A)/kernel$(subst $(space),,$(addprefix -,$(KERNEL_OPTIONS)))
KERNEL_DIRS := kernel/src kernel/arch/$(FAMILY) kernel/arch/$(FAMILY)/$(WIDTH) \
               $(KERNEL_OPTIONS:%=kernel/arch/$(FAMILY)/$(WIDTH)/%)
KERNEL_SRC := $(sort $(wildcard $(foreach d,$(KERNEL_DIRS),$(d)/*.c $(d)/*.S)) \
              $(DEVICES:%=kernel/dev/%.c))
KERNEL_LD := kernel/arch/$(FAMILY)/$(WIDTH)/kernel.ld
BOARD_SRC := $(shell grep -l '^ *\# *include *[<"]board\.h' $(KERNEL_SRC))
KERNEL_OBJ := $(patsubst %,$(K)/%.o,$(filter-out $(BOARD_SRC),$(KERNEL_SRC))) \
              $(BOARD_SRC:%=$(D)/kernel/%.o)

KERNEL_INC := -Ikernel/abi -Ikernel/abi/arch/$(ARCH) -Ikernel/include \
              $(KERNEL_OPTIONS:%=-Ikernel/arch/$(FAMILY)/$(WIDTH)/%/include) \
              -Ikernel/arch/$(FAMILY)/$(WIDTH)/include -Ikernel/arch/$(FAMILY)/include
KERNEL_CFLAGS := $(CFLAGS) $(NO_FPU_FLAGS) $(NO_GUARD) $(KERNEL_FLAGS) $(KERNEL_INC) -I$(GEN)
BOARD_CFLAGS := $(KERNEL_CFLAGS) -Ikernel/board/$(BOARD)

$(eval $(call compile,$(K),,KERNEL_CFLAGS))
$(eval $(call compile,$(D)/kernel,,BOARD_CFLAGS))

# $(call link_kernel,result,objects,more flags)
define link_kernel
$(1): $(2) $(KERNEL_LD) $$(call parts,$(1),$(2)) | $(SETUP)
	$$(call step,LD     ,$$@)
	$$(LD) $$(LDFLAGS) $(3) -Wl,-T,$(KERNEL_LD) -o $$@ $(2) $$(LIBGCC)
endef

# $(call wrap,functions): calls of them from other files go to __wrap_<function>.
wrap = $(1:%=-Wl,--wrap=%)

kernel: $(D)/kernel.elf
$(eval $(call link_kernel,$(D)/kernel.elf,$(KERNEL_OBJ)))

# For tests: one that crashes on demand.
CRASH_KERNEL_OBJ := $(K)/kernel/test/crash/kernel.c.o
$(eval $(call link_kernel,$(D)/crash/kernel.elf,$(KERNEL_OBJ) $(CRASH_KERNEL_OBJ),\
  $(call wrap,console_put)))


# Bootstrap: one relocatable object, linked into each image.

BOOT_DIRS := kernel/boot kernel/boot/$(FAMILY) kernel/boot/$(FAMILY)/$(WIDTH)
BOOT_SRC := $(sort $(wildcard $(foreach d,$(BOOT_DIRS),$(d)/*.c $(d)/*.S)))
BOOT_OBJ := $(BOOT_SRC:%=$(D)/boot/%.o)
BOOT_CFLAGS := $(CFLAGS) $(NO_FPU_FLAGS) $(NO_GUARD) $(BOOT_FLAGS) -Ikernel/board/$(BOARD) \
               $(addprefix -I,$(wildcard $(BOOT_DIRS:%=%/include))) $(KERNEL_INC) -I$(GEN)

$(eval $(call compile,$(D)/boot,,BOOT_CFLAGS))

$(D)/bootstrap.o: $(BOOT_OBJ) $(call parts,$(D)/bootstrap.o,$(BOOT_OBJ)) | $(SETUP)
	$(call step,LD     ,$@)
	$(LD) $(filter-out -mcmodel=%,$(ARCH_FLAGS)) -nostdlib -no-pie -r -o $@ $(BOOT_OBJ) $(LIBGCC)


# Base library, other libraries, core. $(1) is the directory: objects without
# FPU registers, or, for components that say FPU = yes, with them. (On riscv64
# the two have different ABIs.)

USER_INC := -Ikernel/abi -Ikernel/abi/arch/$(ARCH) -Ibase/include \
            -Ibase/arch/$(FAMILY)/include -Ibase/arch/$(FAMILY)/$(WIDTH)/include -I$(GEN)
USER_CFLAGS := $(CFLAGS) $(NO_FPU_FLAGS) $(GUARD) $(USER_INC)
FPU_CFLAGS  := $(CFLAGS) $(FPU_FLAGS) $(GUARD) $(USER_INC)
CORE_CFLAGS := $(USER_CFLAGS) -Icore/include
CORE_LD := core/core.ld
USER_LD := base/mk/component.ld

BASE_DIRS := base/lib base/arch/$(FAMILY) base/arch/$(FAMILY)/$(WIDTH)
BASE_SRC := $(sort $(wildcard $(foreach d,$(BASE_DIRS),$(d)/*.c $(d)/*.S)))

define archive
$(1): $(2) $$(call parts,$(1),$(2)) | $(SETUP)
	$$(call step,AR     ,$$@)
	rm -f $$@ && $(BINUTILS)ar rcsD $$@ $(2)
endef

$(eval $(call compile,$(A)/base,,USER_CFLAGS))
$(eval $(call compile,$(A)/fpu/base,,FPU_CFLAGS))
$(eval $(call archive,$(A)/libbase.a,$(BASE_SRC:%=$(A)/base/%.o)))
$(eval $(call archive,$(A)/fpu/libbase.a,$(BASE_SRC:%=$(A)/fpu/base/%.o)))

CORE_SRC := $(sort $(wildcard core/src/*.c))
CORE_OBJ := $(CORE_SRC:%=$(A)/core/%.o)

$(eval $(call compile,$(A)/core,,CORE_CFLAGS))

# $(call link_core,result,objects,more flags)
define link_core
$(1): $(2) $(A)/libbase.a $(CORE_LD) $$(call parts,$(1),$(2)) | $(SETUP)
	$$(call step,LD     ,$$@)
	$$(LD) $$(LDFLAGS) $(3) -Wl,-T,$(CORE_LD) -o $$@ $(2) \
	  -Wl,--start-group $(A)/libbase.a $$(LIBGCC) -Wl,--end-group
endef

core: $(A)/core.elf
$(eval $(call link_core,$(A)/core.elf,$(CORE_OBJ)))

CRASH_CORE_OBJ := $(A)/core/core/test/crash/core.c.o
$(eval $(call link_core,$(A)/crash/core.elf,$(CORE_OBJ) $(CRASH_CORE_OBJ),\
  $(call wrap,phys_init console_write)))


# Components and libraries, as their component.mk and library.mk describe them.

MK_FILES := $(sort $(shell find -L base core kernel repos $(REPOS) \
              '(' -name component.mk -o -name library.mk ')' -print))
DESCRIPTION := $(OUT)/components$(REPOS_ID).mk
# Renamed into place, because several makes may do this at the same time.
$(shell mkdir -p $(OUT); new=$(DESCRIPTION).$$$$; \
  awk -f tool/mk/component.awk $(MK_FILES) >$$new; \
  if [ "`tail -n 1 $$new`" = "$(HASH) complete" ]; then mv $$new $(DESCRIPTION); \
  else rm -f $$new; exit 1; fi)
ifneq ($(.SHELLSTATUS),0)
$(error mistakes in component descriptions, see above)
endif
include $(DESCRIPTION)

# Repositories outside the tree are reached by paths that must not show either. They do not
# concern what is in the tree, which is not made anew when others come or go.
TREE_INC := $(addprefix -I,$(wildcard repos/*/include))
OUTSIDE_FLAGS := $(addprefix -I,$(wildcard $(ALL_REPOS:%=%/include))) \
                 $(foreach r,$(REPOS),-ffile-prefix-map=$(r)=$(notdir $(r)))
repo_flags = $(if $(filter $(REPOS:%=%/%),$(1)),$(OUTSIDE_FLAGS),$(TREE_INC))

lib_inc = $(foreach l,$(1),$(addprefix -I$(library.$(l).dir)/,$(library.$(l).INC) include))
all_libs = $(foreach l,$(1),$(l) $(call all_libs,$(library.$(l).LIBS)))

# $(call part,kind,name,directory,variable with flags): objects of a component
# or a library.
define part
$(3).OBJ := $(addprefix $(3)/,$(addsuffix .o,$($(1).$(2).SRC) $($(1).$(2).SRC_$(FAMILY))))
$(3).FLAGS := $$($(4)) $(addprefix -I$($(1).$(2).dir)/,. $($(1).$(2).INC)) \
              $(call lib_inc,$(call all_libs,$(if $(filter library,$(1)),$(2),$($(1).$(2).LIBS)))) \
              $(call repo_flags,$($(1).$(2).dir))
$(call compile,$(3),$($(1).$(2).dir)/,$(3).FLAGS,$($(1).$(2).dir)/$(1).mk)
endef

# $(call library,name,directory,variable with flags)
define library
$(call part,library,$(1),$(2)/library/$(1),$(3))
$(call archive,$(2)/library/$(1).a,$$($(2)/library/$(1).OBJ))
endef

$(foreach l,$(LIBRARIES),$(eval $(call library,$(l),$(A),USER_CFLAGS))\
                         $(eval $(call library,$(l),$(A)/fpu,FPU_CFLAGS)))

# $(call component,name,directory of libraries,variable with flags)
define component
$(call part,component,$(1),$(A)/component/$(1),$(3))
$(1).LIBS := $(patsubst %,$(2)/library/%.a,$(call all_libs,$(component.$(1).LIBS))) $(2)/libbase.a
$(A)/bin/$(1): $$($(A)/component/$(1).OBJ) $$($(1).LIBS) $(USER_LD) \
           $$(call parts,$(A)/component/$(1),$$($(A)/component/$(1).OBJ) $$($(1).LIBS)) | $(SETUP)
	$$(call step,LD     ,$$@)
	$$(LD) $(LDFLAGS) -Wl,-T,$(USER_LD) -o $$@ $$($(A)/component/$(1).OBJ) \
	  -Wl,--start-group $$($(1).LIBS) $$(LIBGCC) -Wl,--end-group
endef

COMPONENTS_HERE := $(foreach c,$(COMPONENTS),$(if $(filter $(or $(component.$(c).ARCHES),$(ARCH)),$(ARCH)),$(c)))
$(foreach c,$(COMPONENTS_HERE),$(eval $(if $(filter yes,$(component.$(c).FPU)),\
  $(call component,$(c),$(A)/fpu,FPU_CFLAGS),$(call component,$(c),$(A),USER_CFLAGS))))

components: $(COMPONENTS_HERE:%=$(A)/rom/%)

# What goes into images: without symbols.
$(A)/rom/%: $(A)/bin/% | $(SETUP)
	$(BINUTILS)objcopy --strip-all $< $@
$(B)/%.stripped: $(B)/%.elf | $(SETUP)
	$(BINUTILS)objcopy --strip-all $< $@


# What the run tool needs to know, for shell and Tcl: NAME='value'.

VARS := ARCH FAMILY WIDTH BOARD A D BOOT MEDIUM FEATURES UART UART_DRIVER VIRTIO_BLK VIRTIO_BLK_QEMU \
        QEMU QEMU_MEM QEMU_SERIAL LOAD_ADDR TEST \
        BINUTILS IMAGE_FORMAT IMAGE_CC IMAGE_LD COMPONENTS_HERE SCHEMAS
IMAGE_CC := $(CC) $(ARCH_FLAGS) $(NO_FPU_FLAGS)
IMAGE_LD := $(LD) $(LDFLAGS) -Wl,-T,kernel/boot/$(FAMILY)/image.ld,--defsym,LOAD_ADDR=$(LOAD_ADDR)
SCHEMAS := $(foreach c,$(COMPONENTS_HERE),$(patsubst %,$(c)=%,$(wildcard $(component.$(c).dir)/config.hsd)))

define newline


endef
VARS_TEXT := $(foreach v,$(VARS),$(v)='$($(v))'$(newline))
vars: FORCE
	$(if $(call same,$(file <$(D)/$(VARS_FILE))$(newline),$(VARS_TEXT)),,$(file >$(D)/$(VARS_FILE),$(VARS_TEXT)))
	:


OBJECTS := $(KERNEL_OBJ) $(CRASH_KERNEL_OBJ) $(BOOT_OBJ) $(CORE_OBJ) $(CRASH_CORE_OBJ) $(BASE_SRC:%=$(A)/base/%.o) \
           $(foreach c,$(COMPONENTS_HERE),$($(A)/component/$(c).OBJ)) \
           $(foreach l,$(LIBRARIES),$($(A)/library/$(l).OBJ))
# Only if somebody uses them.
FPU_OBJECTS := $(if $(filter yes,$(foreach c,$(COMPONENTS_HERE),$(component.$(c).FPU))),\
  $(BASE_SRC:%=$(A)/fpu/base/%.o) $(foreach l,$(LIBRARIES),$($(A)/fpu/library/$(l).OBJ)))
objects: $(OBJECTS)

# make creates no directories; one shell call for all that are missing.
NEEDED_DIRS := $(sort $(D)/crash/ $(A)/crash/ $(A)/bin/ $(A)/rom/ $(A)/library/ $(A)/fpu/library/ \
                      $(dir $(OBJECTS) $(FPU_OBJECTS)))
MISSING_DIRS := $(filter-out $(wildcard $(NEEDED_DIRS)),$(NEEDED_DIRS))
ifneq ($(MISSING_DIRS),)
$(shell mkdir -p $(MISSING_DIRS))
endif

# compile_commands.json: after everything else that was asked for.
database: | $(filter-out database,$(MAKECMDGOALS))
	sh tool/mk/database.sh $(A) $(D)

include tool/mk/setup.mk
# An earlier build may know a source that has moved since: then the object is made anew. Where
# it is still needed the compiler says that it is not there.
%.c: ;
%.S: ;
-include $(wildcard $(OBJECTS:%.o=%.d) $(FPU_OBJECTS:%.o=%.d))
