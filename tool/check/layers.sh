# SPDX-License-Identifier: BSD-2-Clause
#
# Layers point downward only, kernel/abi <- base <- core and repos, the kernel
# uses kernel/abi only, and no header includes itself in a roundabout way. Within core and
# within base's library the same holds for units; see units.awk.

# The stub port runs on the host and may use it.
files=$(find kernel core base repos -name '*.[chS]' ! -path '*/test/*' ! -path 'kernel/arch/stub/*' \
	2>/dev/null)
mkdir -p build/test
echo "$files" >build/test/layers.files
grep -nE '^ *# *include *[<"]' $files /dev/null |
	awk -v list=build/test/layers.files -f tool/check/layers.awk
awk -f tool/check/units.awk core/src/*.[ch] base/lib/*.[ch] base/include/by/*.h
