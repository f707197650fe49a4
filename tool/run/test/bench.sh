# SPDX-License-Identifier: BSD-2-Clause
#
# How 'make bench' reads figures and compares them.

work=build/test/bench
mkdir -p $work
printf 'id\tintervals\tinstructions\tswitches\ttlb\tatomics\tmmio\tuntil\n3\t10\t12345\t20\t0\t3\t1\t50000\n' \
	>$work/counts

# figures CASE LOG EXPECTED
figures() {
	printf "$2" >$work/log
	printf "$3" >$work/expected
	awk -v board=b -f tool/run/bench.awk $work/counts $work/log | diff $work/expected - &&
		echo "ok bench.$1" || echo "FAIL bench.$1: see above"
}

figures joined '[init -> x] bench a 1234 instructions mark 3 10\n' \
	'a\tb\t1234\tinstructions\na.switches\tb\t2\tswitches\na.tlb\tb\t0\tinvalidations\na.atomics\tb\t0.30\tinstructions\na.mmio\tb\t0.10\taccesses\n'
figures since 'bench a 50200 instructions since 3\n' \
	'a\tb\t12345\tinstructions\na.switches\tb\t20\tswitches\na.tlb\tb\t0\tinvalidations\na.atomics\tb\t3\tinstructions\na.mmio\tb\t1\taccesses\n'
figures slept 'bench a 1050000 instructions since 3\n' "$(sed 's/$/\\n/' $work/expected | tr -d '\n')"
figures plain 'bench size 4096 bytes\n' 'size\tb\t4096\tbytes\n'
figures no_interval 'bench a 7 instructions mark 4 1\n' \
	'FAIL bench.a: the plugin has seen no interval of mark 4\n'
# disagrees CASE LINE: what the guest has counted is not what the plugin has
disagrees() {
	echo "$2" >$work/log
	awk -v board=b -f tool/run/bench.awk $work/counts $work/log |
		grep -q "^FAIL bench.a: guest counts $(echo "$2" | grep -o '[0-9]*' | head -n 1)" &&
		echo "ok bench.$1" || echo "FAIL bench.$1: it was not noticed"
}

disagrees more '[x] bench a 1250 instructions mark 3 10'
disagrees less '[x] bench a 1220 instructions mark 3 10'
disagrees more_since 'bench a 1151000 instructions since 3'
disagrees less_since 'bench a 49400 instructions since 3'

# compared CASE RECORDED STATUS [MODE]
compared() {
	printf 'a\tb\t102\tx\nc.tlb\tb\t1\tx\n' >$work/new
	printf "$2" >$work/recorded
	awk -F '\t' -v mode=${4:-compare} -v file=$work/recorded -f tool/run/bench_compare.awk \
		$work/new >$work/out
	[ $? = $3 ] && echo "ok bench.$1" || { cat $work/out; echo "FAIL bench.$1: wrong status"; }
}

compared equal 'a\t102\tx\nc.tlb\t1\tx\n' 0
compared within 'a\t100\tx\nc.tlb\t0.9\tx\n' 0
compared above 'a\t99\tx\nc.tlb\t1\tx\n' 1
compared more_events 'a\t102\tx\nc.tlb\t0\tx\n' 1
compared missing 'a\t102\tx\nc.tlb\t1\tx\ngone\t1\tx\n' 1
compared new 'a\t102\tx\n' 1
compared quick 'a\t102\tx\nc.tlb\t1\tx\nram_min\t1\tx\n' 0 quick
compared slow 'a\t102\tx\nc.tlb\t1\tx\nram_min\t1\tx\n' 1

# The page has the figures that are recorded.
awk -f tool/run/bench_doc.awk kernel/board/*/bench.tsv doc/performance.md |
	diff doc/performance.md - && echo "ok bench.page" ||
	echo "FAIL bench.page: doc/performance.md has other figures than kernel/board/*/bench.tsv"
