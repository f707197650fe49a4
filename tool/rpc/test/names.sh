#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Interfaces whose generated names meet, and interfaces that do not: 'rpc --check' on
# several files.

SUITE=rpc_names
. tool/rpc/test/lib.sh
cp $STATUS "$OUT/status.h"
cd "$OUT" || exit 1

# interface FILE LINE...: write FILE.rpc, and record it by itself
interface() {
	interface_file=$1
	mkdir -p "$(dirname "$1")"
	shift
	printf '%s\n' "$@" >"$interface_file.rpc"
	rm -f "$interface_file.rpc.abi"
	"$RPC" --record "$interface_file.rpc" --status status.h || fail "$interface_file" "is wrong"
}

# meet CASE FILE FILE PLACE NAME FIRST: both files together give exactly this mistake
meet() {
	"$RPC" --check "$2.rpc" "$3.rpc" --status status.h >actual 2>&1
	meet_exit=$?
	echo "$4: error: '$5' is generated already, for $6" >expected
	if [ $meet_exit -eq 1 ] && cmp -s expected actual; then
		pass "$1"
	else
		fail "$1" "$(head -n 1 actual)"
	fi
}

interface a 'session a' 'call b_c'
interface a_b 'session a_b' '' 'call c'
meet call_call a a_b a_b.rpc:3:6 by_a_b_c a.rpc:2
meet other_order a_b a a.rpc:2:6 by_a_b_c a_b.rpc:3

interface a 'session a' 'call b_open'
meet call_open a a_b a_b.rpc:1:9 by_a_b_open a.rpc:2
interface a 'object a' 'struct b | x: u8'
meet struct_handle a a_b a_b.rpc:1:9 by_a_b a.rpc:2
interface a 'object a' 'struct b_ops | x: u8'
meet struct_ops a a_b a_b.rpc:1:9 by_a_b_ops a.rpc:2
interface a 'object a' 'enum b_opcode | x'
meet enum_opcodes a a_b a_b.rpc:1:9 by_a_b_opcode a.rpc:2
interface a 'object a' 'enum b_opcode_c | x'
interface a_b 'object a_b' 'enum opcode_c | y'
meet enum_enum a a_b a_b.rpc:2:6 by_a_b_opcode_c a.rpc:2
interface a 'object a' 'enum b | c_d'
interface a_b 'object a_b' 'enum c | d'
"$RPC" --check a.rpc a_b.rpc --status status.h 2>actual
expect enumerators grep -qx "a_b.rpc:2:10: error: 'BY_A_B_C_D' is generated already, for a.rpc:2" actual
interface a 'object a' 'call b_c x: string<1>'
interface a_b 'object a_b' 'call c_d x: bool' 'enum c_x | max'
meet bound a a_b a_b.rpc:3:12 BY_A_B_C_X_MAX a.rpc:2

# One name for two, in other folders, and the headers of both kinds in one file.
interface one/same 'session same'
interface two/same 'object same'
meet same one/same two/same two/same.rpc:1:8 by_same one/same.rpc:1
interface a 'session a'
interface a_server 'session a_server'
meet header a a_server a_server.rpc:1:9 BY_A_SERVER_H_ a.rpc:1

# Names of structs and of functions do not meet, nor do parts of names.
check() {
	"$RPC" --check "$@" --status status.h
}
interface a 'object a' 'call b' 'call bc'
interface a_b 'object a_b' 'call x'
interface ab 'object ab' 'call c'
expect apart check a.rpc a_b.rpc ab.rpc

# One file's mistakes do not hide those of the next.
echo 'session wrong | ram: x' >wrong.rpc
echo 'call late' >>a_b.rpc
refuse both check wrong.rpc a_b.rpc
expect both_reported test "$(grep -c error: both.log)" -eq 2

exit $FAILED
