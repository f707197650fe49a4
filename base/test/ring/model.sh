#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Check the model of the ring, refute its built-in mistakes, and let it accept
# what the C code does.
#
# See tool/check/spin.sh; besides, each search reaches every line but those in the list
# below.
#
# usage: model.sh, from the root of the tree

SUITE=ring-model
MODEL="base/test/ring.pml base/test/ring/traces.h"
MODEL_CC=-O1
. tool/check/spin.sh

# Lines that no run reaches: the consumer never ends.
unreached_allowed='consumer "-end-"'

# holds NAME SPIN_FLAGS CC_FLAGS PAN_FLAGS
holds()
{
	search "$@"
	why=$(complaint "$1.log")
	left=$(unreached "$1.log" | grep -vxF "$unreached_allowed" | head -n 3 | tr '\n' ';')
	verdict "$1" "$why${left:+ unreached: $left}"
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
