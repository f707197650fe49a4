# SPDX-License-Identifier: BSD-2-Clause
#
# A clean build in another directory gives the same bits as the build here, which
# may have grown in many steps.

board=pc_x86_64
work=build/test/repro/a_tree_elsewhere
rm -rf $work
mkdir -p $work
tar -c --exclude=./build --exclude=./.git . | tar -x -C $work

# Programs, and a medium to boot from.
image=build/test/repro.image
build() {
	$MAKE -f tool/mk/host.mk tools && $MAKE -f tool/mk/build.mk BOARD=$board vars all &&
		rm -rf $image && mkdir -p $image/boot && cp $B/x86_64/rom/log $image/boot/init &&
		sh tool/image/image.sh $B/$board/$VARS_FILE $image && sh tool/image/grub.sh $image multiboot2
}

if ! build >build/test/repro.here 2>&1 ||
   ! (cd $work && build) >build/test/repro.there 2>&1; then
	tail -n 5 build/test/repro.here build/test/repro.there
	echo "FAIL repro.build: does not build, see build/test/repro.here, repro.there"
	exit
fi

different=
arch=x86_64
# Those of the clean build: here, there may be more, of components that are gone.
for path in $(cd $work && ls -d $B/$board/*.elf $B/$board/*.stripped $B/$board/*.o $B/$arch/*.elf $B/$arch/bin/* $B/$arch/rom/* \
                               $image/image.elf $image/image.iso); do
	[ -f "$work/$path" ] || continue
	cmp -s "$path" "$work/$path" || different="$different $path"
done
if [ "$different" ]; then
	echo "FAIL repro.bits: different:$different"
else
	echo "ok repro.bits"
fi
rm -rf $work
