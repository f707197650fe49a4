# SPDX-License-Identifier: BSD-2-Clause
#
# Every directory with files has a README, in itself or, if it is an inner folder
# of a module (headers, widths, tests, data), above; boards explain themselves in
# board.mk. Every function in a public header has a comment.

. tool/check/limit.sh
work=build/test/docs
mkdir -p build/test

inner='include|by|arch|32|64|seeds|session|test'
find base core kernel repos run tool -type f ! -name '.*' ! -path 'kernel/board/*' 2>/dev/null |
	sed -E -e "s:/[^/]*\$::; s:/($inner)(/.*)?\$::" -e 's:^(repos.*)/run$:\1:' | sort -u | while read -r dir; do
	ls "$dir"/README* >/dev/null 2>&1 || echo "$dir: no README"
done >$work.readmes
within_limit docs readmes readmes $work.readmes

headers=$(find kernel/abi base/include $(find repos -name include -type d 2>/dev/null) \
	-name '*.h' 2>/dev/null)
build/host/source $headers | awk -F '\t' '
	$1 == "decl" && !$5 { print $2 ":" $3 ": " $4 ": no contract" }' >$work.contracts
within_limit docs contracts contracts $work.contracts
