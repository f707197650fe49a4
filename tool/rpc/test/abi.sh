#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The life of an ABI record: what is refused, what is compatible, and what
# 'rpc --record' writes.

SUITE=rpc_abi
. tool/rpc/test/lib.sh
cp $STATUS "$OUT/status.h"
cd "$OUT" || exit 1

# interface LINE...: write life.rpc
interface() {
	printf 'session life\n' >life.rpc
	printf '%s\n' "$@" >>life.rpc
}

record() {
	"$RPC" --record life.rpc --status status.h
}

check() {
	"$RPC" life.rpc --out out --status status.h
}

# recorded LINE...: whether the record is this
recorded() {
	printf '%s\n' "$@" | cmp - life.rpc.abi
}

# unchanged: whether the record is as it was saved
unchanged() {
	cmp life.rpc.abi saved
}

interface 'call add n: u32 -> total: u64' 'call name -> text: string<64>'
refuse new_is_refused check
expect record record
expect recorded recorded '1 call add n:u32 -> total:u64' '2 call name -> text:string<64>'
expect then_good check
cp life.rpc.abi saved
expect record_again record
expect idempotent unchanged

# Order in the source does not matter, new calls go to the end.
cp saved life.rpc.abi
interface 'call name -> text: string<64>' 'send note a: bool' 'call add n: u32 -> total: u64'
refuse another_new_is_refused check
expect append record
expect appended recorded '1 call add n:u32 -> total:u64' '2 call name -> text:string<64>' \
	'3 send note a:bool'
expect append_good check
cp life.rpc.abi saved

# Compatible: comments, the service, blanks.
interface '# New text.' 'call add n:u32   ->   total : u64' \
	'call name -> text: string<64>' 'send note a: bool'
expect compatible check
expect compatible_record record
expect compatible_unchanged unchanged

# Errors are recorded: new ones are added, none is taken away.
interface 'call add n: u32 -> total: u64 ! denied' 'call name -> text: string<64>' \
	'send note a: bool'
refuse error_is_refused check
expect error_record record
expect error_recorded recorded '1 call add n:u32 -> total:u64 ! denied' \
	'2 call name -> text:string<64>' '3 send note a:bool'
interface 'call add n: u32 -> total: u64 ! limit denied' 'call name -> text: string<64>' \
	'send note a: bool'
expect error_order record
expect error_added recorded '1 call add n:u32 -> total:u64 ! limit denied' \
	'2 call name -> text:string<64>' '3 send note a:bool'
interface 'call add n: u32 -> total: u64 ! limit' 'call name -> text: string<64>' \
	'send note a: bool'
refuse error_gone check
refuse error_gone_record record

# changed CASE LINE: instead of 'call add n: u32 -> total: u64'
changed() {
	cp saved life.rpc.abi
	interface "$2" 'call name -> text: string<64>' 'send note a: bool'
	refuse "$1" check
	refuse "$1_record" record
	expect "$1_kept" unchanged
}

changed type 'call add n: u16 -> total: u64'
changed result 'call add n: u32 -> total: u32'
changed more 'call add n: u32 m: u32 -> total: u64'
changed fewer 'call add n: u32'
changed name 'call add m: u32 -> total: u64'
changed moved 'call add n: u32 total: u64'
changed kind 'send add n: u32'
changed missing '# call add n: u32 -> total: u64'
changed renamed 'call plus n: u32 -> total: u64'

cp saved life.rpc.abi
interface 'call add n: u32 -> total: u64' 'call name -> text: string<65>' 'send note a: bool'
refuse bound check

cp saved life.rpc.abi
interface 'call add n: u32 -> total: u64' 'call name -> text: string<64>' 'call note a: bool'
refuse kind_only check

# A reserved call keeps its opcode for ever.
interface 'reserved add' 'call name -> text: string<64>' 'send note a: bool'
expect reserve check
expect reserve_record record
expect reserved recorded '1 reserved add' '2 call name -> text:string<64>' '3 send note a:bool'
expect reserve_good check
expect opcode_kept grep -q 'BY_LIFE_OPCODE_NAME = 2,' out/by/session/life.h
expect traced grep -q '\[1\] = "add"' out/by/session/life_server.h
cp life.rpc.abi saved
interface 'call name -> text: string<64>' 'send note a: bool'
expect reserved_line_suffices check
interface 'call add n: u32 -> total: u64' 'call name -> text: string<64>' 'send note a: bool'
refuse reuse check
refuse reuse_record record
expect reuse_kept unchanged
interface 'reserved never' 'call name -> text: string<64>' 'send note a: bool'
refuse never_recorded record

# Types inside: an enum may grow, a struct never changes.
rm life.rpc.abi
interface 'enum order | up | down' 'struct range | base: u64 | size: u64' \
	'struct view | at: range | order: order' 'call walk order: order at: view'
record
expect types_recorded recorded '1 call walk order:order at:view' 'enum order up down' \
	'struct range base:u64 size:u64' 'struct view at:range order:order'
cp life.rpc.abi saved
interface 'enum order | up | down | sideways' 'struct range | base: u64 | size: u64' \
	'struct view | at: range | order: order' 'call walk order: order at: view'
refuse enum_growth_is_refused check
expect enum_grows record
expect enum_grown grep -qx 'enum order up down sideways' life.rpc.abi
expect enum_good check
interface 'enum order | up | down' 'struct range | base: u64 | size: u64' \
	'struct view | at: range | order: order' 'call walk order: order at: view'
refuse enum_shrinks record
cp saved life.rpc.abi
interface 'enum order | down | up' 'struct range | base: u64 | size: u64' \
	'struct view | at: range | order: order' 'call walk order: order at: view'
refuse enum_values record
interface 'enum order | up | down' 'struct range | size: u64 | base: u64' \
	'struct view | at: range | order: order' 'call walk order: order at: view'
refuse struct_names record
interface 'enum way | up | down' 'struct range | base: u64 | size: u64' \
	'struct view | at: range | order: way' 'call walk order: way at: view'
refuse enum_other check
interface 'enum order | up | down' 'struct range | base: u64 | size: u32' \
	'struct view | at: range | order: order' 'call walk order: order at: view'
refuse struct_inner check
interface 'enum order | up | down' 'struct range | base: u64 | size: u64' \
	'struct view | order: order | at: range' 'call walk order: order at: view'
refuse struct_order check
interface 'enum order | up | down' 'struct range | base: u64 | size: u64' \
	'struct view | at: range | order: order | more: u8' 'call walk order: order at: view'
refuse struct_grows check
interface 'struct order | up: u32' 'struct range | base: u64 | size: u64' \
	'struct view | at: range | order: order' 'call walk order: order at: view'
refuse enum_to_struct check

# What an open call passes: there from the beginning, or never.
rm life.rpc.abi
interface 'struct args | n: u32' 'call none'
expect args_record record
interface 'call none'
refuse args_gone record
interface 'struct args | n: u32 | m: u32' 'call none'
refuse args_grow record
rm life.rpc.abi
interface 'call none'
record
interface 'struct args | n: u32' 'call none'
refuse args_late record

exit $FAILED
