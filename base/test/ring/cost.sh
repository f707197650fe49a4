#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Count the instructions that the ring takes per element, see cost.c.
#
# usage: cost.sh, from the root of the tree

work=${BUILD:-build}/check/ring-cost
mkdir -p "$work" || exit 1

gcc -std=gnu11 -O2 -Ikernel/abi -Ibase/include -o "$work/cost" base/test/ring/cost.c \
	base/lib/ring.c && "$work/cost"
