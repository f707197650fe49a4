# SPDX-License-Identifier: BSD-2-Clause
#
# What unit suites cover of the sources in some folders, without exceptions. Prints lines
# and branches per file and lists what was not reached; tool/check/limits says how much
# that may be, under NAME_lines and NAME_branches, and may only fall.
#
# A branch in a header counts once per line and direction, because each of its
# instances has branches of its own.
#
# usage: coverage.sh NAME FOLDERS PROGRAM...   FOLDERS separated by '|'

. tool/check/limit.sh
bin=build/test/bin
name=$1 folders=$2
shift 2
work=build/test/coverage-$name
rm -rf "$work"
mkdir -p "$work"

objects=
for program; do
	# %m: what a process leaves behind is added to what others did
	LLVM_PROFILE_FILE="$work/$program.%m.raw" $bin/$program >"$work/log" 2>&1 || {
		grep '^FAIL' "$work/log"
		echo "FAIL $name-coverage.$program: the suite fails"
	}
	objects="$objects -object $bin/$program"
done
llvm-profdata merge -o "$work/profile" "$work"/*.raw || exit 1
# The first object has no option before it.
llvm-cov export -format=lcov -instr-profile="$work/profile" ${objects# -object } \
	>"$work/lcov" || exit 1

awk -F '[:,]' -v work="$work" -v folders="^($folders)/" -v top="$PWD/" '
	/^SF:/ { file = substr($0, 4)
		if (index(file, top) == 1) file = substr(file, length(top) + 1)
		while (sub("[^/]+/[.][.]/", "", file)) { }
		wanted = file ~ folders; header = file ~ /h$/ }
	!wanted { next }
	/^DA:/ { lines[file]++; if (!$3) { missed[file]++; print file ":" $2 >(work "/lines") } }
	/^BRDA:/ {
		# line, block, direction, count
		direction = $4 % 2
		name = file ":" $2 ":" (header ? direction : $3 "." $4)
		if (!(name in reached)) { reached[name] = 0; of[name] = file; total[file]++ }
		if ($5 != "-" && $5 > 0) reached[name] = 1
	}
	END {
		for (name in reached)
			if (!reached[name]) { short[of[name]]++; print name >(work "/branches") }
		for (file in lines)
			printf "%-28s lines %4d of %4d   branches %4d of %4d\n", file,
			       lines[file] - missed[file], lines[file],
			       total[file] - short[file], total[file] >(work "/table")
	}' "$work/lcov"
touch "$work/lines" "$work/branches"
sort "$work/table"
awk '{ l += $3; L += $5; b += $7; B += $9 }
	END { printf "%-28s lines %4d of %4d   branches %4d of %4d\n", "all", l, L, b, B }' "$work/table"
sort -V -o "$work/lines" "$work/lines"
sort -V -o "$work/branches" "$work/branches"
sed 's/^/not reached: line /' "$work/lines"
sed 's/^/not reached: branch /' "$work/branches"

within_limit "$name-coverage" lines "${name}_lines" "$work/lines"
within_limit "$name-coverage" branches "${name}_branches" "$work/branches"
