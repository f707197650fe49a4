# SPDX-License-Identifier: BSD-2-Clause
#
# Link an image: bootstrap, kernel, core, and the boot modules in DIRECTORY/boot.
# The results are DIRECTORY/image.elf and, with symbols, image.debug.
#
# usage: image.sh VARS DIRECTORY       (VARS is build/<board>/vars)
#
# From the environment: VARIANT (of kernel and core; see tool/mk/build.mk)

set -e
. "$1"
dir=$2
root=$PWD

# The shell sorts (LC_ALL=C): the archive does not depend on the file system.
export LC_ALL=C
set --
for file in "$dir"/boot/*; do
	[ -f "$file" ] && set -- "$@" "${file##*/}=$file"
done

build/host/pack "$dir/modules" "$@"
cp "$D/${VARIANT:+$VARIANT/}kernel.stripped" "$dir/kernel"
cp "$A/${VARIANT:+$VARIANT/}core.stripped" "$dir/core"

sums="-DKERNEL_SUM=$(build/host/pack --sum "$dir/kernel") -DCORE_SUM=$(build/host/pack --sum "$dir/core")"

# In its own directory, so that no path gets into the result.
(cd "$dir" && $IMAGE_CC $sums -c "$root/tool/image/image.S" -o content.o)
$IMAGE_LD -o "$dir/image.elf" "$D/bootstrap.o" "$dir/content.o"
# Symbols stay beside it, for the debugger.
mv "$dir/image.elf" "$dir/image.debug"
"${BINUTILS}objcopy" --strip-all ${IMAGE_FORMAT:+-O $IMAGE_FORMAT} "$dir/image.debug" "$dir/image.elf"
rm -f "$dir/modules" "$dir/kernel" "$dir/core" "$dir/content.o"
