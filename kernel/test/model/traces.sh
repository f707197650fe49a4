#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Let the model judge what the kernel's code does: random programs on the stub with one
# and with several CPUs, recorded, must be accepted; damaged traces, and those of kernels
# with a mistake, must be refused.
#
# usage: traces.sh, from the root of the tree; SEED=n begins with that seed

root=$PWD
work=$PWD/build/check/ipc-traces
seed=${SEED:-1}
here=kernel/test/model
rm -rf "$work" && mkdir -p "$work/accept" "$work/test" "$work/kernel" || exit 1

verdict()
{
	if [ -z "$2" ]; then
		echo "ok ipc-traces.$1"
	else
		echo "FAIL ipc-traces.$1: $2"
	fi
}

flags="-std=gnu11 -O1 -Wall -Wextra -Werror -Ikernel/abi -Ikernel/abi/arch/stub
       -Ikernel/include -Ikernel/arch/stub -Ikernel/arch/stub/include -Ikernel/test
       -I$here/trace"

# Operations that the recorder sees begin and end.
wrapped="kernel_main thread_init endpoint_init gate_init signal_init world_forget ipc_call
         ipc_wait signal_submit ipc_fault ipc_drop_fault ipc_abort ipc_drop_caller
         ipc_orphan thread_expel"
link=
for name in $wrapped; do
	link="$link -Wl,--wrap=$name"
done

# compile SOURCE OBJECT_DIRECTORY MORE_FLAGS
compile()
{
	gcc $flags $3 -c "$1" -o "$2/$(basename "$1").o"
}

build()
{
	for source in kernel/arch/stub/*.c kernel/test/world.c kernel/test/check.c \
	              kernel/test/play.c kernel/test/weave.c $here/trace/*.c; do
		compile "$source" "$work/test" || return 1
	done
	for source in kernel/src/*.c; do
		compile "$source" "$work/kernel" "-include $here/trace/record.h" || return 1
	done
	gcc "$work"/test/*.o "$work"/kernel/*.o $link -o "$work/trace" || return 1

	cp $here/*.pml $here/*.h $here/trace/events.h "$work/accept" &&
	(cd "$work/accept" && spin -a accept.pml >/dev/null &&
	 gcc -O2 -w -DSAFETY -DVECTORSZ=4096 -I. -o pan pan.c)
}

# judged NAME: sets 'result' to "<accepted> of <traces>".
judged()
{
	TRACES=$work/$1 "$work/accept/pan" -E -m100000 >"$work/$1.log" 2>&1
	result=$(sed -n 's/^traces accepted: //p' "$work/$1.log")
}

# accepted NAME COUNT CPUS STEPS
accepted()
{
	if ! timeout 300 "$work/trace" $seed $2 $3 $4 0 >"$work/$1" 2>"$work/$1.err" ||
	   [ -s "$work/$1.err" ]; then
		verdict "$1" "$(head -n 1 "$work/$1.err")"
		return
	fi
	judged "$1"
	case $result in
	"$2 of $2") verdict "$1" ;;
	*) verdict "$1" "accepted ${result:-nothing}: $(grep refused: "$work/$1.log")" ;;
	esac
}

# refused NAME: all traces in the file of that name, and there are some.
refused()
{
	judged "$1"
	case $result in
	"0 of 0" | "") verdict "$1" "nothing was judged" ;;
	"0 of "*) verdict "$1" ;;
	*) verdict "$1" "accepted $result" ;;
	esac
}

# damaged NUMBER NAME
damaged()
{
	"$work/trace" $seed 300 1 1500 "$1" >"$work/damaged-$2" 2>/dev/null
	refused "damaged-$2"
}

# mutant NAME CPUS FILE SED: the kernel with a mistake; some of its traces are refused.
mutant()
{
	name=mutant-$1
	mkdir "$work/$name" && sed "$4" "kernel/src/$3" >"$work/$name/$3"
	if cmp -s "kernel/src/$3" "$work/$name/$3"; then
		verdict "$name" "it is no change of kernel/src/$3"
		return
	fi
	compile "$work/$name/$3" "$work/$name" "-w -Ikernel/src -include $here/trace/record.h" || return
	gcc "$work"/test/*.o $(ls "$work"/kernel/*.o | grep -v "/$3.o") "$work/$name/$3.o" \
		$link -o "$work/$name/trace"
	timeout 100 "$work/$name/trace" $seed 300 $2 1500 0 >"$work/$name.trace" 2>/dev/null
	judged "$name.trace"
	count=${result#* of }
	case $result in
	"$count of $count" | "") verdict "$name" "accepted ${result:-nothing, it did not run}" ;;
	*) verdict "$name"; echo "# accepted $result, $(grep refused: "$work/$name.trace.log")" ;;
	esac
}

build || { echo "FAIL ipc-traces.build: does not compile"; exit 1; }

accepted one-cpu    2000 1 1500
accepted two-cpus   2000 2 1500
accepted three-cpus 1000 3 1500

# Each kind of event occurred, and each way to end an operation.
missing=$(cat "$work"/one-cpu.log "$work"/two-cpus.log "$work"/three-cpus.log |
	awk '/^events:/ { for (i = 2; i <= NF; i++) sum[i - 1] += $i }
	     END { for (i = 1; i <= 18; i++) if (!sum[i] && i != 13) printf "event %d ", i }')
verdict kinds "$missing"
awk '/^events:/ { for (i = 2; i <= NF; i++) sum += $i }
     END { print "# " sum " transitions" }' "$work"/one-cpu.log "$work"/two-cpus.log "$work"/three-cpus.log

damaged 1 served
damaged 2 owed
damaged 3 submitted
damaged 4 other-thread
damaged 5 no-call
damaged 6 no-request
damaged 7 dangling

mutant owes-twice 1 ipc.c '/thread \*reply(/,/^}/ s/thread->client = NULL;//'
mutant forgotten-by-caller-only 1 ipc.c '/^static bool abort_call/,/^}/ s/server->client = NULL;//'
mutant last-first 1 ipc.c 's/__builtin_clz(levels)\].first;/__builtin_clz(levels)].first->prev;/'
mutant no-turns 1 ipc.c 's/ep->signal_turn = true;//'
mutant count-kept 1 ipc.c '/^static void deliver_signal/,/^}/ s/signal->count  = 0;//'
mutant no-poll 1 ipc.c 's/if (!(options & BY_WAIT_POLL))/if (1)/'
mutant unaccepted 1 ipc.c 's/ || !(ep->accept & BY_WAIT_REQUESTS)))/))/'
mutant silent-death 1 ipc.c '/^void ipc_orphan/,/^}/ s/if (client) {/if (0) {/'
mutant callers-left 1 endpoint.c 's/if (gate->part.ep && !drop_callers(gate->part.ep, gate, td))/if (0)/'
mutant pending-left 1 endpoint.c '/^static void signal_withdraw/,/^}/ s/if (link_used(&signal->link))/if (0)/'
