# SPDX-License-Identifier: BSD-2-Clause
#
# Foreign files and tables, read by a bootstrap of 32 bit.

$(call unit32,boot_regions boot_program boot_modules fdt boot_tree)
