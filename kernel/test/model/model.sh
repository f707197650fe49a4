#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Check the model of IPC, and refute its built-in mistakes.
#
# See tool/check/spin.sh; besides, every line must be reached by some search, but those in
# the list below.
#
# usage: model.sh, from the root of the tree

SUITE=ipc-model
MODEL="kernel/test/model/model.pml kernel/test/model/protocol.pml"
MODEL_CC="-O0 -DCOLLAPSE"
. tool/check/spin.sh

# What no search reaches. The programs do not fault. The rest is the text of inlines
# that is used in several places, of which each search leaves out another one.
unreached_allowed='core "((awaited[k]==0))"
core "D_STEP
core "awaited[k] = inside"
core "callee[at] = 255"
core "else"
core "found = (client[other]!=255)"
core "found = (client[t]!=255)"
core "st[at] = 2"
core "u = 0"
program "awaited[1] = (awaited[1]&~((1<<me)))"
program "e = 0"
program "else"
program "g = 0"
program "given[me] = first"
program "how = 0"
program "result[me] = 128"
program "s = 0"'

# holds NAME SPIN_FLAGS CC_FLAGS PAN_FLAGS
holds()
{
	search "$@"
	verdict "$1" "$(complaint "$1.log")"
	unreached "$1.log" >"$1.unreached"
}

# reached NAME...: each line is reached by one of these searches.
reached()
{
	cp "$1.unreached" unreached
	for name; do
		comm -12 unreached "$name.unreached" >unreached.new
		mv unreached.new unreached
	done
	verdict reached "$([ -s unreached ] || echo nothing is reported
		grep -vF "$unreached_allowed" unreached | head -n 3 | tr '\n' ';')"
}

# ends CLAIM: a liveness property of the program in 'live'
ends()
{
	live/pan -E -a -f -m1000000 -N "$1" >"$1.log" 2>&1
	verdict "$1" "$(complaint "$1.log")"
}

safe="-DSAFETY"
deep="-m2000000"

holds chain   "-DT=4 -DKILLS=0 -DSUBMITS=0 -DCYCLES=1" $safe $deep
holds limit   "-DT=4 -DKILLS=0 -DSUBMITS=0 -DLIMIT=1"  $safe $deep
holds signals "-DT=3 -DKILLS=0 -DSUBMITS=3 -DS=2"      $safe $deep
holds end     "-DT=3 -DKILLS=1 -DSUBMITS=1"            $safe $deep
holds ends    "-DT=3 -DKILLS=2 -DSUBMITS=0 -DTARGETS=7 -DFEW" $safe $deep
holds chain-end "-DT=4 -DKILLS=1 -DSUBMITS=0 -DTARGETS=23 -DFEW" $safe $deep

reached chain limit signals end ends chain-end

build live "-DSERVING -DT=4 -DKILLS=1 -DSUBMITS=0" -DNFAIR=3
ends first_client
ends middle
build live "-DSERVING -DT=3 -DKILLS=1 -DSUBMITS=1" -DNFAIR=3
ends second_client

lost='assertion violated'
one="-DT=3 -DKILLS=1 -DSUBMITS=1"
refuted owes-twice   "-DMISTAKE=1 $one"  $safe $deep "$lost"
refuted unforgotten  "-DMISTAKE=2 $one"  $safe $deep "$lost"
refuted looks-once   "-DMISTAKE=3 $one"  $safe $deep "$lost"
refuted dies-late    "-DMISTAKE=4 $one"  $safe $deep "$lost"
refuted frees-at-once "-DMISTAKE=5 $one" $safe $deep "$lost"
refuted cycle        "-DMISTAKE=6 -DT=4 -DKILLS=0 -DSUBMITS=0 -DCYCLES=1" $safe $deep "$lost"
refuted no-time      "-DMISTAKE=7 $one"  $safe $deep "$lost"
refuted count-kept   "-DMISTAKE=8 -DT=3 -DKILLS=0 -DSUBMITS=2" $safe $deep "$lost"
refuted signal-lost  "-DMISTAKE=9 -DT=3 -DKILLS=0 -DSUBMITS=2" $safe $deep "$lost"
refuted sleeps       "-DMISTAKE=10 $one" $safe $deep "$lost"
refuted signals-first "-DMISTAKE=11 -DSERVING -DT=3 -DKILLS=0 -DSUBMITS=1" -DNFAIR=3 \
	"-a -f $deep -N first_client" "acceptance cycle"
refuted caller-lost  "-DMISTAKE=12 $one" $safe $deep "$lost"
