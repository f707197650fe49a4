#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The ring under Relacy: as it is, and with each acquire, release and fence
# weakened in turn, once in the producer's hands and once in the consumer's.
# Unchanged it must pass; each weakening must be caught, or stand in the list
# below with its reason.
#
# usage: weaken.sh, from the root of the tree

iterations=100000
work=${BUILD:-build}/check/ring-relacy
mkdir -p "$work/weak/by" || exit 1

# Weakenings that are allowed to pass, one "<file>:<token>:<side>  <reason>" a line.
justified='
'

build()
{
	g++ -std=gnu++17 -O1 -w "$@" -Ibase/test/ring/relacy -Ikernel/abi -Ibase/include \
		-Ibase/lib base/test/ring/relacy.cc
}

# Make each strong access a choice, and list the places: "number file token".
weaken()
{
	awk -v file="$1" -v first="$2" -v list="$work/places" '
		BEGIN {
			weak["by_atomic_load_acquire"]  = "by_atomic_load_relaxed"
			weak["by_atomic_store_release"] = "by_atomic_store_relaxed"
			weak["by_atomic_fence"]         = "by_atomic_fence_acq_rel"
			n = first
		}
		{
			out = ""
			while (match($0, /by_atomic_(load_acquire|store_release|fence)\(/)) {
				token = substr($0, RSTART, RLENGTH - 1)
				n++
				print n, file, token >>list
				out = out substr($0, 1, RSTART - 1) "(ring_weak(" n ", end->lead) ? " \
				      weak[token] " : " token ")("
				$0 = substr($0, RSTART + RLENGTH)
			}
			print out $0
		}'
}

: >"$work/places"
weaken ring.h 0 <base/include/by/ring.h >"$work/weak/by/ring.h"
weaken ring.c "$(wc -l <"$work/places")" <base/lib/ring.c >"$work/weak/ring.c"

places=$(wc -l <"$work/places")
total=$(cat base/include/by/ring.h base/lib/ring.c |
        grep -oE '__ATOMIC|by_atomic_(load_acquire|store_release|fence|exchange|cas|fetch_[a-z]*)\(' |
        wc -l)
if [ "$places" != "$total" ]; then
	echo "FAIL ring-relacy.places: $places of $total strong accesses can be weakened"
fi

if build -o "$work/relacy" && "$work/relacy" "$iterations" >"$work/log"; then
	echo "ok ring-relacy.unchanged"
else
	echo "FAIL ring-relacy.unchanged: see $work/log"
fi

build -I"$work/weak" -o "$work/relacy-weak" || exit 1

# The copy, not weakened anywhere, is the control.
if ! "$work/relacy-weak" "$iterations" >"$work/log.control"; then
	echo "FAIL ring-relacy.control: see $work/log.control"
fi

while read -r number file token; do
	for side in producer consumer; do
		log=$work/log.$number.$side
		if ! "$work/relacy-weak" "$iterations" "$number" "$side" >"$log" 2>&1; then
			echo "# $file $token ($side): $(sed -n 2p "$log")"
			echo "ok ring-relacy.weak-$number-$side"
		elif echo "$justified" | grep -q "^$file:$token:$side "; then
			echo "ok ring-relacy.justified-$number-$side"
		else
			echo "FAIL ring-relacy.weak-$number-$side: $file: $token weakened, not caught"
		fi
	done
done <"$work/places"
