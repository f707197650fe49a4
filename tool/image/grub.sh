# SPDX-License-Identifier: BSD-2-Clause
#
# Make a CD image that boots DIRECTORY/image.elf with GRUB 2: DIRECTORY/image.iso.
#
# usage: grub.sh DIRECTORY PROTOCOL [KERNEL ARGUMENTS]    (multiboot or multiboot2)

set -e
dir=$1 protocol=$2
shift 2
rm -rf "$dir/iso"
mkdir -p "$dir/iso/boot/grub"
cp "$dir/image.elf" "$dir/iso/boot/image.elf"
cat >"$dir/iso/boot/grub/grub.cfg" <<END
set timeout=0
serial --unit=0 --speed=115200
terminal_output serial
menuentry Banyan {
	$protocol /boot/image.elf $*
}
END
# With SOURCE_DATE_EPOCH set, xorriso takes volume dates and id from it; file dates follow.
grub-mkrescue --output="$dir/image.iso" --install-modules="$protocol serial terminal normal iso9660" \
	--fonts= --themes= --locales= "$dir/iso" -- \
	-volume_date all_file_dates set_to_mtime >"$dir/grub.log" 2>&1 || {
	cat "$dir/grub.log" >&2
	exit 1
}
rm -rf "$dir/iso"
