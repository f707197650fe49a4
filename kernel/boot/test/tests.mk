# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the bootstrap: everything that reads what others have written.

boot_cflags := -Ikernel/boot/include -Ikernel/boot/x86/include -Ikernel/arch/x86/include -Ibase/test

$(call unit,boot_regions,$(here)/regions_test.c kernel/boot/regions.c,$(boot_cflags))
$(call unit,boot_program,$(here)/program_test.c kernel/boot/program.c,$(boot_cflags))
$(call unit,boot_modules,$(here)/modules_test.c kernel/boot/modules.c,$(boot_cflags))
$(call unit,boot_multiboot,$(here)/multiboot_test.c kernel/boot/regions.c kernel/boot/x86/multiboot.c,$(boot_cflags))
$(call unit,boot_acpi,$(here)/acpi_test.c kernel/boot/x86/acpi.c,$(boot_cflags))

# Interrupted at each branch, so that a reset can be tried there.
$(call unit,boot_last_log,$(here)/last_log_test.c kernel/boot/last_log.c,-fsanitize-coverage=trace-pc $(boot_cflags))

$(call fuzz,boot_last_log,$(here)/last_log_fuzz.c kernel/boot/last_log.c,$(boot_cflags),20000,55)
$(call fuzz,boot_program,$(here)/program_fuzz.c kernel/boot/program.c,$(boot_cflags),150000,90)
$(call fuzz,boot_modules,$(here)/modules_fuzz.c kernel/boot/modules.c,$(boot_cflags),200000,80)
$(call fuzz,boot_multiboot,$(here)/multiboot_fuzz.c kernel/boot/regions.c kernel/boot/x86/multiboot.c,$(boot_cflags),300000,165)
$(call fuzz,boot_acpi,$(here)/acpi_fuzz.c kernel/boot/x86/acpi.c,$(boot_cflags),150000,140)
