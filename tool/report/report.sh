# SPDX-License-Identifier: BSD-2-Clause
#
# 'make report': code lines against the budgets, sizes of images, shape of the
# functions. Code lines are those with anything but blanks and comments; headers
# count, generated code does not. Ends with 1 if a budget is exceeded.

over=0
all=build/report.tsv
mkdir -p build

# Source files below the directories, without tests.
sources() {
	[ $# -gt 0 ] || return
	find "$@" -type f \( -name '*.[chS]' -o -name '*.rpc' -o -name '*.ld' -o -name '*.awk' \
		-o -name '*.sh' -o -name '*.exp' -o -name '*.tcl' -o -name '*.mk' \) \
		! -path '*/test/*' 2>/dev/null
}

count() {
	[ $# -gt 0 ] || { echo 0; return; }
	build/host/source "$@" | awk '$1 == "file" { lines += $3 } END { print lines + 0 }'
}

# part NAME BUDGET FILE...
part() {
	name=$1 budget=$2
	shift 2
	lines=$(count "$@")
	[ "$lines" = 0 ] && return
	mark=
	if [ "$budget" != - ] && [ "$lines" -gt "$budget" ]; then
		mark=OVER
		over=1
	fi
	printf '%-36s %7s %7s  %s\n' "$name" "$lines" "$budget" "$mark"
}

value() {
	sed -n "s/^$1 *:*= *//p" "$2"
}

files() {
	ls "$@" 2>/dev/null
}

printf '%-36s %7s %7s\n' part lines budget
for mk in tool/mk/arch/*.mk; do
	arch=${mk##*/}
	arch=${arch%.mk}
	family=$(value FAMILY "$mk")
	width=$(value WIDTH "$mk")
	port="kernel/arch/$family/*.[chS] kernel/arch/$family/include kernel/arch/$family/$width"
	[ "$(sources kernel/arch/$family/$width)" ] || continue
	devices=
	for board in $(grep -l "^ARCH *= *$arch\$" kernel/board/*/board.mk); do
		for device in $(value DEVICES "$board"); do
			devices="$devices $(files kernel/dev/$device.[ch])"
		done
	done
	devices=$(printf '%s\n' $devices | sort -u)
	part "kernel for $arch" 6000 $(sources kernel/src kernel/include kernel/abi/by \
		kernel/abi/arch/$arch $port) $devices
	part "port to $arch" 2500 $(sources $port base/arch/$family/*.[chS] \
		base/arch/$family/include base/arch/$family/$width)
done
part bootstrap - $(sources kernel/boot)
part core 5000 $(sources core)
part base - $(sources base/include base/lib)
part init 2500 $(sources $(find repos \( -path '*/src/*/init' -o -path '*/src/init' \
	-o -path '*/lib/sandbox' \) -print 2>/dev/null))
for board in kernel/board/*/; do
	part "board $(basename "$board")" 60 $(sources "$board")
done
for rpc in $(find base repos -name '*.rpc' ! -path '*/test/*' 2>/dev/null | sort); do
	part "interface $(basename "$rpc" .rpc)" 40 "$rpc"
done
for repo in repos/*/; do
	[ -d "$repo" ] && part "repository $(basename "$repo")" - $(sources "$repo")
done
for tool in tool/*/; do
	part "tool $(basename "$tool")" - $(sources "$tool") $(files "$tool"*.txt)
done

echo
echo "image sizes (bytes)"
images=$(find build -name image.elf -path '*/*/image.elf' ! -path 'build/test/*' | sort)
for image in $images; do
	printf '%-50s %9s\n' "${image#build/}" "$(wc -c <"$image")"
done
[ "$images" ] || echo "none made yet, say by 'make image/log BOARD=all'"

echo
build/host/source $(sources kernel core base repos | grep '\.[ch]$') >$all
echo "functions                 count  median  90th percentile   (goal: 9, 30)"
for area in kernel core base repos; do
	awk -v area=$area '$1 == "func" && index($2, area "/") == 1 { print $5 }' $all | sort -n |
		awk -v area=$area '{ lines[NR] = $1 }
			END { if (NR) printf "%-24s %6d %7d %8d\n", area, NR,
			      lines[int((NR + 1) / 2)], lines[int((NR * 9 + 9) / 10)] }'
done
echo
echo "longest functions"
awk -F '\t' '$1 == "func" { print $5 "\t" $4 "\t" $2 ":" $3 }' $all | sort -rn | head -n 10 |
	awk -F '\t' '{ printf "%5d  %-32s %s\n", $1, $2, $3 }'
echo
sh tool/check/ifs.sh >/dev/null
echo "conditionals in generic code: $(grep -c . build/test/ifs)"
exit $over
