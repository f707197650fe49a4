# SPDX-License-Identifier: BSD-2-Clause
#
# Make an image that boots DIRECTORY/image.elf with GRUB 2, by BIOS and by UEFI, from
# CD, disk or USB stick: DIRECTORY/image.iso.
#
# usage: grub.sh DIRECTORY PROTOCOL [KERNEL ARGUMENTS]    (multiboot or multiboot2)
#
# From the environment: GRUB_COMMANDS, for GRUB when it has loaded the image.
#
# Both GRUBs carry all the modules they need. What firmware starts:
#
#     BIOS, CD      boot catalogue -> bios.img (cdboot.img, GRUB)
#     BIOS, disk    first sector (boot_hybrid.img) -> the same GRUB
#     UEFI          boot catalogue or GPT -> efi.img, a FAT volume with bootx64.efi

set -e
dir=$1 protocol=$2
shift 2
grub=/usr/lib/grub
work=$dir/iso

# Nothing in the image depends on when it was made; FAT knows no earlier time.
export SOURCE_DATE_EPOCH=315532800
export LC_ALL=C TZ=UTC

rm -rf "$work"
mkdir -p "$work/tree/boot/grub" "$work/efi/boot"
exec 3>&1 4>&2 >"$dir/grub.log" 2>&1
trap '[ $? = 0 ] || cat "$dir/grub.log" >&4' EXIT

# GRUB finds its medium by a file that only this image has.
sum=$(sha256sum "$dir/image.elf" | cut -c 1-32)
cp "$dir/image.elf" "$work/tree/boot/image.elf"
echo "$sum" >"$work/tree/boot/$sum"
cat >"$work/start.cfg" <<END
search --no-floppy --set=root --file /boot/$sum
set prefix=(\$root)/boot/grub
END

# Without a serial line, GRUB talks on the screen only.
cat >"$work/tree/boot/grub/grub.cfg" <<END
set timeout=0
if serial --unit=0 --speed=115200; then
	terminal_output console serial
fi
menuentry Banyan {
	$protocol /boot/image.elf $*
	$GRUB_COMMANDS
}
END

# program FORMAT FILE MODULE...
program() {
	format=$1 file=$2
	shift 2
	grub-mkimage --format "$format" --directory "$grub/$format" --prefix /boot/grub \
		--config "$work/start.cfg" --output "$file" \
		normal configfile search search_fs_file echo test serial terminal \
		iso9660 multiboot multiboot2 video "$@"
}

program i386-pc "$work/core.img" biosdisk part_gpt part_msdos vbe vga
cat "$grub/i386-pc/cdboot.img" "$work/core.img" >"$work/tree/boot/grub/bios.img"

program x86_64-efi "$work/efi/boot/bootx64.efi" part_gpt part_msdos efi_gop efi_uga
size=$(du -k --apparent-size "$work/efi/boot/bootx64.efi" | cut -f 1)
# A cylinder here is 32 KiB; FAT's own tables take less than two.
mformat -C -i "$work/tree/boot/grub/efi.img" -N 0 -t $((size / 32 + 3)) -h 2 -s 32 ::
find "$work" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
mcopy -s -m -i "$work/tree/boot/grub/efi.img" "$work/efi" ::/
touch --date="@$SOURCE_DATE_EPOCH" "$work/tree/boot/grub/efi.img"

xorriso -as mkisofs -quiet -r -V BANYAN -o "$dir/image.iso" \
	-b boot/grub/bios.img -no-emul-boot -boot-load-size 4 -boot-info-table \
	--grub2-boot-info --grub2-mbr "$grub/i386-pc/boot_hybrid.img" \
	--efi-boot boot/grub/efi.img -efi-boot-part --efi-boot-image --protective-msdos-label \
	"$work/tree"
rm -rf "$work"
