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
printf '[x] bench a 1250 instructions mark 3 10\n' >$work/log
awk -v board=b -f tool/run/bench.awk $work/counts $work/log |
	grep -q '^FAIL bench.a: guest counts 1250' && echo "ok bench.disagree" ||
	echo "FAIL bench.disagree: 1.3 % were not noticed"

printf 'bench a 1151000 instructions since 3\n' >$work/log
awk -v board=b -f tool/run/bench.awk $work/counts $work/log |
	grep -q '^FAIL bench.a: guest counts 1151000' && echo "ok bench.disagree_since" ||
	echo "FAIL bench.disagree_since: a sleep of 1.1 ms was not noticed"

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
