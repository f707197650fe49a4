# SPDX-License-Identifier: BSD-2-Clause
#
# 'make run/hello DEBUG=1' with a debugger: breakpoints and backtraces in core, in the
# kernel and in two components that run at the same addresses.

work=$PWD/build/test/debug
mkdir -p $work
cat >$work/commands <<'END'
set pagination off
set confirm off
tbreak pd_create
continue
backtrace
tbreak ipc_call
continue
backtrace
cbreak hello_client echo_all_sizes
continue
backtrace
delete
cbreak hello echo
continue
backtrace
kill
END

# seen CASE REGEX: the debugger has shown a line like this
seen() {
	if grep -qE -- "$2" $work/$board.gdb; then
		echo "ok debug.$board.$1"
	else
		echo "FAIL debug.$board.$1: no '$2' in $work/$board.gdb"
	fi
}

# ended CASE NUMBER REGEX: the last frame of this backtrace, and nothing is wrong with it
ended() {
	last=$(awk -v n="$2" '/^#0 /{i++} i == n && /^(#|Backtrace stopped)/{last = $0} END{print last}' \
	           $work/$board.gdb)
	if echo "$last" | grep -qE -- "$3"; then
		echo "ok debug.$board.$1"
	else
		echo "FAIL debug.$board.$1: ends with '$last' instead of '$3' in $work/$board.gdb"
	fi
}

for board in pc_x86_64 virt_riscv64 virt_arm_v7a; do
	DEBUG=1 env -u B -u PREBUILT $MAKE run/hello BOARD=$board >$work/$board.out 2>&1 </dev/null &
	tool=$!
	for i in $(seq 600); do
		gdb=$(sed -n 's/^gdb-multiarch -x //p' $work/$board.out)
		[ "$gdb" ] || ! kill -0 $tool 2>/dev/null && break
		sleep 0.2
	done
	# QEMU makes its socket a moment later
	socket=$(sed -n 's/^target remote //p' "$gdb")
	for i in $(seq 300); do
		[ -S "$socket" ] && break
		sleep 0.2
	done
	timeout 120 gdb-multiarch -batch -x "$gdb" -x $work/commands >$work/$board.gdb 2>&1 </dev/null
	kill $tool 2>/dev/null
	wait $tool
	seen core '^#0 +pd_create .* core/src/pd\.c'
	seen core_caller '^#[1-9] .* start_init .* core/src/start\.c'
	seen kernel '^#0 +ipc_call .* kernel/src/'
	ended kernel_entry 2 '^#[1-9] .* kernel/arch/.*\.S'
	seen client '^#0 +echo_all_sizes .* repos/os/src/test/hello_client/main\.c'
	seen client_caller '^#[1-9] .*component_main .* repos/os/src/test/hello_client/main\.c'
	ended client_start 3 '^#[1-9] .* by_thread_start .* base/arch/.*/start\.S'
	seen server '^#0 +echo .* repos/os/src/test/hello/server\.c'
	seen server_caller '^#[1-9] .* by_endpoint_serve .* base/lib/endpoint\.c'
	ended server_start 4 '^#[1-9] .* by_thread_start .* base/arch/.*/start\.S'
done
