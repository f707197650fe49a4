#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Check the model of the ring, refute its built-in mistakes, and let it accept
# what the C code does.
#
# A search counts only with "errors: 0", if it was not cut short, without bitstate
# hashing, and if every line was reached but those in the list below.
#
# usage: model.sh, from the root of the tree

root=$PWD
work=${BUILD:-build}/check/ring-model
mkdir -p "$work" && cp base/test/ring.pml base/test/ring/traces.h "$work" || exit 1
cd "$work" || exit 1

# Lines that no run reaches: the consumer never ends.
unreached_allowed='consumer -end-'

verdict()
{
	if [ -z "$2" ]; then
		echo "ok ring-model.$1"
	else
		echo "FAIL ring-model.$1: $2"
	fi
}

# build NAME SPIN_FLAGS CC_FLAGS
build()
{
	mkdir -p "$1" && cp ring.pml traces.h "$1" &&
	(cd "$1" && spin $2 -a ring.pml && gcc -O1 -w -I. $3 -o pan pan.c) >"$1.log" 2>&1
}

# unreached LOG: the lines that were not reached and should have been.
unreached()
{
	awk '/^unreached in/ { where = $4 }
	     /^\t.*, state [0-9]+, / { sub(/.*, state [0-9]+, /, ""); gsub(/"/, ""); print where, $0 }' "$1" |
		grep -vxF "$unreached_allowed"
}

# complaint LOG: what is wrong with a search that should be complete and clean.
complaint()
{
	if ! grep -q 'errors: 0' "$1"; then
		grep -m 1 -E '^pan:|errors:|rror' "$1" || echo "no result"
	elif grep -qiE 'too small|not completed|out of memory|bit statespace|hash factor' "$1"; then
		echo "search was cut short"
	elif [ "$(unreached "$1")" ]; then
		echo "unreached: $(unreached "$1" | head -n 3 | tr '\n' ';')"
	fi
}

# holds NAME SPIN_FLAGS CC_FLAGS PAN_FLAGS
holds()
{
	build "$1" "$2" "$3" && "$1/pan" -E $4 >"$1.log" 2>&1
	sed -n 's/^ *\([0-9]*\) states, stored.*/# \1 states/p' "$1.log"
	verdict "$1" "$(complaint "$1.log")"
}

# refuted NAME SPIN_FLAGS CC_FLAGS PAN_FLAGS EXPECTED
refuted()
{
	build "$1" "$2" "$3" && "$1/pan" -E $4 >"$1.log" 2>&1
	if grep -q "^pan:1: $5" "$1.log"; then
		verdict "$1"
	else
		verdict "$1" "mistake was not found: $(grep -m 1 '^pan:1:' "$1.log")"
	fi
}

holds safety  "-DCOUNT=2 -DMOD=8" -DSAFETY "-m400000"
holds single  "-DCOUNT=1 -DMOD=4" -DSAFETY "-m400000"
holds progress "-DCOUNT=2 -DMOD=4" -DNP "-l -f -m400000"

left='assertion violated (stopped&&'
refuted bug1 "-DBUG=1" -DSAFETY "-m400000" "$left"
refuted bug2 "-DBUG=2" -DSAFETY "-m400000" "$left"
refuted bug3 "-DBUG=3" -DSAFETY "-m400000" "assertion violated occupied"
refuted bug4 "-DBUG=4" -DSAFETY "-m400000" "$left"
refuted bug5 "-DBUG=5" -DSAFETY "-m400000" "$left"
refuted bug6 "-DBUG=6" -DSAFETY "-m400000" "assertion violated  !(occupied"
refuted bug7 "-DBUG=7 -DMOD=4" -DNP "-l -f -m400000" "non-progress cycle"

# What the C code does: START is that of trace.c, -5 modulo MOD.
build acceptor "-DTRACE -DMOD=256 -DSTART=251" -DSAFETY

# accepted NAME RUNS SED_RING_H SED_RING_C: prints "<accepted> of <runs>".
accepted()
{
	mkdir -p "$1/by"
	sed "$3" "$root/base/include/by/ring.h" >"$1/by/ring.h"
	sed "$4" "$root/base/lib/ring.c" >"$1/ring.c"
	gcc -O1 -g -w -I"$1" -I"$root/base/test/ring/trace" -I"$root/kernel/abi" \
		-I"$root/base/include" -o "$1/trace" "$root/base/test/ring/trace.c" &&
	"$1/trace" "$2" 1 >"$1.traces" &&
	TRACES="$1.traces" acceptor/pan -E -m100000 >"$1.log" 2>&1
	sed -n 's/^traces accepted: //p' "$1.log"
}

# The code as it is, then with mistakes: the model must refuse what those do.
result=$(accepted traces 4000)
echo "# traces accepted: $result"
case $result in
"4000 of 4000") verdict traces ;;
*) verdict traces "accepted $result, see $work/traces.log" ;;
esac

mutant()
{
	result=$(accepted "mutant-$1" 300 "$2" "$3")
	case $result in
	"300 of 300" | "") verdict "mutant-$1" "accepted ${result:-nothing, it did not run}" ;;
	*) verdict "mutant-$1" ;;
	esac
}

mutant unarmed    ''  '/by_atomic_store_relaxed(&end->own->wake_at/d'
mutant unchecked  ''  's/return by_ring_refresh(end, n);/return end->none;/'
mutant off-by-one ''  's/next + n - 1 - end->lead/next + n - end->lead/'
mutant last-only  's/return wake_at - from < to - from/return wake_at == to - 1/' ''
mutant always     's/return wake_at - from < to - from/return true/' ''
